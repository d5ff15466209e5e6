// What was kept goes out so that every program can read it.
import assert from "node:assert/strict";
import fc from "fast-check";
import { wellFormed } from "../../../server/journal/lines.ts";
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

Deno.test("wellFormed gives a time that no clock can show as that of its id, and every other as it is", () => {
  const times = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger(), fc.integer());
  const some = fc.constantFrom(
    1764000000123456789,
    9999999999999,
    8.64e12,
    -8640000000001,
    1e300,
    1764000000000,
    1e-7,
    0,
  );
  fc.assert(fc.property(fc.oneof(times, some), (time) => {
    const said = {
      action: "msg",
      time,
      to: "#all",
      from: "ann",
      encoding: "utf-8",
      message: "hi",
      id: 1764000000000007,
    };
    const out = JSON.parse(decoder.decode(wellFormed(encoder.encode(JSON.stringify(said)))));
    const shown = Math.abs(time) <= 8.64e12 ? JSON.parse(JSON.stringify(time)) : 1764000000;
    assert.deepEqual(out, { ...said, time: shown });
  }));
});

Deno.test("wellFormed leaves a backslash that somebody wrote", () => {
  const line = encoder.encode(JSON.stringify({ message: String.raw`say \ud83d` }));
  assert.deepEqual(wellFormed(line), line);
});
