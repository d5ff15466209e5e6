// The log on disk: one file a day, `server-2026-11-22.log`. A line goes to the file of the date it begins with, so a line
// of 23:59:58 that is written after midnight is still yesterday's, and no timer is needed: the first line of a day opens
// its file, however long the program slept. Each line is one `writeSync` to a file opened for appending: it is whole in
// the system's hands before the program goes on (kill -9 takes nothing from it; a power cut may), and several processes
// can share a file. Costs about 3 µs a line; a disk that hangs makes the program hang with it.

import { escape } from "./format.ts";
import { ClockMonitor } from "./clock_monitor.ts";
import { firstDay, removeBefore, removeBeyond } from "./old_files.ts";
import { systemErrorText } from "./system_error.ts";
import { writeWhole } from "./whole.ts";

/** Where the lines of a program go. */
export interface DayFileOptions {
  /** The folder; it is made when it is missing. */
  dir: string;
  /** The first word of the files' names. */
  program: string;
  /** How many days are kept, today being the first; 1 or more. */
  days: number;
  /** The most that all of them may have, half of it today's; 0, or not given: any number. */
  bytes?: number;
  /** Told in one line when the log stops being written, and when it is written again. */
  complain: (line: string) => void;
  /** Milliseconds that never go back; the process's own unless given. */
  now?: () => number;
}

/** An open log. */
export interface DayFile {
  /** Writes a line that begins with its date-time. Never throws: a line that cannot be written is counted as lost. */
  write(line: string): void;
  /** Lets go of the file. The next line opens it by its name again: `logrotate` has moved the old one away. */
  reopen(): void;
  /** Closes the file; no line may be written after that. */
  close(): void;
}

const DATE_LENGTH = "2026-11-22".length;
const SECOND_LENGTH = "2026-11-22T23:59:58".length;
const NEWLINE = 0x0a;
const encoder = new TextEncoder();

/**
 * Opens the log of the day that `head` begins with, and removes the files of this program that are too old: at once if
 * there is one that is not, and otherwise when the clock has run without a jump for ten minutes. A clock that jumps ahead
 * by a year must not take all logs with it.
 *
 * @throws What Deno throws when the folder or the file cannot be made. Later failures are not thrown but survived: the
 * lines are lost and counted, the file is tried again once a second (by the lines' own clock), and both are said. So it is
 * when the file of a day has all the bytes that it may have: the next day's is written again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const dir = Deno.makeTempDirSync();
 * const file = openDayFile("2026-11-22", { dir, program: "server", days: 30, complain: console.error });
 * file.write("2026-11-22T23:59:59.999+03:00 info loop onTick good night");
 * file.write("2026-11-23T00:00:00.000+03:00 info loop onTick good morning");
 * file.close();
 * assert.match(Deno.readTextFileSync(`${dir}/server-2026-11-22.log`), /good night\n$/);
 * assert.match(Deno.readTextFileSync(`${dir}/server-2026-11-23.log`), /good morning\n$/);
 * ```
 */
export function openDayFile(head: string, options: DayFileOptions): DayFile {
  return new DatedFile(head, options);
}

class DatedFile implements DayFile {
  readonly #options: DayFileOptions;
  /** Bytes that the file of a day may have. */
  readonly #most: number;
  readonly #clock: ClockMonitor;
  /** The moment of the last line that was looked at, in milliseconds since 1970. */
  #time: number;
  #date = "";
  #path = "";
  #file: Deno.FsFile | undefined;
  #size = 0;
  /** The second of the last check that the file is there. */
  #second = "none";
  /** Lines lost since the file failed. */
  #lost = 0;
  /** The day on which old files were removed. */
  #pruned = "";

  constructor(head: string, options: DayFileOptions) {
    const { bytes = 0, now = () => performance.now() } = options;
    this.#options = options;
    this.#most = bytes === 0 ? Infinity : bytes / 2;
    this.#time = timeOf(head);
    this.#clock = new ClockMonitor({ wall: () => this.#time, now });
    this.#open(head);
    this.#removeOld(head, true);
  }

