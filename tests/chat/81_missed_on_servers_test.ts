// An account is let in at one server while another one still has its last session. Its connection is closed already, or that
// server was killed: what was said in between comes, and comes once.

import assert from "node:assert/strict";
import { IDS } from "../../server/journal/nats/position.ts";
import { SENT } from "../../server/peers/sent_ids.ts";
import { authenticate } from "./accounts.ts";
import { cannot, type Peer } from "./start.ts";
import { type OneServer, type Servers, startServers } from "./two_servers.ts";
import { until } from "./within.ts";

const msg = (message: string, to = "bob") => ({ action: "msg", time: 1, to, message });

/** Two servers, with a speaker on the second one and an account that has heard one message on the first. */
async function withBob(chat: Servers) {
  const [one, two] = chat.all as [OneServer, OneServer], ann = await two.join("ann"), bob = await one.login("bob");
  await ann.say(msg("heard"));
  const { id } = await bob.expect({ message: "heard" });
  await ann.hear();
  await untilSent(chat, one, id);
  return { one, two, ann, bob };
}

/** Waits until a server has told the others that it has sent everything up to an id to all. */
async function untilSent({ log: { hub }, pass }: Servers, { link }: OneServer, id: number): Promise<void> {
  const tell = hub.tell.bind(hub);
  let sent: string[] = [];
  hub.tell = (from, to, kind, bytes) => {
    if (from === link && kind === SENT) sent = new TextDecoder().decode(bytes).split(" ");
    tell(from, to, kind, bytes);
  };
  await until("the report of all that was sent", async () => {
    await pass(1);
    const [, last, ...but] = sent;
    return Number(last) >= id && but.length === 0;
  });
  hub.tell = tell;
}

/** Closes a connection, and holds its departure on its way to the other server. Returns what delivers it. */
async function holdDeparture({ log: { hub } }: Servers, peer: Peer): Promise<() => void> {
  const held: (() => void)[] = hub.held = [];
  peer.close();
  await until("a departure on its way", () => held.length === 1);
  hub.held = undefined;
  return held[0]!;
}

/** The account misses a message, enters at the other server, and receives one there. */
async function missAndEnter(two: OneServer, ann: Peer): Promise<Peer> {
  await say(ann, "missed");
  const again = await two.login("bob");
  await say(ann, "live");
  await again.expect({ message: "live" });
  return again;
}

/** The sequence of the entry that has brought a record. */
function entryOf({ log }: Servers, { id }: { readonly id: number }): number {
  return Math.floor((id - log.base) / IDS);
}

/** Says something to an account that is away or taken for present. */
async function say(ann: Peer, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await ann.say(msg(text));
    const { response } = await ann.hear();
    assert.ok(response === 200 || response === 202);
  }
}

Deno.test("what was said before a departure arrived is missed, and comes once", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const { two, ann, bob } = await withBob(chat), arrive = await holdDeparture(chat, bob);
  const again = await missAndEnter(two, ann);
  arrive();
  await chat.pass(3);
  await again.expect({ message: "missed", replayed: true });
  await chat.pass(3);
  await again.silence();
});

Deno.test(
  "what an account was sent is in the entry that says that it has left: right behind that it may enter elsewhere",
  {
    ignore: cannot,
  },
  async () => {
    await using chat = await startServers(2, { accounts: ["bob"] });
    const { bob } = await withBob(chat), arrive = await holdDeparture(chat, bob);
    arrive();
    const ofKind = (kind: string) => chat.log.records().findLast((record) => record.kind === kind)!;
    await until("what it was sent", () => ofKind("cursor") !== undefined);
    assert.equal(entryOf(chat, ofKind("cursor")), entryOf(chat, ofKind("leave")));
  },
);

Deno.test("an account is told that nobody knows whether it has entered, enters, and gets what it has missed", {
  ignore: cannot,
}, async () => {
  const wait = 5000;
  await using chat = await startServers(1, { accounts: ["bob"], journalWait: wait, frozen: true });
  const [one] = chat.all as [OneServer], ann = await one.join("ann"), bob = await one.connect();
  await say(ann, "missed");
  const held: (() => void)[] = chat.log.hub.held = [];
  await bob.say(authenticate("bob"));
  await until("an entrance on its way", () => held.length === 1);
  one.pass(wait);
  await bob.expect({ response: 500 });
  chat.log.hub.held = undefined;
  held[0]!();
  await chat.pass(4);
  await bob.sayOk(authenticate("bob"));
  await bob.expect({ message: "missed", replayed: true });
  await say(ann, "live");
  await bob.expect({ message: "live" });
  await chat.pass(4);
  await bob.silence();
});

