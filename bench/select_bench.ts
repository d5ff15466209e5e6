// What waiting costs: both backends with n sources of which one is active, as in a chat where one person talks.
// Prints a markdown table. A plain script and not Deno.bench, because half of the answer is memory: heap kept after a
// full collection, which needs --v8-flags=--expose-gc (`deno task bench:select` gives it). Takes a few seconds.

import { type Select, type SelectName, selects } from "../select/mod.ts";

const SIZES = [10, 100, 1_000, 10_000];
const MAX_EVENTS = 100_000;
const MAX_RACED = 2_000_000; // events x sources for the race: each leaves about 100 bytes, so about 200 MB

const { gc } = globalThis as { gc?: () => void };

interface Cost {
  micros: number; // a turn: arm, settle, wake up, hand out
  bytes: number; // of heap, still held after a full collection, an event
}

/** Hands out `events` events of the last of the sources; all the others stay pending, as idle connections do. */
async function turns(select: Select<number>, sources: number, events: number): Promise<Cost> {
  for (let i = 1; i < sources; i++) select.source(() => 0, () => 0).arm(new Promise(() => {}));
  const active = select.source((value: number) => value, () => 0);
  gc?.();
  const before = Deno.memoryUsage().heapUsed;
  const start = performance.now();
  for (let i = 1; i <= events; i++) {
    active.arm(Promise.resolve(i));
    await select.wait();
  }
  const micros = (performance.now() - start) * 1000 / events;
  gc?.();
  const bytes = (Deno.memoryUsage().heapUsed - before) / events;
  active.close(); // still in use here, so that nothing above was collected too early
  return { micros, bytes };
}

/** Two digits: more would be noise. */
function rounded(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 2 });
}

async function row(name: SelectName): Promise<string> {
  const cells: string[] = [];
  for (const size of SIZES) {
    const events = name === "race" ? Math.min(MAX_EVENTS, MAX_RACED / size) : MAX_EVENTS;
    const { micros, bytes } = await turns(selects[name](), size, events);
    cells.push(`${rounded(micros)} µs, ${rounded(Math.max(0, Math.round(bytes)))} B`);
  }
  return `| ${name} | ${cells.join(" | ")} |`;
}

if (gc === undefined) {
  console.error("Cannot measure the heap: run it as `deno task bench:select`, or with --v8-flags=--expose-gc");
  Deno.exit(1);
}
for (const name of ["ready", "race"] as const) await turns(selects[name](), 10, 10_000); // warm up the compiler
console.log(
  `An event with n sources, one active: time, heap kept (Deno ${Deno.version.deno}, V8 ${Deno.version.v8})\n`,
);
console.log(`| | ${SIZES.map((size) => `n = ${size.toLocaleString("en")}`).join(" | ")} |`);
console.log(`|---|${"---|".repeat(SIZES.length)}`);
for (const name of ["ready", "race"] as const) console.log(await row(name));
