/**
 * The newest id that is on the disk stands in the lock's file too. SQLite opens a database of which the write-ahead log (WAL)
 * was cut off or removed without a word: only a log that ends before this id shows it. A checkpoint puts the WAL into the
 * database each second, so an id that is noted so rarely would show nothing.
 */
import { isSystemError } from "../../log/system_error.ts";

const encoder = new TextEncoder();

/** Milliseconds in which one id is noted, whatever is appended: to note one costs 5 µs. */
const EVERY = 20;

/** Notes ids in the file of the lock. Where the disk will not have it, nothing is lost but a warning. */
export class LastIdNote {
  readonly #lock: Deno.FsFile | undefined;
  #id: number;
  #notedAt = -Infinity;

  /**
   * @param lock nothing is noted where there is none
   * @param noted the id that the file has: it was in the log, so it is not lowered
   */
  constructor(lock: Deno.FsFile | undefined, noted: number) {
    this.#lock = lock;
    this.#id = noted;
  }

  /** Notes an id that was just appended, unless another one was noted a moment ago. @param time milliseconds since 1970 */
  noteSome(id: number, time: number): void {
    if (Math.abs(time - this.#notedAt) < EVERY) return;
    this.#notedAt = time;
    this.note(id);
  }

  note(id: number): void {
    if (this.#lock === undefined) return;
    this.#id = Math.max(this.#id, id);
    try {
      this.#lock.seekSync(0, Deno.SeekMode.Start);
      this.#lock.writeSync(encoder.encode(`${this.#id}\n`.padStart(17)));
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}

/** The id that was noted, 0 if none was. @param path of the database */
export function lastNoted(path: string): number {
  try {
    const noted = Number(Deno.readTextFileSync(`${path}-lock`));
    return Number.isSafeInteger(noted) ? noted : 0;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return 0;
  }
}

/** What is to be said of a log that ends before the id that was noted; nothing of another one. */
export function missingEnd(path: string, last: number, noted: number): string | undefined {
  if (last >= noted) return undefined;
  return `"${path}" ends with the id ${last}, but ${noted} was there: ` +
    `its file "${path}-wal" was removed or cut off, or the power was`;
}
