/**
 * Objects with four bytes before each that say its length, big-endian, as some courses teach: how they are recognized, and how
 * they are taken out of a buffer.
 * @module
 */
import type { ReceiveBuffer } from "./receive_buffer.ts";

const CURLY = 123;
/** Bytes of a length. */
const PREFIX = 4;
/** A length beyond is none: the last one was wrong, and what stands here is text. */
const LONGEST = 0xff_ffff;

/**
 * Whether a stream begins with a length and an object: no JSON begins with a zero byte, and every length that an object may have
 * does. `undefined` as long as it is not clear.
 *
 * @param limit bytes of an object
 */
export function beginsWithLength(input: ReceiveBuffer, limit: number): boolean | undefined {
  const { bytes, at, filled } = input, come = filled - at;
  if (come === 0) return undefined;
  if (bytes[at] !== 0 || (come > 1 && bytes[at + 1]! > limit >>> 16)) return false;
  if (come <= PREFIX) return undefined;
  return bytes[at + PREFIX] === CURLY && lengthAt(input) <= limit;
}

/** Takes objects by their lengths. One that is too long is passed over by its length, kept or not. */
export class LengthPrefixReader {
  /** Where the bytes of the last fault begin. */
  excerptAt = 0;
  /** Bytes to pass over. */
  #skipped = 0;

  /**
   * The next object, or why there is none: it is longer than the limit, or no object can be so long, and then there is no way back
   * into step.
   *
   * @param limit bytes of an object
   */
  next(input: ReceiveBuffer, limit: number): Uint8Array | "big" | "length" | undefined {
    const passing = Math.min(this.#skipped, input.filled - input.at);
    this.#skipped -= passing;
    input.skipTo(input.at + passing);
    if (this.#skipped > 0 || input.filled - input.at < PREFIX) return undefined;
    const length = lengthAt(input), from = input.at + PREFIX;
    if (length > LONGEST) {
      this.excerptAt = input.at;
      return "length";
    }
    if (length > limit) {
      this.excerptAt = from;
      this.#skipped = PREFIX + length;
      return "big";
    }
    if (input.filled < from + length) return undefined;
    input.skipTo(from + length);
    return input.bytes.subarray(from, from + length);
  }
}

function lengthAt({ bytes, at }: ReceiveBuffer): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
}
