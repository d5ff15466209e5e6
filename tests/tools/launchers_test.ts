// `deno task pair` and `deno task crowd`, with all the processes they start.

import assert from "node:assert/strict";
import { start as startServer } from "../chat/start.ts";
import { cannot, start } from "../client/run.ts";
import { type ScriptedConnection, scriptedServer } from "../client/scripted_server.ts";
import { ownPort } from "../own_port.ts";

const task = (name: string, ...args: string[]) =>
  start(["run", "-q", "--no-prompt", `-P=${name}`, `tools/${name}.ts`, ...args]);

Deno.test("pair reads and writes in one terminal, and ends with its input", { ignore: cannot }, async () => {
  await using chat = await startServer();
  const peer = await chat.join("bob");
  await using pair = task("pair", "127.0.0.1", String(chat.port));
  let heard = false;
  const line = pair.line().finally(() => heard = true);
  while (!heard) await peer.sayOk({ action: "msg", time: 0, message: "welcome" });
  assert.match(await line, / bob: welcome$/);
  await pair.type("hello\n");
  const { from } = await peer.expect({ message: "hello" });
  while (!(await pair.line()).endsWith(` ${from}: hello`));
  await pair.endInput();
  const { status, complained } = await pair.end();
  assert.deepEqual([status, complained], [0, ""]);
});

Deno.test("pair ends with a signal, and leaves no child behind", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using pair = task("pair", "127.0.0.1", server.port);
  const connections = [await server.welcome(), await server.welcome()];
  pair.kill("SIGINT");
  for (const connection of connections) {
    assert.equal(await connection.recv(), "");
    connection.close();
  }
  assert.equal((await pair.end()).status, 0);
});

Deno.test("pair ends with 1 when the server goes", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using pair = task("pair", "127.0.0.1", server.port);
  const connections = [await server.welcome(), await server.welcome()];
  connections.forEach((connection) => connection.close());
  const { status, complained } = await pair.end();
  assert.deepEqual([status, complained], [1, "The server closed the connection\n"]);
});

Deno.test("pair says once why it cannot connect, and ends with 1", { ignore: cannot }, async () => {
  const port = String(ownPort());
  await using pair = task("pair", "127.0.0.1", port);
  const { status, printed, complained } = await pair.end();
  assert.deepEqual([status, printed], [1, ""]);
  assert.equal(complained, `Cannot connect to 127.0.0.1 port ${port}: nothing is running there (connection refused)\n`);
});

Deno.test("pair says what went wrong when only its reader met it", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using pair = task("pair", "127.0.0.1", server.port);
  const connections = [await server.welcome(), await server.welcome()];
  await pair.type("which of you writes?\n");
  const heard = connections.map((connection) => connection.recv());
  const which = await Promise.race(heard.map((said, index) => said.then(() => index)));
  const writer = connections[which]!, reader = connections[1 - which]!;
  await writer.send({ response: 200 });
  await reader.send(`{"action":"${"x".repeat(4_000_000)}`);
  assert.equal(await heard[1 - which], "");
  reader.close();
  assert.equal(await writer.recv(), "");
  writer.close();
  const { status, complained } = await pair.end();
  assert.deepEqual([status, complained], [1, "The server sends an object that does not end\n"]);
});

Deno.test("crowd counts what its clients hear of each other, and nothing else", { ignore: cannot }, async () => {
  await using chat = await startServer();
  const peer = await chat.join("bob");
  await using crowd = task("crowd", "4", "127.0.0.1", String(chat.port));
  await peer.expect({ action: "msg" });
  await peer.say({ action: "msg", time: 0, message: "what is going on?" });
  const { status, printed, complained } = await crowd.end();
  assert.match(
    printed,
    /^4 clients: 20 messages sent, 60 of 60 received in [\d.]+ s, 0 lost, 0 doubled, 0 .* failed\n$/,
  );
  assert.deepEqual([status, complained], [0, ""]);
});

Deno.test("crowd exits with 1 when a message comes twice", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using crowd = task("crowd", "2", "127.0.0.1", server.port);
  const [ann, bob] = [await server.welcome(), await server.welcome()];
  await Promise.all([twice(ann, bob), twice(bob, ann)]);
  const { status, printed } = await crowd.end();
  assert.match(printed, /10 of 10 received in .* 0 lost, 10 doubled, 0 clients failed\n$/);
  assert.equal(status, 1);
});

Deno.test("crowd counts a client that ends before the others have joined as failed", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using crowd = task("crowd", "2", "127.0.0.1", server.port);
  const gone = await server.accept(), last = await server.accept();
  await gone.recv();
  await gone.send({ response: 200, alert: "ok" });
  gone.close();
  assert.equal(await crowd.complaint(), "The server closed the connection");
  await last.recv();
  await last.send({ response: 200, alert: "ok" });
  for (let object = await last.recv(); object !== ""; object = await last.recv()) await last.send({ response: 200 });
  last.close();
  const { status, printed, complained } = await crowd.end();
  assert.match(printed, /^2 clients: 10 messages sent, 0 of 10 received in .* 10 lost, 0 doubled, 1 clients failed\n$/);
  assert.deepEqual([status, complained], [1, ""]);
});

/** Answers each message of one and relays it twice to the other. */
async function twice(one: ScriptedConnection, other: ScriptedConnection): Promise<void> {
  for (let object = await one.recv(); object !== ""; object = await one.recv()) {
    await other.send(object, object);
    await one.send({ response: 200 });
  }
  one.close();
}

Deno.test("pair and crowd exit with 2 and one line for a mistake on their command line, and with 0 for --help", {
  ignore: cannot,
}, async () => {
  for (
    const [name, args, mistake] of [
      ["pair", ["h", "0"], 'PORT: expected a whole number from 1 to 65535, got "0"'],
      ["crowd", [], "expected N: How many clients, as in 20."],
      ["crowd", ["0"], 'N: expected a whole number from 1 to 10000, got "0"'],
    ] as const
  ) {
    await using mistaken = task(name, ...args);
    const complained = `hanita-${name}: ${mistake} (--help says more)\n`;
    assert.deepEqual(await mistaken.end(), { status: 2, printed: "", complained });
  }
  await using helped = task("crowd", "--help");
  const { status, printed, complained } = await helped.end();
  assert.deepEqual([status, complained], [0, ""]);
  assert.match(printed, /^Clients that chat[^]+Usage: deno task crowd N \[ADDR\] \[PORT\] \[OPTION\.\.\.\]\n/);
});

Deno.test("crowd says so when its clients cannot join, and exits with 1", { ignore: cannot }, async () => {
  await using crowd = task("crowd", "100", "127.0.0.1", String(ownPort()));
  const { status, printed, complained } = await crowd.end();
  assert.deepEqual([status, printed], [1, ""]);
  assert.match(complained, /Cannot connect [^]+\nCannot connect 100 clients: 0 joined\n$/);
});
