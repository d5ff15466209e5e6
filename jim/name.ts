/**
 * Names of people and rooms: which texts may be one, and which spellings are the same name. No table of characters is kept
 * here: the engine's own Unicode data decides, through `normalize`, the case conversions and regular expressions.
 * @module
 */
import { isLongerThan } from "./length.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { INVISIBLE, UNSEEN } from "./characters.ts";

/** A run of characters that are no letters of a name: blank, or white. */
const GAPS = new RegExp(String.raw`[\p{White_Space}${INVISIBLE}]+`, "gu");
const WHITE = /\p{White_Space}/u;

/** Printable ASCII with single spaces inside: its key is its lower case. Most names are so, and this is ten times as fast. */
const SIMPLE = /^[!-~]+(?: [!-~]+)*$/;

/** Dots above an i. `İ` is written as one in lower case, and a Turkish reader takes `İ` for the capital of `i`. */
const DOTS_OF_I = /(?<=i\p{M}*)\u0307/gu;

/**
 * The canonical form of a name or of a room's name: two spellings are the same name if and only if their keys are equal.
 * It is for comparing, never for showing. Unicode calls it a canonical caseless match (The Unicode Standard, 3.13, D145);
 * where there is a choice, the one that makes two spellings the same name is taken, because nobody can then pass for
 * another by it:
 *
 * - Composed and decomposed letters are the same (`NFC`). Compatibility forms are not: `ａnn` in full width is another name.
 * - Case does not count. Text is converted to lower, upper and lower case again, so that each letter that shares a capital
 *   is the same: `ß`, `ẞ` and `ss`; `ſ` and `s`; `K` (Kelvin) and `k`; `ﬁ` and `fi`; `ς` and `σ`; `µ` and `μ`; Turkish `ı` and `i`.
 *   A dot above an `i` is dropped, so that `İ` is `i` as well.
 * - Characters that draw nothing are dropped, although {@linkcode isName} refuses nearly all of them: names that were let in
 *   by an older version have a key too.
 * - A run of white space is one space; at the beginning and the end there is none.
 * - Half a surrogate pair is U+FFFD, as it would be in UTF-8.
 *
 * @param name any text; the `#` of a room stays. Nothing throws; a text of which nothing can be seen has the key `""`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(nameKey("ANN"), nameKey("ann"));
 * assert.equal(nameKey("zoe\u0308"), nameKey("Zoë"));
 * assert.equal(nameKey("#Lesson7"), "#lesson7");
 * assert.notEqual(nameKey("\u0430nn"), nameKey("ann")); // a Cyrillic letter is another one
 * ```
 */
export function nameKey(name: string): string {
  if (SIMPLE.test(name)) return name.toLowerCase();
  const seen = name.toWellFormed().replace(GAPS, (gap) => WHITE.test(gap) ? " " : "").trim().normalize("NFD");
  const folded = seen.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
  return folded.normalize("NFD").replace(DOTS_OF_I, "").normalize("NFC");
}

/**
 * Control characters, marks that turn text around, letters that nobody sees and spaces that only look like one would let
 * a name pass for another's, or draw on somebody's terminal.
 */
const MISLEADING = new RegExp(String.raw`${UNSEEN}|(?! )\p{Zs}|^ | $`, "u");

/**
 * Marks that are no part of a letter: without one before them; of a script with letters that take none from the one
 * before (a Khmer vowel behind a Latin letter draws a circle or nothing); and those that UTS 39, 5.4 advises to refuse, more than
 * four on one letter, or the same one twice, which draws over itself.
 */
const STRAY_MARK = new RegExp(
  [
    String.raw`(?<=^| )\p{M}`,
    String.raw`(?<=[\p{sc=Common}\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]\p{sc=Inherited}*)` +
    String.raw`(?![\p{sc=Common}\p{sc=Inherited}\p{sc=Greek}\p{sc=Cyrillic}])\p{M}`,
    String.raw`(?<=(?:\p{Mn}|\p{Me}){4})(?:\p{Mn}|\p{Me})`,
    String.raw`(?<=(\p{Mn}))\1`,
  ].join("|"),
  "u",
);

/**
 * Whether a text may be somebody's name: 1 to 25 visible characters and plain spaces, not beginning with `#`. Behind the
 * `#` of a room the same is asked.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const names = ["ann", "#ann", "a\u202en", "ann\u034f", "\u0301\u0302"];
 * assert.deepEqual(names.map((name) => isName(name)), [true, false, false, false, false]);
 * ```
 */
export function isName(text: string, limits: Limits = DEFAULT_LIMITS): boolean {
  return text !== "" && !text.startsWith("#") && !isLongerThan(text, limits.name) &&
    findInvalidCharacter(text) === undefined;
}

/** What is wrong with the characters of a name. */
export interface InvalidCharacter {
  /** `letters`: one that nobody sees, or a space in the wrong place. `marks`: one that is no part of a letter. */
  readonly reason: "letters" | "marks";
  /** The first such character, as `U+034F`. */
  readonly character: string;
}

/**
 * The first character that keeps a text from being a name; the length and the `#` are not looked at.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(findInvalidCharacter("ann\u034f"), { reason: "letters", character: "U+034F" });
 * assert.deepEqual(findInvalidCharacter("\u0301ann"), { reason: "marks", character: "U+0301" });
 * assert.equal(findInvalidCharacter("Ann Lee"), undefined);
 * ```
 */
export function findInvalidCharacter(text: string): InvalidCharacter | undefined {
  if (SIMPLE.test(text)) return undefined;
  const unseen = MISLEADING.exec(text);
  if (unseen !== null) return { reason: "letters", character: formatCodePoint(unseen[0]) };
  const mark = STRAY_MARK.exec(text.normalize("NFD"));
  return mark === null ? undefined : { reason: "marks", character: formatCodePoint(mark[0]) };
}

/** A character as Unicode's charts list it: `U+034F`. */
export function formatCodePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}
