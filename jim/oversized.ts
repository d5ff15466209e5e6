/**
 * The rest of an object that is too big or too deep: its brackets are counted, and nothing of it is kept.
 * @module
 */
const LF = 10, CR = 13, QUOTE = 34, OPEN = 91, ESCAPE = 92, CLOSE = 93, CURLY = 123, CURLED = 125;

/** What a byte of a string counts: a text of 2 MB is one mistake, as many brackets are an attack. */
const TEXT = 1 / 32;

/**
 * Skips the rest of an object.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const skipper = new OversizedSkipper(1, false, 64), bytes = new TextEncoder().encode('[1]} {');
 * assert.deepEqual([skipper.skip(bytes, 0, bytes.length), skipper.at], ["ended", 4]);
 * ```
 */
export class OversizedSkipper {
  /** Where it stopped. One byte behind the bytes that have come, if a backslash is the last of them. */
  at = 0;
  readonly #limit: number;
  #depth: number;
  #inString: boolean;
  #skipped = 0;

  /**
   * @param depth open brackets of what was read of the object
   * @param inString whether that ends within a string
   * @param limit bytes after which the end is not looked for any more; 32 of a string count as one
   */
  constructor(depth: number, inString: boolean, limit: number) {
    this.#depth = depth;
    this.#inString = inString;
    this.#limit = limit;
  }

  /**
   * Skips bytes up to `filled`, and sets {@linkcode at}. Stops earlier behind the last bracket (`ended`), at a newline in a
   * string, where no JSON has one (`broken`), and at the limit (`endless`).
   */
  skip(bytes: Uint8Array, from: number, filled: number): "ended" | "broken" | "endless" | undefined {
    let at = from, depth = this.#depth, inString = this.#inString, skipped = this.#skipped;
    while (at < filled && depth > 0 && skipped < this.#limit) {
      const byte = bytes[at++]!;
      if (inString) {
        skipped += TEXT;
        if (byte === QUOTE) inString = false;
        else if (byte === ESCAPE) at++;
        else if (byte === LF || byte === CR) {
          this.at = at - 1;
          return "broken";
        }
      } else {
        skipped++;
        if (byte === QUOTE) inString = true;
        else if (byte === CURLY || byte === OPEN) depth++;
        else if (byte === CURLED || byte === CLOSE) depth--;
      }
    }
    this.at = at;
    this.#depth = depth;
    this.#inString = inString;
    this.#skipped = skipped;
    return depth === 0 ? "ended" : skipped < this.#limit ? undefined : "endless";
  }
}
