/** A file lock that one process holds. The system releases it when the process ends. */

/** Half a second in all, in milliseconds a try. */
const TRIES = 25, PAUSE = 20;

/**
 * Locks an open file. Returns whether this process holds the lock. A server that is being replaced may hold it for a
 * last moment, so this waits, and blocks the loop, for up to half a second.
 */
export function locked(file: Deno.FsFile): boolean {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let left = TRIES; !file.tryLockSync(true); left--) {
    if (left === 0) return false;
    Atomics.wait(never, 0, 0, PAUSE);
  }
  return true;
}
