/** Waiting for a while: the tools talk to real servers, on the machine's own clock. */

/** Resolves so many milliseconds later, or at the next timer when that is past. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
