// client.ts as users run it, against Hanita.

import assert from "node:assert/strict";
import { STRICT_LIMITS } from "../../jim/mod.ts";
import { start as startServer } from "../chat/start.ts";
import { cannot, client, type Running, start } from "./run.ts";
import { scriptedServer } from "./scripted_server.ts";
import { ownPort } from "../own_port.ts";

const text = (object: { message?: string }) => object.message;

/** A reader that is there: what is said from now on, it hears. It sends nothing, so messages are sent to it until it prints one. */
async function reader(chat: Awaited<ReturnType<typeof startServer>>, ...args: string[]): Promise<Running> {
  const running = client("127.0.0.1", String(chat.port), "-r", ...args);
  const asker = await chat.join("asker");
  let heard = false;
  const line = running.line().finally(() => heard = true);
  while (!heard) await asker.sayOk({ action: "msg", time: 0, message: "is a reader there?" });
  await line;
  await asker.sayOk({ action: "msg", time: 0, message: "good" });
  while (!/good/.test(await running.line()));
  await asker.end();
  return running;
}

Deno.test("client -r prints each message as HH:MM:SS name: text, in the time of the message, and nothing else", {
  ignore: cannot,
}, async () => {
  using server = scriptedServer();
  await using running = client("127.0.0.1", server.port, "-r");
  const connection = await server.welcome({ response: 200, alert: "welcome", jim: 1 });
  const time = new Date(2026, 10, 22, 9, 5, 7).getTime() / 1000;
  await connection.send(
    { action: "msg", time, to: "#all", from: "ann", message: "Привет 🌍" },
    { action: "msg", time: time + 51, to: "#all", from: "e\x1bve", message: "red\x1b[31m\nalert" },
  );
  assert.equal(await running.line(), "09:05:07 ann: Привет 🌍");
  assert.equal(await running.line(), "09:05:58 e␛ve: red␛[31m␊alert");
  running.kill("SIGTERM");
  assert.equal(await connection.recv(), "");
  connection.close();
  assert.deepEqual(await running.end(), { status: 0, printed: "", complained: "" });
});

Deno.test("client -r prints 1,000 lines of Cyrillic and emoji in order as client -w sends them", {
  ignore: cannot,
}, async () => {
  await using chat = await startServer();
  await using reading = await reader(chat);
  await using writing = client("127.0.0.1", String(chat.port), "-w", "-n", "Аня");
  const lines = Array.from({ length: 1000 }, (_, number) => `${number} съешь ещё этих мягких французских булок 🥖👩‍👩‍👧`);
  await writing.type(lines.join("\n"));
  await writing.endInput();
  assert.deepEqual(await writing.end(), { status: 0, printed: "", complained: "" });
  for (const line of lines) assert.equal((await reading.line()).slice("HH:MM:SS ".length), `Аня: ${line}`);
  reading.kill("SIGINT");
  assert.deepEqual(await reading.end(), { status: 0, printed: "", complained: "" });
});

Deno.test("client -w sends a line as soon as it is typed", { ignore: cannot }, async () => {
  await using chat = await startServer();
  const peer = await chat.join("bob");
  await using writing = client("127.0.0.1", String(chat.port), "-w", "-n", "ann");
  await writing.type("one\n");
  await peer.expect({ action: "msg", from: "ann", message: "one" });
  await writing.type("two\r\n\nthr");
  await peer.expect({ message: "two" });
  await writing.type("ee");
  await writing.endInput();
  await peer.expect({ message: "three" });
  assert.deepEqual(await writing.end(), { status: 0, printed: "", complained: "" });
});

Deno.test("client -r --json prints the objects, one a line", { ignore: cannot }, async () => {
  await using chat = await startServer();
  await using reading = await reader(chat, "--json");
  const peer = await chat.join("ann");
  await peer.sayOk({ action: "msg", time: 5, message: "hello\u009b" });
  const line = await reading.line();
  assert.deepEqual({ ...JSON.parse(line), from: "ann", message: "hello\u009b", time: 5 }, JSON.parse(line));
  assert.ok(line.includes("\\u009b"));
  reading.kill("SIGTERM");
  assert.equal((await reading.end()).printed, "");
});

