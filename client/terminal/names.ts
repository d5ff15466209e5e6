// How a name is written in a command: bare, or in quotes, in which `\"` is a quote and `\\` a backslash. What is written by
// `writeName` is read back as exactly that name, whatever letters it has and whatever other names there are.

import { isCommonRoom, isName } from "../../jim/mod.ts";

/** A name at the beginning of a text. */
export interface NameArgument {
  readonly name: string;
  /** It was in quotes: an `@` before it is a part of it. */
  readonly isQuoted: boolean;
  /** What is behind it. */
  readonly rest: string;
}

/** What is known of people and rooms. */
export interface KnownNames {
  /** Of people, without oneself. */
  readonly names: Iterable<string>;
  readonly rooms: Iterable<string>;
  /** Commands that the server does not allow. */
  readonly withheld?: ReadonlySet<string>;
  /**
   * The spelling by which a person or a room is known here already, so that `/msg ANN` goes to the conversation with
   * `ann`; `undefined` if it is not known.
   */
  find(name: string): string | undefined;
}

/** What needs no quotes: no space, no quote, no `@` at its beginning, no comma, which parts the names of a list. */
const BARE = /^[^\s"@,][^\s",]*$/;
/** A quoted name, closed, with a space or nothing behind it. */
const QUOTED_NAME = /^"((?:[^"\\]|\\.)*)"(?:\s+(.*))?$/s;

/**
 * A name as it is typed in a command.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["ann", "Ann Lee", "@ann", '"a"'].map(writeName), ["ann", '"Ann Lee"', '"@ann"', String.raw`"\"a\""`]);
 * ```
 */
export function writeName(name: string): string {
  return BARE.test(name) ? name : `"${escaped(name)}"`;
}

/**
 * The beginning of a name, in an open quote if the whole may need one.
 *
 * @param isOpen whether a quote was opened already
 */
export function writeNameStart(start: string, isOpen: boolean): string {
  return isOpen || (start !== "" && !BARE.test(start)) ? `"${escaped(start)}` : start;
}

/**
 * Reads a name at the beginning of a text.
 *
 * @param isAll whether nothing but a name is expected: then one without quotes may have spaces
 * @returns `undefined` when a quote is not closed, or there is nothing
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(readName('"Ann Lee" hi', false), { name: "Ann Lee", isQuoted: true, rest: "hi" });
 * assert.deepEqual(readName("Ann Lee", false), { name: "Ann", isQuoted: false, rest: "Lee" });
 * assert.deepEqual(readName("Ann Lee", true), { name: "Ann Lee", isQuoted: false, rest: "" });
 * ```
 */
export function readName(text: string, isAll: boolean): NameArgument | undefined {
  const quoted = fromQuote(text);
  if (quoted !== undefined) {
    const [, inside, rest = ""] = QUOTED_NAME.exec(quoted) ?? [];
    return inside === undefined ? undefined : { name: unescaped(inside), isQuoted: true, rest };
  }
  const [, name, rest = ""] = (isAll ? /^(.+)$/s : /^(\S+)(?:\s+(.*))?$/s).exec(text) ?? [];
  return name === undefined ? undefined : { name, isQuoted: false, rest };
}

/**
 * A name that is being typed: what of it is there, and whether in an open quote; `undefined` when it is finished.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(readPartialName('"Ann L', false), { start: "Ann L", isOpen: true });
 * assert.deepEqual(['"Ann Lee"', "ann hi"].map((text) => readPartialName(text, false)), [undefined, undefined]);
 * ```
 */
export function readPartialName(
  text: string,
  isAll: boolean,
): { readonly start: string; readonly isOpen: boolean } | undefined {
  const quoted = fromQuote(text);
  if (quoted !== undefined) {
    const [, inside] = /^"((?:[^"\\]|\\.)*)\\?$/s.exec(quoted) ?? [];
    return inside === undefined ? undefined : { start: unescaped(inside), isOpen: true };
  }
  return isAll || !/\s/.test(text) ? { start: text, isOpen: false } : undefined;
}

/**
 * The person that a name in a command means. People are also written with an `@` before their names, which no part of it is
 * unless somebody is called so.
 *
 * @returns `undefined` when nobody can be called so
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const find = (name: string) => ["ann", "bob", "@bob"].find((each) => each === name.toLowerCase());
 * const name = (text: string) => personNamed(readName(text, true)!, find);
 * assert.deepEqual(["@ann", "@bob", '"@ann"', "ANN", "#cats"].map(name), ["ann", "@bob", "@ann", "ann", undefined]);
 * ```
 */
export function personNamed({ name, isQuoted }: NameArgument, find: KnownNames["find"]): string | undefined {
  const known = find(name);
  if (known !== undefined && !known.startsWith("#")) return known; // servers other than Hanita have longer names
  const bare = name.slice(1);
  if (!isQuoted && name.startsWith("@") && isName(bare)) return find(bare) ?? bare;
  return isName(name) ? name : undefined;
}

/**
 * The room that a name in a command means; where only a room can be meant, its `#` need not be typed.
 *
 * @returns `undefined` when no room can be called so, and for the common chat, which is joined and left by nobody
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const name = (text: string) => roomNamed(readName(text, true)!, () => undefined);
 * assert.deepEqual(["#cats", "my room", '"#my room"', "#all"].map(name), ["#cats", "#my room", "#my room", undefined]);
 * ```
 */
export function roomNamed({ name }: NameArgument, find: KnownNames["find"]): string | undefined {
  const room = name.startsWith("#") ? name : `#${name}`, known = find(room);
  if (known !== undefined) return isCommonRoom(known) ? undefined : known;
  return isRoomName(room) ? room : undefined;
}

/** Whether a room other than the common chat may be called so. Behind its own `#` it may have another. */
function isRoomName(text: string): boolean {
  return text.startsWith("#") && isName(text.slice(1).replace(/^#/, "_")) && !isCommonRoom(text);
}

/** A text from its opening quote on, before which there may be the `@` of a person. */
function fromQuote(text: string): string | undefined {
  return text.startsWith('"') ? text : text.startsWith('@"') ? text.slice(1) : undefined;
}

function escaped(name: string): string {
  return name.replace(/["\\]/g, "\\$&");
}

function unescaped(inside: string): string {
  return inside.replace(/\\(["\\])/g, "$1");
}
