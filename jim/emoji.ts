/**
 * Emoji as keyboards send them. Unicode has one spelling of each that all programs are to show (`RGI_Emoji`), but programs send
 * U+FE0F, which asks for a picture, where that spelling has none, and leave it out where it has one: 👍 is U+1F44D in one program
 * and U+1F44D U+FE0F in another. They mean one emoji (UTS #51, section 2.4), so a chat has one spelling of it.
 * @module
 */

/** A character that may be an emoji, with U+FE0F. */
const STYLED = /(\p{Emoji})\ufe0f/gu;
/** A character that is a text unless U+FE0F is behind it. With a skin tone behind it, it is a picture. */
const TEXTS = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu;

/**
 * A text that may be one emoji, with U+FE0F where Unicode's spelling of that emoji has it and nowhere else.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["\u2764", "\u{1F44D}\uFE0F"].map(spellEmoji), ["\u2764\uFE0F", "\u{1F44D}"]);
 * ```
 */
export function spellEmoji(text: string): string {
  return text.replace(STYLED, "$1").replace(TEXTS, "$&\uFE0F");
}

/**
 * One emoji in Unicode's spelling; undefined if the text is anything else. U+FE0E, which asks for a text, makes it no emoji.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const FLAG = "\u{1F3F3}", RAINBOW = "\u200D\u{1F308}";
 * assert.equal(asEmoji(FLAG + RAINBOW), `${FLAG}\uFE0F${RAINBOW}`);
 * assert.equal(asEmoji("1"), undefined);
 * ```
 */
export function asEmoji(text: string): string | undefined {
  const emoji = spellEmoji(text);
  return /^\p{RGI_Emoji}$/v.test(emoji) ? emoji : undefined;
}
