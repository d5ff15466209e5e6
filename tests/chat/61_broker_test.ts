// Servers of one chat as people start them, with a real broker between them; and in one line why one does not start.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { makeFolder } from "../log/folder.ts";
import { hasBroker, startBroker } from "../nats_server.ts";
import { connect } from "./peer.ts";
import { begin, cannotRun, type Program, run, startIn, startProgram } from "./program.ts";
import { until } from "./within.ts";

const ignore = cannotRun || !hasBroker;
const msg = (message: string) => ({ action: "msg", time: 1, to: "#all", message });
const history = { action: "history", time: 1, room: "#all" };

Deno.test("two servers and a broker are one chat, also after the broker was killed", { ignore }, async () => {
  await using broker = await startBroker();
  const options = ["-a", "127.0.0.1", "--broker", broker.url, "--chat", "school"];
  await using one = await startProgram(...options, "--web", "--web-port", "0");
  await using two = await startProgram(...options, "--web", "--web-port", "0");
  const isReady = async ({ webPort }: Program) => {
    const answer = await fetch(`http://127.0.0.1:${webPort}/readyz`);
    await answer.body?.cancel();
    return answer.status === 200;
  };
  assert.ok(await isReady(two));
  using ann = await connect(one.port), bob = await connect(two.port);
  await ann.enter("ann");
  await bob.enter("bob");
  await ann.sayOk(msg("hello"));
  await bob.expect({ from: "ann", message: "hello" });

  await broker.kill();
  await until("both links are lost", async () => !await isReady(one) && !await isReady(two));
  using late = await connect(two.port);
  await late.expect({ response: 503 });
  await late.expectEnd();
  await ann.say(msg("lost"));
  await ann.expect({ response: 500 });

  await broker.start();
  await until("the link works again", () => isReady(two));
  using eve = await connect(two.port);
  await eve.enter("eve");
  await until("it works at the other one, too", async () => {
    await ann.say(msg("again"));
    return (await ann.hear()).response === 200;
  });
  for (const each of [bob, eve]) await each.expect({ from: "ann", message: "again" });
  await bob.sayOk(msg("yes"));
  await ann.expect({ from: "bob", message: "yes" });
});

Deno.test("without a broker again, the server has all that was said", { ignore }, async () => {
  await using broker = await startBroker();
  const folder = await Deno.makeTempDir({ prefix: "hanita-program-" });
  const options = ["-a", "127.0.0.1", "--broker", broker.url, "--chat", "school"];
  await using other = await startProgram(...options);
  {
    await using one = await startIn(folder, ...options);
    using ann = await connect(other.port), bob = await connect(one.port);
    await ann.enter("ann");
    await bob.enter("bob");
    await ann.sayOk(msg("from elsewhere"));
    await bob.expect({ message: "from elsewhere" });
    await Deno.mkdir(`${folder}.kept`);
    one.kill("SIGTERM");
    assert.equal((await one.ended).code, 0);
    await Deno.rename(`${folder}/hanita.db`, `${folder}.kept/hanita.db`);
  }
  await using alone = await startIn(`${folder}.kept`, "-a", "127.0.0.1");
  using ann = await connect(alone.port);
  await ann.enter("ann");
  const [first] = await ann.ask(history);
  assert.equal(first.message, "from elsewhere");
});

Deno.test("a signal ends a server that waits for its broker, with status 0", { ignore }, async () => {
  await using broker = await startBroker();
  using folder = makeFolder();
  broker.pause();
  const server = begin(folder.path, "-a", "127.0.0.1", "--broker", broker.url, "--chat", "school");
  const log = `${folder.path}/log`;
  const lines = () => [...Deno.readDirSync(log)].map(({ name }) => Deno.readTextFileSync(`${log}/${name}`)).join("");
  await until("its first line", () => existsSync(log) && lines().includes("one of the servers of the chat school"));
  server.kill("SIGTERM");
  const { code, out, err } = await server.ended;
  assert.deepEqual([code, out, err], [0, "", ""]);
  assert.match(lines(), / stopped before it has read the log of the chat\n$/);
});

Deno.test(
  "a server with --memory has nothing of the chat on the disk, and all of it from the broker",
  { ignore },
  async () => {
    await using broker = await startBroker();
    const options = ["-a", "127.0.0.1", "--memory", "--broker", broker.url, "--chat", "school"];
    for (const round of [1, 2]) {
      const folder = await Deno.makeTempDir({ prefix: "hanita-program-" }); // it goes with the server
      await using server = await startIn(folder, ...options);
      using ann = await connect(server.port);
      await ann.enter("ann");
      await ann.sayOk(msg(`round ${round}`));
      const said = await ann.ask(history);
      assert.deepEqual(said.map(({ message }) => message), ["round 1", "round 2"].slice(0, round));
      const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
      assert.deepEqual(files.filter((name) => name.startsWith("hanita")), []);
      server.kill("SIGTERM");
      await server.ended;
    }
  },
);

const mistakes: [args: string[], code: number, line: RegExp][] = [
  [["--broker", "nats://127.0.0.1:1"], 2, /^expected --chat with --broker, got only the latter/],
  [["--chat", "school"], 2, /^expected --broker with --chat, got only the latter/],
  [["--broker", "http://a", "--chat", "a"], 2, /^--broker: expected an address such as nats:\/\/127\.0\.0\.1:4222, or/],
  [["--broker", "nats://ann:secret@a", "--chat", "a"], 2, /^--broker: expected an address such as /],
  [["--broker", "nats://a", "--chat", "a.b"], 2, /^--chat: expected 1 to 32 of the letters .*, got "a\.b"/],
  [["--broker", "nats://127.0.0.1:1", "--chat", "a", "--memory"], 1, /^Cannot reach the broker nats:/],
  [
    ["--broker", "nats://127.0.0.1:1", "--chat", "a"],
    1,
    /^Cannot reach the broker nats:\/\/127\.0\.0\.1:1: nothing is running/,
  ],
  [
    ["--broker", "nats://192.0.2.1:4222", "--chat", "a"],
    1,
    /^Cannot reach the broker \S+: not permitted, add --allow-net=192\.0\.2\.1:4222 after -P=cluster$/,
  ],
  [
    ["--broker", "nats://127.0.0.1:1", "--chat", "a", "--broker-auth", "/no/auth"],
    1,
    /^Cannot read --broker-auth "\/no\/auth": not permitted, add --allow-read=\.\/data,\/no\/auth after -P=cluster$/,
  ],
  [
    ["--broker", "nats://127.0.0.1:1", "--chat", "a", "--lang", "ru"],
    1,
    /^Нет связи с брокером nats:\/\/127\.0\.0\.1:1: там ничего не запущено/,
  ],
];

for (const [args, status, line] of mistakes) {
  Deno.test(`server ${args.join(" ")} ends with status ${status} and one line`, { ignore: cannotRun }, async () => {
    using folder = makeFolder();
    const { code, out, err } = await run(folder.path, ...args);
    assert.deepEqual([code, out], [status, ""]);
    assert.match(err, /^hanita-server: [^\n]*\n$/);
    assert.match(err.slice("hanita-server: ".length).trimEnd(), line);
  });
}
