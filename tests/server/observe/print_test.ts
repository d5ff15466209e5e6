import assert from "node:assert/strict";
import { Printer } from "../../../server/observe/print.ts";
import { connect } from "../../chat/peer.ts";
import { cannotRun } from "../../chat/program.ts";
import { within } from "../../chat/within.ts";

/** Takes as many bytes of each write as it is told, when it is told. */
function slowSink() {
  const pending: ((count: number) => void)[] = [];
  let text = "";
  return {
    get text() {
      return text;
    },
    get isWriting() {
      return pending.length > 0;
    },
    write(bytes: Uint8Array) {
      return new Promise<number>((resolve) => {
        pending.push((count) => {
          const part = bytes.subarray(0, count);
          text += new TextDecoder().decode(part);
          resolve(part.length);
        });
      });
    },
    async take(count = Infinity) {
      pending.shift()!(count);
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

Deno.test("Printer writes lines in order, one write after the other, also those that are taken in parts", async () => {
  const sink = slowSink(), printer = new Printer(sink);
  for (const line of ["one", "two", "three"]) printer.print(line);
  await sink.take(2);
  await sink.take();
  assert.equal(sink.text, "one\n");
  await sink.take();
  assert.equal(sink.text, "one\ntwo\nthree\n");
  assert.equal(sink.isWriting, false);
});

Deno.test("Printer leaves out what nobody reads, and says in its place how much that was", async () => {
  const sink = slowSink(), printer = new Printer(sink), line = "x".repeat(1023);
  for (let i = 0; i < 1000; i++) printer.print(`${i}`.padEnd(1023, "x"));
  await sink.take();
  printer.print("seen");
  while (sink.isWriting) await sink.take();
  const lines = sink.text.trimEnd().split("\n");
  const [note] = lines.splice(-2, 1);
  assert.equal(lines.at(-1), "seen");
  assert.match(note!, /^… \d+ lines are left out/);
  assert.equal(lines.length - 1 + Number(/\d+/.exec(note!)![0]), 1000);
  assert.ok(sink.text.length < 300 * line.length);
});

Deno.test("Printer goes on when a write fails, and waits for a reader for so long only", async () => {
  let fails = true, text = "";
  const printer = new Printer({
    write(bytes) {
      if (fails) return Promise.reject(new Deno.errors.BrokenPipe("closed"));
      text += new TextDecoder().decode(bytes);
      return Promise.resolve(bytes.length);
    },
  });
  printer.print("lost");
  await printer.flush(1000);
  fails = false;
  printer.print("said");
  await printer.flush(1000);
  assert.equal(text, "said\n");
  const stuck = new Printer(slowSink());
  stuck.print("never read");
  await stuck.flush(1);
});

Deno.test(
  "a server that prints its trace into a pipe that nobody reads answers, and stops",
  { ignore: cannotRun },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "hanita-print-" });
    const permissions = ["-P=server", `--allow-read=${folder}`, `--allow-write=${folder}`];
    const options = ["-a", "127.0.0.1", "-p", "0", "--data", folder, "--rate", "0", "--trace"];
    const server = new Deno.Command("deno", {
      args: ["run", "-q", "--no-prompt", ...permissions, "server.ts", ...options],
      cwd: new URL("../../../", import.meta.url),
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    try {
      const lines = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const { value: ready = "" } = await within("the line that it listens", lines.read());
      await lines.cancel();
      using ann = await connect(Number(/:(\d+)\n/.exec(ready)![1]));
      await ann.enter("ann");
      const probes = Array.from({ length: 2_000 }, () => ({ action: "probe", time: 1 })); // 400 KB of trace
      await ann.say(...probes);
      await ann.hearAll(probes.length);
      server.kill("SIGTERM");
      assert.equal((await within("the stop", server.status)).code, 0);
    } finally {
      try {
        server.kill("SIGKILL");
      } catch { // it has ended
      }
      await server.status;
      await server.stderr.cancel();
      await Deno.remove(folder, { recursive: true });
    }
  },
);
