// The table of emoji in a program: it is a part of it, and is read when it is used first.

import text from "./emoji.txt" with { type: "text" };
import { emojiByCode, type EmojiGroup, parseEmoji } from "./table.ts";

let table: readonly EmojiGroup[] | undefined;

/** The table. */
export function emojiTable(): readonly EmojiGroup[] {
  return table ??= parseEmoji(text);
}

/**
 * The emoji of a shortcode between colons; any other text as it is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([":tada:", ":nothing:", "ok"].map(withEmoji), ["🎉", ":nothing:", "ok"]);
 * ```
 */
export function withEmoji(text: string): string {
  const [, code] = /^:([a-z0-9_+-]+):$/i.exec(text) ?? [];
  if (code === undefined) return text;
  return emojiByCode(emojiTable(), code).find((each) => each.code === code.toLowerCase())?.emoji ?? text;
}
