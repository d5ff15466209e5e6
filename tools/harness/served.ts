// A server for a benchmark or a tool: the program that users start, by the words of its task in deno.json, so that the two cannot differ in their flags. It listens on a free port of the loopback, and leaves nothing behind.

import { terminate } from "./client_process.ts";
import config from "../../deno.json" with { type: "json" };
import { type ServerAddress } from "./peer.ts";

export interface Served extends ServerAddress, AsyncDisposable {
  readonly pid: number;
  /** Asks it to stop, as a terminal does. */
  stop(): void;
  /** Ends it with SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** It does nothing until it is resumed; its connections stay. */
  pause(): void;
  resume(): void;
  /** Settles with its exit status when it has ended. */
  readonly ended: Promise<number>;
}

/** Options of the server. */
export interface ServerOptions {
  /** The task of deno.json that it is started by: `cluster` for one of several servers. */
  readonly task?: "server" | "cluster";
  /** It stores messages; `--memory` otherwise. */
  readonly journal?: boolean;
  /** With its default rate limit; `--rate 0` otherwise. */
  readonly paced?: boolean;
  /** More options, as on a command line. */
  readonly more?: string;
  /** A data folder below the root, which is kept. By default a new one, which is removed with the server. */
  readonly data?: string;
}

const ROOT = new URL("../../", import.meta.url);

/** Starts one and waits until it listens. */
export async function startServer(
  { task = "server", journal = false, paced = false, more = "", data }: ServerOptions = {},
): Promise<Served> {
  const folder = data ?? `data/bench-${crypto.randomUUID().slice(0, 8)}`;
  const args = ["-a", "127.0.0.1", "-p", "0", "--data", folder];
  if (!paced) args.push("--rate", "0");
  if (!journal) args.push("--memory");
  const child = command(task, [...args, ...more.split(" ").filter((word) => word !== "")]).spawn();
  const port = await portOf(child.stdout);
  if (port === undefined) {
    await child.status;
    throw new Error("Cannot start the server: it ended before it listened");
  }
  return {
    hostname: "127.0.0.1",
    port,
    pid: child.pid,
    stop: () => terminate(child),
    async kill() {
      child.kill("SIGKILL");
      await child.status;
    },
    pause: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
    ended: child.status.then(({ code }) => code),
    async [Symbol.asyncDispose]() {
      terminate(child);
      await child.status;
      if (data === undefined) await Deno.remove(new URL(folder, ROOT), { recursive: true });
    },
  };
}

/** The task's words: `NAME=value` before `deno`, arguments behind it. */
function command(task: "server" | "cluster", more: string[]): Deno.Command {
  const words = config.tasks[task].command.split(" "), deno = words.indexOf("deno");
  const env = Object.fromEntries(words.slice(0, deno).map((word) => word.split("=")));
  const args = [...words.slice(deno + 1), ...more];
  return new Deno.Command("deno", { args, env, cwd: ROOT, stdin: "null", stdout: "piped" });
}

/** From its first line, `listening on 127.0.0.1:40000`. What it prints later is read away. */
async function portOf(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<number | undefined> {
  const reader = stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) return undefined;
    text += value;
  }
  reader.releaseLock();
  return Number(/:(\d+)\s/.exec(text)?.[1]);
}
