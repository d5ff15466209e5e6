// Warnings and errors also go to standard error, where the operator looks. Coloured on a terminal, unless NO_COLOR says
// no. The colours are written by hand: `node:util` would cost every start of the program more than two escapes are worth.
// A write to a full pipe blocks: a program that must not wait gives a function instead.

import { writeWhole } from "./whole.ts";

/** Where warnings are shown: on standard error, nowhere, or by a function (a prompt that has to be redrawn, a test). */
export type Console = "stderr" | "none" | ((line: string, level: string) => void);

/** What is shown at all, and in which colour. */
const COLOURS: Readonly<Record<string, string>> = { warning: "\x1b[33m", error: "\x1b[31m" };
const PLAIN = "\x1b[39m";
const encoder = new TextEncoder();

/**
 * A line in the colour of its level, if standard error is a terminal that shows colours.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(coloured("all is well", "info"), "all is well");
 * ```
 */
export function coloured(line: string, level: string): string {
  const colour = COLOURS[level], shown = colour !== undefined && !Deno.noColor && Deno.stderr.isTerminal();
  return shown ? `${colour}${line}${PLAIN}` : line;
}

/**
 * Makes the function that shows a line if its level is `warning` or above. It never throws.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const seen: string[] = [];
 * const tell = consoleWriter((line) => seen.push(line));
 * tell("info", "all is well");
 * tell("warning", "all is not well");
 * assert.deepEqual(seen, ["all is not well"]);
 * ```
 */
export function consoleWriter(where: Console): (level: string, line: string) => void {
  return (level, line) => {
    if (COLOURS[level] === undefined || where === "none") return;
    try {
      if (where !== "stderr") where(line, level);
      else writeWhole(Deno.stderr, encoder.encode(`${coloured(line, level)}\n`));
    } catch {
      // Standard error is gone, and it was the last one to tell.
    }
  };
}
