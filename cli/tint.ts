/**
 * Colour, on a terminal only: what is piped into a file is text and nothing else.
 * @module
 */
import { styleText } from "node:util";

/** A colour, by its name. */
export type Tint = "red" | "green" | "yellow" | "cyan" | "gray";

/**
 * Whether a stream is a terminal whose reader has not asked for no colour (`NO_COLOR`).
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
  return coloured ? styleText(tint, text, { validateStream: false }) : text; // the stream is the caller's to judge
}
