// Letters as a person counts them.

import assert from "node:assert/strict";
import fc from "fast-check";
import { countCodePoints, isLongerThan, truncate } from "../../jim/length.ts";
import { anyText } from "./any.ts";

Deno.test("countCodePoints gives code points, and isLongerThan compares with it", () => {
  fc.assert(fc.property(fc.oneof(anyText, fc.string({ unit: "binary" })), fc.nat(20), (text, limit) => {
    assert.equal(countCodePoints(text), [...text].length);
    assert.equal(isLongerThan(text, limit), [...text].length > limit);
  }));
});

Deno.test("truncate gives the longest beginning within the limit that ends no surrogate pair in its middle", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, limit) => {
    const shown = truncate(text, limit);
    assert.ok(text.startsWith(shown) && shown.length <= limit);
    assert.ok(shown.isWellFormed());
    if (text.length > limit) assert.ok(shown.length >= limit - 1);
    else assert.equal(shown, text);
  }));
});