  write(line: string): void {
    const { complain } = this.#options;
    try {
      if (!line.startsWith(this.#second)) this.#check(line);
      if (this.#file === undefined) {
        this.#lost++;
        return;
      }
      const back = this.#lost === 0
        ? ""
        : notice(line, `The log "${this.#path}" is written again: ${this.#lost} lines were lost`);
      const text = encoder.encode(`${back === "" ? "" : `${back}\n`}${line}\n`);
      if (this.#size + text.length > this.#most) return this.#lose(line);
      writeWhole(this.#file, text);
      this.#size += text.length;
      if (back !== "") complain(back);
      this.#lost = 0;
    } catch (error) {
      this.close();
      if (this.#lost++ > 0) return;
      complain(notice(line, `Cannot write the log "${this.#path}", lines are lost: ${systemErrorText(error)}`));
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  reopen(): void {
    this.close();
    this.#second = "none";
  }

  /** The file has all bytes that a day may have. */
  #lose(line: string): void {
    if (this.#lost++ > 0) return;
    const words = `The log "${this.#path}" has its ${this.#most} bytes of today, lines are lost until tomorrow`;
    this.#options.complain(notice(line, words));
  }

  /** Opens another file on a new day, or if the file was moved or removed, which the system does not report. */
  #check(line: string): void {
    this.#second = line.slice(0, SECOND_LENGTH);
    if (this.#file === undefined || !line.startsWith(this.#date) || !isAt(this.#path, this.#file)) this.#open(line);
    this.#time = timeOf(line);
    const isReliable = this.#clock.isReliable(); // asked each time, or it would not see a jump
    if (isReliable && this.#date !== this.#pruned) this.#removeOld(line);
  }

  #open(line: string): void {
    const { dir, program } = this.#options;
    this.close();
    this.#date = line.slice(0, DATE_LENGTH);
    this.#path = `${dir}/${program}-${this.#date}.log`;
    Deno.mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#file = openToAppend(this.#path);
    this.#size = this.#file.statSync().size;
    if (this.#most < Infinity) this.#attempt(line, () => removeBeyond(dir, program, this.#date, this.#most));
  }

  /** At the start only if the newest file before today's is kept: the clock is not yet known to be reliable. */
  #removeOld(line: string, isStart = false): void {
    const { dir, program, days } = this.#options, date = this.#date;
    let isDone = true;
    this.#attempt(line, () => isDone = removeBefore(dir, program, date, firstDay(date, days), isStart));
    if (isDone) this.#pruned = date;
  }

  /** A failure to remove old files is no reason to stop: new lines can be written. */
  #attempt(line: string, remove: () => void): void {
    try {
      remove();
    } catch (error) {
      const { complain, dir } = this.#options;
      complain(notice(line, `Cannot remove the old logs in "${dir}": ${systemErrorText(error)}`));
    }
  }
}

/** Opens a file for appending; if its last line was torn (a full disk, a power cut), ends it. Others may not read it. */
function openToAppend(path: string): Deno.FsFile {
  const file = Deno.openSync(path, { read: true, append: true, create: true, mode: 0o600 });
  try {
    const last = new Uint8Array([NEWLINE]);
    if (file.statSync().size > 0) {
      file.seekSync(-1, Deno.SeekMode.End);
      file.readSync(last);
    }
    if (last[0] !== NEWLINE) writeWhole(file, new Uint8Array([NEWLINE]));
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Whether `file` is what is found at `path`. */
function isAt(path: string, file: Deno.FsFile): boolean {
  try {
    const found = Deno.statSync(path);
    const held = file.statSync();
    return found.ino === held.ino && found.dev === held.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The moment that a line begins with, in milliseconds since 1970. */
function timeOf(line: string): number {
  return Date.parse(line.split(" ", 1)[0]!);
}

/** A line of the log about the log, with the date-time of the line that gave rise to it. */
function notice(line: string, message: string): string {
  return `${line.split(" ", 1)[0]} warning log write ${escape(message)}`;
}
