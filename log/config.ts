// The configuration that `openLog` sets and every logger reads: the lowest level, the clock and the sink. It is the one
// mutable state of log/. A silent level costs a comparison of two numbers; LogTape's tree of loggers takes eight times as
// long (bench/log_bench.ts). Before `openLog` nothing is logged.

import type { Entry } from "./format.ts";
import { type LogLevel, ranks } from "./level.ts";

/** Where entries go. It never throws. */
export type Sink = (entry: Entry) => void;

const SILENT = Infinity;

let lowest = SILENT;
let clock = () => new Date();
let sink: Sink = () => {};

/** Sends entries of `level` and above to `to`, with the time of `now`. */
export function configure(level: LogLevel, now: () => Date, to: Sink): void {
  lowest = ranks[level];
  clock = now;
  sink = to;
}

/** From now on sends entries of `level` and above. Nothing happens while the log is not open. */
export function setLevel(level: LogLevel): void {
  if (isOpen()) lowest = ranks[level];
}

/** Logs nothing from now on. */
export function silence(): void {
  lowest = SILENT;
}

/** Whether the log is open at all. */
export function isOpen(): boolean {
  return lowest !== SILENT;
}

/** Whether a line of this level would be written. */
export function enabled(level: LogLevel): boolean {
  return ranks[level] >= lowest;
}

/** Sends an entry to the sink, with the present time. Ask {@linkcode enabled} first. */
export function emit(level: LogLevel, module: string, fn: string, message: string): void {
  sink({ time: clock().getTime(), level, module, fn, message });
}
