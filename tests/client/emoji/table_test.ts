// The table of emoji that page and terminal share.

import assert from "node:assert/strict";
import { emojiTable, withEmoji } from "../../../client/emoji/program_table.ts";
import { emojiByCode, searchEmoji } from "../../../client/emoji/table.ts";

const all = emojiTable().flatMap(({ emoji }) => emoji);

Deno.test("table has each emoji and each shortcode once, and only emoji that a server takes", () => {
  assert.deepEqual(emojiTable().map(({ number }) => number), [0, 1, 3, 4, 5, 6, 7, 8, 9]);
  const emoji = all.map((each) => each.emoji), codes = all.flatMap((each) => each.codes);
  assert.deepEqual(emoji.filter((each) => !/^\p{RGI_Emoji}$/v.test(each)), []);
  assert.deepEqual([new Set(emoji).size, new Set(codes).size], [emoji.length, codes.length]);
  assert.deepEqual(codes.filter((code) => !/^[a-z0-9_+-]+$/.test(code)), []);
  assert.deepEqual(
    all.filter(({ english, russian }) => english === "" || russian === "").map((each) => each.emoji),
    [],
  );
});

Deno.test("table finds emoji by words of two languages and by shortcodes, an equal one first", () => {
  assert.equal(searchEmoji(emojiTable(), "fox")[0]?.emoji, "🦊");
  assert.ok(searchEmoji(emojiTable(), "лиса").some(({ emoji }) => emoji === "🦊"));
  assert.equal(emojiByCode(emojiTable(), "heart")[0]?.emoji, "❤️");
  assert.deepEqual(emojiByCode(emojiTable(), "no such"), []);
  assert.deepEqual(searchEmoji(emojiTable(), "no such emoji"), []);
  const typed = ["\u{1F44D}\ufe0f", " \u2764 ", "\u270c\ufe0f\u{1F3FD}", "\u{1F469}\u{1F3FD}\u200d\u2695"]; // as a phone's keyboard does
  assert.deepEqual(
    typed.map((each) => searchEmoji(emojiTable(), each).map(({ emoji }) => emoji)),
    [["\u{1F44D}"], ["\u2764\ufe0f"], ["\u270c\u{1F3FD}"], ["\u{1F469}\u{1F3FD}\u200d\u2695\ufe0f"]],
  );
  assert.deepEqual([":+1:", ":TADA:", ":", "::", "a:tada:"].map(withEmoji), ["👍", "🎉", ":", "::", "a:tada:"]);
});
