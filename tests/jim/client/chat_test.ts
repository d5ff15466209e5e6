// The library's chat against a real server.

import assert from "node:assert/strict";
import {
  type Chat,
  type ChatEvent,
  connect,
  ConnectionError,
  RefusedError,
  webSocket,
} from "../../../jim/client/mod.ts";
import { tcp } from "../../../jim/client/tcp.ts";
import { PASSWORD } from "../../chat/accounts.ts";
import { cannotRun } from "../../chat/program.ts";
import { cannot, type Chat as Server, start } from "../../chat/start.ts";
import { startTls } from "../../chat/tls.ts";
import { startServers } from "../../chat/two_servers.ts";
import { until, within } from "../../chat/within.ts";
import { LossyProxy } from "../../lossy_proxy.ts";

const PAUSES = { first: 1, longest: 50 }, HOST = "127.0.0.1";
/** The next messages, as `conversation: text`. */
async function read(chat: Chat, count: number): Promise<string[]> {
  const texts: string[] = [];
  const all = async () => {
    for await (const { conversation, text } of chat) if (texts.push(`${conversation}: ${text}`) === count) return;
  };
  await within(`${count} messages, has ${texts}`, all());
  return texts;
}

/** A chat of an account. */
function login(server: Pick<Server, "port">, name: string): Promise<Chat> {
  return connect(tcp(HOST, server.port), { name, password: PASSWORD, pauses: PAUSES });
}

async function botToken(server: Server): Promise<string> {
  await using op = await login(server, "op");
  return (await op.request({ action: "add_bot", user_id: "helper" })).token!;
}

Deno.test("a bot that is cut off reads what it has missed, in its rooms and from people, and says what waits", {
  ignore: cannot,
}, async () => {
  await using server = await start({ operators: ["op"], accounts: ["bob"] });
  await using proxy = new LossyProxy(server.port);
  const token = await botToken(server), events: ChatEvent["kind"][] = [];
  await using bob = await login(server, "bob");
  await bob.join("#cats");
  await bob.say("before", { to: "#cats" });
  await using chat = await connect(tcp(HOST, proxy.port), {
    token,
    rooms: ["#Cats"],
    pauses: PAUSES,
    onEvent: ({ kind }) => events.push(kind),
  });
  assert.equal(chat.name, "helper");
  await bob.say("one", { to: "#cats" });
  await bob.say("two");
  assert.deepEqual(await read(chat, 2), ["#Cats: one", "#all: two"]);
  proxy.treat("pass", "swallow");
  const first = chat.say("first"); // it arrives, and its answer does not
  assert.deepEqual(await read(bob, 1), ["#all: first"]);
  proxy.treat("swallow");
  proxy.cut();
  const second = chat.say("second", { to: "BOB" });
  await bob.say("three", { to: "helper" });
  await bob.say("four", { to: "#cats" });
  await bob.say("five");
  await until("the end of the connection", () => events.includes("disconnected"));
  proxy.treat("pass");
  proxy.cut();
  assert.deepEqual(await read(chat, 3), ["BOB: three", "#Cats: four", "#all: five"]);
  assert.ok((await first).id! < (await second).id!);
  await bob.say("six", { to: "helper" });
  assert.deepEqual(await read(chat, 1), ["BOB: six"]);
  await chat.say("last");
  assert.deepEqual(await read(bob, 2), ["helper: second", "#all: last"]);
});

Deno.test("a program that starts again goes on behind the last message that it has handled", {
  ignore: cannot,
}, async () => {
  await using server = await start({ operators: ["op"], accounts: ["bob"] });
  await using bob = await login(server, "bob");
  const token = await botToken(server), options = { token, rooms: ["#cats"] };
  let last = 0;
  {
    await using chat = await connect(tcp(HOST, server.port), options);
    await bob.say("one");
    for await (const { id } of chat) {
      last = id!;
      break;
    }
    await chat.say("mine");
  }
  await bob.join("#cats");
  await bob.say("two", { to: "helper" });
  await bob.say("three", { to: "#cats" });
  await bob.say("four");
  await using chat = await connect(tcp(HOST, server.port), { ...options, after: last });
  assert.deepEqual(await read(chat, 4), ["#all: mine", "bob: two", "#cats: three", "#all: four"]);
});

