// What the server counts, against what was done, exactly.

import assert from "node:assert/strict";
import { embeddedStore } from "./store.ts";
import { readToken } from "../../server/web/metrics.ts";
import { makeFolder } from "../log/folder.ts";
import { samples } from "../server/samples.ts";
import { failing } from "./failing.ts";
import { openPage } from "./page.ts";
import { cannotRun, run, startProgram } from "./program.ts";
import { cannot, type Chat, start } from "./start.ts";
import { TOKEN } from "../token.ts";
import { startServers } from "./two_servers.ts";
import { within } from "./within.ts";

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
  await ann.sayOk(msg("is anybody left?"));
  for (const other of [eve, zed]) await other.expect({ message: "is anybody left?" });
  assert.deepEqual([messages, deliveries()], [{ common: 7, room: 1, private: 1 }, 22]);
  assert.deepEqual([chat.meter.accepted, refusals(chat)], [4, {}]);
});

Deno.test("each of several servers counts the messages of its own clients, and the deliveries to them", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["ann", "bob"] });
  const [one, two] = chat.all, ann = await one!.login("ann"), bob = await two!.login("bob");
  const guest = await one!.join("guest"), stranger = await two!.join("stranger");
  await ann.sayOk(msg("to all"));
  for (const each of [bob, guest, stranger]) await each.expect({ message: "to all" });
  await bob.sayOk(msg("to one", "ann"));
  await ann.expect({ message: "to one" });
  await guest.sayOk(msg("never kept", "stranger"));
  await stranger.expect({ message: "never kept" });
  for (const each of [ann, bob]) await each.say({ action: "join", time: 1, room: "#cats" });
  for (const each of [ann, bob]) assert.ok((await each.hear()).response <= 201);
  await ann.sayOk(msg("meow", "#cats"));
  await bob.expect({ message: "meow" });
  const counted = chat.all.map(({ meter: { messages, deliveries } }) => ({ ...messages, deliveries }));
  assert.deepEqual(counted, [
    { common: 1, room: 1, private: 1, deliveries: 2 },
    { common: 0, room: 0, private: 1, deliveries: 4 },
  ]);
  const [log] = chat.all.map(({ meter }) => meter.log!);
  assert.deepEqual([log!.isUp(), log!.peers()], [true, 1]);
  assert.ok(log!.counts.own > 0 && log!.counts.others > 0);
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
  const { store, disk } = failing(embeddedStore());
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
  await using chat = await start({ store: embeddedStore() }); // a shared one commits presence too
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

Deno.test("/metrics tells during a chat exactly what was done in it", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"], store: embeddedStore() }); // a shared one commits presence too
  const port = await chat.web();
  const ann = await chat.login("ann"), bob = await chat.bare();
  await bob.enter("bob");
  await using page = await openPage(port);
  await page.enter("page");
  await ann.sayOk(msg("to both"));
  for (const each of [bob, page]) await each.expect({ message: "to both" });
  await page.sayOk(msg("to ann", "ann"));
  await ann.expect({ message: "to ann" });
  await ann.say("nonsense\n");
  await ann.expect({ response: 400 });
  const { status, type, text } = await get(port, "localhost", bearer(TOKEN));
  assert.deepEqual([status, type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
  const found = samples(text);
  const expected = {
    'hanita_connections{dialect="plain",framing="lines"}': 1,
    'hanita_connections{dialect="plain",framing="bare"}': 1,
    'hanita_connections{dialect="plain",framing="websocket"}': 1,
    hanita_connections_accepted_total: 3,
    'hanita_messages_total{to="common"}': 1,
    'hanita_messages_total{to="private"}': 1,
    'hanita_messages_total{to="room"}': 0,
    hanita_deliveries_total: 3,
    'hanita_refusals_total{code="400"}': 1,
    'hanita_refusals_total{code="401"}': 0,
    hanita_outbox_bytes: 0,
    'hanita_readers_dropped_total{limit="own"}': 0,
    hanita_commit_seconds_count: 2,
  };
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, found.get(name)])), expected);
  assert.ok(found.get("process_resident_memory_bytes")! > 1e6 && found.get("process_cpu_seconds_total")! > 0);
  const age = Date.now() / 1000 - found.get("process_start_time_seconds")!;
  assert.ok(age > 0 && age < 86_400, "it was started today");
});

