/**
 * The part of a run that sends malformed input: hundreds of thousands of inputs on many connections. The answers to valid
 * requests between them are checked, and so are the chat of four bystanders and the server's memory.
 */
import { pause } from "../harness/pause.ts";
import { type BystanderReport, bystanders } from "./bystanders.ts";
import { type Memory, watchMemory } from "./memory.ts";
import { random } from "./random.ts";
import { type Fault, fuzzCases, type Tally } from "./fuzz_cases.ts";

/** Bytes of a failing input that are printed. */
const SHOWN = 800;
/** Milliseconds after the first fault in which others, and a crash that follows, are still noted. */
const SETTLED = 500;

/** A fuzz case, as a fault names it: `lines:17`. */
export interface CaseId {
  readonly kind: string;
  readonly number: number;
}

/** A server that was started for this, so that its end and its memory can be seen. */
export interface StartedServer {
  readonly pid: number;
  readonly ended: Promise<number>;
  stop(): void;
}

/** What a run sends, and to which server. */
export interface MalformedSettings {
  readonly port: number;
  readonly seed: number;
  /** Milliseconds. */
  readonly ms: number;
  /** The one case to run again; all cases if undefined. */
  readonly again: CaseId | undefined;
  /** Undefined for a server that was not started for this. */
  readonly server: StartedServer | undefined;
}

/** Runs all cases, or one again. Prints what was counted, and returns the faults. */
export async function sendMalformed(settings: MalformedSettings): Promise<string[]> {
  return await new MalformedRun(settings).run();
}

class MalformedRun {
  readonly #settings: MalformedSettings;
  readonly #tally: Tally = { inputs: 0, valid: 0, probes: 0, connections: 0 };
  readonly #faults: string[] = [];
  /** The next number of each kind of case. */
  readonly #next = new Map<string, number>();
  /** Resolved at the first fault. */
  readonly #halted = Promise.withResolvers<void>();
  #began = 0;
  #isStopping = false;
  #hasCrashed = false;

  constructor(settings: MalformedSettings) {
    this.#settings = settings;
  }

  async run(): Promise<string[]> {
    const { port, seed, server } = this.#settings, faults = this.#faults;
    const memory = server === undefined ? undefined : watchMemory(server.pid);
    const chat = await bystanders(port, String(seed));
    this.#began = performance.now();
    server?.ended.then((status) => this.#onEnded(status));
    await this.#runCases();
    const took = performance.now() - this.#began;
    if (faults.length > 0) await pause(SETTLED);
    const noticed = await chat.finish(faults.length === 0), held = await memory?.();
    this.#isStopping = true;
    server?.stop();
    const status = await server?.ended;
    const crashed = this.#hasCrashed;
    console.log(summary(this.#tally, took, noticed, held, crashed, status));
    const { lost, doubled, disordered, refused } = noticed;
    if (lost + doubled + disordered + refused > 0) faults.push("bystanders: their chat was disturbed");
    if (held !== undefined && !held.flat) faults.push(`memory: grew from ${mib(held.warm)} to ${mib(held.end)} MiB`);
    if (!crashed && status !== undefined && status !== 0) faults.push(`stop: exit status ${status}`);
    return faults;
  }

  #onEnded(status: number): void {
    if (this.#isStopping) return;
    this.#hasCrashed = true;
    this.#report(`crash: the server has ended with status ${status}; what it said is on standard error`);
  }

  #report(fault: string): void {
    this.#faults.push(fault);
    this.#halted.resolve();
  }

  async #runCases(): Promise<void> {
    const { again } = this.#settings;
    if (again !== undefined) return await this.#runCase(again.kind, again.number);
    const lanes = Object.entries(fuzzCases).flatMap(([kind, { lanes }]) =>
      Array.from({ length: lanes }, () => this.#lane(kind))
    );
    await Promise.race([Promise.all(lanes), this.#halted.promise]);
  }

  /** Runs one case after another, each with the next number of its kind. */
  async #lane(kind: string): Promise<void> {
    while (this.#faults.length === 0 && performance.now() - this.#began < this.#settings.ms) {
      const number = this.#next.get(kind) ?? 0;
      this.#next.set(kind, number + 1);
      await this.#runCase(kind, number);
      await pause(fuzzCases[kind]!.rest);
    }
  }

  async #runCase(kind: string, number: number): Promise<void> {
    const name = `${kind}:${number}`, { port, seed } = this.#settings;
    try {
      const fault = await fuzzCases[kind]!.run({ name, port, random: random(seed, name), tally: this.#tally });
      if (fault !== undefined) this.#report(describe(name, fault));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#report(`${name}: Cannot go on: ${error.message}`);
    }
  }
}

/** What was counted, a line each. */
function summary(
  tally: Tally,
  took: number,
  { sent, lost, doubled, disordered, refused }: BystanderReport,
  held: Memory | undefined,
  crashed: boolean,
  status: number | undefined,
): string {
  return [
    `inputs       ${tally.inputs} malformed in ${seconds(took)} s, ${
      Math.round(tally.inputs / took * 1000)
    } a second, ` +
    `on ${tally.connections} connections; ${tally.valid} mutated ones were valid still`,
    `probes       ${tally.probes} good requests among them, all answers right but for the faults below`,
    `bystanders   ${sent} messages to 2 readers: ${lost} lost, ${doubled} doubled, ${disordered} out of order, ` +
    `${refused} refused`,
    `memory       ${held === undefined ? "not measured" : [held.start, held.warm, held.end].map(mib).join(", ")}` +
    (held === undefined ? "" : " MiB at the start, warm, at the end"),
    `crashes      ${crashed ? 1 : 0}${status === undefined ? "" : `; stopped with exit status ${status}`}`,
  ].join("\n");
}

function describe(name: string, { expected, got, bytes }: Fault): string {
  const some = bytes.subarray(0, SHOWN), more = bytes.length > SHOWN ? `, the first ${SHOWN} of them` : "";
  return `${name}: expected ${expected}, got ${got}\n  replay: --only ${name}\n  input, ${bytes.length} bytes${more}:` +
    `\n  text ${JSON.stringify(new TextDecoder().decode(some))}\n  hex  ${some.toHex()}`;
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
