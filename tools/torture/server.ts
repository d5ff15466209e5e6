/** A server that is killed, again and again, and started on what it left. A process of its own, as people start it. */

export interface Server {
  readonly port: number;
  /** Ends it with SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
}

const ROOT = new URL("../../", import.meta.url);

/** Starts one that keeps its data in a folder. */
export async function startServer(data: string): Promise<Server> {
  const child = new Deno.Command("deno", {
    // No limit on a connection's pace: the more is under way, the more can be lost.
    args: ["run", "-q", "--no-prompt", "-P=server", "server.ts", "-a", "127.0.0.1", "-p", "0", "--data", data]
      .concat("--rate", "0", "--log-level", "warning"),
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const out = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await out.read();
  const port = Number(/:(\d+)\n/.exec(value)?.[1]);
  if (Number.isNaN(port)) throw new Error(`Cannot start a server: it ended with status ${(await child.status).code}`);
  return {
    port,
    async kill() {
      child.kill("SIGKILL");
      await child.status;
      await out.cancel();
    },
  };
}

/** Removes what servers have left. */
export async function remove(data: string): Promise<void> {
  await Deno.remove(new URL(data, ROOT), { recursive: true });
}
