import assert from "node:assert/strict";

/** Waits until something is so, with a deadline. */
export async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!isSo()) {
    assert.ok(performance.now() < deadline, `expected within 10 s: ${isSo}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
