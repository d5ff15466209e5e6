// Signals that must not end a chat: SIGHUP, which logrotate sends and a terminal that is closed; and then nobody is left to
// print to. How SIGINT and SIGTERM stop the server is in 09_stop_test.ts.

import assert from "node:assert/strict";
import { exists } from "../../tools/backup/paths.ts";
import { connect } from "./peer.ts";
import { cannotRun, startProgram } from "./program.ts";
import { until, within } from "./within.ts";

const ignore = cannotRun || Deno.build.os === "windows";
const ROOT = new URL("../../", import.meta.url);
const msg = (message: string) => ({ action: "msg", time: 1, to: "#all", message });

Deno.test(
  "SIGHUP writes the log to a new file when the old one was moved, and the chat goes on",
  { ignore },
  async () => {
    await using server = await startProgram();
    using ann = await connect(server.port);
    await ann.enter("ann");
    const [name] = [...Deno.readDirSync(`${server.folder}/log`)].map(({ name }) => name);
    const log = `${server.folder}/log/${name}`;
    for (const round of [1, 2]) {
      Deno.renameSync(log, `${log}.${round}`);
      server.kill("SIGHUP");
      // The file is there a moment before its first line.
      await until("the log", () => exists(log) && Deno.readTextFileSync(log).endsWith("\n"));
      assert.match(Deno.readTextFileSync(log), / info server reload SIGHUP: the log is opened again by its name\n$/);
      await ann.sayOk(msg("still here"));
    }
    using bob = await connect(server.port);
    await bob.enter("bob");
    assert.match(Deno.readTextFileSync(log), / connected, 2 in all\n/);
    assert.doesNotMatch(Deno.readTextFileSync(`${log}.1`), /reload|2 in all/);
    server.kill("SIGTERM");
    assert.equal((await server.ended).code, 0);
  },
);

Deno.test("SIGHUP while the server stops changes nothing: it stops, with status 0", { ignore }, async () => {
  await using server = await startProgram();
  server.kill("SIGTERM");
  server.kill("SIGHUP");
  const { code, err } = await server.ended;
  assert.deepEqual([code, err], [0, ""]);
});

/** Runs a program on a terminal, which the word close closes, and sends it signals, as lines of its standard input say. */
const TERMINAL = `
import os, pty, signal, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
while b"\\n" not in seen: seen += os.read(terminal, 4096)
for line in sys.stdin:
  if line == "close\\n": os.close(terminal)
  else: os.kill(pid, getattr(signal, line.strip()))
print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
`;

Deno.test(
  "a server goes on after its terminal was closed, although it has nothing to print to",
  { ignore },
  async () => {
    await using server = await startBy(TERMINAL, "--trace");
    using ann = await connect(server.port);
    await ann.enter("ann");
    await server.tell("close");
    await until("the line of SIGHUP", () => server.log().includes(" reload SIGHUP: "));
    await ann.sayOk(msg("still here")); // --trace shows it on the terminal that is gone
    await ann.sayOk(msg("and still"));
    await server.tell("SIGTERM");
    await ann.expect({ response: 100, alert: "the server is stopping" });
    assert.equal(await server.status(), 0);
  },
);

/** Runs a program with its standard output and error on a disk that is full, and sends it signals. */
const FULL = `
import signal, subprocess, sys
full = open("/dev/full", "w")
child = subprocess.Popen(sys.argv[1:], stdout=full, stderr=full)
for line in sys.stdin: child.send_signal(getattr(signal, line.strip()))
print("status", child.wait(), flush=True)
`;

Deno.test(
  "a server goes on although its output goes to a full disk",
  { ignore: ignore || Deno.build.os !== "linux" },
  async () => {
    await using server = await startBy(FULL, "--trace");
    using ann = await connect(server.port);
    await ann.enter("ann");
    await ann.sayOk(msg("hello"));
    await server.tell("SIGTERM");
    assert.equal(await server.status(), 0);
  },
);

/** The server, started by a program in Python. What that prints can be waited for; the port is in the server's log. */
async function startBy(python: string, ...more: string[]) {
  const folder = await Deno.makeTempDir({ prefix: "hanita-signals-" });
  const own = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const words = ["deno", "run", "-q", "--no-prompt", "-P=server", ...own, "server.ts", "-a", "127.0.0.1", "-p", "0"];
  const args = ["-c", python, ...words, "--data", folder, ...more];
  const child = new Deno.Command("python3", { args, cwd: ROOT, stdin: "piped", stdout: "piped" }).spawn();
  let said = "";
  const read = (async () => {
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) said += part;
  })();
  const log = () => {
    const names = exists(`${folder}/log`) ? [...Deno.readDirSync(`${folder}/log`)] : [];
    return names.map(({ name }) => Deno.readTextFileSync(`${folder}/log/${name}`)).join("");
  };
  const LISTENS = /listening on \S+:(\d+), process \d+\n/;
  await until("the line that it listens", () => LISTENS.test(log()));
  const port = Number(LISTENS.exec(log())![1]);
  const stdin = child.stdin.getWriter();
  const tell = (words: string) => stdin.write(new TextEncoder().encode(`${words}\n`));
  let ended = false;
  const status = async () => {
    ended = true;
    await stdin.close();
    await within("the end of the server and of the one that started it", Promise.all([read, child.status]));
    return Number(/status (-?\d+)/.exec(said)?.[1]);
  };
  return {
    port,
    log,
    tell,
    /** Waits for the server's end. */
    status,
    async [Symbol.asyncDispose]() {
      if (!ended) await tell("SIGKILL");
      if (!ended) await status();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
