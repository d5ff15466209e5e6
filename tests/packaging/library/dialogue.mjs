// A program of the package, as its users write it: says, reads, is cut off and goes on. A Deno test starts the server, and
// kills it when ann says so.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import process from "node:process";
import { test } from "node:test";
import { Framer, parse } from "jim-chat";
import { connect, RefusedError } from "jim-chat/client";
import { tcp } from "jim-chat/client/tcp";

const HOST = "127.0.0.1", PORT = Number(process.env.PORT), PAUSES = { first: 20, longest: 200 };

test("a chat goes on when the server is killed and starts again, and nothing is lost or doubled", async (t) => {
  const chat = await connect(tcp(HOST, PORT), { name: "ann", rooms: ["#cats"], pauses: PAUSES });
  t.after(() => chat.close());
  await chat.say("kill the server");
  const texts = Array.from({ length: 20 }, (_, n) => `ann ${n}`), said = texts.map((text) => chat.say(text));
  const read = [];
  for await (const { from, text } of chat) {
    if (text === "the end") break;
    if (from === "bob") read.push(text);
  }
  const ids = (await Promise.all(said)).map(({ id }) => id);
  assert.deepEqual(read, Array.from({ length: 20 }, (_, n) => `bob ${n}`));
  assert.deepEqual(ids, [...new Set(ids)].sort((one, other) => one - other));
  const { rows } = await chat.request({ action: "history", limit: 500 });
  assert.deepEqual(
    rows.filter(({ from, text }) => from === "ann" && texts.includes(text)).map(({ text }) => text),
    texts,
  );
});

test("a refusal is an error with its code", async (t) => {
  const chat = await connect(tcp(HOST, PORT), { name: "ann" });
  t.after(() => chat.close());
  await assert.rejects(
    chat.say("hello", { to: "nobody" }),
    (error) => error instanceof RefusedError && error.code === 404,
  );
});

test("a server of many names is told which one is asked for", async (t) => {
  const server = createServer().listen(0, HOST), hello = once(server, "connection");
  t.after(() => server.close());
  await once(server, "listening");
  const chat = connect(tcp("localhost", server.address().port, { tls: true }), { name: "ann" });
  const [socket] = await hello, [bytes] = await once(socket, "data");
  socket.destroy();
  assert.match(bytes.toString("latin1"), /localhost/);
  await assert.rejects(chat, { name: "ConnectionError" });
});

test("the language is there without a socket", () => {
  const framer = new Framer();
  framer.push(new TextEncoder().encode('{"action":"quit"}'));
  assert.equal(parse(framer.next()).message.action, "quit");
});
