// client.ts against servers that are not Hanita: each takes one `recv(1024)` for one object, as the home-made ones do.

import assert from "node:assert/strict";
import { CAREFUL, PRESENCE } from "../../jim/client/pace.ts";
import { cannot, client } from "./run.ts";
import { scriptedServer } from "./scripted_server.ts";

/** The original's way to say OK: no code. */
const OK = { time: 1795391045.17, alert: "ОК" };

Deno.test("client -w sends an original server one object at a time, each after the answer to the last", {
  ignore: cannot,
}, async () => {
  using server = scriptedServer();
  await using writing = client("127.0.0.1", server.port, "-w", "-n", "ann");
  await writing.type(`one\n${"Ж".repeat(200)}\nthree\n`);
  await writing.endInput();
  const connection = await server.accept();
  const presence = JSON.parse(await connection.recv());
  assert.deepEqual([presence.action, presence.account_name, presence.user.account_name], ["presence", "ann", "ann"]);
  const said: string[] = [];
  for (;;) {
    const answered = performance.now();
    await connection.send(OK);
    const object = await connection.recv();
    if (object === "") break;
    const late = performance.now() - answered >= CAREFUL.patience; // then it no longer waits for the answer
    assert.match(object, late ? /^(\{[\x20-\x7e]+\}\n)+$/ : /^\{[\x20-\x7e]+\}\n$/);
    said.push(...object.split("\n").slice(0, -1).map((line) => JSON.parse(line).message)); // throws at a part
  }
  connection.close();
  assert.equal(said.length, 4); // 200 Cyrillic letters are 1,200 bytes
  assert.equal(said.join(""), `one${"Ж".repeat(200)}three`);
  assert.deepEqual(await writing.end(), { status: 0, printed: "", complained: "" });
});

Deno.test("client -w goes on when a server never answers a message, and exits with 0", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using writing = client("127.0.0.1", server.port, "-w");
  await writing.type("one\ntwo\n");
  await writing.endInput();
  const connection = await server.welcome();
  const said: string[] = [];
  while (said.length < 2) said.push(...await connection.messages());
  assert.deepEqual(said, ["one", "two"]);
  assert.equal(await connection.recv(), "");
  connection.close();
  assert.deepEqual(await writing.end(), { status: 0, printed: "", complained: "" });
});

Deno.test("client that did not run while the answer came takes no server for a silent one", {
  ignore: cannot || Deno.build.os === "windows",
}, async () => {
  using server = scriptedServer();
  await using running = client("127.0.0.1", server.port, "-n", "ann");
  const connection = await server.accept();
  await connection.recv();
  running.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, PRESENCE + CAREFUL.patience)); // longer than it waits
  await connection.send({ response: 200, alert: "ok" });
  running.kill("SIGCONT");
  assert.match(await running.complaint(), /^Joined /);
});

Deno.test("client sends many objects in a write to a server that answers presence with jim 1", {
  ignore: cannot,
}, async () => {
  using server = scriptedServer();
  await using writing = client("127.0.0.1", server.port, "-w", "-n", "ann");
  await writing.type("раз\nдва\nтри\n");
  const connection = await server.accept();
  await connection.recv();
  await writing.endInput();
  await connection.send({ response: 200, jim: 1 });
  let said = "";
  while (said.split("\n").length <= 3) said += await connection.recv(); // and none is answered yet
  assert.match(said, /"message":"раз"\}\n.*"message":"два"\}\n.*"message":"три"\}\n$/);
  await connection.send({ response: 200 }, { response: 200 }, { response: 200 });
  assert.equal(await connection.recv(), "");
  connection.close();
  assert.equal((await writing.end()).status, 0);
});

Deno.test("client reads objects that a server glues, and splits anywhere", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using reading = client("127.0.0.1", server.port, "-r");
  const connection = await server.accept();
  await connection.recv();
  const one = { action: "message", sender: "ann", time: 1, mess_text: "o{}n\\e" };
  await connection.send(OK, one, '{"action":"msg","from":"bob","time":"2","mess');
  assert.match(await reading.line(), / ann: o\{\}n\\e$/);
  await connection.send('age":"two"}\r\n');
  assert.match(await reading.line(), / bob: two$/);
});

Deno.test("client half-closes and reads what is left before it closes, so that no server is reset", {
  ignore: cannot,
}, async () => {
  using server = scriptedServer();
  await using writing = client("127.0.0.1", server.port, "-w");
  await writing.endInput();
  const connection = await server.welcome();
  assert.equal(await connection.recv(), "");
  for (let i = 0; i < 100; i++) await connection.send({ action: "msg", from: "ann", message: "x".repeat(1000) });
  assert.equal(await connection.recv(), ""); // a reset would throw
  connection.close();
  assert.deepEqual(await writing.end(), { status: 0, printed: "", complained: "" });
});

Deno.test("client answers a probe with its presence", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using _reading = client("127.0.0.1", server.port, "-r", "-n", "ann");
  const connection = await server.welcome();
  await connection.send({ action: "probe", time: 1 });
  assert.equal(JSON.parse(await connection.recv()).action, "presence");
});

Deno.test("client exits with 1 and the server's words when its presence is refused", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using running = client("127.0.0.1", server.port, "-n", "ann");
  const connection = await server.welcome({ response: "400", error: "Имя пользователя уже занято." });
  assert.equal(await connection.recv(), "");
  connection.close();
  assert.deepEqual(await running.end(), {
    status: 1,
    printed: "",
    complained: `127.0.0.1:${server.port} refuses "ann": Имя пользователя уже занято.\n`,
  });
});

Deno.test("client exits with 1 and one line when the server closes or resets the connection", {
  ignore: cannot,
}, async () => {
  for (const how of ["close", "reset"] as const) {
    using server = scriptedServer();
    await using running = client("127.0.0.1", server.port, "-n", "ann");
    const connection = await server.welcome();
    assert.match(await running.complaint(), /^Joined /);
    if (how === "reset") await running.type("most of this is never read\n");
    await connection[how]();
    const { status, complained } = await running.end();
    assert.equal(status, 1);
    assert.match(complained, /^The server closed the connection[^\n]*\n$/);
  }
});

Deno.test("client exits with 1 and one line when the other side does not speak JIM", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using running = client("127.0.0.1", server.port);
  const connection = await server.accept();
  await connection.send("SSH-2.0-OpenSSH_9.9\r\n");
  while (await connection.recv() !== "");
  connection.close();
  const { status, complained } = await running.end();
  assert.equal(status, 1);
  assert.match(complained, /^127\.0\.0\.1:\d+ does not speak JIM: it says "SSH-2\.0-OpenSSH_9\.9[^\n]*\n$/);
});
