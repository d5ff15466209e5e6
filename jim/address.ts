/**
 * Addresses, in one form: a ban and the connection that it is about may be written by different programs.
 * @module
 */

/**
 * The one form of an IP address: IPv6 in lower case and as short as may be, IPv4 inside IPv6 as IPv4, no zone, no port.
 * `undefined` for what is no address; octal and hexadecimal forms of IPv4 are none, since programs read them differently.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(
 *   ["::FFFF:10.0.0.7", "2001:DB8:0::1", "fe80::1%eth0", "010.0.0.7", "localhost"].map(canonicalAddress),
 *   ["10.0.0.7", "2001:db8::1", "fe80::1", undefined, undefined],
 * );
 * ```
 */
export function canonicalAddress(text: string): string | undefined {
  if (!text.includes(":")) return FOUR.test(text) ? text : undefined;
  const [, address] = SIX.exec(text) ?? [];
  const host = address === undefined ? undefined : URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1);
  const [, high, low] = MAPPED.exec(host ?? "") ?? [];
  if (high === undefined || low === undefined) return host;
  return [high, low].flatMap((half) => [parseInt(half, 16) >> 8, parseInt(half, 16) & 255]).join(".");
}

const FOUR = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** What may be between brackets in a URL, whose parser does the rest; and a zone, which means nothing elsewhere. */
const SIX = /^([\da-f:.]+)(?:%[\w.-]+)?$/i;
const MAPPED = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;
