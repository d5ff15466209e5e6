// The sentences: the framer's and the server's. Those of each field are held in parse_test.ts, beside what calls for them.

import assert from "node:assert/strict";
import { parse } from "../../jim/parse.ts";
import { type Reason, refuse } from "../../jim/refusal.ts";
import { EXAMPLE_PRESENCE, explain } from "../../jim/words.ts";

const sentences: [reason: Reason, sentence: string][] = [
  ["garbage", `Expected a JSON object that begins with {, such as ${EXAMPLE_PRESENCE}, got "GOT"`],
  ["broken", 'Expected the object to be closed by } before anything new begins, got "GOT"'],
  ["big", "Expected an object of at most 9 bytes, got a larger one, which was left out"],
  ["deep", "Expected at most 9 brackets inside each other, got more; the object was left out"],
  ["endless", "Expected the large object to end within another 9 bytes; the connection is closed"],
  ["presence", `Expected a presence before anything else, such as ${EXAMPLE_PRESENCE}`],
  ["nobody", 'to: nobody here has the name "GOT"'],
];

Deno.test("explain says what was wrong and what would be right", () => {
  for (const [reason, sentence] of sentences) {
    assert.equal(explain(refuse(reason, { limit: 9, got: '"GOT"' })), sentence);
  }
});

Deno.test("EXAMPLE_PRESENCE is a presence that parse takes", () => {
  assert.deepEqual(parse(new TextEncoder().encode(EXAMPLE_PRESENCE)), { message: JSON.parse(EXAMPLE_PRESENCE) });
});

Deno.test("explain gives examples that parse takes", () => {
  for (const reason of ["garbage", "json", "object", "presence"] as const) {
    const sentence = explain(refuse(reason, { got: "nothing" }));
    const example = sentence.slice(sentence.indexOf('{"'), sentence.lastIndexOf("}") + 1);
    assert.ok("message" in parse(new TextEncoder().encode(example)), example);
  }
});
