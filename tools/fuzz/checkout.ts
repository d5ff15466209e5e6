/**
 * A checkout of Hanita with the server under test: this one, or an older one in another folder. Its server runs with its
 * own flags and permission sets. The data folder is the fuzzer's, so nothing is written to the checkout.
 */
import { terminate } from "../harness/client_process.ts";

/** A server of a checkout that is running. */
export interface Target {
  readonly port: number;
  /** The port of the page, if it was asked for. */
  readonly webPort: number;
  readonly pid: number;
  /** Settles with the exit status. */
  readonly ended: Promise<number>;
  /** What it has said on standard error, the last {@linkcode SAID} characters. */
  readonly said: string;
  /** Asks it to stop, and waits for its end; ends it by SIGKILL after ten seconds. */
  stop(): Promise<number>;
}

/** The folder is not a checkout that can be tried. The message is one line. */
export class CheckoutRefused extends Error {
  override name = "CheckoutRefused";
}

/** Characters of standard error that are kept. */
const SAID = 4_000;
/** Milliseconds in which a server stops. It waits five seconds for its readers. */
const STOP = 10_000;

export class Checkout {
  readonly #dir: string;
  /** The words of its task `server`, up to the program. */
  readonly #words: readonly string[];
  readonly #env: Record<string, string>;
  /** The options that its server knows: `--web-port` and so on. */
  readonly #options: ReadonlySet<string>;

  private constructor(dir: string, words: readonly string[], env: Record<string, string>, options: Set<string>) {
    this.#dir = dir;
    this.#words = words;
    this.#env = env;
    this.#options = options;
  }

  /**
   * Reads what there is to know of a checkout.
   *
   * @throws {CheckoutRefused}
   */
  static async open(dir: string): Promise<Checkout> {
    const command = serverTask(dir);
    const program = command.indexOf("server.ts"), deno = command.indexOf("deno");
    if (deno < 0 || program < deno || !command.includes("-P=server")) {
      throw new CheckoutRefused(`Cannot use ${dir}: its task "server" does not run server.ts with -P=server`);
    }
    const env = { NO_COLOR: "1", ...Object.fromEntries(command.slice(0, deno).map((word) => word.split("="))) };
    const words = command.slice(deno + 1, program);
    const help = new Deno.Command("deno", {
      args: [...words, "server.ts", "--help"],
      cwd: dir,
      env,
      stdin: "null",
    });
    const { success, stdout, stderr } = await help.output();
    if (!success) {
      const [line = ""] = new TextDecoder().decode(stderr).split("\n");
      throw new CheckoutRefused(`Cannot use ${dir}: server.ts --help fails: ${line}`);
    }
    const options = new Set(new TextDecoder().decode(stdout).match(/--[a-z][a-z-]*/g));
    return new Checkout(dir, words, env, options);
  }

  /**
   * Starts its server on a free port of the loopback, and waits until it listens.
   *
   * @param data an absolute path
   * @param args more options; those that it does not know are left out, each with its value
   */
  async start(data: string, args: readonly (readonly [option: string, value?: string])[]): Promise<Target> {
    const known = args.filter(([option]) => this.#options.has(option)).flat() as string[];
    const own = [`--allow-read=${data}`, `--allow-write=${data}`];
    const child = new Deno.Command("deno", {
      args: [...this.#words, ...own, "server.ts", "-a", "127.0.0.1", "-p", "0", "--data", data, ...known],
      cwd: this.#dir,
      env: this.#env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let said = "";
    const errors = (async () => {
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) said = (said + text).slice(-SAID);
    })();
    const ended = Promise.all([child.status, errors]).then(([{ code }]) => code);
    const lines = await firstLines(child.stdout, known.includes("--web") ? 2 : 1);
    if (lines === undefined) throw new Error(`the server ended with status ${await ended}: ${said.trim()}`);
    const [port, webPort] = lines.map((line) => Number(/:(\d+)\/?$/.exec(line)?.[1]));
    return {
      port: port!,
      webPort: webPort ?? 0,
      pid: child.pid,
      ended,
      get said() {
        return said;
      },
      async stop() {
        terminate(child);
        const late = setTimeout(() => child.kill("SIGKILL"), STOP);
        try {
          return await ended;
        } finally {
          clearTimeout(late);
        }
      },
    };
  }

  /** Adds an account by its own account tool. */
  async addAccount(data: string, name: string, password: string, operator = false): Promise<void> {
    const own = [`--allow-read=${data}`, `--allow-write=${data}`];
    const words = ["run", "-q", "--no-prompt", "-P=account", ...own, "tools/account.ts", "add", name, "--data", data];
    const child = new Deno.Command("deno", {
      args: operator ? [...words, "--operator"] : words,
      cwd: this.#dir,
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const stdin = child.stdin.getWriter();
    await stdin.write(new TextEncoder().encode(`${password}\n`));
    await stdin.close();
    const { success, stderr } = await child.output();
    if (!success) throw new Error(`the account tool failed: ${new TextDecoder().decode(stderr).trim()}`);
  }
}

/** The words of the task `server`: `NAME=value`, `deno`, its flags, `server.ts`. */
function serverTask(dir: string): string[] {
  try {
    const config = JSON.parse(Deno.readTextFileSync(`${dir}/deno.json`));
    const task = config.tasks.server;
    return String(task.command ?? task).split(" ");
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new CheckoutRefused(`Cannot read ${dir}/deno.json: not permitted, add --allow-read=${dir} after -P=fuzz`);
    }
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new CheckoutRefused(`Cannot use ${dir}: expected the folder of a checkout, with server.ts and deno.json`);
    }
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw new CheckoutRefused(`Cannot use ${dir}: expected a deno.json with a task "server"`);
    }
    throw error;
  }
}

/** The first lines of a server. What it prints later is read away. Undefined if it ends before. */
async function firstLines(
  stdout: ReadableStream<Uint8Array<ArrayBuffer>>,
  count: number,
): Promise<string[] | undefined> {
  const reader = stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let lines = text.split("\n");; lines = text.split("\n")) {
    if (lines.length > count) {
      void drain(reader);
      return lines.slice(0, count);
    }
    const { value, done } = await reader.read();
    if (done) return undefined;
    text += value;
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
