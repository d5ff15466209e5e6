// What opens everybody's messages: an operator's login, or the token of the running server. An address opens nothing.

import assert from "node:assert/strict";
import { memoryStore } from "./store.ts";
import { makeFolder } from "../log/folder.ts";
import { has } from "../may.ts";
import { inspect, TOKEN } from "../token.ts";
import { tool } from "../tools/task.ts";
import { cheaply, PASSWORD } from "./accounts.ts";
import { connect } from "./peer.ts";
import { cannotRun, run, startIn, startProgram } from "./program.ts";
import { cannot, start } from "./start.ts";
import { within } from "./within.ts";

/** Gives a program a terminal. */
const HOLD = new URL("../terminal/hold.py", import.meta.url);

const WRONG = "token: this is not the token of the running server, which is in DIR/token and new at each start";

Deno.test("inspect takes the token or an operator's login, and no address for either", { ignore: cannot }, async () => {
  const store = memoryStore();
  store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  await using chat = await start({ store, accounts: ["ann"] });
  const eve = await chat.connect(), ann = await chat.login("ann"), op = await chat.login("op");
  for (const peer of [eve, ann]) {
    await peer.say({ ...inspect, token: undefined });
    await peer.expect({ response: 403 });
    for (const token of ["", "a guess", TOKEN.slice(1), `${TOKEN}x`, TOKEN.toUpperCase()]) {
      await peer.say({ ...inspect, token });
      await peer.expect({ response: 401, error: WRONG });
    }
  }
  await op.say({ ...inspect, token: undefined });
  await op.expect({ response: 200 });
  for (const peer of [eve, ann]) await peer.sayOk(inspect);
});

Deno.test("inspect says what is wrong with a token of any form, and quotes none", { ignore: cannot }, async () => {
  await using chat = await start();
  const eve = await chat.connect();
  for (const token of [7, true, ["hunter2"], { hunter2: "hunter2" }]) {
    await eve.say({ ...inspect, token });
    const { error } = await eve.expect({ response: 400 });
    assert.match(error, /^token: expected a string, got a value of type \w+$/);
  }
  await eve.say({ ...inspect, token: "hunter2".repeat(1_000) });
  assert.equal((await eve.expect({ response: 400 })).error, "token: expected at most 4000 characters, got 7000");
});

Deno.test("a token is guessed no faster than a password", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true });
  const eve = await chat.connect(), bob = await chat.join("bob");
  for (let i = 0; i < 40; i++) {
    await eve.say({ ...inspect, token: `guess ${i}` });
    await eve.expect({ response: 401 });
  }
  await eve.say({ ...inspect, token: "one more" });
  await bob.silence();
  assert.equal(chat.writesTo(eve).length, 40, "it waits like a password");
  const teacher = await chat.connect();
  await teacher.sayOk(inspect); // the right one waits for no crowd of wrong ones from its own network
  chat.pass(1_000);
  await eve.expect({ response: 401 });
});

Deno.test("a token is in no line of the log, and in nothing that others inspect", { ignore: cannot }, async () => {
  await using chat = await start({ logged: true });
  const teacher = await chat.connect(), other = await chat.connect();
  await teacher.sayOk(inspect);
  await teacher.expect({ way: "here" });
  const said = [
    JSON.stringify({ ...inspect, token: "hunter2" }),
    JSON.stringify({ token: "hunter2", action: "inspect", time: 1 }),
    "{'token': 'hunter2', 'action': 'inspect'}",
    '{"action":"inspect","time":1,"token":["hunter2"]}',
    '{"action":"inspect","time":1,"token":hunter2}',
    '{"Token":"hunter2","action":"dance"}',
  ];
  for (const object of said) {
    await other.say(`${object}\n`);
    await other.hear();
  }
  await other.sayOk(inspect);
  for (let way = ""; way !== "gone";) {
    const seen = await teacher.hear();
    ({ way } = seen);
    assert.doesNotMatch(JSON.stringify(seen), /hunter2/);
  }
  await chat.logged(/operator 127\.0\.0\.1:\d+: inspect$/);
  for (const line of chat.log()) assert.ok(!/hunter2/.test(line) && !line.includes(TOKEN), line);
});

Deno.test("--per-address counts this machine's connections too: a proxy on it is everybody", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ perAddress: 2 });
  const [ann, bob] = [await chat.join("ann"), await chat.join("bob")], eve = await chat.connect();
  const { error } = await eve.expect({ response: 403 });
  assert.match(error, /^There are 2 connections from 127\.0\.0\.1 already/);
  await eve.expectEnd();
  for (const peer of [ann, bob]) await peer.silence();
});

