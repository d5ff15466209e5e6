/**
 * Trusted proxies (`--trust-proxy`), and the address of a client behind them. A client can send any header, so only
 * what a trusted proxy added counts.
 */
import ipaddr from "ipaddr.js";
import { LocalizedError } from "../../cli/language.ts";
import { canonicalAddress } from "../../jim/mod.ts";
import { inEach, type Texts } from "../words/mod.ts";

/** Whether the peer at an address is a trusted proxy. */
export type Trust = (host: string) => boolean;

/** Invalid ranges. The message is one line, and says what is expected. */
export class RangeRefused extends LocalizedError {
  override name = "RangeRefused";
}

/**
 * Parses addresses and ranges, separated by commas.
 *
 * @throws {RangeRefused} When one of them is neither.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const trusts = trustIn("127.0.0.1,10.0.0.0/8,fd00::/8");
 * assert.deepEqual(["127.0.0.1", "10.1.2.3", "fd00::1", "192.168.1.5"].map(trusts), [true, true, true, false]);
 * ```
 */
export function trustIn(ranges: string): Trust {
  const trusted = ranges.split(",").map((range) => readRange(range.trim()));
  return (host) => {
    const canonical = canonicalAddress(host);
    if (canonical === undefined) return false;
    const address = ipaddr.parse(canonical);
    return trusted.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
  };
}

/**
 * The address of a client. Behind a trusted proxy it is the last one of `X-Forwarded-For` that is no trusted proxy:
 * the client may have written those before it. Without such a header it is the proxy's own address; if all are
 * proxies, the first of them.
 *
 * @param peer the address of the connection
 * @param forwarded the header, if there is one
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const trusts = trustIn("127.0.0.1,10.0.0.0/8");
 * assert.equal(clientHost("127.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.7", trusts), "203.0.113.9");
 * assert.equal(clientHost("203.0.113.9", "1.1.1.1", trusts), "203.0.113.9");
 * ```
 */
export function clientHost(peer: string, forwarded: string | null, trusts: Trust): string {
  let host = peer;
  const hops = forwarded?.split(",").map((hop) => hop.trim()).filter((hop) => hop !== "") ?? [];
  for (const hop of hops.reverse()) {
    if (!trusts(host)) break;
    const before = hostIn(hop);
    if (before === undefined) break;
    host = before;
  }
  return host;
}

/** The address in an element of `X-Forwarded-For`; some proxies add a port, and then brackets around IPv6. */
function hostIn(hop: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/.exec(hop) ?? [];
  return canonicalAddress(bracketed ?? plain ?? hop);
}

function readRange(range: string): [base: ipaddr.IPv4 | ipaddr.IPv6, bits: number] {
  const [, text = "", , size] = /^([^/%]+)(\/(\d{1,3}))?$/.exec(range) ?? [];
  const canonical = canonicalAddress(text);
  if (canonical === undefined) throw expected(({ anyRange }) => anyRange, range);
  const base = ipaddr.parse(canonical), whole = base.kind() === "ipv4" ? 32 : 128;
  // The range of an IPv4 address in IPv6 form: its first 96 bits are the form.
  const mapped = whole === 32 && text.includes(":") ? 96 : 0;
  const bits = size === undefined ? whole : Number(size) - mapped;
  if (bits < 0 || bits > whole) throw expected(({ rangeOfBits }) => rangeOfBits(mapped, mapped + whole), range);
  const { IPv4, IPv6 } = ipaddr;
  const first = whole === 32
    ? IPv4.networkAddressFromCIDR(`${canonical}/${bits}`)
    : IPv6.networkAddressFromCIDR(`${canonical}/${bits}`);
  if (first.toString() !== canonical) throw expected(() => `${first}/${bits}`, range);
  return [base, bits];
}

function expected(what: (texts: Texts) => string, range: string): RangeRefused {
  return new RangeRefused(inEach((texts) => texts.notRange(what(texts), JSON.stringify(range))));
}
