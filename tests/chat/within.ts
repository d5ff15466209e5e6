// A test waits for what it expects, and says what it missed when that does not come. The deadline is generous: it is
// there to end a test that has failed, and never to measure anything.

import "./suppressed.ts";

const DEADLINE = 60_000; // ms

/** The outcome of what is awaited, or an error that names it. */
export async function within<T>(what: string, awaited: Promise<T>, ms = DEADLINE): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Missed: ${what}, within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([awaited, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until something is so, and looks again each millisecond. A loop of its own would go on behind a failed test. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, ms = DEADLINE): Promise<void> {
  const end = performance.now() + ms;
  while (!await isSo()) {
    if (performance.now() >= end) throw new Error(`Missed: ${what}, within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