Deno.test("/metrics answers a request with the server's token, or with the word of a file, and no other", {
  ignore: cannot,
}, async () => {
  const metricsToken = "0123456789abcdef";
  await using chat = await start({ metricsToken });
  const port = await chat.web();
  for (const host of ["localhost", "chat.example"]) {
    for (const token of [TOKEN, metricsToken]) assert.equal((await get(port, host, bearer(token))).status, 200);
    for (
      const shown of [
        [],
        [bearer("0123456789abcdeg")],
        [bearer("undefined")],
        [bearer("")],
        [`Authorization: ${TOKEN}`],
        [`Authorization: Basic ${TOKEN}`],
        [`Cookie: token=${TOKEN}`],
      ]
    ) {
      const { status, text } = await get(port, host, ...shown);
      assert.equal(status, 403, String(shown));
      assert.match(text, /^Expected the header Authorization: Bearer TOKEN, with the word in DIR\/token/);
    }
  }
  await using closed = await start();
  assert.equal((await get(await closed.web(), "localhost", bearer(metricsToken))).status, 403);
});

Deno.test("server --metrics-token-file takes a word from a file, and says in one line when it cannot", {
  ignore: cannotRun,
}, async () => {
  using folder = makeFolder();
  const file = `${folder.path}/token`, web = ["-p", "0", "--web", "--web-port", "0"];
  Deno.writeTextFileSync(file, "short\n");
  const bad = await run(folder.path, ...web, "--metrics-token-file", file);
  const why = "expected one word of at least 16 ASCII characters";
  assert.deepEqual(bad, {
    code: 1,
    out: "",
    err: `hanita-server: Cannot use --metrics-token-file "${file}": ${why}\n`,
  });
  const none = await run(folder.path, ...web, "--metrics-token-file", `${folder.path}/none`);
  assert.deepEqual([none.code, none.err.trimEnd().split("\n").length], [1, 1]);
  assert.match(none.err, /Cannot read --metrics-token-file ".*none": No such file/);
  const alone = await run(folder.path, "--metrics-token-file", file);
  assert.match(alone.err, /expected --web with --metrics-token-file/);
});

Deno.test(
  "/metrics of a server as it is started needs no permission beside its own",
  { ignore: cannotRun },
  async () => {
    await using server = await startProgram("--web", "--web-port", "0");
    const token = Deno.readTextFileSync(`${server.folder}/token`).trim();
    const { status, text } = await get(server.webPort, "localhost", bearer(token));
    assert.equal(status, 200);
    assert.ok(samples(text).get("process_cpu_seconds_total")! > 0);
  },
);

const bearer = (token: string) => `Authorization: Bearer ${token}`;

/** What the web port answers to a request for `/metrics` with the name `host`. */
async function get(port: number, host: string, ...headers: string[]) {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = ["GET /metrics HTTP/1.1", `Host: ${host}`, ...headers, "Connection: close", "\r\n"];
  await conn.write(new TextEncoder().encode(lines.join("\r\n")));
  const [head = "", text = ""] = (await within("an answer", new Response(conn.readable).text())).split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), type: /^content-type: (.*)$/im.exec(head)?.[1], text };
}

/** What `enter` says. */
const presenceOf = (account_name: string) =>
  `${JSON.stringify({ action: "presence", time: 1764000000, user: { account_name, status: "" } })}\n`;

Deno.test("a token's file may be UTF-16, as PowerShell writes it", { ignore: cannotRun }, () => {
  using folder = makeFolder();
  const file = `${folder.path}/token`,
    units = Uint16Array.from("\ufeff0123456789abcdef\r\n", (unit) => unit.charCodeAt(0));
  Deno.writeFileSync(file, new Uint8Array(units.buffer));
  assert.equal(readToken(file), "0123456789abcdef");
});
