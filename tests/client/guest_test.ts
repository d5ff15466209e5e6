import assert from "node:assert/strict";
import fc from "fast-check";
import { guestName } from "../../client/guest.ts";

Deno.test("guestName is guest- and four letters, whatever the randomness gives", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(fc.infiniteStream(random), (stream) => {
    assert.match(guestName(() => stream.next().value), /^guest-[a-z]{4}$/);
  }));
});
