/**
 * Networks, by which limits are counted instead of by single addresses: one IPv6 customer has 2^64 addresses, often 2^80. So a network is
 * an IPv4 address or an IPv6 /64, and a range is what is often assigned together: an IPv4 /24 or an IPv6 /48.
 */

/**
 * The network of an address.
 *
 * @param host an address without its port; an IPv6 address may carry a zone
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(networkOf("10.0.0.7"), "10.0.0.7");
 * assert.equal(networkOf("2001:db8::7"), networkOf("2001:db8:0:0:aaaa::1"));
 * assert.notEqual(networkOf("2001:db8::7"), networkOf("2001:db8:0:1::7"));
 * ```
 */
export function networkOf(host: string): string {
  return host.includes(":") ? groups(host, 4) : host;
}

/**
 * The range around it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(rangeOf("10.0.0.7"), rangeOf("10.0.0.8"));
 * assert.notEqual(rangeOf("10.0.0.7"), rangeOf("10.0.1.7"));
 * assert.equal(rangeOf("2001:db8:0:1::7"), rangeOf("2001:db8:0:2::7"));
 * ```
 */
export function rangeOf(host: string): string {
  return host.includes(":") ? groups(host, 3) : host.slice(0, host.lastIndexOf("."));
}

/** The first groups of an IPv6 address, each without leading zeros. */
function groups(host: string, count: number): string {
  const [head = "", tail] = host.replace(/%.*/, "").split("::", 2);
  const before = split(head), after = split(tail ?? "");
  const wide = after.length + (after.at(-1)?.includes(".") ? 1 : 0); // an IPv4 address at the end is two groups
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - wide);
  const all = [...before, ...new Array<string>(zeros).fill("0"), ...after];
  return all.slice(0, count).map((group) => parseInt(group, 16).toString(16)).join(":");
}

function split(text: string): string[] {
  return text === "" ? [] : text.split(":");
}
