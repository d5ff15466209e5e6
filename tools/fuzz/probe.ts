/**
 * A bystander, in a thread of its own: it measures how long the server takes to answer while a scenario runs, and looks at
 * all that it is told. The thread of the scenarios may be busy itself and would measure that.
 */
import { pause } from "../harness/pause.ts";
import { Client, type ServerObject } from "./client.ts";
import { flawIn } from "./output_flaw.ts";

/** What the thread is told to do. */
export type Command =
  | { readonly kind: "begin"; readonly port: number; readonly webPort: number }
  /** Forgets what it has measured. */
  | { readonly kind: "reset" }
  | { readonly kind: "end" };

/** What was measured, in milliseconds. */
export interface Measurements {
  /** The slowest answer to a probe. */
  readonly probe: number;
  /** The slowest answer to `GET /healthz`. */
  readonly health: number;
  /** By how much a timer of this thread was late at most: so busy is the machine. */
  readonly lag: number;
  /** What went wrong, each thing once. */
  readonly faults: readonly string[];
}

/** Milliseconds between two probes, and between two looks at /healthz. */
const PROBE_EVERY = 50, HEALTH_EVERY = 200;
/** Milliseconds after which an answer is waited for no longer. */
const GIVEN_UP = 20_000;

const faults = new Set<string>();
let probe = 0, health = 0, lag = 0, running = false;
let asked = Infinity;
let lanes: Promise<unknown> = Promise.resolve();

/** This thread, as a worker sees it. */
const thread = globalThis as unknown as {
  onmessage: (event: MessageEvent<Command>) => Promise<void>;
  postMessage(told: Measurements | "done"): void;
};

thread.onmessage = async ({ data }: MessageEvent<Command>) => {
  if (data.kind === "begin") {
    running = true;
    const client = await Client.join(data.port, "bystander");
    lanes = Promise.all([probeOften(client), ...data.webPort === 0 ? [] : [lookOften(data.webPort)]]);
  } else if (data.kind === "reset") {
    probe = health = lag = 0;
    faults.clear();
  } else {
    running = false;
    const measured = { probe: Math.max(probe, performance.now() - asked), health, lag, faults: [...faults] };
    thread.postMessage(measured);
    await lanes;
    return;
  }
  thread.postMessage("done");
};

async function probeOften(client: Client): Promise<void> {
  while (running) {
    asked = performance.now();
    await client.send({ action: "probe" });
    for (;;) {
      const told = await client.next(GIVEN_UP);
      if (told === undefined) {
        if (running) faults.add(`a bystander was lost: ${client.ended || `no answer for ${GIVEN_UP / 1000} s`}`);
        asked = Infinity;
        return client.close();
      }
      check(told);
      if (told.response === 200) break;
    }
    probe = Math.max(probe, performance.now() - asked);
    asked = Infinity;
    const began = performance.now();
    await pause(PROBE_EVERY);
    lag = Math.max(lag, performance.now() - began - PROBE_EVERY);
  }
  client.close();
}

function check(told: ServerObject): void {
  const why = flawIn(told);
  if (why !== undefined) faults.add(`a bystander was told ${why}`);
}

async function lookOften(port: number): Promise<void> {
  while (running) {
    const began = performance.now();
    const status = await healthz(port).catch((error) => (error as Error).message);
    const took = performance.now() - began;
    if (running && !status.startsWith("HTTP/1.1 200")) faults.add(`/healthz was answered ${JSON.stringify(status)}`);
    health = Math.max(health, took);
    await pause(HEALTH_EVERY);
  }
}

/** The status line. */
async function healthz(port: number): Promise<string> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const late = setTimeout(() => conn.close(), GIVEN_UP);
  try {
    await conn.write(
      new TextEncoder().encode("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    );
    const buffer = new Uint8Array(1024), count = await conn.read(buffer);
    return new TextDecoder().decode(buffer.subarray(0, count ?? 0)).split("\r\n", 1)[0]!;
  } finally {
    clearTimeout(late);
  }
}
