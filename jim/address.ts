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

/**
 * An address and a port as people write them.
 *
 * @param host a name or an address
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([joinHostPort("::1", 7777), joinHostPort("10.0.0.7", 7777)], ["[::1]:7777", "10.0.0.7:7777"]);
 * ```
 */
export function joinHostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

const FOUR = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** What may be between brackets in a URL; the URL parser checks the rest. The zone is dropped: it is local to one machine. */
const SIX = /^([\da-f:.]+)(?:%[\w.-]+)?$/i;
const MAPPED = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;

/**
 * The one form of a range of addresses, `ADDRESS/BITS`: what follows those first bits of the address is zero. A range of one
 * IPv4 address is that address. `undefined` for what is no range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(
 *   ["10.1.2.3/8", "2001:DB8:1::7/32", "::ffff:10.1.2.3/104", "10.0.0.7/32", "10.0.0.0/33"].map(canonicalRange),
 *   ["10.0.0.0/8", "2001:db8::/32", "10.0.0.0/8", "10.0.0.7", undefined],
 * );
 * ```
 */
export function canonicalRange(text: string): string | undefined {
  const [, base = "", size] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = canonicalAddress(base);
  if (address === undefined) return undefined;
  const isFour = !address.includes(":"), whole = isFour ? 32 : 128;
  const bits = Number(size) - (isFour && base.includes(":") ? 96 : 0); // the form of IPv4 inside IPv6 has 96 bits
  if (bits < 0 || bits > whole) return undefined;
  if (isFour && bits === whole) return address;
  const first = bytesOf(address).map((byte, at) => byte & mask(bits, at));
  if (isFour) return `${first.join(".")}/${bits}`;
  const groups = first.flatMap((byte, at) => at % 2 === 0 ? [(byte << 8 | first[at + 1]!).toString(16)] : []);
  return `${URL.parse(`http://[${groups.join(":")}]/`)!.hostname.slice(1, -1)}/${bits}`;
}

/**
 * Whether an address is in a range, which {@linkcode canonicalRange} has made. IPv4 is never in a range of IPv6.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["10.1.2.3", "11.0.0.1", "::1"].map((each) => isInRange(each, "10.0.0.0/8")), [true, false, false]);
 * ```
 */
export function isInRange(address: string, range: string): boolean {
  const [base = "", bits] = range.split("/", 2), canonical = canonicalAddress(address);
  if (canonical === undefined || canonical.includes(":") !== base.includes(":")) return false;
  const bytes = bytesOf(canonical), size = bits === undefined ? 128 : Number(bits);
  return bytesOf(base).every((byte, at) => byte === (bytes[at]! & mask(size, at)));
}

/** Which bits of a byte are among the first ones of an address. */
function mask(bits: number, at: number): number {
  return 0xff00 >> Math.min(8, Math.max(0, bits - 8 * at)) & 0xff;
}

/** The 4 or 16 bytes of an address in its one form. */
function bytesOf(address: string): number[] {
  if (!address.includes(":")) return address.split(".").map(Number);
  const [before = [], after = []] = address.split("::").map((part) => part === "" ? [] : part.split(":"));
  const zeros = new Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]);
}
