// The client as a person runs it, in a terminal of its own, with somebody at the keys who waits for what is to be seen.

import { within } from "../chat/within.ts";
import { has, may } from "../may.ts";
import { measuredOnce } from "../unmeasured.ts";
import { Screen } from "./screen.ts";

const ROOT = new URL("../../", import.meta.url);
const HOLD = new URL("hold.py", import.meta.url);

/** What a test with a terminal needs. */
export const cannot = Deno.build.os === "windows" || !may("net", "read", "write", "run") ||
  !has("python3", "--version");

/** One client in one terminal. */
export interface Terminal extends AsyncDisposable {
  readonly screen: Screen;
  /** Its data folder, where it may read and write files too. */
  readonly folder: string;
  /** Everything that was written, with its colours. */
  readonly raw: () => string;
  type(keys: string): Promise<void>;
  resize(columns: number): Promise<void>;
  signal(signal: Deno.Signal): Promise<void>;
  /** Makes the terminal what it was before the program, as a shell does while the program is stopped. */
  asShell(): Promise<void>;
  /** Waits until a row is to be seen, or whatever else is said of the rows. */
  shows(what: RegExp | ((rows: readonly string[]) => boolean)): Promise<void>;
  /** Waits for its end: the status. */
  readonly ended: Promise<number>;
  /** Waits for its end: whether the terminal is as it was before. Not to be known when the terminal itself is gone. */
  readonly asItWas: Promise<boolean>;
}

/** Starts the client with these arguments, in a terminal that is so wide. */
export function terminal(args: readonly string[], columns = 60, env: Record<string, string> = {}): Terminal {
  const data = Deno.makeTempDirSync({ prefix: "hanita-terminal-" });
  const run = ["deno", "run", "-q", "--no-prompt", "-P=client", `--allow-read=${data}`, `--allow-write=${data}`];
  const child = new Deno.Command("python3", {
    args: [HOLD.pathname, String(columns), ...run, "client.ts", "--data", data, ...args],
    cwd: ROOT,
    ...measuredOnce("terminal", args, { LC_ALL: "C", ...env }), // it speaks English, whatever the machine does
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const orders = child.stdin.getWriter();
  const order = (what: object) => orders.write(new TextEncoder().encode(`${JSON.stringify(what)}\n`));
  const screen = new Screen(columns);
  let raw = "", unread = "";
  let wake = () => {}, over = false;
  const shown = watch(), complaint = new Response(child.stderr).text();

  async function watch(): Promise<void> {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      raw += text;
      unread += text;
      // A sequence may have come in two pieces.
      // deno-lint-ignore no-control-regex
      const whole = unread.replace(/\x1b(\[[?\d;]*)?$/, "");
      screen.write(whole);
      unread = unread.slice(whole.length);
      wake();
    }
    over = true;
    wake();
  }

  return {
    screen,
    folder: data,
    raw: () => raw,
    type: (keys) => order({ type: keys }),
    async resize(columns) {
      screen.resize(columns);
      await order({ columns });
    },
    async shows(what) {
      const seen = typeof what === "function" ? what : (rows: readonly string[]) => rows.some((row) => what.test(row));
      const waited = (async () => {
        while (!seen(screen.rows)) {
          if (over) throw new Error(`The program ended before ${what} was seen`);
          await new Promise<void>((resolve) => wake = resolve);
        }
      })();
      try {
        await within(String(what), waited);
      } catch (error) {
        throw new Error(`${(error as Error).message}; the screen is\n${screen.rows.join("\n")}`);
      }
    },
    signal: (signal) => order({ signal }),
    asShell: () => order({ shell: true }),
    asItWas: complaint.then((text) => text === "as it was"),
    ended: shown.then(() => child.status).then(({ code }) => code),
    async [Symbol.asyncDispose]() {
      await orders.close().catch(() => {}); // it has ended
      await child.status;
      await Promise.all([shown, complaint]);
      await Deno.remove(data, { recursive: true });
    },
  };
}

/** Starts the client with a name, and waits until it has joined the chat at a port of this machine. */
export async function joined(port: number, name: string, columns?: number): Promise<Terminal> {
  const client = terminal(["127.0.0.1", String(port), "-n", name], columns);
  try {
    await client.shows(/Joined/);
    return client;
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}
