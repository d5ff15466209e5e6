import assert from "node:assert/strict";
import fc from "fast-check";
import { escape, format, stamp } from "../../log/format.ts";
import { may } from "../may.ts";

const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d \S+ \S+ \S+ .*$/su;
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom("\n", "\r", "\\", "n", "\x1b", "\u2028", "\u202e", "\ud83d", "\x9b", "я"),
    maxLength: 20,
  }),
);

Deno.test("escape leaves nothing that ends a line, moves a cursor or turns the text, and can be undone", () => {
  fc.assert(fc.property(anyText, (text) => {
    const safe = escape(text);
    assert.doesNotMatch(safe, UNSAFE);
    assert.equal(JSON.parse(`"${safe.replaceAll('"', '\\"')}"`), text);
  }));
});

Deno.test("escape leaves ordinary text as it is", () => {
  const text = 'Привет, "мир"! 👩‍👩‍👧 שלום {} %s';
  assert.equal(escape(text), text);
});

Deno.test("format makes one line of five fields of whatever it is given", () => {
  fc.assert(fc.property(anyText, anyText, anyText, (module, fn, message) => {
    const line = format({ time: 1_700_000_000_000, level: "info", module, fn, message });
    assert.match(line, LINE);
    assert.doesNotMatch(line, UNSAFE);
  }));
});

Deno.test("format writes a dash when there is no name, and a name with a space as one word", () => {
  assert.match(format({ time: 0, level: "info", module: "", fn: "get size", message: "m" }), / info - get_size m$/);
});

Deno.test("format hides a secret and cuts a message when it is too long", () => {
  const secret = format({ time: 0, level: "info", module: "m", fn: "f", message: 'got {"password":"hunter2"}' });
  assert.match(secret, / got \{"password":\*\*\*\}$/);
  const long = format({ time: 0, level: "info", module: "m", fn: "f", message: "x".repeat(10_000) });
  assert.match(long, / x{8000}… \(2000 more\)$/);
});

Deno.test("stamp tells the moment exactly, and begins with the local date", () => {
  const moments = fc.date({ min: new Date("1990-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
  fc.assert(fc.property(moments, (date) => {
    const text = stamp(date.getTime());
    assert.equal(Date.parse(text), date.getTime());
    const local = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
    assert.deepEqual(text.slice(0, 10).split("-").map(Number), local);
  }));
});

Deno.test({
  name: "stamp has the offset of the zone, east and west and by the half hour",
  ignore: !may("read", "run"),
  fn: async () => {
    const format = new URL("../../log/format.ts", import.meta.url).href;
    const code = `import { stamp } from "${format}"; console.log(stamp(Date.UTC(2026, 10, 22, 20, 59, 58, 123)));`;
    const told = async (TZ: string) => {
      const child = new Deno.Command("deno", { args: ["eval", "-q", code], env: { TZ }, stderr: "inherit" });
      return new TextDecoder().decode((await child.output()).stdout).trim();
    };
    assert.deepEqual(await Promise.all(["Europe/Moscow", "Asia/Kolkata", "America/St_Johns", "UTC"].map(told)), [
      "2026-11-22T23:59:58.123+03:00",
      "2026-11-23T02:29:58.123+05:30",
      "2026-11-22T17:29:58.123-03:30",
      "2026-11-22T20:59:58.123+00:00",
    ]);
  },
});
