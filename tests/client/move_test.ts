// A pipe that is given several servers of one chat moves when its own is gone, and loses and doubles nothing.

import assert from "node:assert/strict";
import { startServers } from "../chat/two_servers.ts";
import { LossyProxy } from "../lossy_proxy.ts";
import { cannot, client } from "./run.ts";

const msg = (message: string) => ({ action: "msg", time: 1, to: "#all", message });
const at = (port: number) => `127.0.0.1:${port}`;

Deno.test("client in a pipe moves when its server stops, prints what was said meanwhile, and each message once", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all, bob = await two!.join("bob");
  await using ann = client(`${at(one!.port)},${at(two!.port)}`, "-n", "ann");
  assert.match(await ann.complaint(), /^Joined /);
  await ann.type("hello\n");
  await bob.expect({ from: "ann", message: "hello" });
  await bob.sayOk(msg("before"));
  assert.match(await ann.line(), / bob: before$/);
  one!.stop();
  assert.equal(await ann.complaint(), `Lost ${at(one!.port)}: the server is stopping. Trying the next server`);
  await ann.type("here again\n");
  await bob.sayOk(msg("meanwhile"));
  assert.equal(await ann.complaint(), `Joined ${at(two!.port)} as ann`);
  await bob.expect({ from: "ann", message: "here again" });
  await bob.sayOk(msg("after"));
  for (const text of ["meanwhile", "after"]) assert.match(await ann.line(), new RegExp(` bob: ${text}$`));
  await ann.endInput();
  assert.deepEqual(await ann.end(), { status: 0, printed: "", complained: "" });
});

Deno.test("client -w says each line once and in order when its server stops in the middle of them", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all, bob = await two!.join("bob");
  const lines = Array.from({ length: 3_000 }, (_, number) => `line ${number}`);
  await using writing = client(`${at(one!.port)},${at(two!.port)}`, "-w", "-n", "ann");
  await writing.type(lines.join("\n"));
  await writing.endInput();
  const heard = await bob.hearAll(100);
  one!.stop();
  heard.push(...await bob.hearAll(lines.length - heard.length));
  assert.deepEqual(heard.map(({ message }) => message), lines);
  assert.equal((await writing.end()).status, 0);
  await bob.silence();
});

Deno.test("client -w says again what has not arrived, and only that, when its server is gone without an answer", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all, bob = await two!.join("bob");
  await using network = new LossyProxy(one!.port);
  await using writing = client(`${at(network.port)},${at(two!.port)}`, "-w", "-n", "ann");
  await writing.type("one\n");
  await bob.expect({ message: "one" });
  network.treatPresent("pass", "swallow");
  await writing.type("two\nthree\n");
  for (const message of ["two", "three"]) await bob.expect({ message });
  network.treatPresent("swallow");
  await writing.type("four\nfive\n");
  await writing.endInput();
  network.cut();
  for (const message of ["four", "five"]) await bob.expect({ message });
  assert.deepEqual(await writing.end(), {
    status: 0,
    printed: "",
    complained: `Lost ${at(network.port)}: the server closed the connection. Trying the next server\n` +
      `Joined ${at(two!.port)} as ann\n`,
  });
  await bob.silence();
});

Deno.test("client -r prints what was said while it had no server", { ignore: cannot }, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all, bob = await two!.join("bob");
  await using network = new LossyProxy(one!.port);
  await using reading = client(`${at(network.port)},${at(two!.port)}`, "-r", "--json", "-n", "ann");
  let isThere = false;
  const line = reading.line().finally(() => isThere = true);
  while (!isThere) await bob.sayOk(msg("is a reader there?"));
  await line;
  await bob.sayOk(msg("before"));
  network.treatPresent("swallow");
  await bob.sayOk(msg("meanwhile"));
  network.cut();
  assert.match(await reading.complaint(), /^Lost /);
  assert.match(await reading.complaint(), /^Joined /);
  await bob.sayOk(msg("after"));
  const printed: string[] = [];
  while (printed.at(-1) !== "after") printed.push(JSON.parse(await reading.line()).message);
  assert.deepEqual(printed.filter((text) => text !== "is a reader there?"), ["before", "meanwhile", "after"]);
  reading.kill("SIGTERM");
  assert.deepEqual(await reading.end(), { status: 0, printed: "", complained: "" });
});
