/**
 * A relay for a peer that takes one `recv(1024)` for one object: a longer text goes in several messages, each whole.
 * @module
 */
import type { Dialect, Relay } from "./dialects/mod.ts";
import { encode } from "./encode.ts";

/** What a bare peer can read at once, its newline included. */
export const BARE_BYTES = 1024;

/**
 * The relay in the reader's words, as one object or as several that are small enough.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./dialects/mod.ts";
 * const relay = { time: 1, to: "#all", from: "ann", message: "x".repeat(2000), id: 1764000000000007 };
 * const parts = splitRelay(relay, plain, "bob");
 * assert.equal(parts.length, 3);
 * assert.equal(parts.every((part) => part.length <= BARE_BYTES), true);
 * ```
 */
export function splitRelay(relay: Relay, dialect: Dialect, reader: string, limit: number = BARE_BYTES): Uint8Array[] {
  const whole = encode(dialect.formatRelay(relay, reader));
  if (whole.length <= limit) return [whole];
  const room = limit - encode(dialect.formatRelay({ ...relay, message: "" }, reader)).length;
  const parts: Uint8Array[] = [];
  let part = "", used = 0;
  for (const character of relay.message) {
    const size = encode([character]).length - EMPTY;
    if (used + size > room && part !== "") {
      parts.push(encode(dialect.formatRelay({ ...relay, message: part }, reader)));
      part = "";
      used = 0;
    }
    part += character;
    used += size;
  }
  parts.push(encode(dialect.formatRelay({ ...relay, message: part }, reader)));
  return parts;
}

/** What `encode` puts around one character in a list: two brackets, two quotes, a newline. */
const EMPTY = 5;
