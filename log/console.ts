// Warnings and errors also go to standard error, where the operator looks. Coloured on a terminal, unless NO_COLOR says
// no. The colours are written by hand: `node:util` would cost every start of the program more than two escapes are worth.
// A pipe that nobody reads makes a write wait, so what is said here must stay rare.

import { writeWhole } from "./whole.ts";

/** Where warnings are shown: on standard error, nowhere, or by a function (a prompt that has to be redrawn, a test). */
export type Console = "stderr" | "none" | ((line: string) => void);

/** What is shown at all, and in which colour. */
const COLOURS: Readonly<Record<string, string>> = { warning: "\x1b[33m", error: "\x1b[31m" };
const PLAIN = "\x1b[39m";
const encoder = new TextEncoder();

/**
 * Makes the function that shows a line if its level is `warning` or above. It never throws.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const seen: string[] = [];
 * const tell = consoleOf((line) => seen.push(line));
 * tell("info", "all is well");
 * tell("warning", "all is not well");
 * assert.deepEqual(seen, ["all is not well"]);
 * ```
 */
export function consoleOf(where: Console): (level: string, line: string) => void {
  const coloured = where === "stderr" && !Deno.noColor && Deno.stderr.isTerminal();
  return (level, line) => {
    const colour = COLOURS[level];
    if (colour === undefined || where === "none") return;
    try {
      if (where !== "stderr") where(line);
      else writeWhole(Deno.stderr, encoder.encode(coloured ? `${colour}${line}${PLAIN}\n` : `${line}\n`));
    } catch {
      // Standard error is gone, and it was the last one to tell.
    }
  };
}
