// Bytes of a keyboard or a pipe → lines. A line may come in many pieces, many lines in one, and the last one without its
// newline. What a line may hold is limited, so that a pipe without newlines does not fill the memory.

/**
 * Splits bytes into lines.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const lines = new Lines(100);
 * assert.deepEqual(lines.push(new TextEncoder().encode("one\r\ntw")), ["one"]);
 * assert.deepEqual(lines.push(new TextEncoder().encode("o\nthree")), ["two"]);
 * assert.deepEqual(lines.end(), ["three"]);
 * ```
 */
export class Lines {
  readonly #most: number;
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** @param most UTF-16 units that are kept of a line: of a longer one the rest is dropped, but for one unit that tells */
  constructor(most: number) {
    this.#most = most;
  }

  /** The lines that ended in these bytes, without their ends. */
  push(bytes: Uint8Array): string[] {
    return this.#cut(this.#decoder.decode(bytes, { stream: true }));
  }

  /** No more bytes: the line that has no end, if there is one. */
  end(): string[] {
    const last = this.#cut(this.#decoder.decode());
    if (this.#rest !== "") last.push(this.#line(this.#rest));
    this.#rest = "";
    return last;
  }

  #cut(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!.slice(0, this.#most + 2); // room for a CR
    return lines.map((line) => this.#line(line));
  }

  #line(line: string): string {
    return (line.endsWith("\r") ? line.slice(0, -1) : line).slice(0, this.#most + 1);
  }
}