Deno.test("client reads and writes at once", { ignore: cannot }, async () => {
  await using chat = await startServer();
  const peer = await chat.join("bob");
  await using running = client("127.0.0.1", String(chat.port), "-n", "ann");
  assert.equal(await running.complaint(), `Joined 127.0.0.1:${chat.port} as ann: welcome, ann`);
  await peer.sayOk({ action: "msg", time: 0, message: "hello" });
  assert.match(await running.line(), / bob: hello$/);
  await running.type("hi, bob\n");
  await peer.expect({ from: "ann", message: "hi, bob" });
  await running.endInput();
  assert.deepEqual(await running.end(), { status: 0, printed: "", complained: "" });
});

Deno.test("client ends quietly when nobody reads its output any more", { ignore: cannot }, async () => {
  await using chat = await startServer();
  await using reading = await reader(chat);
  await reading.breakPipe();
  const peer = await chat.join("ann");
  await peer.sayOk({ action: "msg", time: 0, message: "is anybody there?" });
  const { status, complained } = await reading.end();
  assert.deepEqual([status, complained], [0, ""]);
});

Deno.test(
  "client tells which messages were refused, sends the others, and exits with 1",
  { ignore: cannot },
  async () => {
    await using chat = await startServer({ limits: STRICT_LIMITS });
    const peer = await chat.join("bob");
    await using writing = client("127.0.0.1", String(chat.port), "-w");
    await writing.type(`one\n${"x".repeat(501)}\n${"y".repeat(5000)}\ntwo\n`);
    await writing.endInput();
    assert.deepEqual((await peer.hearAll(2)).map(text), ["one", "two"]);
    const { status, complained } = await writing.end();
    assert.equal(status, 1);
    assert.match(complained, /Not sent: expected a line of at most 4000 characters, got 5000, "y+…"\n/);
    assert.match(complained, /The server refuses "x+": .*500.*\n/);
    assert.equal(complained.split("\n").length, 3);
  },
);

Deno.test("client exits with 1 and one line when the server stops", { ignore: cannot }, async () => {
  await using chat = await startServer();
  await using reading = await reader(chat);
  chat.stop();
  const { status, complained } = await reading.end();
  assert.deepEqual([status, complained], [1, "the server is stopping\n"]);
});

Deno.test(
  "client exits with 1 and one line when nobody listens, or nobody has that name",
  { ignore: cannot },
  async () => {
    const port = String(ownPort());
    await using refused = client("127.0.0.1", port);
    await using nowhere = client("no.such.host.invalid");
    assert.deepEqual(await refused.end(), {
      status: 1,
      printed: "",
      complained: `Cannot connect to 127.0.0.1 port ${port}: nothing is running there (connection refused)\n`,
    });
    const { status, complained } = await nowhere.end();
    assert.equal(status, 1);
    assert.match(complained, /^Cannot connect to no\.such\.host\.invalid port 7777: [^\n]+\n$/);
  },
);

Deno.test("client exits with 2 and one line for a mistake on its command line, and with 0 for --help", {
  ignore: cannot,
}, async () => {
  await using mistaken = client("127.0.0.1", "99999");
  await using helped = client("--help");
  const { status, printed, complained } = await mistaken.end();
  assert.deepEqual([status, printed], [2, ""]);
  assert.match(complained, /^hanita-client: PORT: [^\n]+ 65535, got "99999" \(--help says more\)\n$/);
  const help = await helped.end();
  assert.deepEqual([help.status, help.complained], [0, ""]);
  assert.match(help.printed, /^Chats in a terminal[^]+--log-level/);
});

Deno.test("client exits with 1 and names the permission to add when its data folder is not allowed", {
  ignore: cannot,
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "hanita-client-" });
  const flags = `--allow-read=${folder} --allow-write=${folder}`;
  await using running = start(["run", "-q", "--no-prompt", "-P=client", "client.ts", "127.0.0.1", "--data", folder]);
  assert.deepEqual(await running.end(), {
    status: 1,
    printed: "",
    complained: `Cannot use "${folder}": not permitted to deno task client, so add ${flags}: ` +
      `deno run -P=client ${flags} client.ts, with the same options\n`,
  });
  await Deno.remove(folder);
});
