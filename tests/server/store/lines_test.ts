// What was kept goes out so that every program can read it.
import assert from "node:assert/strict";
import fc from "fast-check";
import { wellFormed } from "../../../server/store/lines.ts";
import { anyText } from "../../jim/any.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

Deno.test("wellFormed leaves no half of a surrogate pair, and all else as it is", () => {
  fc.assert(fc.property(anyText, anyText, (from, message) => {
    const said = { action: "msg", time: 1.5, to: "#all", from, encoding: "utf-8", message, id: 7 };
    const line = encoder.encode(JSON.stringify(said)), out = wellFormed(line);
    const whole = { ...said, from: from.toWellFormed(), message: message.toWellFormed() };
    assert.equal(decoder.decode(out), JSON.stringify(whole));
    if (from.isWellFormed() && message.isWellFormed() && !/\\ud/.test(from + message)) assert.equal(out, line);
  }));
});

Deno.test("wellFormed leaves a backslash that somebody wrote", () => {
  const line = encoder.encode(JSON.stringify({ message: String.raw`say \ud83d` }));
  assert.deepEqual(wellFormed(line), line);
});
