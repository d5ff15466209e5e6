/**
 * Parses the header of the PROXY protocol, versions 1 and 2, from the first bytes of a connection. See
 * https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt. It uses no socket.
 */
import { canonicalAddress } from "../../jim/mod.ts";

/** The meaning of the first bytes of a connection. */
export type Header =
  /** A header with the address of a client, and its length. */
  | { readonly kind: "client"; readonly host: string; readonly port: number; readonly length: number }
  /** A header without an address, for the proxy's own connection, and its length. */
  | { readonly kind: "proxy"; readonly length: number }
  /** The beginning of a header. `begun`: it cannot be anything else. */
  | { readonly kind: "part"; readonly begun: boolean }
  | { readonly kind: "none" }
  | { readonly kind: "broken"; readonly why: string };

/** The first bytes of version 1. */
const FIRST = new TextEncoder().encode("PROXY ");
/** Bytes of version 1, at most, its line end included. */
const LINE = 107;
/** The first bytes of version 2, which no text protocol uses. */
const SECOND = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10);
/** Bytes of version 2 before the addresses. */
const FIXED = 16;
/** Bytes of the addresses in version 2, by family; further fields may follow them. */
const ADDRESSES: Readonly<Record<number, number>> = { 0: 0, 1: 12, 2: 36, 3: 216 };
const INET = 1, INET6 = 2, STREAM = 1;

/**
 * Reads the header in the first bytes of a connection.
 *
 * @param bytes all bytes so far; the result does not depend on how they were split
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const read = (text: string) => readHeader(new TextEncoder().encode(text));
 * assert.deepEqual(read("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777\r\n{"), {
 *   kind: "client", host: "203.0.113.9", port: 50412, length: 44,
 * });
 * assert.deepEqual(read("PROX"), { kind: "part", begun: false });
 * assert.deepEqual(read('{"action":'), { kind: "none" });
 * ```
 */
export function readHeader(bytes: Uint8Array): Header {
  if (startsAlike(bytes, SECOND)) return bytes.length < SECOND.length ? part(false) : binary(bytes);
  if (startsAlike(bytes, FIRST)) return bytes.length < FIRST.length ? part(false) : line(bytes);
  return { kind: "none" };
}

function line(bytes: Uint8Array): Header {
  const end = bytes.subarray(0, LINE).indexOf(10);
  if (end < 0) return bytes.length < LINE ? part(true) : broken(`expected its end within ${LINE} bytes`);
  const text = String.fromCharCode(...bytes.subarray(0, end + 1)), length = end + 1;
  if (/^PROXY UNKNOWN(?: [^\r]*)?\r\n$/.test(text)) return { kind: "proxy", length };
  const [, family, source = "", target = "", from, to] =
    /^PROXY TCP([46]) ([\da-fA-F.:]+) ([\da-fA-F.:]+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})\r\n$/.exec(text) ?? [];
  const isOfFamily = (address: string) => address.includes(":") === (family === "6");
  const host = canonicalAddress(source), port = Number(from);
  const right = host !== undefined && canonicalAddress(target) !== undefined && isOfFamily(source) &&
    isOfFamily(target);
  if (!right || port > 65535 || Number(to) > 65535) {
    return broken("expected PROXY TCP4 or TCP6, two addresses and two ports");
  }
  return { kind: "client", host, port, length };
}

function binary(bytes: Uint8Array): Header {
  if (bytes.length < FIXED) return part(true);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = bytes[12]! >> 4, command = bytes[12]! & 15, family = bytes[13]! >> 4, transport = bytes[13]! & 15;
  const length = FIXED + view.getUint16(14), needed = ADDRESSES[family];
  if (version !== 2 || command > 1) return broken("expected version 2, and the command LOCAL or PROXY");
  if (needed === undefined || transport > 2) return broken("expected a family and a transport of the protocol");
  // The addresses of LOCAL are skipped, so they need not be there.
  if (command === 1 && length < FIXED + needed) return broken(`expected ${needed} bytes of addresses`);
  if (bytes.length < length) return part(true);
  if (command === 0 || transport !== STREAM) return { kind: "proxy", length };
  const at = (from: number, size: number) => bytes.subarray(FIXED + from, FIXED + from + size);
  if (family === INET) {
    return { kind: "client", host: at(0, 4).join("."), port: view.getUint16(FIXED + 8), length };
  }
  if (family !== INET6) return { kind: "proxy", length };
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(FIXED + 2 * i).toString(16));
  return { kind: "client", host: canonicalAddress(groups.join(":"))!, port: view.getUint16(FIXED + 32), length };
}

const part = (begun: boolean): Header => ({ kind: "part", begun });
const broken = (why: string): Header => ({ kind: "broken", why });

/** Whether two arrays agree as far as both go. */
function startsAlike(bytes: Uint8Array, start: Uint8Array): boolean {
  const size = Math.min(bytes.length, start.length);
  for (let i = 0; i < size; i++) if (bytes[i] !== start[i]) return false;
  return true;
}
