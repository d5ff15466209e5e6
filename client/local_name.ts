/**
 * The name under which a file of the chat is saved: its own, unless a disk takes that for something else or does not take it. The
 * server it comes from may be any.
 */

/** What parts a path, or is not allowed in a name, on any system. */
// deno-lint-ignore no-control-regex -- it is what is looked for
const FORBIDDEN = /[/\\:*?"<>|\x00-\x1f\x7f]/g;
/** Names of devices on Windows, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** Bytes of a name: Linux takes 255, and a number may follow. */
const MOST = 240;
const encoder = new TextEncoder();

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const names = ["cat.png", "../cat.png", "C:\\cat", "CON", "nul.txt", "cat.", ".."];
 * assert.deepEqual(names.map(localName), ["cat.png", ".._cat.png", "C__cat", "_CON", "_nul.txt", "cat_", "._"]);
 * assert.equal(localName(`${"\u{1F408}".repeat(200)}.png`), `${"\u{1F408}".repeat(59)}.png`);
 * ```
 */
export function localName(name: string): string {
  const plain = name.replace(FORBIDDEN, "_").replace(/[. ]$/, "_").replace(DEVICE, "_$&");
  if (encoder.encode(plain).length <= MOST) return plain;
  const [ending = ""] = /\.[^.]{1,10}$/.exec(plain) ?? [];
  let kept = "", left = MOST - encoder.encode(ending).length;
  for (const letter of plain) {
    left -= encoder.encode(letter).length;
    if (left < 0) break;
    kept += letter;
  }
  return kept + ending;
}