Deno.test("the server keeps its token in a file for its user alone, tells where, and shows it in no output", {
  ignore: cannotRun || Deno.build.os === "windows",
}, async () => {
  await using server = await startProgram("--memory", "--web", "--web-port", "0", "--log-level", "debug");
  const path = `${server.folder}/token`, token = Deno.readTextFileSync(path).trim();
  assert.match(token, /^[\w-]{43}$/);
  assert.equal(Deno.statSync(path).mode! & 0o777, 0o600);
  using peer = await connect(server.port);
  await peer.sayOk({ ...inspect, token });
  server.kill("SIGTERM");
  const { code, out, err } = await server.ended;
  assert.equal(code, 0);
  const log = server.log();
  assert.ok(log.includes(`${path} has the token that opens /class, inspect and /metrics`));
  for (const text of [out, err, log]) assert.ok(!text.includes(token), text);
  assert.throws(() => Deno.statSync(path), Deno.errors.NotFound, "it ends with the run");
});

Deno.test("a server that is started again has another token", { ignore: cannotRun }, async () => {
  const folder = await Deno.makeTempDir({ prefix: "hanita-token-" }), path = `${folder}/token`;
  const first = await startIn(folder), before = Deno.readTextFileSync(path).trim();
  first.kill("SIGKILL");
  await first.ended;
  await using second = await startIn(folder);
  const after = Deno.readTextFileSync(path).trim();
  using peer = await connect(second.port);
  await peer.say({ ...inspect, token: before });
  await peer.expect({ response: 401 });
  await peer.sayOk({ ...inspect, token: after });
});

Deno.test("deno task inspect reads the token from the data folder, and says what it needs where it cannot", {
  ignore: cannotRun,
}, async () => {
  await using server = await startProgram();
  const port = String(server.port), other = await Deno.makeTempDir({ prefix: "hanita-other-" });
  Deno.writeTextFileSync(`${other}/token`, "of another server\n");
  const wrong = await tool("inspect", other, "--data", other, "127.0.0.1", port);
  assert.deepEqual(wrong, { code: 1, out: "", err: `hanita-inspect: ${WRONG}\n` });
  const file = await tool("inspect", other, "--token-file", `${other}/token`, "127.0.0.1", port);
  assert.deepEqual(file, wrong);
  Deno.removeSync(other, { recursive: true });
  const none = await tool("inspect", other, "--data", other, "127.0.0.1", port);
  assert.match(
    none.err,
    /^hanita-inspect: Cannot read .*token: No such file.*; expected --data DIR of the server, .*\n$/,
  );

  const command = ["run", "-q", "--no-prompt", "-P=inspect", `--allow-read=${server.folder}`, "tools/inspect.ts"];
  const child = new Deno.Command("deno", {
    args: [...command, "--data", server.folder, "127.0.0.1", port],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  using ann = await connect(server.port);
  await ann.enter("ann");
  let shown = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (/"ann"/.test(shown += text)) break;
    await ann.sayOk({ action: "probe", time: 1 });
  }
  child.kill();
  await child.status;
  assert.match(shown, /"ann"/);
});

Deno.test("a second server that cannot start does not cost the first its token", { ignore: cannotRun }, async () => {
  await using server = await startProgram("--memory");
  const path = `${server.folder}/token`, token = Deno.readTextFileSync(path);
  const { code } = await run(server.folder, "--memory", "-p", String(server.port));
  assert.equal(code, 1);
  assert.equal(Deno.readTextFileSync(path), token);
});

Deno.test("a second server with --memory leaves the first its token, and says where its own is", {
  ignore: cannotRun,
}, async () => {
  await using first = await startProgram();
  const path = `${first.folder}/token`, token = Deno.readTextFileSync(path);
  const second = await startIn(first.folder, "--memory"), own = `${path}-${second.port}`;
  using peer = await connect(second.port);
  await peer.sayOk({ ...inspect, token: Deno.readTextFileSync(own).trim() });
  second.kill("SIGTERM");
  const { code, err } = await second.ended;
  assert.equal(code, 0);
  assert.ok(err.includes(`${path} is another server's that runs here: the token of this one is in ${own}`), err);
  assert.equal(Deno.readTextFileSync(path), token);
  assert.throws(() => Deno.statSync(own), Deno.errors.NotFound);
});

Deno.test("on a terminal the server shows the address of the class, which opens it", {
  ignore: cannotRun || !has("python3", "--version") || Deno.build.os === "windows",
}, async () => {
  using folder = makeFolder();
  const own = [`--allow-read=${folder.path}`, `--allow-write=${folder.path}`];
  const server = ["deno", "run", "-q", "--no-prompt", "-P=server", ...own, "server.ts", "--data", folder.path];
  const child = new Deno.Command("python3", {
    args: [HOLD.pathname, "200", ...server, "-p", "0", "--web", "--web-port", "0"],
    cwd: new URL("../../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let shown = "";
  const [, url, token] = await within(
    "the address of the class",
    async function () {
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        const found = /(http:\/\/localhost:\d+\/class)#token=([\w-]+)\r/.exec(shown += text);
        if (found !== null) return found;
      }
      throw new Error(`The server has ended: ${shown}`);
    }(),
  );
  assert.equal(Deno.readTextFileSync(`${folder.path}/token`).trim(), token);
  const answer = await fetch(url!);
  assert.match(await answer.text(), /^<!doctype html>/i);
  const orders = child.stdin.getWriter();
  await orders.write(new TextEncoder().encode('{"signal": "SIGTERM"}\n'));
  await child.status;
  await orders.close();
});
