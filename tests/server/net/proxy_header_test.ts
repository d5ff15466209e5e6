// The header of the PROXY protocol: its forms, each cut anywhere.

import assert from "node:assert/strict";
import fc from "fast-check";
import { readHeader } from "../../../server/net/proxy_header.ts";
import { broken, none, second, SIGNATURE, text, whole } from "./proxy_headers.ts";

for (const [what, bytes, header] of whole) {
  Deno.test(`readHeader reads ${what}, and nothing of what follows`, () => {
    for (const next of ["", "{", "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\r\n"]) {
      assert.deepEqual(readHeader(Uint8Array.of(...bytes, ...text(next))), { ...header, length: bytes.length });
    }
  });
}

Deno.test("readHeader waits for the rest of every header, and knows from the start of it that it is one", () => {
  for (const [what, bytes] of whole) {
    const begins = bytes[0] === 13 ? SIGNATURE.length : 6;
    for (let size = 0; size < bytes.length; size++) {
      assert.deepEqual(
        readHeader(bytes.subarray(0, size)),
        { kind: "part", begun: size >= begins },
        `${what}: ${size}`,
      );
    }
  }
});

for (const [what, bytes] of broken) {
  Deno.test(`readHeader finds ${what} broken`, () => {
    assert.equal(readHeader(bytes).kind, "broken");
  });
}

Deno.test("readHeader takes nothing else for a header", () => {
  for (const bytes of none) assert.deepEqual(readHeader(text(bytes)), { kind: "none" }, bytes);
});

Deno.test("readHeader never fails, and never takes more than there is", () => {
  const starts = fc.constantFrom(
    new Uint8Array(0),
    text("PROXY "),
    text("PROXY TCP4 "),
    SIGNATURE,
    second(0x21, 0x11, []),
  );
  fc.assert(fc.property(starts, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
    const bytes = Uint8Array.of(...start, ...rest), header = readHeader(bytes);
    if ("length" in header) assert.ok(header.length <= bytes.length);
  }));
});

Deno.test("readHeader says the same of the same header, once it is decided, whatever comes behind", () => {
  const some = fc.constantFrom(...whole.map(([, bytes]) => bytes), ...broken.map(([, bytes]) => bytes));
  fc.assert(fc.property(some, fc.uint8Array(), fc.nat(), (bytes, rest, cut) => {
    const all = Uint8Array.of(...bytes, ...rest), early = readHeader(all.subarray(0, cut % all.length));
    if (early.kind !== "part") assert.deepEqual(readHeader(all), early);
  }));
});
