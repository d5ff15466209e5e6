import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalAddress } from "../../../jim/address.ts";
import { clientHost, RangeRefused, trustIn } from "../../../server/net/trusted_proxies.ts";

const ranges: [ranges: string, host: string, is: boolean][] = [
  ["127.0.0.1", "127.0.0.1", true],
  ["127.0.0.1", "127.0.0.2", false],
  ["127.0.0.1", "::ffff:127.0.0.1", true],
  ["::ffff:127.0.0.1", "127.0.0.1", true],
  ["::1", "0:0:0:0:0:0:0:1", true],
  ["::1", "127.0.0.1", false],
  ["10.0.0.0/8", "10.255.255.255", true],
  ["10.0.0.0/8", "11.0.0.0", false],
  ["::ffff:10.0.0.0/104", "10.1.2.3", true],
  ["::ffff:10.0.0.0/104", "11.0.0.0", false],
  ["2001:db8::/32", "2001:db8:ffff::1", true],
  ["2001:db8::/32", "2001:db9::", false],
  ["fe80::/10", "fe80::1%eth0", true],
  ["0.0.0.0/0", "203.0.113.9", true],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["::/0", "203.0.113.9", false],
  ["127.0.0.1, 10.0.0.0/8 ,::1", "::1", true],
  ["127.0.0.1", "not an address", false],
];
for (const [text, host, is] of ranges) {
  Deno.test(`trustIn(${JSON.stringify(text)}) ${is ? "trusts" : "does not trust"} ${host}`, () => {
    assert.equal(trustIn(text)(host), is);
  });
}

const SUCH = "expected an address or a range such as 127.0.0.1 or 10.0.0.0/8, got";
const mistakes: [ranges: string, message: string][] = [
  ["", `${SUCH} ""`],
  ["localhost", `${SUCH} "localhost"`],
  ["127.0.0.1,", `${SUCH} ""`],
  ["127.0.0.1 ::1", `${SUCH} "127.0.0.1 ::1"`],
  ["127.1", `${SUCH} "127.1"`],
  ["fe80::1%eth0", `${SUCH} "fe80::1%eth0"`],
  ["10.0.0.0/", `${SUCH} "10.0.0.0/"`],
  ["10.0.0.0/255.0.0.0", `${SUCH} "10.0.0.0/255.0.0.0"`],
  ["10.0.0.0/33", 'expected a range of 0 to 32 bits, got "10.0.0.0/33"'],
  ["::/129", 'expected a range of 0 to 128 bits, got "::/129"'],
  ["::ffff:10.0.0.0/8", 'expected a range of 96 to 128 bits, got "::ffff:10.0.0.0/8"'],
  ["10.0.0.5/8", 'expected 10.0.0.0/8, got "10.0.0.5/8"'],
  ["2001:db8::1/32", 'expected 2001:db8::/32, got "2001:db8::1/32"'],
];
for (const [text, message] of mistakes) {
  Deno.test(`trustIn says what is wrong with ${JSON.stringify(text)}`, () => {
    assert.throws(() => trustIn(text), (error: unknown) => {
      assert.ok(error instanceof RangeRefused);
      assert.equal(error.message, message);
      return true;
    });
  });
}

const trusts = trustIn("127.0.0.1,10.0.0.0/8,2001:db8::/32");
const chains: [what: string, peer: string, forwarded: string | null, host: string][] = [
  ["no header", "127.0.0.1", null, "127.0.0.1"],
  ["an empty header", "127.0.0.1", "", "127.0.0.1"],
  ["one client", "127.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["a client that pretends", "127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
  ["a client that pretends to be a proxy", "127.0.0.1", "1.1.1.1, 127.0.0.1, 203.0.113.9", "203.0.113.9"],
  ["two proxies", "127.0.0.1", "203.0.113.9, 10.0.0.7", "203.0.113.9"],
  ["three proxies", "127.0.0.1", "9.9.9.9,203.0.113.9,10.0.0.7,2001:db8::7", "203.0.113.9"],
  ["proxies only", "127.0.0.1", "10.0.0.9, 10.0.0.7", "10.0.0.9"],
  ["a peer that is no proxy", "203.0.113.9", "1.1.1.1", "203.0.113.9"],
  ["a port", "127.0.0.1", "203.0.113.9:50412", "203.0.113.9"],
  ["IPv6", "127.0.0.1", "2001:DB9::0:1", "2001:db9::1"],
  ["IPv6 in brackets", "127.0.0.1", "[2001:db9::1]", "2001:db9::1"],
  ["IPv6 and a port", "127.0.0.1", "[2001:db9::1]:50412", "2001:db9::1"],
  ["IPv6 with a zone", "127.0.0.1", "fe80::1%eth0", "fe80::1"],
  ["IPv4 in IPv6", "127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"],
  ["a proxy that does not say", "127.0.0.1", "203.0.113.9, unknown", "127.0.0.1"],
  ["an obfuscated node", "127.0.0.1", "1.1.1.1, _secret, 10.0.0.7", "10.0.0.7"],
  ["garbage behind the client", "127.0.0.1", "<b>, 203.0.113.9", "203.0.113.9"],
  ["empty elements", "127.0.0.1", " , 203.0.113.9 ,, ", "203.0.113.9"],
  ["an octal form", "127.0.0.1", "010.0.0.9", "127.0.0.1"],
  ["half a bracket", "127.0.0.1", "[2001:db9::1", "127.0.0.1"],
  ["a bad port", "127.0.0.1", "203.0.113.9:port", "127.0.0.1"],
];
for (const [what, peer, forwarded, host] of chains) {
  Deno.test(`clientHost: ${what}`, () => assert.equal(clientHost(peer, forwarded, trusts), host));
}

Deno.test("clientHost gives what the proxy saw, whatever the client has written before", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.ipV4().filter((host) => !trusts(host)), (written, host) => {
    assert.equal(clientHost("127.0.0.1", `${written}, ${host}`, trusts), host);
  }));
});

Deno.test("clientHost never fails, and gives an address", () => {
  const element = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constantFrom("127.0.0.1", "10.0.0.1", "[::1]:80"));
  fc.assert(fc.property(fc.array(element), (elements) => {
    const host = clientHost("127.0.0.1", elements.join(","), trusts);
    assert.equal(canonicalAddress(host), host);
  }));
});
