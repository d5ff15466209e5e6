import assert from "node:assert/strict";
import fc from "fast-check";
import { columnsOf, letters } from "../../../client/terminal/width.ts";
import { Window } from "../../../client/terminal/window.ts";
import { Screen } from "../../terminal/screen.ts";

/** A window, and the terminal that shows it. */
function look(columns: number) {
  const window = new Window(), screen = new Screen(columns);
  window.resize(columns);
  return {
    window,
    screen,
    flush() {
      screen.write(window.out);
      window.out = "";
    },
  };
}

/** What a terminal shows that was never touched but by this text. */
function fresh(columns: number, text: string): Screen {
  const screen = new Screen(columns);
  screen.write(text);
  return screen;
}

const letter = fc.constantFrom("a", "b", " ", "é", "e\u0301", "漢", "👩‍👩‍👧", "❤️", "ю");
const text = fc.array(letter, { maxLength: 60 }).map((letters) => letters.join(""));
// xterm.js mixes up letters of several code points when it wraps printed lines anew; our own line is written anew by us.
const plain = fc.array(fc.constantFrom("a", "b", " ", "é", "漢", "ю"), { maxLength: 60 }).map((letters) =>
  letters.join("")
);
const action = fc.oneof(
  fc.record({ do: fc.constant("type" as const), text, tail: text }),
  fc.record({ do: fc.constant("print" as const), text: plain }),
  fc.record({ do: fc.constant("resize" as const), columns: fc.integer({ min: 2, max: 30 }) }),
);

Deno.test("Window leaves what was printed above, and the line and its cursor below, whatever is typed, printed and resized", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 30 }), fc.array(action, { maxLength: 12 }), (columns, actions) => {
    const { window, screen, flush } = look(columns);
    let printed = "", before = "> ", after = " ";
    window.line("> ", "", 0);
    flush();
    for (const each of actions) {
      if (each.do === "type") {
        // The cursor stands between two letters.
        const whole = each.text + (/^[\p{M}\u200d\ufe0f]/u.test(each.tail) ? "" : each.tail);
        window.line("> ", whole, each.text.length);
        [before, after] = [`> ${each.text}`, `${whole.slice(each.text.length)} `];
      } else if (each.do === "print") {
        window.print(each.text);
        printed += `${each.text}\r\n`;
      } else {
        screen.resize(each.columns);
        window.resize(each.columns);
      }
      flush();
    }
    assert.deepEqual(screen.rows, fresh(window.columns, printed + before + after).rows);
    const [under = ""] = letters(after); // the cursor is on the letter behind it
    const expected = fresh(window.columns, printed + before + under);
    assert.deepEqual([screen.row, screen.column], [expected.row, expected.column - columnsOf(under)]);
  }));
});

Deno.test("Window sends nothing for a line that is there already, and only the letter for one more letter", () => {
  const { window, flush } = look(20);
  window.line("> ", "hel", 3);
  flush();
  window.line("> ", "hel", 3);
  assert.equal(window.out, "");
  window.line("> ", "hell", 4);
  assert.equal(window.out, "l \b");
});

Deno.test("Window takes the line away at the end, and keeps what was printed", () => {
  const { window, screen, flush } = look(10);
  window.line("> ", "a long line that takes three", 5);
  window.print("hello");
  window.end();
  window.print("bye");
  flush();
  assert.deepEqual(screen.rows, ["hello", "bye"]);
});
