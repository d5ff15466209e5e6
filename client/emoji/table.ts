/**
 * The table of emoji: of each its shortcodes, as GitHub has them (`:tada:`), and the words by which it is found, in English and
 * Russian. The page loads emoji.txt when it is needed first, and the terminal has it in its program.
 * @module
 */
import { spellEmoji } from "../../jim/emoji.ts";

/** An emoji of the table. */
export interface Emoji {
  readonly emoji: string;
  /** Its shortcodes, without colons; most have one. */
  readonly codes: readonly string[];
  /** Its English name and keywords. */
  readonly english: string;
  readonly russian: string;
}

/** A group of Unicode: smileys, people, animals, food, travel, activities, objects, symbols, flags. */
export interface EmojiGroup {
  /** Its number in emoji.txt. */
  readonly number: number;
  readonly emoji: readonly Emoji[];
}

/** A group; the keycap `#️⃣` begins so too. */
const GROUP = /^#\d$/;
const TONES = /\p{Emoji_Modifier}/gu;

/**
 * Reads emoji.txt: a line for each emoji, with its fields divided by tabs, under a line `#NUMBER` for each group.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const [group] = parseEmoji("#6\n🎉\ttada\tparty popper\tхлопушка\n");
 * assert.deepEqual(group, {
 *   number: 6,
 *   emoji: [{ emoji: "🎉", codes: ["tada"], english: "party popper", russian: "хлопушка" }],
 * });
 * ```
 */
export function parseEmoji(text: string): EmojiGroup[] {
  const groups: { number: number; emoji: Emoji[] }[] = [];
  for (const line of text.split("\n")) {
    const [emoji = "", codes = "", english = "", russian = ""] = line.split("\t");
    if (GROUP.test(line)) groups.push({ number: Number(line.slice(1)), emoji: [] });
    else if (emoji !== "") groups.at(-1)?.emoji.push({ emoji, codes: codes.split(" "), english, russian });
  }
  return groups;
}

/**
 * The emoji with a shortcode that begins so, an equal one first, then by the shortcode.
 *
 * @param start without colons
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const groups = parseEmoji("#6\n🎉\ttada\t\t\n👍\t+1 thumbsup\t\t\n👎\t-1 thumbsdown\t\t\n");
 * assert.deepEqual(emojiByCode(groups, "thumbs").map(({ code }) => code), ["thumbsdown", "thumbsup"]);
 * ```
 */
export function emojiByCode(
  groups: readonly EmojiGroup[],
  start: string,
): { readonly emoji: string; readonly code: string }[] {
  const sought = start.toLowerCase();
  const found = groups.flatMap((group) =>
    group.emoji.flatMap(({ emoji, codes }) => {
      const [code] = codes.filter((each) => each.startsWith(sought)).sort();
      return code === undefined ? [] : { emoji, code };
    })
  );
  return found.sort((one, other) => one.code < other.code ? -1 : 1);
}

/**
 * The emoji that a query is, in any spelling and with any skin tone; or those that have all words of it, each as the beginning of a word or a shortcode; in the order of the table, those
 * with an equal shortcode first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const groups = parseEmoji("#6\n🎉\ttada\tparty popper\tхлопушка праздник\n🎊\tconfetti_ball\tconfetti ball party\t\n");
 * assert.deepEqual(searchEmoji(groups, "par pop").map(({ emoji }) => emoji), ["🎉"]);
 * assert.deepEqual(searchEmoji(groups, "праз").map(({ emoji }) => emoji), ["🎉"]);
 * assert.deepEqual(searchEmoji(groups, "🎊\uFE0F").map(({ emoji }) => emoji), ["🎊"]);
 * ```
 */
export function searchEmoji(groups: readonly EmojiGroup[], query: string): Emoji[] {
  const typed = spellEmoji(query.trim()), untoned = spellEmoji(typed.replace(TONES, ""));
  const same = groups.flatMap(({ emoji }) => emoji.filter(({ emoji }) => emoji === untoned));
  if (same.length > 0) return same.map((each) => ({ ...each, emoji: typed }));
  const sought = query.toLowerCase().split(/[\s:_]+/).filter(Boolean);
  const has = ({ codes, english, russian }: Emoji) => {
    const words = [
      ...codes.flatMap((code) => [code, ...code.split("_")]),
      ...english.split(" "),
      ...russian.split(" "),
    ];
    return sought.every((each) => words.some((word) => word.startsWith(each)));
  };
  const isEqual = ({ codes }: Emoji) => codes.some((code) => code === sought.join("_")) ? 0 : 1;
  return groups.flatMap(({ emoji }) => emoji.filter(has)).sort((one, other) => isEqual(one) - isEqual(other));
}
