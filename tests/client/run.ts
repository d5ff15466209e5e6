// A program of client/ as a child process, to be typed to and read from line by line; its data folder is the test's own.

import assert from "node:assert/strict";
import { within } from "../chat/within.ts";
import { may } from "../may.ts";
import { measuredOnce } from "../unmeasured.ts";

const ROOT = new URL("../../", import.meta.url);

/** What a test with a child process needs. */
export const cannot = !may("net", "read", "write", "run");

/** One child. */
export interface Running extends AsyncDisposable {
  /** The next line on standard output. */
  line(): Promise<string>;
  /** The next line on standard error. */
  complaint(): Promise<string>;
  type(text: string): Promise<void>;
  /** Ends its input. */
  endInput(): Promise<void>;
  /** Nobody reads its output any more. */
  breakPipe(): Promise<void>;
  kill(signal: Deno.Signal): void;
  /** Waits for its end: the status, and all that was not read yet. */
  end(): Promise<{ status: number; printed: string; complained: string }>;
}

/** Starts client.ts. The log goes to a folder of its own. */
export function client(...args: readonly string[]): Running {
  const data = Deno.makeTempDirSync({ prefix: "hanita-client-" });
  const flags = ["--allow-net", `--allow-read=${data}`, `--allow-write=${data}`];
  const running = start(["run", "-q", "--no-prompt", ...flags, "client.ts", "--data", data, ...args]);
  return {
    ...running,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await Deno.remove(data, { recursive: true });
    },
  };
}

/** Starts `deno`, or another program, with these arguments, in the project's folder. */
export function start(args: string[], command = "deno"): Running {
  const program = args.find((each) => each.endsWith(".ts")) ?? "";
  const child = new Deno.Command(command, {
    args,
    cwd: ROOT,
    ...measuredOnce(program, args.slice(args.indexOf(program)), { LC_ALL: "C" }), // it speaks English, whatever the machine does
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const keyboard = child.stdin.getWriter();
  const printed = reader(child.stdout), complained = reader(child.stderr);
  return {
    line: printed.line,
    complaint: complained.line,
    type: (text) => keyboard.write(new TextEncoder().encode(text)),
    endInput: () => keyboard.close(),
    breakPipe: printed.close,
    kill: (signal) => child.kill(signal),
    async end() {
      const all = Promise.all([child.status, printed.rest(), complained.rest()]);
      const [{ code }, out, error] = await within(`the end of ${args.join(" ")}`, all);
      return { status: code, printed: out, complained: error };
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch (error) {
        assert.ok(error instanceof TypeError); // it has ended, as it should
      }
      await Promise.all([child.status, printed.close(), complained.close(), keyboard.close().catch(() => {})]);
    },
  };
}

function reader(stream: ReadableStream<Uint8Array>) {
  const chunks = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";

  async function more(): Promise<boolean> {
    const { value = "", done } = await chunks.read();
    text += value;
    return !done;
  }
  async function line(): Promise<string> {
    while (!text.includes("\n")) assert.ok(await within("a line", more()), `It ended after ${JSON.stringify(text)}`);
    const end = text.indexOf("\n");
    const first = text.slice(0, end);
    text = text.slice(end + 1);
    return first;
  }
  async function rest(): Promise<string> {
    while (await more());
    return text;
  }
  return { line, rest, close: () => chunks.cancel() };
}
