// What `openLog` decides and every logger reads: the lowest level that is said, and the clock. It is the one mutable thing
// of log/, and it is why a silent level costs a comparison of two numbers: LogTape's own `isEnabledFor` walks its tree of
// loggers, which takes eight times as long (bench/log_bench.ts). Shut, as it is before `openLog`, it lets nothing pass.

import { type LogLevel, ranks } from "./level.ts";

const SHUT = Infinity;

let lowest = SHUT;
let clock = () => new Date();

/** Lets `level` and what is above it pass, at the times that `now` tells. */
export function openGate(level: LogLevel, now: () => Date): void {
  lowest = ranks[level];
  clock = now;
}

/** Lets nothing pass any more. */
export function shutGate(): void {
  lowest = SHUT;
}

/** Whether the log is open at all. */
export function isOpen(): boolean {
  return lowest !== SHUT;
}

/** Whether a line of this level would be written. */
export function enabled(level: LogLevel): boolean {
  return ranks[level] >= lowest;
}

/** The time of a line that is written now, in milliseconds since the epoch. */
export function timestamp(): number {
  return clock().getTime();
}
