// Letters as a person counts them.

import assert from "node:assert/strict";
import fc from "fast-check";
import { countCodePoints, isLongerThan } from "../../jim/length.ts";
import { anyText } from "./any.ts";

Deno.test("countCodePoints gives code points, and isLongerThan compares with it", () => {
  fc.assert(fc.property(fc.oneof(anyText, fc.string({ unit: "binary" })), fc.nat(20), (text, limit) => {
    assert.equal(countCodePoints(text), [...text].length);
    assert.equal(isLongerThan(text, limit), [...text].length > limit);
  }));
});
