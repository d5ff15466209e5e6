import assert from "node:assert/strict";
import fc from "fast-check";
import { ALARM, coloured, colourOf, PALETTE, plain, QUIET } from "../../../client/terminal/paint.ts";
import { messageRows, noteRows } from "../../../client/terminal/rows.ts";
import { columnsOf } from "../../../client/terminal/width.ts";

/** The light of one of the 256 colours, from 0 to 1, as WCAG has it. */
function luminance(colour: number): number {
  const levels = [0, 95, 135, 175, 215, 255], cube = colour - 16;
  const grey = 8 + 10 * (colour - 232);
  const parts = colour >= 232
    ? [grey, grey, grey]
    : [levels[Math.floor(cube / 36)]!, levels[Math.floor(cube / 6) % 6]!, levels[cube % 6]!];
  const [red, green, blue] = parts.map((part) => part / 255)
    .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

Deno.test("PALETTE is read on black and on white, each colour with a contrast of 4 to 1", () => {
  for (const colour of [...PALETTE, QUIET, ALARM]) {
    const light = luminance(colour);
    assert.ok(1.05 / (light + 0.05) >= 3.99 && (light + 0.05) / 0.05 >= 3.99, String(colour));
  }
});

Deno.test("colourOf gives a name the same colour always, and names all colours", () => {
  const names = Array.from({ length: 200 }, (_, index) => `guest-${index}`);
  assert.deepEqual(names.map(colourOf), names.map(colourOf));
  assert.deepEqual(new Set(names.map(colourOf)), new Set(PALETTE));
});

Deno.test("messageRows fits the window, and every row of anybody's text begins behind the mark", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 200 });
  const columns = fc.integer({ min: 40, max: 120 });
  fc.assert(
    fc.property(
      text,
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
      columns,
      fc.boolean(),
      (text, from, columns, own) => {
        const rows = messageRows({ from, text, time: 0, own }, "ann", { paint: plain, columns }).split("\n");
        for (const row of rows) {
          assert.match(row, own ? / › ?/ : / │ ?/);
          assert.ok(columnsOf(row) <= columns || /:\/\//.test(row), row);
          assert.ok(!/\p{Cc}/u.test(row));
        }
        const painted = messageRows({ from, text, time: 0, own }, "ann", { paint: coloured, columns }).split("\n");
        assert.deepEqual(painted.map(columnsOf), rows.map(columnsOf));
      },
    ),
  );
});

Deno.test("messageRows keeps lines of code, not a thousand of them, and marks the name of who reads", () => {
  const rows = (text: string) =>
    messageRows({ from: "bob", text, time: 0, own: false }, "ann.", { paint: coloured, columns: 80 });
  assert.equal(rows("a\n  b\r\nc").split("\n").length, 3);
  assert.ok(rows("x\n".repeat(2_000)).split("\n").length < 200);
  assert.ok(rows("Ann. and ann.").includes("\x1b[7mAnn.\x1b[m and \x1b[7mann.\x1b[m"));
  assert.ok(!rows("anno").includes("\x1b[7m"));
});

Deno.test("noteRows breaks several lines, and makes what a server says harmless", () => {
  const rows = noteRows(["one", "two\x1b[2J"], "!", 0, { paint: plain, columns: 40 });
  assert.match(rows, /! one\n +two␛\[2J$/);
});
