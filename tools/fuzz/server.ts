/**
 * The server under fuzz, a process of its own as people start it: so that a crash is seen for what it is, and its memory
 * is only its own.
 */
import { program } from "../../server/options.ts";

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** Settles when it has ended without being asked: with its exit status and what it said. */
  readonly crashed: Promise<string>;
  /** Asks it to stop. Returns its exit status. */
  stop(): Promise<number>;
}

const ROOT = new URL("../../", import.meta.url);

/** Starts a server on a port that is free; what it keeps is gone with it. */
export async function startServer(name: string): Promise<Server> {
  const data = `data/fuzz-${name}`;
  const child = new Deno.Command("deno", {
    // No limit on a connection's pace, and no line in the log for each refusal: a million of them are 200 MB.
    args: ["run", "-q", "--no-prompt", "-P=server", "server.ts", "-a", "127.0.0.1", "-p", "0", "--data", data]
      .concat("--rate", "0", "--log-level", "error", "memory" in program.options ? ["--memory"] : []),
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = text(child.stderr);
  const out = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await out.read();
  const port = Number(/:(\d+)\n/.exec(value)?.[1]);
  let asked = false;
  const crashed = child.status.then(async ({ code, signal }) => {
    await out.cancel();
    if (asked) return await new Promise<never>(() => {});
    return `exit status ${code}${signal ? `, ${signal}` : ""}: ${(await errors).trim()}`;
  });
  if (Number.isNaN(port)) throw new Error(`Cannot start a server: ${await crashed}`);
  return {
    port,
    pid: child.pid,
    crashed,
    async stop() {
      asked = true;
      try {
        child.kill("SIGTERM");
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error; // it has ended
      }
      const { code } = await child.status;
      await errors;
      await Deno.remove(new URL(data, ROOT), { recursive: true });
      return code;
    },
  };
}

async function text(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let all = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) all += part;
  return all;
}
