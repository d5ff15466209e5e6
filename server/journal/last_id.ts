/**
 * The newest id that is on the disk stands in the lock's file too, about a second late. SQLite opens a database of which the
 * write-ahead log (WAL) was cut off or removed without a word: only a log that ends before this id shows it.
 */
import { logger } from "../../log/mod.ts";
import { isSystem } from "../store/failure.ts";

const { warning } = logger("server/journal");
const encoder = new TextEncoder();

/** Notes an id. Where the disk will not have it, nothing is lost but the warning. */
export function noteLast(lock: Deno.FsFile, id: number): void {
  try {
    lock.seekSync(0, Deno.SeekMode.Start);
    lock.writeSync(encoder.encode(`${id}\n`.padStart(17)));
  } catch (error) {
    if (!isSystem(error)) throw error;
  }
}

/**
 * The id that was noted, 0 if none was. It warns if the log ends before that.
 *
 * @param path of the database
 * @param last the largest id in the log
 */
export function lastNoted(path: string, last: number): number {
  let noted = 0;
  try {
    noted = Number(Deno.readTextFileSync(`${path}-lock`)) || 0;
  } catch (error) {
    if (!isSystem(error)) throw error;
  }
  if (!Number.isSafeInteger(noted) || noted <= last) return 0;
  warning(
    "lastNoted",
    `"${path}" ends with the id ${last}, but ${noted} was there: its file "-wal" was removed or cut off`,
  );
  return noted;
}
