// The log on disk: one file a day, `server-2026-11-22.log`. A line goes to the file of the date it begins with, so a line
// of 23:59:58 that is written after midnight is still yesterday's, and no timer is needed: the first line of a day opens
// its file, however long the program slept. Each line is one `writeSync` to a file opened for appending: it is whole in
// the system's hands before the program goes on (kill -9 takes nothing from it; a power cut may), and several processes
// can share a file. Costs about 3 µs a line; a disk that hangs makes the program hang with it.

import { dayOf, escape } from "./format.ts";
import { ClockMonitor } from "./clock_monitor.ts";
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
  const { dir, program, days, bytes = 0, complain, now = () => performance.now() } = options;
  const most = bytes === 0 ? Infinity : bytes / 2;
  let time = timeOf(head);
  const clock = new ClockMonitor({ wall: () => time, now });
  let date = "";
  let path = "";
  let file: Deno.FsFile | undefined;
  let size = 0;
  let second = "none"; // the one in which we last looked whether the file is there
  let lost = 0; // lines since the file failed
  let pruned = ""; // the day on which the old files were removed

  open(head);
  clean(head, true);
  return { write, reopen, close };

  function write(line: string): void {
    try {
      if (!line.startsWith(second)) look(line);
      if (file === undefined) {
        lost++;
        return;
      }
      const back = lost === 0 ? "" : notice(line, `The log "${path}" is written again: ${lost} lines were lost`);
      const text = encoder.encode(`${back === "" ? "" : `${back}\n`}${line}\n`);
      if (size + text.length > most) return lose(line);
      writeWhole(file, text);
      size += text.length;
      if (back !== "") complain(back);
      lost = 0;
    } catch (error) {
      close();
      if (lost++ === 0) {
        complain(notice(line, `Cannot write the log "${path}", lines are lost: ${systemErrorText(error)}`));
      }
    }
  }

  /** The file has all that a day may have. */
  function lose(line: string): void {
    if (lost++ > 0) return;
    complain(notice(line, `The log "${path}" has its ${most} bytes of today, lines are lost until tomorrow`));
  }

  /** Is this still the right file? Not on a new day, and not if somebody moved or removed it: the system would not say. */
  function look(line: string): void {
    second = line.slice(0, SECOND_LENGTH);
    if (file === undefined || !line.startsWith(date) || !isAt(path, file)) open(line);
    time = timeOf(line);
    const believed = clock.isReliable(); // asked each time, or it would not see a jump
    if (believed && date !== pruned) clean(line);
  }

  function open(line: string): void {
    close();
    date = line.slice(0, DATE_LENGTH);
    path = `${dir}/${program}-${date}.log`;
    Deno.mkdirSync(dir, { recursive: true, mode: 0o700 });
    file = openToAppend(path);
    size = file.statSync().size;
    if (bytes > 0) shrink(line);
  }

  /** Removes the oldest files until all that are older than today's have half of the bytes. No clock is needed for that. */
  function shrink(line: string): void {
    try {
      const olds = namesOf(dir, program).filter(({ day }) => day < date).sort((one, other) =>
        one.day < other.day ? 1 : -1
      );
      let left = most;
      for (const { name } of olds) {
        left -= Deno.statSync(`${dir}/${name}`).size;
        if (left < 0) remove(`${dir}/${name}`);
      }
    } catch (error) { // no reason to stop: the new lines can be written
      complain(notice(line, `Cannot remove the old logs in "${dir}": ${systemErrorText(error)}`));
    }
  }

  /** Removes the old files. At the start only if the newest one but today's is to be kept: the clock is not yet known to be reliable. */
  function clean(line: string, start = false): void {
    const first = firstDay(date, days);
    try {
      const olds = namesOf(dir, program).filter(({ day }) => day < date);
      if (start && !olds.some(({ day }) => day >= first)) return;
      for (const { name, day } of olds) if (day < first) remove(`${dir}/${name}`);
    } catch (error) { // no reason to stop: the new lines can be written
      complain(notice(line, `Cannot remove the old logs in "${dir}": ${systemErrorText(error)}`));
    }
    pruned = date;
  }

  function close(): void {
    file?.close();
    file = undefined;
  }

  function reopen(): void {
    close();
    second = "none";
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

/** The program's own files, each with its day. */
function namesOf(dir: string, program: string): { name: string; day: string }[] {
  return [...Deno.readDirSync(dir)].flatMap(({ name, isFile }) => {
    const [, owner, day] = /^([a-z]+)-(\d{4}-\d\d-\d\d)\.log$/.exec(name) ?? [];
    return isFile && owner === program ? [{ name, day: day! }] : [];
  });
}

/** Another process may be doing the same. */
function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The first of the `days` days that end with `day`, counted on the calendar: a day of 23 hours is one too. */
function firstDay(day: string, days: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return dayOf(new Date(year, month - 1, date - (days - 1)));
}

/** The moment that a line begins with, in milliseconds since 1970. */
function timeOf(line: string): number {
  return Date.parse(line.split(" ", 1)[0]!);
}

/** A line of the log about the log, with the date-time of the line that gave rise to it. */
function notice(line: string, message: string): string {
  return `${line.split(" ", 1)[0]} warning log write ${escape(message)}`;
}
