// What `openLog` decides and every logger reads: the lowest level that is said, the clock, and where what is said goes. It
// is the one mutable thing of log/, and it is why a silent level costs a comparison of two numbers: a tree of loggers, as
// LogTape has it, takes eight times as long to walk (bench/log_bench.ts). Shut, as it is before `openLog`, it lets nothing
// pass.

import type { Entry } from "./format.ts";
import { type LogLevel, ranks } from "./level.ts";

/** Where entries go. It never throws. */
export type Sink = (entry: Entry) => void;

const SILENT = Infinity;

let lowest = SILENT;
let clock = () => new Date();
let sink: Sink = () => {};

/** Lets `level` and what is above it pass to `to`, at the times that `now` tells. */
export function configure(level: LogLevel, now: () => Date, to: Sink): void {
  lowest = ranks[level];
  clock = now;
  sink = to;
}

/** Lets nothing pass any more. */
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

/** Sends on what is said now. Ask {@linkcode enabled} first. */
export function emit(level: LogLevel, module: string, fn: string, message: string): void {
  sink({ time: clock().getTime(), level, module, fn, message });
}
