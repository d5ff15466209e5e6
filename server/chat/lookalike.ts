/**
 * Names that look like another's: `раypal` with two Cyrillic letters. Unicode (UTS 39, section 4) gives each text a skeleton,
 * and texts that look alike have the same one. Its table is made of that of the npm package `unhomoglyph` 1.0.6, from Unicode
 * 13.0.0 (tools/lookalike_table.ts); letters that came into Unicode later are their own skeletons. A name takes about 1 µs.
 */
import table from "./lookalike.json" with { type: "json" };
import { COMMON_ROOM, nameKey } from "../../jim/mod.ts";

/** What each letter looks like, by its code point. */
const prototypes: Readonly<Record<number, string>> = table;

const ASCII = /^[ -~]*$/;

/**
 * The skeletons of a name: of its spelling, of its canonical form, since a capital may look like a letter that the small one
 * does not look like, and for letters of other scripts also of the small letters that their capitals look like. Two names
 * look alike if they have one in common.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const paypal = skeletons("paypal");
 * for (const name of ["раypal", "РAYРAL", "ｐａｙｐａｌ", "paypa1"]) {
 *   assert.ok(skeletons(name).some((each) => paypal.includes(each)), name);
 * }
 * assert.ok(!skeletons("payal").some((each) => paypal.includes(each)));
 * ```
 */
export function skeletons(name: string): string[] {
  const own = skeleton(name), found = [own, skeleton(nameKey(name))];
  if (!ASCII.test(name)) found.push(skeleton(nameKey(own)));
  return [...new Set(found)];
}

/** Compatibility forms (full width, mathematical letters) count as what they are made from: they look like it. */
function skeleton(text: string): string {
  let found = "";
  for (const character of text.normalize("NFKD")) found += prototypes[character.codePointAt(0)!] ?? character;
  return found.normalize("NFD");
}

/**
 * Names that programs use when their user has given them none: the course's own clients, those of its students, the handout's
 * example, placeholders. All users of such a program share the name. If one of them registered it, the program would be
 * refused to all others.
 */
const DEFAULTS = [
  "Guest",
  "John Doe",
  "C0deMaverick",
  "Anonymous",
  "User",
  "Username",
  "account_name",
  "client_name",
  "Client",
  "Name",
  "None",
  "null",
  "undefined",
  "Unknown",
  "Гость",
  "Аноним",
  "Пользователь",
];

const defaults: ReadonlySet<string> = new Set(DEFAULTS.flatMap(skeletons));

/**
 * Whether a name is a program's default name, or looks like one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["GUEST", "John Doe", "gue\u0455t", "Johnny"].map(isDefaultName), [true, true, true, false]);
 * ```
 */
export function isDefaultName(name: string): boolean {
  return skeletons(name).some((each) => defaults.has(each));
}

/** The common chat, and another spelling of it that programs use. */
const commons: ReadonlySet<string> = new Set([COMMON_ROOM, "#chat"].flatMap(skeletons));

/**
 * Whether a room looks like the common chat and is another one: what is said there would be taken for said to everybody.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["#\u0430ll", "#a1l", "＃all", "#＃all", "#halls"].map(looksCommon), [true, true, true, true, false]);
 * ```
 */
export function looksCommon(room: string): boolean {
  return skeletons(room.normalize("NFKC").replace(/^#+/, "#")).some((each) => commons.has(each));
}
