/**
 * The part of a run that sends malformed input: hundreds of thousands of inputs on many connections. The answers to valid
 * requests between them are checked, and so are the chat of four bystanders and the server's memory.
 */
import { pause } from "../pause.ts";
import { bystanders } from "./bystanders.ts";
import { watchMemory } from "./memory.ts";
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

/** Runs all cases, or one again. Prints what was counted, and returns the faults. */
export async function sendMalformed(
  port: number,
  seed: number,
  ms: number,
  again: CaseId | undefined,
  server: StartedServer | undefined,
): Promise<string[]> {
  const tally: Tally = { inputs: 0, valid: 0, probes: 0, connections: 0 };
  const faults: string[] = [], counts = new Map<string, number>();
  const { promise: halted, resolve: halt } = Promise.withResolvers<void>();
  const memory = server === undefined ? undefined : watchMemory(server.pid);
  const chat = await bystanders(port, String(seed));
  const began = performance.now();
  let asked = false, crashed = false;
  server?.ended.then((code) => {
    if (asked) return;
    crashed = true;
    report(`crash: the server has ended with status ${code}; what it said is on standard error`);
  });

  if (again !== undefined) await runCase(again.kind, again.number);
  else {
    const lanes = Object.entries(fuzzCases).flatMap(([kind, { lanes }]) =>
      Array.from({ length: lanes }, () => lane(kind))
    );
    await Promise.race([Promise.all(lanes), halted]);
  }
  const took = performance.now() - began;
  if (faults.length > 0) await pause(SETTLED);
  const noticed = await chat.finish(faults.length === 0), held = await memory?.();
  asked = true;
  server?.stop();
  const status = await server?.ended;

  const { sent, lost, doubled, disordered, refused } = noticed;
  console.log([
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
  ].join("\n"));
  if (lost + doubled + disordered + refused > 0) faults.push("bystanders: their chat was disturbed");
  if (held !== undefined && !held.flat) faults.push(`memory: grew from ${mib(held.warm)} to ${mib(held.end)} MiB`);
  if (!crashed && status !== undefined && status !== 0) faults.push(`stop: exit status ${status}`);
  return faults;

  function report(fault: string): void {
    faults.push(fault);
    halt();
  }

  /** Runs one case after another, each with the next number of its kind. */
  async function lane(kind: string): Promise<void> {
    while (faults.length === 0 && performance.now() - began < ms) {
      const number = counts.get(kind) ?? 0;
      counts.set(kind, number + 1);
      await runCase(kind, number);
      await pause(fuzzCases[kind]!.rest);
    }
  }

  async function runCase(kind: string, number: number): Promise<void> {
    const name = `${kind}:${number}`;
    try {
      const fault = await fuzzCases[kind]!.run({ name, port, random: random(seed, name), tally });
      if (fault !== undefined) report(describe(name, fault));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      report(`${name}: Cannot go on: ${error.message}`);
    }
  }
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
