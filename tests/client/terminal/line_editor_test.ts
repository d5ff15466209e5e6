import assert from "node:assert/strict";
import fc from "fast-check";
import type { Move } from "../../../client/terminal/keys.ts";
import { LineEditor } from "../../../client/terminal/line_editor.ts";
import { letters } from "../../../client/terminal/width.ts";

/** The line after some keys, `|` where the cursor is. */
function typed(...keys: string[]): string {
  const line = new LineEditor();
  for (const key of keys) {
    if (!key.startsWith("<")) line.insert(key);
    else line.press(key.slice(1, -1) as Move);
  }
  return `${line.text.slice(0, line.at)}|${line.text.slice(line.at)}`;
}

Deno.test("LineEditor edits by letters as a person counts them, and by words", () => {
  assert.equal(typed("ae\u0301👩‍👩‍👧", "<left>", "<left>"), "a|e\u0301👩‍👩‍👧");
  assert.equal(typed("ae\u0301👩‍👩‍👧", "<backspace>", "<backspace>"), "a|");
  assert.equal(typed("one two  three", "<word-left>", "<word-left>"), "one |two  three");
  assert.equal(typed("one two", "<home>", "<word-right>", "<delete>"), "one|two");
  assert.equal(typed("one two", "<cut-word>"), "one |");
  assert.equal(typed("one two", "<home>", "<cut-next-word>"), "| two");
  assert.equal(typed("one two", "<word-left>", "<cut-before>", "<end>", " ", "<yank>"), "two one |");
  assert.equal(typed("one two", "<home>", "<right>", "<cut-after>"), "o|");
});

Deno.test("LineEditor brings back what was typed before, and the draft", () => {
  const line = new LineEditor();
  const walk = (...keys: Move[]) => {
    for (const key of keys) line.press(key);
    return line.text;
  };
  for (const text of ["one", "two", "two", ""]) {
    line.insert(text);
    line.take();
  }
  line.insert("draft");
  assert.equal(walk("up"), "two");
  assert.equal(walk("up"), "one");
  assert.equal(walk("up"), "one");
  assert.equal(walk("down", "down"), "draft");
  assert.equal(walk("down"), "draft");
});

Deno.test("LineEditor is one line without control characters, and its cursor is between two letters, whatever is pressed", () => {
  const move = fc.constantFrom<Move>(
    ...["left", "right", "word-left", "word-right", "home", "end", "up", "down", "backspace", "delete"] as const,
    ...["cut-word", "cut-next-word", "cut-before", "cut-after", "yank"] as const,
  );
  const text = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => ({ text }));
  fc.assert(fc.property(fc.array(fc.oneof(move, text, fc.constant("take" as const))), (keys) => {
    const line = new LineEditor();
    for (const key of keys) {
      if (key === "take") line.take();
      else if (typeof key === "string") line.press(key);
      else line.insert(key.text);
      assert.ok(!/\p{Cc}/u.test(line.text));
      assert.ok(line.at >= 0 && line.at <= line.text.length);
      assert.equal(letters(line.text.slice(0, line.at)).join("") + line.text.slice(line.at), line.text);
    }
  }));
});
