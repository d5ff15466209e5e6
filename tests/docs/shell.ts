// A shell for the commands of the documents: what differs from machine to machine is put in, by the rules of `filled`, and
// whatever it has started is ended with it.

import assert from "node:assert/strict";
import { until, within } from "../chat/within.ts";
import { unmeasured } from "../unmeasured.ts";

const ROOT = new URL("../../", import.meta.url);
/** Milliseconds for a command, of which many run at once. */
const DEADLINE = 60_000;

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command that runs until it is stopped, or by itself. */
export interface Running {
  readonly ended: Promise<Outcome>;
  /** Waits until it has printed such a text, on standard output or standard error. */
  prints(what: RegExp): Promise<RegExpExecArray>;
  /** Ends it with all that it has started. */
  stop(): Promise<Outcome>;
}

/** A server, and where it is. */
export interface Server extends Running {
  readonly port: number;
}

/** What is put into the commands. */
export interface Place {
  /** The data folder. */
  readonly folder: string;
  /** A folder that the tasks may not use. */
  readonly elsewhere: string;
  readonly port: number;
  readonly web: number;
  readonly process: number;
}

/**
 * A command as it can be run beside other tests:
 *
 * - `npx -y deno@VERSION` is `deno`, which npx would fetch
 * - HOST, ADDR, 192.168.1.5 and localhost are this machine; 7777, 8080, PORT and PID are the server of the test
 * - NAME is ann, N is 2; what stands in brackets is given; of `one|other` the last one is taken
 * - `~/`, `data/`, `backup` and `x.log` are in the folder of the test, and `/srv/chat` is a folder elsewhere
 * - a program that is told no data folder is told the one of the test, and a client without a server the server of the test
 * - a server takes whatever port is free
 */
export function filled(text: string, place: Place): string {
  const { folder, port } = place;
  const form = text.replace(/^npx -y deno@[\d.]+ /, "deno ").replace(/[[\]]/g, "").replace(/\b\w+\|(?=\w)/g, "");
  const command = placed(
    form.replace(/\bNAME\b/g, "ann").replace(/\bN\b/g, "2").replace(/\bFILE\b/g, "data/token"),
    place,
  );
  const isServer = /\btask server\b|\bserver\.ts\b/.test(command) && !command.endsWith("--help");
  const data = command.includes("--data") ? "" : ` --data ${folder}`;
  if (isServer) {
    const web = command.includes("--web") ? " --web-port 0" : "";
    const at = command.includes("--allow-net") ? ` -p ${port}` : / -p \d/.test(command) ? "" : " -p 0";
    return `${command.replace(/ -p \d+/, " -p 0")}${data}${at}${web}`;
  }
  return command.replace(/\btask (?:-q )?(?:account|check|client|inspect)\b/, `$&${data}`)
    .replace(/(\btask (?:-q )?(?:client|pair|crowd|inspect)\b.* 127\.0\.0\.1)(?! \d)/, `$1 ${port}`)
    .replace(/\btask (?:inspect|pair)\b(?!.* 127\.)/, `$& 127.0.0.1 ${port}`);
}

/** A text with its addresses, ports and paths put in. */
function placed(text: string, { folder, elsewhere, port, web, process }: Place): string {
  return text.replace(/\b(?:ADDR|HOST|localhost|192\.168\.1\.5)\b/g, "127.0.0.1")
    .replace(/\b(?:PORT|7777)\b/g, `${port}`).replace(/\b8080\b/g, `${web}`).replace(/\bPID\b/g, `${process}`)
    .replace(/(?<![\w/.~])(?:~\/|data\/|(?=(?:backup|x\.log)\b))/g, `${folder}/`).replaceAll("/srv/chat", elsewhere);
}

/** Runs commands in the project's folder, and keeps account of which. */
export class Shell implements AsyncDisposable {
  #place: Place;
  /** The commands that were run, as they are written. */
  readonly ran: Set<string>;
  readonly #running: Running[] = [];

