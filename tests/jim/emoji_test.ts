// One spelling of each emoji: with U+FE0F where Unicode has it, however a keyboard sends it.

import assert from "node:assert/strict";
import fc from "fast-check";
import { emojiTable } from "../../client/emoji/program_table.ts";
import { asEmoji } from "../../jim/mod.ts";

const STYLE = "\ufe0f";
const all = emojiTable().flatMap(({ emoji }) => emoji.map(({ emoji }) => emoji));
/** Those with a skin tone, a gender or a hair, which are not in the table. */
const more = [
  "\u261d\u{1F3FD}",
  "\u{1F575}\u{1F3FD}\u200d\u2640\ufe0f",
  "\u{1F575}\ufe0f\u200d\u2642\ufe0f",
  "\u{1F469}\u{1F3FF}\u200d\u{1F9B0}",
  "\u26f9\u{1F3FB}\u200d\u2642\ufe0f",
  "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
];

/** Its characters, each with U+FE0F, without it, or as it was. */
function spelt(emoji: string, ways: readonly ("with" | "without" | "same")[]): string {
  return [...emoji.matchAll(/(\P{M}|[\u20e3])(\ufe0f?)/gu)].map(([same, character], i) => {
    const isEmoji = /\p{Emoji}/u.test(character!), way = ways[i % ways.length];
    return !isEmoji || way === "same" ? same : way === "with" ? character! + STYLE : character!;
  }).join("");
}

Deno.test("an emoji has one spelling, whichever of its characters are sent with U+FE0F", () => {
  const ways = fc.array(fc.constantFrom("with" as const, "without" as const, "same" as const), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(fc.property(fc.constantFrom(...all, ...more), ways, (emoji, ways) => {
    assert.equal(asEmoji(spelt(emoji, ways)), emoji);
  }));
  for (const emoji of [...all, ...more]) {
    for (const way of ["with", "without", "same"] as const) assert.equal(asEmoji(spelt(emoji, [way])), emoji, emoji);
  }
});

Deno.test("what is no emoji, or asks to be shown as a text, stays none", () => {
  const none = [
    "",
    "a",
    "1",
    "#",
    `1${STYLE}`,
    STYLE,
    "\u200d",
    "\u2764\ufe0e",
    "\u{1F44D}\ufe0e",
    `\u{1F44D}${STYLE}${STYLE}`,
  ];
  for (const text of [...none, `${STYLE}\u{1F44D}`, "\u{1F44D}\u{1F44D}", " \u{1F44D}", "\u{1F1EB}"]) {
    assert.equal(asEmoji(text), undefined, JSON.stringify(text));
  }
});
