/**
 * UTF-16 and UTF-32 in a stream of bytes: how they are recognized, and how their objects are skipped. JIM is UTF-8, so
 * each such object is refused, and the next one in UTF-8 is read again.
 * @module
 */
const LF = 10, QUOTE = 34, OPEN = 91, ESCAPE = 92, CLOSE = 93, CURLY = 123, CURLED = 125;

/**
 * How a text in UTF-32 or UTF-16 begins: with a byte order mark, or, in big-endian order, with the zero bytes before a
 * bracket. (In little-endian order the bracket stands before the zeros.) The longer signs are tried first.
 */
export const WIDE_SIGNS = [
  { sign: Uint8Array.of(0xff, 0xfe, 0, 0), width: 4, isBigEndian: false, skip: 4 },
  { sign: Uint8Array.of(0, 0, 0xfe, 0xff), width: 4, isBigEndian: true, skip: 4 },
  { sign: Uint8Array.of(0, 0, 0, CURLY), width: 4, isBigEndian: true, skip: 0 },
  { sign: Uint8Array.of(0xff, 0xfe), width: 2, isBigEndian: false, skip: 2 },
  { sign: Uint8Array.of(0xfe, 0xff), width: 2, isBigEndian: true, skip: 2 },
  { sign: Uint8Array.of(0, CURLY, 0), width: 2, isBigEndian: true, skip: 0 },
] as const;
/** What stands behind a bracket in little-endian UTF-32. */
export const ZEROS: Uint8Array = new Uint8Array(3);
/** JSON has no greater unit outside its strings. */
const LARGEST = 0x7f;

/** Whether these bytes stand at a place; `undefined` as long as it is not clear. */
export function beginsWith(bytes: Uint8Array, filled: number, sign: Uint8Array, at: number): boolean | undefined {
  for (let i = 0; i < sign.length; i++) {
    if (at + i === filled) return undefined;
    if (bytes[at + i] !== sign[i]) return false;
  }
  return true;
}

/**
 * Skips objects in UTF-16 or UTF-32.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const skipper = new WideSkipper(2, false), bytes = Uint8Array.of(123, 0, 125, 0, 65);
 * const view = new DataView(bytes.buffer);
 * assert.deepEqual([skipper.skip(view, 0, 5), skipper.objectAt, skipper.at], ["object", 0, 2]);
 * assert.deepEqual([skipper.skip(view, 2, 5), skipper.at], [undefined, 4]); // a unit that is not whole yet
 * ```
 */
export class WideSkipper {
  /** Where the next unit is. */
  at = 0;
  /** Where the last object began. */
  objectAt = 0;
  readonly #width: 2 | 4;
  readonly #isBigEndian: boolean;
  #depth = 0;
  #inString = false;

  /** @param width bytes of a unit */
  constructor(width: 2 | 4, isBigEndian: boolean) {
    this.#width = width;
    this.#isBigEndian = isBigEndian;
  }

  /**
   * Skips units up to `filled`, and sets {@linkcode at}. Stops earlier behind the first bracket of an object (`object`), at
   * a unit between objects that is none of this encoding (`end`), and at one inside an object (`broken`).
   */
  skip(view: DataView, from: number, filled: number): "object" | "end" | "broken" | undefined {
    const width = this.#width;
    for (this.at = from; this.at + width <= filled; this.at += width) {
      const unit = this.#unit(view, this.at);
      if (this.#inString) {
        if (this.#hasNewline(view)) return "broken"; // or it is a letter that few use
        if (unit === QUOTE) this.#inString = false;
        else if (unit === ESCAPE) { // takes the next unit with it
          if (this.at + 2 * width > filled) return undefined;
          this.at += width;
        }
      } else if (unit === CURLY || unit === OPEN) {
        if (this.#depth++ > 0) continue;
        this.objectAt = this.at;
        this.at += width;
        return "object";
      } else if (this.#depth === 0) {
        if (!isWhite(unit)) return "end";
      } else if (unit > LARGEST) return "broken";
      else if (unit === QUOTE) this.#inString = true;
      else if (unit === CURLED || unit === CLOSE) this.#depth--;
    }
    return undefined;
  }

  #unit(view: DataView, at: number): number {
    return this.#width === 2 ? view.getUint16(at, !this.#isBigEndian) : view.getUint32(at, !this.#isBigEndian);
  }

  /** Whether a byte of the unit here is a newline. */
  #hasNewline(view: DataView): boolean {
    for (let i = 0; i < this.#width; i++) if (view.getUint8(this.at + i) === LF) return true;
    return false;
  }
}

function isWhite(unit: number): boolean {
  return unit === LF || unit === 13 || unit === 32 || unit === 9;
}