  constructor(ran: Set<string>) {
    this.ran = ran;
    Deno.mkdirSync(new URL("data", ROOT), { recursive: true });
    const folder = Deno.makeTempDirSync({ dir: new URL("data", ROOT).pathname, prefix: "commands-" });
    this.#place = {
      folder: `data/${folder.split("/").at(-1)}`,
      elsewhere: Deno.makeTempDirSync(),
      port: 0,
      web: 0,
      process: 0,
    };
  }

  /** Where its data folder is. */
  path(name: string): string {
    return new URL(`${this.#place.folder}/${name}`, ROOT).pathname;
  }

  /** Starts a command. */
  start(text: string, input = "", port = this.#place.port): Running {
    this.ran.add(text);
    const running = run(["sh", "-c", filled(text, { ...this.#place, port })], text, input);
    this.#running.push(running);
    return running;
  }

  /** Runs a command to its end, which must have this status. */
  async run(text: string, input = "", status = 0): Promise<Outcome> {
    const running = this.start(text, input);
    const outcome = await within(`the end of ${text}`, running.ended, DEADLINE);
    assert.equal(outcome.code, status, `${text}\n${outcome.out}${outcome.err}`);
    return outcome;
  }

  /** Runs a program in Python that talks to the server of the test. Its input stays open. */
  python(code: string, input = ""): Running {
    const program = placed(code, this.#place);
    const running = run(["python3", "-c", program], code, input, true);
    this.#running.push(running);
    return running;
  }

  /** Starts a server; what is run from then on talks to it. */
  async serve(text: string, port = 0): Promise<Server> {
    const folder = text.includes("/srv/chat") ? this.#place.elsewhere : this.path("");
    const before = processes(folder).length;
    const server = this.start(text, "", port);
    const [, listening] = await server.prints(/^listening on .*:(\d+)$/m);
    const page = text.includes("--web") ? await server.prints(/^page on .*:(\d+)\/$/m) : undefined;
    await until("the process in the log", () => processes(folder).length > before, DEADLINE); // just behind what it prints
    const process = processes(folder).at(-1)!;
    this.#place = { ...this.#place, port: Number(listening), web: Number(page?.[1] ?? 0), process };
    return { ...server, port: Number(listening) };
  }

  /** Stops the server that was started last, in peace. */
  async end(server: Server): Promise<void> {
    await this.run("kill PID");
    assert.equal((await within("the end of the server", server.ended, DEADLINE)).code, 0);
  }

  async [Symbol.asyncDispose]() {
    await Promise.all(this.#running.map((running) => running.stop()));
    await Deno.remove(this.path(""), { recursive: true });
    await Deno.remove(this.#place.elsewhere, { recursive: true });
  }
}

/** The processes of the servers that have logged here. */
function processes(folder: string): number[] {
  try {
    return [...Deno.readDirSync(`${folder}/log`)].filter(({ name }) => name.startsWith("server")).sort()
      .flatMap(({ name }) => [...Deno.readTextFileSync(`${folder}/log/${name}`).matchAll(/, process (\d+)$/gm)])
      .map(([, process]) => Number(process));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return []; // there is no log yet
    throw error;
  }
}

/** In a process group of its own, so that the programs of a pipe end together. */
function run([command, ...args]: string[], name: string, input: string, open = false): Running {
  const child = new Deno.Command(command!, {
    args,
    cwd: ROOT,
    ...unmeasured({ NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" }),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const printed = { out: "", err: "" };
  let waiting: (() => void)[] = [], over = false;
  const keyboard = child.stdin.getWriter(), typed = type();
  const ended = Promise.all([read("out"), read("err"), child.status, typed]).then(([, , { code }]) => ({
    code,
    ...printed,
  }));
  ended.finally(() => {
    over = true;
    wake();
  });

  function wake(): void {
    const woken = waiting;
    waiting = [];
    woken.forEach((each) => each());
  }

  async function type(): Promise<void> {
    try {
      await keyboard.write(new TextEncoder().encode(input));
      if (!open) await keyboard.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // it reads nothing, and has ended
    }
  }

  async function read(stream: "out" | "err"): Promise<void> {
    for await (const text of (stream === "out" ? child.stdout : child.stderr).pipeThrough(new TextDecoderStream())) {
      printed[stream] += text;
      wake();
    }
  }

  return {
    ended,
    async prints(what) {
      const waited = (async () => {
        for (;;) {
          const found = what.exec(printed.out) ?? what.exec(printed.err);
          if (found !== null) return found;
          if (over) throw new Error(`${name} has ended without ${what}:\n${printed.out}${printed.err}`);
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
      })();
      return await within(`${what} of ${name}`, waited, DEADLINE);
    },
    async stop() {
      if (!over) await new Deno.Command("sh", { args: ["-c", `kill -- -${child.pid} 2>/dev/null`] }).output();
      const outcome = await within(`the end of ${name}`, ended, DEADLINE);
      await keyboard.close().catch(() => {}); // it was closed before
      return outcome;
    },
  };
}
