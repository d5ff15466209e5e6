/** A QR code for a terminal, so that phones open the page without typing. Loaded only where there is a terminal. */
import { renderUnicodeCompact } from "uqr";

/** White blocks on black, whatever the colours of the terminal are: some phones read no inverted code. */
const COLOURS = "\x1b[97;40m", END = "\x1b[0m";

/**
 * The lines of a code, two rows of modules in each, with the margin that readers need.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const lines = qrCode("http://192.168.1.5:8080/").split("\n");
 * assert.equal(lines.length, 15);
 * assert.match(lines[1]!, /██ ▄▄▄▄▄ █/);
 * ```
 */
export function qrCode(text: string): string {
  const lines = renderUnicodeCompact(text, { border: 2 }).split("\n");
  return lines.map((line) => `  ${COLOURS}${line}${END}`).join("\n");
}
