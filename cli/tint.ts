/**
 * Colours for a terminal. Output to a pipe or a file stays plain text. `node:util` can do this too, and takes a megabyte of
 * memory.
 * @module
 */

/** The codes of ANSI for the colour of text. */
const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, gray: 90 };
const PLAIN = 39;

/** A colour, by its name. */
export type Tint = keyof typeof CODES;

/**
 * Whether a stream is a terminal, and the user has not turned colours off with `NO_COLOR`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(hasColour({ isTerminal: () => false }), false);
 * ```
 */
export function hasColour(stream: { isTerminal(): boolean }): boolean {
  return !Deno.noColor && stream.isTerminal();
}

/**
 * The text in a colour, or as it is.
 *
 * @param coloured see {@linkcode hasColour}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(tinted("red", "no", true), "\x1b[31mno\x1b[39m");
 * assert.equal(tinted("red", "no", false), "no");
 * ```
 */
export function tinted(tint: Tint, text: string, coloured: boolean): string {
  return coloured ? `\x1b[${CODES[tint]}m${text}\x1b[${PLAIN}m` : text;
}
