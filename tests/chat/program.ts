// The server as people start it: a process of its own, with its command line, its signals and its exit status. Its
// permissions are those of the task, and the test's own folder beside.

import { may } from "../may.ts";
import { measuredOnce, unmeasured } from "../unmeasured.ts";
import { within } from "./within.ts";

export const cannotRun = !may("net", "read", "write", "run");

/** What a process that has ended left behind. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Program extends AsyncDisposable {
  /** What it printed when it was ready: `listening on …`. */
  readonly ready: string;
  readonly port: number;
  /** The port of its page, with `--web`. */
  readonly webPort: number;
  /** Its data folder. */
  readonly folder: string;
  readonly ended: Promise<Outcome>;
  kill(signal: Deno.Signal): void;
  log(): string;
}

const ROOT = new URL("../../", import.meta.url);

/** Runs the server to its end. Its data is in `folder`. Only the first that a file runs is measured: refusals differ by texts. */
export function run(folder: string, ...args: string[]): Promise<Outcome> {
  return within("the program's end", outcome(spawn(folder, args, undefined, measuredOnce("run", [], ENGLISH))));
}

/** The same where no file can be longer than so many bytes, as on a disk that is full; it needs `python3`. */
export function runWithRoomFor(bytes: number, folder: string, ...args: string[]): Promise<Outcome> {
  return within("the program's end", outcome(spawn(folder, args, ["RLIMIT_FSIZE", bytes])));
}

/** The same, to be ended by a signal before it is ready. */
export function begin(folder: string, ...args: string[]): Pick<Program, "ended" | "kill"> {
  const child = spawn(folder, onAnyPort(args));
  return { ended: within("the program's end", outcome(child)), kill: (signal) => child.kill(signal) };
}

/** Starts the server on a port that is free, and waits until it is ready. */
export async function startProgram(...args: string[]): Promise<Program> {
  return await startIn(await Deno.makeTempDir({ prefix: "hanita-program-" }), ...args);
}

/** The same for a test of something else: what the server covers is not measured. */
export async function startUnmeasured(...args: string[]): Promise<Program> {
  const folder = await Deno.makeTempDir({ prefix: "hanita-program-" });
  const child = spawn(folder, onAnyPort(args), undefined, unmeasured(ENGLISH));
  return await ready(child, folder, args.includes("--web") ? 2 : 1);
}

/** The same with no more open files than that; it needs `python3`. */
export async function startWithin(files: number, ...args: string[]): Promise<Program> {
  const folder = await Deno.makeTempDir({ prefix: "hanita-program-" });
  return await ready(spawn(folder, onAnyPort(args), ["RLIMIT_NOFILE", files]), folder);
}

/** The same with its data in this folder, which is removed with it. Mostly a second start: what it covers is not measured. */
export async function startIn(folder: string, ...args: string[]): Promise<Program> {
  const child = spawn(folder, onAnyPort(args), undefined, unmeasured(ENGLISH));
  return await ready(child, folder, args.includes("--web") ? 2 : 1);
}

/** Waits until it has said where it listens, in so many lines. */
async function ready(child: Deno.ChildProcess, folder: string, lines = 1): Promise<Program> {
  let announce = (_: string) => {};
  const line = new Promise<string>((resolve) => announce = resolve);
  const ended = outcome(child, (out) => out.split("\n").length > lines && announce(out));
  const failed = ended.then(({ err }) => {
    throw new Error(`The server ended before it was ready: ${err}`);
  });
  failed.catch(() => {}); // it ends in any case, later
  const [said = "", page = ""] = (await within("the line that it listens", Promise.race([line, failed]))).split("\n");
  const port = Number(/:(\d+)$/.exec(said)![1]);
  return {
    ready: said,
    port,
    webPort: Number(/:(\d+)\/$/.exec(page)?.[1]),
    folder,
    get ended() {
      return within("the server's end", ended, 60_000); // from when it is waited for
    },
    kill: (signal) => child.kill(signal),
    log: () =>
      [...Deno.readDirSync(`${folder}/log`)].map(({ name }) => Deno.readTextFileSync(`${folder}/log/${name}`)).join(""),
    async [Symbol.asyncDispose]() {
      let running = true;
      ended.finally(() => running = false);
      await Promise.resolve();
      if (running) kill(child);
      await ended;
      await Deno.remove(folder, { recursive: true }).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error; // another that lived in it has removed it
      });
    },
  };
}

/**
 * Sets a limit, and becomes another program: the same process, so that signals reach it. A program that may open few files
 * has none left for its coverage, and would say so.
 */
const LIMITED = `
import os, resource, sys
if sys.argv[1] == "RLIMIT_FSIZE": os.environ.pop("DENO_COVERAGE_DIR", None)
resource.setrlimit(getattr(resource, sys.argv[1]), (int(sys.argv[2]),) * 2)
os.execvp(sys.argv[3], sys.argv[3:])
`;

/** On a port that is free, unless they have one: an option is given once. */
function onAnyPort(args: string[]): string[] {
  return args.includes("-p") ? args : ["-p", "0", ...args];
}

/** It speaks English, whatever the machine does. */
const ENGLISH = { LC_ALL: "C" };

function spawn(
  folder: string,
  args: string[],
  limit?: [name: string, most: number],
  environment: Pick<Deno.CommandOptions, "env" | "clearEnv"> = measuredOnce("server", args, ENGLISH),
): Deno.ChildProcess {
  const own = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const set = args.includes("--broker") ? "cluster" : "server";
  const program = ["run", "-q", "--no-prompt", `-P=${set}`, ...own, "server.ts"];
  const words = [...program, ...args.includes("--data") ? [] : ["--data", folder], ...args];
  const [command, before] = limit === undefined
    ? ["deno", []]
    : ["python3", ["-c", LIMITED, ...limit.map(String), "deno"]];
  const options = { cwd: ROOT, stdout: "piped", stderr: "piped", ...environment } as const;
  return new Deno.Command(command, { args: [...before, ...words], ...options }).spawn();
}

async function outcome(child: Deno.ChildProcess, told = (_: string) => {}): Promise<Outcome> {
  const [out, err, { code }] = await Promise.all([text(child.stdout, told), text(child.stderr), child.status]);
  return { code, out, err };
}

async function text(stream: ReadableStream<Uint8Array<ArrayBuffer>>, told = (_: string) => {}): Promise<string> {
  let all = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) told(all += part);
  return all;
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error; // it has ended by itself
  }
}
