// What the server counts, against what was done, exactly.

import assert from "node:assert/strict";
import { memoryStore } from "../../server/store/memory.ts";
import { failing } from "./failing.ts";
import { cannot, type Chat, start } from "./start.ts";

const msg = (message: string, to?: string) => ({ action: "msg", time: 1, to, message });
/** Word for word what is relayed: it takes the short way through the server. */
const asItIs = (from: string, message: string) => ({
  action: "msg",
  time: 1,
  to: "#all",
  from,
  encoding: "utf-8",
  message,
});
const refusals = ({ meter }: Chat) => Object.fromEntries([...meter.refusals].filter(([, count]) => count > 0));

Deno.test("meter counts each message once, and each reader of it", { ignore: cannot }, async () => {
  await using chat = await start();
  const { messages } = chat.meter, deliveries = () => chat.meter.deliveries;
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  const eve = await chat.bare(), zed = await chat.prefixed();
  for (const [peer, name] of [[eve, "eve"], [zed, "zed"]] as const) await peer.enter(name);
  const others = [bob, eve, zed];
  for (const said of [msg("the long way"), asItIs("ann", "the short way"), asItIs("ann", "again")]) {
    await ann.sayOk(said);
    for (const other of others) await other.expect({ message: said.message });
  }
  assert.deepEqual([messages, deliveries()], [{ common: 3, room: 0, private: 0 }, 9]);

  await ann.say(...["one", "two", "three"].map((message) => asItIs("ann", message))); // in one turn
  await ann.hearAll(3);
  for (const other of others) await other.hearAll(3);
  assert.deepEqual([messages, deliveries()], [{ common: 6, room: 0, private: 0 }, 18]);

  for (const peer of [ann, bob]) await peer.say({ action: "join", time: 1, room: "#cats" });
  await ann.expect({ response: 201 });
  await bob.expect({ response: 200 });
  await bob.sayOk(msg("meow", "#cats"));
  await ann.expect({ message: "meow" });
  await eve.sayOk(msg("psst", "zed"));
  await zed.expect({ message: "psst" });
  assert.deepEqual([messages, deliveries()], [{ common: 6, room: 1, private: 1 }, 20]);

  await bob.sayOk({ action: "quit" });
  await bob.expectEnd();
  await ann.sayOk(msg("who is left?"));
  for (const other of [eve, zed]) await other.expect({ message: "who is left?" });
  assert.deepEqual([messages, deliveries()], [{ common: 7, room: 1, private: 1 }, 22]);
  assert.deepEqual([chat.meter.accepted, refusals(chat)], [4, {}]);
});

Deno.test("meter counts each refusal by its code, whatever refused it", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.connect();
  const wrong: [words: object | string, code: number][] = [
    ["hello\n", 400],
    ["{'action': 'presence'}\n", 400],
    [{ action: "presence" }, 400],
    [msg("too early"), 401],
  ];
  for (const [words, response] of wrong) {
    await ann.say(words);
    await ann.expect({ response });
  }
  await ann.enter("ann");
  await ann.say(msg("?", "nobody"), { action: "kick", time: 1, user_id: "ann" }, { action: "dance", time: 1 });
  for (const response of [404, 403, 400]) await ann.expect({ response });
  assert.deepEqual(refusals(chat), { 400: 4, 401: 1, 403: 1, 404: 1 });
  assert.deepEqual(chat.meter.messages, { common: 0, room: 0, private: 0 });
});

Deno.test("meter takes what could not be kept for refused, and not for said", { ignore: cannot }, async () => {
  const { store, disk } = failing(memoryStore());
  await using chat = await start({ store });
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  disk.full = true;
  await ann.say(asItIs("ann", "lost"), asItIs("ann", "lost too"), msg("kept by nobody anyway", "bob"));
  for (const response of [500, 500, 200]) await ann.expect({ response });
  await bob.expect({ message: "kept by nobody anyway" });
  disk.full = false;
  assert.deepEqual(refusals(chat), { 500: 2 });
  assert.deepEqual([chat.meter.messages, chat.meter.deliveries], [{ common: 0, room: 0, private: 1 }, 1]);
});

Deno.test("meter counts the bytes of both ways, and the commits of turns that had something to keep", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const ann = await chat.connect(), bob = await chat.connect();
  const said = ['{"action":"presence","time":1,"user":{"account_name":"ann"}}\n', '{"action":"probe","time":1}\n'];
  for (const words of said) {
    await ann.say(words);
    await ann.hear();
  }
  assert.equal(chat.meter.commits.count, 0);
  await bob.enter("bob");
  await ann.sayOk(msg("hello"));
  await bob.expect({ message: "hello" });
  assert.equal(chat.meter.commits.count, 1);
  const written = [...chat.writesTo(ann), ...chat.writesTo(bob)].reduce((sum, { text }) => sum + text.length, 0);
  assert.equal(chat.meter.bytes.out, written);
  const read = [...said, presenceOf("bob"), `${JSON.stringify(msg("hello"))}\n`].join("").length;
  assert.equal(chat.meter.bytes.in, read);
  assert.ok(chat.meter.turns.count >= 5);
});

/** What `enter` says. */
const presenceOf = (account_name: string) =>
  `${JSON.stringify({ action: "presence", time: 1764000000, user: { account_name, status: "" } })}\n`;
