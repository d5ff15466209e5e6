// Bytes of a keyboard or a pipe → lines. A line may come in many pieces, many lines in one, and the last one without its
// newline. What a line may hold is limited, so that a pipe without newlines does not fill the memory.
//
// Text is UTF-8. UTF-16, which PowerShell writes, is converted; a line of any other encoding is given as what is wrong with
// it, since nobody wants the text that a guess would make of it.

import { detectWideEncoding, findMalformedUtf8, isUtf16, type MalformedUtf8 } from "../../jim/mod.ts";

const LF = 10;
/** A byte order mark of UTF-8. */
const MARK = [0xef, 0xbb, 0xbf];
/** UTF-8 takes at most so many bytes for one UTF-16 unit. */
const WIDEST = 3;

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Splits bytes into lines. A line that is no UTF-8 is given as where it stops being that.
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
  /** The first bytes, until the encoding is known; then what has come of a line, at most so many bytes as tell. */
  #rest = new Uint8Array(0);
  #known = false;
  /** The encoding that zero bytes in a line are taken for. */
  #encoding = "UTF-16";
  /** Of UTF-16. */
  #wide: TextDecoder | undefined;
  /** The line is longer than its kept bytes. */
  #long = false;

  /** @param most UTF-16 units that are kept of a line: of a longer one the rest is dropped, but for one unit that tells */
  constructor(most: number) {
    this.#most = most;
  }

  /** The lines that ended in these bytes, without their ends. */
  push(bytes: Uint8Array): (string | MalformedUtf8)[] {
    if (this.#known) return this.#cut(this.#wide === undefined ? bytes : this.#narrow(bytes));
    const first = joined(this.#rest, bytes);
    this.#rest = first;
    const isWide = isUtf16(first) || first.includes(0); // UTF-32 needs four bytes to be told from UTF-16
    return first.length < (isWide ? 4 : first[0] === MARK[0] ? MARK.length : 2) ? [] : this.#begin();
  }

  /** No more bytes: the line that has no end, if there is one. */
  end(): (string | MalformedUtf8)[] {
    const last = this.#known ? [] : this.#begin();
    if (this.#wide !== undefined) last.push(...this.#cut(encoder.encode(this.#wide.decode())));
    if (this.#rest.length > 0) last.push(this.#line());
    return last;
  }

  #begin(): (string | MalformedUtf8)[] {
    const first = this.#rest;
    this.#known = true;
    this.#rest = first.subarray(0, 0);
    const wide = detectWideEncoding(first);
    this.#encoding = wide ?? "UTF-16";
    if (wide === "UTF-16") { // a mark of the larger byte first, or a letter of ASCII behind its zero byte
      this.#wide = new TextDecoder(first[0] === 0 || first[0] === 0xfe ? "utf-16be" : "utf-16le");
      return this.#cut(this.#narrow(first));
    }
    const marked = MARK.every((byte, i) => first[i] === byte);
    return this.#cut(first.subarray(marked ? MARK.length : 0));
  }

  #narrow(bytes: Uint8Array): Uint8Array {
    return encoder.encode(this.#wide!.decode(bytes, { stream: true }));
  }

  #cut(bytes: Uint8Array): (string | MalformedUtf8)[] {
    const lines: (string | MalformedUtf8)[] = [];
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      this.#keep(bytes.subarray(start, end));
      lines.push(this.#line());
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
    return lines;
  }

  #keep(bytes: Uint8Array): void {
    const room = WIDEST * (this.#most + 2) - this.#rest.length; // room for a CR, and for one unit that tells
    if (bytes.length > room) this.#long = true;
    this.#rest = joined(this.#rest, bytes.subarray(0, Math.max(0, room)));
  }

  #line(): string | MalformedUtf8 {
    const bytes = this.#rest, text = utf8.decode(bytes);
    const wrong = this.#long ? undefined : findMalformedUtf8(bytes) ?? zeroIn(bytes, this.#encoding);
    this.#rest = new Uint8Array(0);
    this.#long = false;
    return wrong ?? (text.endsWith("\r") ? text.slice(0, -1) : text).slice(0, this.#most + 1);
  }
}

/** No text has a zero byte, but for one in UTF-32, or in UTF-16 that began with neither a mark nor a letter of ASCII. */
function zeroIn(bytes: Uint8Array, encoding: string): MalformedUtf8 | undefined {
  const position = bytes.indexOf(0);
  return position < 0 ? undefined : { byte: "0x00", position, encoding };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
