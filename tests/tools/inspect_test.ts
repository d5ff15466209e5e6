import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { cannotRun, startUnmeasured } from "../chat/program.ts";
import { within } from "../chat/within.ts";
import { scriptedServer } from "../client/scripted_server.ts";
import { may } from "../may.ts";
import { hasBroker, startBroker } from "../nats_server.ts";
import { measuredOnce } from "../unmeasured.ts";
import { tool } from "./task.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("inspect skips what it does not know of a newer server, says so once, and shows what comes behind it", {
  ignore: !may("net", "read", "write", "run"),
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "hanita-inspect-" });
  try {
    await Deno.writeTextFile(`${folder}/token`, "abc");
    using server = scriptedServer();
    const running = tool("inspect", folder, "127.0.0.1", server.port, "--data", folder);
    const connection = await server.accept();
    assert.match(await connection.recv(), /"action":"inspect".*"token":"abc"/);
    const seen = { action: "trace", time: 1, address: "10.0.0.7:5", framing: "lines", dialect: "plain" };
    const odd = [{ action: "vote" }, {}, { action: "trace", way: "sideways" }, {
      action: "trace",
      way: "in",
      time: {},
    }];
    await connection.send({ response: 200, alert: "ok" }, ...odd, { ...seen, way: "in", text: "the last" });
    connection.close();
    const { code, out, err } = await running;
    assert.match(out, /10\.0\.0\.7:5 lines plain → the last\n$/);
    assert.deepEqual(err.trimEnd().split("\n"), [
      'The server sends things that this program does not know ("vote"): they are left out',
      "hanita-inspect: The server has closed the connection; objects left out: 3",
    ]);
    assert.equal(code, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("inspect by an account goes on when it is probed, and takes what is said in the chat for nothing unknown", {
  ignore: !may("net", "read", "run"),
}, async () => {
  using server = scriptedServer();
  const running = tool("inspect", ".", "127.0.0.1", server.port, "--login", "ann"), connection = await server.accept();
  let asked = "";
  while (!asked.includes('"inspect"')) asked += await connection.recv();
  assert.match(asked, /"account_name":"ann"/);
  await connection.send({ response: 200 }, { response: 200 }, { action: "probe", time: 1 });
  const { user } = JSON.parse(await connection.recv());
  assert.equal(user.account_name, "ann");
  const said = { action: "msg", time: 1, to: "#all", from: "bob", message: "hello" };
  await connection.send({ response: 200 }, said, { action: "join", room: "#cats", user: "bob" });
  connection.close();
  const { code, err } = await running;
  assert.deepEqual([code, err], [1, "hanita-inspect: The server has closed the connection\n"]);
});

Deno.test("inspect by an account takes a line for its password, whatever comes behind it", {
  ignore: !may("net", "run"),
}, async () => {
  using server = scriptedServer();
  const child = new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", "-P=inspect", "tools/inspect.ts", "127.0.0.1", server.port, "--login", "ann"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    ...measuredOnce("inspect of a line", [], { LC_ALL: "C" }),
  }).spawn();
  const input = child.stdin.getWriter();
  try {
    await input.write(new TextEncoder().encode("correct horse\n")); // and the end does not come
    const asked = JSON.parse((await (await server.accept()).recv()).split("\n")[0]!);
    assert.deepEqual(asked.user, { account_name: "ann", password: "correct horse" });
  } finally {
    child.kill("SIGKILL");
    await child.status;
    await input.abort().catch(() => {});
  }
});

Deno.test("inspect on one of several servers shows the clients of another one, with its name", {
  ignore: cannotRun || !hasBroker,
}, async () => {
  await using broker = await startBroker();
  const options = ["-a", "127.0.0.1", "--broker", broker.url, "--chat", "school"];
  await using one = await startUnmeasured(...options);
  await using two = await startUnmeasured(...options);
  using bob = await connect(two.port);
  await bob.enter("bob");
  const program = ["run", "-q", "--no-prompt", "-P=inspect", `--allow-read=${one.folder}`, "tools/inspect.ts"];
  const child = new Deno.Command("deno", {
    args: [...program, "127.0.0.1", `${one.port}`, "--data", one.folder],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
    ...measuredOnce("inspect of several", [], { LC_ALL: "C" }),
  }).spawn();
  try {
    const wanted = `"bob" (127.0.0.1:${bob.port}) on 127.0.0.1:${two.port} lines plain · is here`;
    await within("a client of the other server", shown(child.stdout, wanted));
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
});

/** Reads until a text has come. */
async function shown(stream: ReadableStream<Uint8Array<ArrayBuffer>>, wanted: string): Promise<void> {
  let all = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) if ((all += part).includes(wanted)) return;
  throw new Error(`${wanted} is not in ${all}`);
}
