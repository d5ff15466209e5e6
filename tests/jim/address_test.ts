import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalAddress } from "../../jim/address.ts";

const addresses: [text: string, address: string | undefined][] = [
  ["10.0.0.7", "10.0.0.7"],
  ["255.255.255.255", "255.255.255.255"],
  ["::ffff:10.0.0.7", "10.0.0.7"],
  ["::FFFF:a00:7", "10.0.0.7"],
  ["0:0:0:0:0:ffff:10.0.0.7", "10.0.0.7"],
  ["::", "::"],
  ["::1", "::1"],
  ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:0db8::0001", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["fe80::1%2", "fe80::1"],
  ["::1.2.3.4", "::102:304"],
  ["", undefined],
  ["localaddress", undefined],
  ["unknown", undefined],
  ["_hidden", undefined],
  ["1", undefined],
  ["10.1", undefined],
  ["010.0.0.7", undefined],
  ["0x7f.0.0.1", undefined],
  ["256.0.0.1", undefined],
  ["10.0.0.7 ", undefined],
  ["10.0.0.7%eth0", undefined],
  ["10.0.0.7/8", undefined],
  ["1::2::3", undefined],
  ["::ffff:010.0.0.7", undefined],
  ["::1/128", undefined],
  ["[::1]", undefined],
  ["::1]@[::2", undefined],
  ["12345::", undefined],
  ["fe80::1%", undefined],
];
for (const [text, address] of addresses) {
  Deno.test(`canonicalAddress makes ${address ?? "nothing"} of ${JSON.stringify(text)}`, () => {
    assert.equal(canonicalAddress(text), address);
  });
}

const six = fc.array(fc.nat({ max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((group) => group.toString(16)).join(":"));

Deno.test("canonicalAddress is the same for an address and for what it makes of it", () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), six), (text) => {
    const address = canonicalAddress(text)!;
    assert.equal(canonicalAddress(address), address);
    assert.equal(canonicalAddress(text.toUpperCase()), address);
  }));
});

Deno.test("canonicalAddress never fails, whatever comes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[0-9a-f:.%\[\]/]{0,40}$/)), (text) => {
      canonicalAddress(text);
    }),
  );
});
