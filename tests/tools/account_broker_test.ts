// The account tool beside several servers, as an operator runs it: what it writes into their log, every server applies.

import assert from "node:assert/strict";
import { authenticate } from "../chat/accounts.ts";
import { connect } from "../chat/peer.ts";
import { cannotRun, startUnmeasured } from "../chat/program.ts";
import { until } from "../chat/within.ts";
import { hasBroker, startBroker } from "../nats_server.ts";
import { measuredOnce } from "../unmeasured.ts";

const ROOT = new URL("../../", import.meta.url);
const PASSWORD = "верная лошадь", OTHER = "другая лошадь";

async function account(args: readonly string[], password = ""): Promise<{ code: number; said: string }> {
  const child = new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", "-P=account", "tools/account.ts", ...args],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    ...measuredOnce(`broker ${args[0]}`, [], { NO_COLOR: "1", LC_ALL: "C" }),
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${password}\n`));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("the account tool changes the accounts of all servers, and their sessions end", {
  ignore: cannotRun || !hasBroker,
}, async () => {
  await using broker = await startBroker();
  const at = ["--broker", broker.url, "--chat", "school"];
  const tool = (args: string[], password?: string) => account([...args, ...at], password);
  assert.match((await tool(["add", "ann"], PASSWORD)).said, /^hanita-account: There is no chat "school" at the broker/);
  await using one = await startUnmeasured("-a", "127.0.0.1", ...at);
  await using two = await startUnmeasured("-a", "127.0.0.1", ...at);
  const login = async (port: number, password: string) => {
    const peer = await connect(port);
    await peer.say(authenticate("ann", password));
    return { peer, ...await peer.hear() };
  };
  // The tool is over when its own entry has come back; the servers have it a moment later.
  const loginOn = async (port: number, password: string, response: number) => {
    let last = await login(port, password);
    await until(`a login that is answered ${response}`, async () => {
      if (last.response === response) return true;
      last.peer.close();
      last = await login(port, password);
      return last.response === response;
    });
    return last.peer;
  };
  assert.deepEqual(await tool(["add", "ann", "--operator"], PASSWORD), { code: 0, said: "added ann\n" });
  {
    using ann = await loginOn(one.port, PASSWORD, 200), also = await loginOn(two.port, PASSWORD, 200);
    assert.deepEqual(await tool(["passwd", "ANN"], OTHER), { code: 0, said: "ann has a new password\n" });
    for (const peer of [ann, also]) {
      await until("the end of the session", async () => (await peer.hear()).response === 401);
      await peer.expectEnd();
    }
  }
  for (const { port } of [one, two]) {
    using _refused = await loginOn(port, PASSWORD, 402), _taken = await loginOn(port, OTHER, 200);
  }
  assert.deepEqual(await tool(["rename", "ann", "anna"]), { code: 0, said: "ann is anna now\n" });
  assert.deepEqual(await tool(["list"]), { code: 0, said: "operator  anna\n" });
  assert.deepEqual(await tool(["remove", "anna", "--force"]), { code: 0, said: "removed anna\n" });
  for (const { port } of [one, two]) {
    const stranger = await connect(port);
    await until("the removal", async () => {
      await stranger.say({ action: "presence", time: 1, user: { account_name: "anna", status: "" } });
      return (await stranger.hear()).response === 200; // the name is free
    });
    stranger.close();
  }
});

const mistakes: [args: string[], code: number, line: RegExp][] = [
  [
    ["list", "--broker", "nats://127.0.0.1:1"],
    2,
    /^hanita-account: expected --chat with --broker, got only the latter/,
  ],
  [["list", "--chat", "a"], 2, /^hanita-account: expected --broker with --chat, got only the latter/],
  [
    ["list", "--broker", "nats://127.0.0.1:1", "--chat", "a", "--data", "data"],
    2,
    /^hanita-account: expected --broker or --data, got both/,
  ],
  [
    ["list", "--broker", "nats://127.0.0.1:1", "--chat", "a"],
    1,
    /^hanita-account: Cannot reach the broker nats:\/\/127\.0\.0\.1:1: nothing is running there/,
  ],
  [
    ["list", "--broker", "nats://192.0.2.1:4222", "--chat", "a"],
    1,
    /^hanita-account: Cannot reach the broker \S+: not permitted, add --allow-net=192\.0\.2\.1:4222 after -P=account$/,
  ],
  [
    ["list", "--broker", "nats://127.0.0.1:1", "--chat", "a", "--broker-auth", "/no/auth"],
    1,
    /^hanita-account: Cannot read --broker-auth "\/no\/auth": .* add --allow-read=\.\/data,\/no\/auth after -P=account$/,
  ],
  [
    ["list", "--broker", "nats://127.0.0.1:1", "--chat", "a", "--lang", "ru"],
    1,
    /^hanita-account: Нет связи с брокером nats:\/\/127\.0\.0\.1:1: там ничего не запущено/,
  ],
];

for (const [args, status, line] of mistakes) {
  Deno.test(`account ${args.join(" ")} ends with status ${status} and one line`, { ignore: cannotRun }, async () => {
    const { code, said } = await account(args);
    const [first, ...rest] = said.trimEnd().split("\n");
    assert.equal(code, status, said);
    assert.match(first!, line);
    assert.deepEqual(status === 2 ? rest.slice(1) : rest, []); // a wrong usage names --help
  });
}
