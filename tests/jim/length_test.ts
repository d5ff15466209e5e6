// Letters as a person counts them.

import assert from "node:assert/strict";
import fc from "fast-check";
import { count, exceeds } from "../../jim/length.ts";
import { anyText } from "./any.ts";

Deno.test("count gives code points, and exceeds compares with it", () => {
  fc.assert(fc.property(fc.oneof(anyText, fc.string({ unit: "binary" })), fc.nat(20), (text, limit) => {
    assert.equal(count(text), [...text].length);
    assert.equal(exceeds(text, limit), [...text].length > limit);
  }));
});