Deno.test("a refusal is an error with its code, and the chat goes on", { ignore: cannot }, async () => {
  await using server = await start({ operators: ["op"], accounts: ["bob"] });
  const open = tcp(HOST, server.port);
  const refused = (code: number) => (error: unknown) => error instanceof RefusedError && error.code === code;
  await assert.rejects(connect(open, { token: "none" }), refused(401));
  await assert.rejects(connect(open, { name: "bob", password: "a guess" }), refused(402));
  await using op = await login(server, "op");
  const tooLong = `#${"x".repeat(30)}`;
  await assert.rejects(connect(open, { name: "zoe", rooms: ["#cats", tooLong] }), refused(400));
  await using chat = await login(server, "bob");
  await assert.rejects(chat.say("hello", { to: "nobody" }), refused(404));
  await assert.rejects(chat.join(tooLong), refused(400));
  await assert.rejects(chat.request({ action: "dance" }), refused(400));
  const { rows } = await chat.request({ action: "who_online" });
  assert.equal(rows.length, 2);
  await chat.join("#cats");
  await op.join("#cats");
  await op.say("meow", { to: "#cats" });
  assert.deepEqual(await read(chat, 1), ["#cats: meow"]);
  await chat.leave("#cats");
  await assert.rejects(chat.say("hiss", { to: "#cats" }), refused(403));
  assert.ok((await chat.say("still here")).id! > 0);
});

Deno.test("a chat ends when it is closed, when its signal says so, and when an operator ends it", {
  ignore: cannot,
}, async () => {
  await using server = await start({ operators: ["op"] });
  const open = tcp(HOST, server.port);
  await using op = await login(server, "op");
  const closed = await connect(open, { name: "zoe" });
  const said = closed.say("bye");
  await closed.close();
  assert.ok((await said).id! > 0);
  await assert.rejects(closed.say("too late"), ConnectionError);
  for await (const _ of closed) assert.fail("a message");

  const aborting = new AbortController();
  const aborted = await connect(open, { name: "zoe", signal: aborting.signal });
  const loop = assert.rejects(read(aborted, 1), { message: "enough" });
  aborting.abort(new Error("enough"));
  await loop;
  await assert.rejects(connect(open, { name: "zoe", signal: aborting.signal }), { message: "enough" });
  const never = new AbortController();
  const silent = connect(() => new Promise(() => {}), { name: "zoe", signal: never.signal });
  never.abort(new Error("enough"));
  await assert.rejects(silent, { message: "enough" });

  const kicked = await connect(open, { name: "eve", pauses: PAUSES });
  await op.request({ action: "kick", user_id: "eve" });
  await assert.rejects(read(kicked, 1), RefusedError);
});

Deno.test("a browser's socket reads and says the same", { ignore: cannot }, async () => {
  await using server = await start({ accounts: ["bob"] });
  const port = await server.web();
  await using bob = await login(server, "bob");
  await using chat = await connect(webSocket(`ws://${HOST}:${port}/jim`), { name: "zoe", rooms: ["#cats"] });
  await Promise.all([chat.say("one"), chat.say("two"), bob.say("three")]);
  assert.deepEqual(await read(bob, 2), ["#all: one", "#all: two"]);
  assert.deepEqual(await read(chat, 1), ["#all: three"]);
  await assert.rejects(connect(webSocket(`ws://${HOST}:9/jim`), { name: "zoe" }), {
    message: `Cannot connect: no connection to ws://${HOST}:9/jim`,
  });
});

Deno.test("a chat is encrypted, and trusts only what it should", { ignore: cannotRun }, async () => {
  await using server = await startTls();
  const ca = Deno.readTextFileSync(`${server.folder}/authority.pem`);
  await using chat = await connect(tcp("localhost", server.port, { tls: true, ca }), { name: "zoe" });
  assert.ok((await chat.say("hello")).id! > 0);
  await assert.rejects(connect(tcp("localhost", server.port, { tls: true }), { name: "zoe" }), ConnectionError);
  await assert.rejects(connect(tcp("localhost", server.port), { name: "zoe" }), RefusedError); // in words
});

Deno.test("with several servers a chat moves when its own stops, and misses nothing", { ignore: cannot }, async () => {
  await using servers = await startServers(2, { accounts: ["bob"] });
  const [one, two] = servers.all;
  const reasons: string[] = [];
  await using chat = await connect([tcp(HOST, one!.port), tcp(HOST, two!.port)], {
    name: "zoe",
    pauses: PAUSES,
    onEvent: (event) => event.kind === "disconnected" && reasons.push(event.reason),
  });
  await using bob = await login(two!, "bob");
  await bob.say("one");
  assert.deepEqual(await read(chat, 1), ["#all: one"]);
  one!.stop();
  await bob.say("two");
  await until("the move", () => reasons.length > 0);
  await bob.say("three");
  assert.deepEqual(await read(chat, 2), ["#all: two", "#all: three"]);
  assert.equal(reasons[0], "the server is stopping");
  assert.ok((await chat.say("here")).id! > 0);
});