Deno.test("a guest that enters after it was told that nobody knows is held to a mute and a ban of its name", {
  ignore: cannot,
}, async () => {
  const wait = 5000, by = "op", who = "eve", is = true;
  for (const what of ["mute", "name"] as const) {
    await using chat = await startServers(1, { journalWait: wait, frozen: true });
    const [one] = chat.all as [OneServer], eve = await one.connect();
    await one.join("ann");
    const held: (() => void)[] = chat.log.hub.held = [];
    await eve.say({ action: "presence", time: 1, user: { account_name: "eve" } });
    await until("an entrance on its way", () => held.length === 1);
    one.pass(wait);
    await eve.expect({ response: 500 });
    chat.log.say({ kind: "ban", what, who, is, by });
    chat.log.hub.held = undefined;
    held[0]!();
    await chat.pass(1);
    if (what === "mute") await eve.say(msg("hello", "#all"));
    await eve.expect({ response: 403 });
    if (what === "name") assert.deepEqual(await eve.end(), []);
  }
});

Deno.test("what was said after a server was killed is missed, and what was heard there comes no more", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const { one, two, ann } = await withBob(chat);
  one.link.down();
  const again = await missAndEnter(two, ann);
  await chat.pass(12);
  await again.expect({ message: "missed", replayed: true });
  await chat.pass(3);
  await again.silence();
});

Deno.test("an account that leaves again before a departure has arrived has still missed what was said", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const { two, ann, bob } = await withBob(chat), arrive = await holdDeparture(chat, bob);
  const again = await missAndEnter(two, ann);
  await again.end();
  arrive();
  await chat.pass(3);
  const last = await two.login("bob");
  await last.expect({ message: "missed", replayed: true });
  await last.expect({ message: "live", replayed: true }); // rather twice than never
  await last.silence();
});

Deno.test("what is on its way when an account is let in comes once, whichever of its sessions is gone", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const { two, ann, bob } = await withBob(chat), again = await two.connect(), { meter } = two;
  const held: (() => void)[] = chat.log.hub.held = [];
  bob.close();
  await until("a departure on its way", () => held.length === 1);
  await again.say(authenticate("bob"));
  await until("an entrance on its way", () => held.length === 2);
  const received = meter.bytes.in;
  await ann.say(msg("on its way"));
  await until("a message behind it", () => meter.bytes.in > received);
  chat.log.hub.held = undefined;
  held[1]!();
  await again.expect({ response: 200 });
  await ann.hear();
  await say(ann, "live");
  held[0]!();
  await chat.pass(4);
  assert.deepEqual((await again.hearAll(2)).map(({ message }) => message).sort(), ["live", "on its way"]);
  await again.silence();
});

Deno.test("an account that logs in again on a server is sent nothing again that it was sent there", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const { one, two, ann, bob } = await withBob(chat);
  await say(ann, "live");
  await bob.expect({ message: "live" });
  await bob.sayOk(authenticate("bob")); // on the same connection
  await bob.silence();
  const other = await one.login("bob"), there = await two.login("bob");
  for (const each of [bob, other, there]) await each.silence();
  await there.sayOk(authenticate("bob"));
  await say(ann, "to all three");
  for (const each of [bob, other, there]) await each.expect({ message: "to all three" });
  await there.sayOk(authenticate("bob"));
  await chat.pass(4);
  for (const each of [bob, other, there]) await each.silence();
  for (const each of [bob, other]) await each.end(); // the one that is there takes nothing again when they have left
  await chat.pass(4);
  await there.silence();
  await say(ann, "to the last one");
  await there.expect({ message: "to the last one" });
  await there.end();
  const last = await one.login("bob"); // right behind another one
  await chat.pass(4);
  await last.silence();
});

Deno.test("what an account has heard by a program without read marks is read when it begins with them", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const { one } = await withBob(chat), page = await one.connect();
  await page.sayOk({ ...authenticate("bob"), features: ["read"] });
  const rows = await page.ask({ action: "unread", time: 1 });
  assert.deepEqual(rows.map(({ room, user_id, unread }) => [room ?? user_id, unread]), [["#all", 0]]);
});

Deno.test("a message that was refused moves no account's last id: another one may get the id", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const { one, two, ann, bob } = await withBob(chat), carol = await one.join("carol");
  one.link.failNext("refuse");
  await carol.say(msg("refused", "#all"));
  await carol.expect({ response: 500 });
  const arrive = await holdDeparture(chat, bob);
  await say(ann, "missed");
  arrive();
  const again = await two.login("bob");
  await again.expect({ message: "missed", replayed: true });
  await again.silence();
});

Deno.test("what a stopped server has sent is in the entry that says that it is gone", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const { one } = await withBob(chat);
  one.stop();
  await one.over;
  const records = chat.log.records(), end = records.find((record) => record.kind === "server" && !record.is)!;
  const cursors = records.filter((record) => record.kind === "cursor" && record.id > end.id - IDS);
  assert.equal(entryOf(chat, cursors[0]!), entryOf(chat, end));
});
