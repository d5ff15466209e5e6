/** How much memory a process holds, over time. Where the system does not tell, nothing is measured. */
import { usage } from "../harness/proc.ts";
import { pause } from "../harness/pause.ts";

/** Milliseconds between two samples. */
const EVERY = 500;
/** A heap varies by this much between two collections, in bytes. */
const GC_VARIATION = 16 * 1024 * 1024;
/** A run that is shorter says nothing: a busy heap takes some tens of seconds to settle. */
const SETTLE = 60_000;

/** Bytes at the start, when warm, and at the end; the last two are medians over a fifth of the run. */
export interface Memory {
  readonly start: number;
  readonly warm: number;
  readonly end: number;
  /** It did not grow after the first fifth. True of any run too short to tell. */
  readonly flat: boolean;
}

/** Begins to measure. What it returns ends that, and tells; undefined where nothing can be measured. */
export function watchMemory(pid: number): () => Promise<Memory | undefined> {
  const samples: number[] = [], began = performance.now();
  let watching = true;
  const watched = (async () => {
    while (watching) {
      const used = await usage(pid);
      if (used === undefined) return;
      samples.push(used.rss);
      await pause(EVERY);
    }
  })();
  return async () => {
    watching = false;
    await watched;
    if (samples.length === 0) return undefined;
    const part = (from: number) =>
      median(samples.slice(from * samples.length / 5, (from + 1) * samples.length / 5 + 1));
    const warm = part(1), end = part(4);
    const flat = performance.now() - began < SETTLE || end <= warm * 1.2 + GC_VARIATION;
    return { start: samples[0]!, warm, end, flat };
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
