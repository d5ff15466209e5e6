/**
 * What the server prints. A failure is ignored: the terminal may have been closed (EIO), or the disk may be full that the
 * output goes to (ENOSPC), and neither is a reason to end a chat. What matters is in the log too.
 */

/** Prints a line on standard output. */
export function print(line: string): void {
  attempt(() => console.log(line));
}

/** Prints a line on standard error. */
export function printError(line: string): void {
  attempt(() => console.error(line));
}

function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // nobody is left to be told
  }
}
