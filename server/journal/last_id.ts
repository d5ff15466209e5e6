/**
 * The newest id that is on the disk stands in the lock's file too, about a second late. SQLite opens a database of which the
 * write-ahead log (WAL) was cut off or removed without a word: only a log that ends before this id shows it.
 */
import { isSystem } from "./failure.ts";

const encoder = new TextEncoder();

/** Notes an id. Where the disk will not have it, nothing is lost but a warning. */
export function noteLast(lock: Deno.FsFile, id: number): void {
  try {
    lock.seekSync(0, Deno.SeekMode.Start);
    lock.writeSync(encoder.encode(`${id}\n`.padStart(17)));
  } catch (error) {
    if (!isSystem(error)) throw error;
  }
}

/** The id that was noted, 0 if none was. @param path of the database */
export function lastNoted(path: string): number {
  try {
    const noted = Number(Deno.readTextFileSync(`${path}-lock`));
    return Number.isSafeInteger(noted) ? noted : 0;
  } catch (error) {
    if (!isSystem(error)) throw error;
    return 0;
  }
}

/** What is to be said of a log that ends before the id that was noted; nothing of another one. */
export function missingEnd(path: string, last: number, noted: number): string | undefined {
  if (last >= noted) return undefined;
  return `"${path}" ends with the id ${last}, but ${noted} was there: its file "${path}-wal" was removed or cut off`;
}
