// Setting up the log of a program: which lines are kept, where they go, what time it is. A program calls this once, when it
// starts; every other module only has a `logger`.

import { type Console, consoleWriter } from "./console.ts";
import { type DayFile, openDayFile } from "./file.ts";
import { escape, format, stamp } from "./format.ts";
import { configure, isOpen, setLevel, silence } from "./config.ts";
import type { LogLevel } from "./level.ts";
import { systemErrorText } from "./system_error.ts";

const MAX_DAYS = 36_500; // a hundred years

/** What the log of a program is like. */
export interface OpenLogOptions {
  /** The first word of the files' names. */
  program: "server" | "client";
  /** The data folder; the files are in `log` below it, which is made if need be. */
  dir: string;
  /** The lowest level that is written; `info` by default. */
  level?: LogLevel;
  /** How many days are kept, today being the first: 1 to 36,500, 30 by default. */
  days?: number;
  /** The most bytes that all files may have; 0 by default: any number. Half of them are today's; the oldest days go first. */
  bytes?: number;
  /** Where warnings are shown; on standard error by default. */
  console?: Console;
  /** The clock. */
  now?: () => Date;
  /** Milliseconds that never go back. Old files are removed only when both clocks have kept pace for ten minutes. */
  monotonic?: () => number;
}

/** A log that is open. */
export interface OpenLog extends Disposable {
  /** Opens the file by its name again, at the next line: after `logrotate` has moved it away, say. */
  reopen(): void;
  /** Writes lines of this level and above from now on. */
  setLevel(level: LogLevel): void;
  /** Closes the file; loggers are silent from then on. A second time does nothing. */
  close(): void;
}

/** The log cannot be opened. The message is one line that says why and names the path. */
export class LogError extends Error {
  override name = "LogError";
}

/**
 * Opens the log of this process: all loggers speak from now on.
 *
 * @throws {LogError} When the file cannot be made or written, or the program may not do so.
 * @throws {RangeError} When `days` is not from 1 to 36,500.
 * @throws {Error} When the log is open already: there is one in a process.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { logger } from "./logger.ts";
 *
 * const dir = Deno.makeTempDirSync();
 * const { info } = logger("loop");
 * {
 *   using _log = openLog({ program: "server", dir, now: () => new Date(2026, 10, 22, 23, 59, 58, 123) });
 *   info("serve", "listening on [::]:7777");
 * }
 * const text = Deno.readTextFileSync(`${dir}/log/server-2026-11-22.log`);
 * assert.match(text, /^2026-11-22T23:59:58\.123[+-]\d\d:\d\d info loop serve listening on \[::\]:7777\n$/);
 * ```
 */
export function openLog(options: OpenLogOptions): OpenLog {
  const { program, dir, level = "info", days = 30, bytes = 0, console = "stderr", now = () => new Date() } = options;
  const { monotonic = () => performance.now() } = options;
  if (isOpen()) throw new Error("Cannot open the log: it is open already");
  if (!(days >= 1 && days <= MAX_DAYS)) {
    throw new RangeError(`Cannot open the log: days is ${days}, expected 1 to ${MAX_DAYS}`);
  }

  const tell = consoleWriter(console);
  const file = openFile(`${dir}/log`);
  configure(level, now, (entry) => {
    const line = format(entry);
    file.write(line);
    tell(entry.level, line);
  });
  let open = true;
  return { reopen: () => file.reopen(), setLevel, close, [Symbol.dispose]: close };

  function openFile(folder: string): DayFile {
    try {
      const complain = (line: string) => tell("warning", line);
      return openDayFile(stamp(now().getTime()), { dir: folder, program, days, bytes, complain, now: monotonic });
    } catch (error) {
      throw new LogError(escape(`Cannot open the log in "${folder}": ${systemErrorText(error)}`), { cause: error });
    }
  }

  function close(): void {
    if (!open) return;
    open = false;
    silence();
    file.close();
  }
}
