import assert from "node:assert/strict";
import fc from "fast-check";
import { coloured, plain } from "../../../client/terminal/paint.ts";
import { messageRows, noteRows } from "../../../client/terminal/rows.ts";
import { columnsOf } from "../../../client/terminal/width.ts";

Deno.test("messageRows fits the window, and every row of anybody's text begins behind the mark", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 200 });
  const columns = fc.integer({ min: 40, max: 120 });
  fc.assert(
    fc.property(
      text,
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
      columns,
      fc.boolean(),
      (text, from, columns, own) => {
        const rows = messageRows({ from, text, time: 0, own }, "ann", { paint: plain, columns }).split("\n");
        for (const row of rows) {
          assert.match(row, own ? /(^| )›( |$)/ : /(^| )│( |$)/);
          assert.ok(columnsOf(row) <= columns || /:\/\//.test(row), row);
          assert.ok(!/\p{Cc}/u.test(row));
        }
        const painted = messageRows({ from, text, time: 0, own }, "ann", { paint: coloured, columns }).split("\n");
        assert.deepEqual(painted.map(columnsOf), rows.map(columnsOf));
      },
    ),
  );
});

Deno.test("messageRows gives a link all the room there is, and breaks it only where that is not enough", () => {
  const link = "https://example.com/jim?lesson=7";
  const rows = (text: string, from = "bob") =>
    messageRows({ from, text, time: 0, own: false }, "ann", { paint: plain, columns: 40 }).split("\n").slice(1);
  assert.deepEqual(rows(`see ${link} first`), [`│ ${link}`, "             │ first"]);
  assert.deepEqual(rows(link), [`│ ${link}`]);
  assert.deepEqual(rows("https://example.com/", "a name of 25 characters"), ["             │ https://example.com/"]);
});

Deno.test("messageRows keeps lines of code, not a thousand of them, and marks the reader's name", () => {
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
