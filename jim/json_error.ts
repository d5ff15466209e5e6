/**
 * Why a text is no JSON, for a sentence to its author: `JSON.parse` says it in the engine's words, which change, in English
 * only, and quotes what may be a password. Used only after `JSON.parse` has failed.
 * @module
 */
import { countCodePoints } from "./length.ts";
import { hideLogin } from "./secret.ts";
import { escapeInvisible } from "./invisible.ts";

/**
 * What is wrong at the first place where a text stops being JSON.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const kind: JsonErrorKind | undefined = findJsonError('{"action":quit}')?.kind;
 * assert.equal(kind, "word");
 * ```
 */
export type JsonErrorKind =
  /** A comma before a closing bracket. */
  | "trailing"
  /** A comma where a value or a key has to be. */
  | "comma"
  /** A word of another language which JSON writes in another way: `word`, and `expected`, if there is one. */
  | "foreign"
  /** A text without quotation marks, where a value has to be. */
  | "word"
  /** A call or a variable of a program, where its value has to be. */
  | "expression"
  /** A key without quotation marks. */
  | "key"
  /** Another quotation mark than `"`. */
  | "quote"
  /** A line break inside a string. */
  | "line"
  /** Another control character inside a string. */
  | "control"
  /** A backslash before something that JSON does not escape. */
  | "escape"
  /** A quotation mark inside a string without a backslash. */
  | "inside"
  | "comment"
  /** A number as JSON does not write one: `007`, `.5`, `+1`, `0x10`. */
  | "number"
  /** Something other than the colon behind a key. */
  | "colon"
  /** A closing bracket where a value has to be. */
  | "value"
  /** A value or a key without a comma before it. */
  | "missing"
  /** Another object begins before this one has ended; `expected` closes it. */
  | "unclosed"
  /** Something else than a comma or a closing bracket behind a value. */
  | "between"
  /** The wrong closing bracket; `expected` is the correct one. */
  | "bracket"
  /** The text ends inside a string. */
  | "string"
  /** The text ends before the object does; `expected` closes it. */
  | "end"
  /** Something behind the end of the value. */
  | "behind"
  /** A character that JSON has inside of strings only. */
  | "character";

/**
 * The first place where a text stops being JSON.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const jsonError: JsonError = findJsonError('{"action":"quit",}')!;
 * assert.deepEqual([jsonError.kind, jsonError.position], ["trailing", 16]);
 * ```
 */
export interface JsonError {
  readonly kind: JsonErrorKind;
  /** Characters before the place. */
  readonly position: number;
  /** Its line and its column, counted from 1; only behind the first line. */
  readonly line?: number;
  readonly column?: number;
  /** What stands there, if it is a word that is known. */
  readonly word?: string;
  /** What has to stand there. */
  readonly expected?: string;
  /** The text before the place and from it on: a few characters, without secrets. Both are empty in a large text. */
  readonly before: string;
  readonly after: string;
}

/** A place, in units of UTF-16. */
type ErrorPosition = {
  readonly kind: JsonErrorKind;
  readonly at: number;
  readonly word?: string;
  readonly expected?: string;
};

const SPACE = /[ \t\r\n]*/y, STRING = new RegExp(String.raw`[^"\\\u0000-\u001f]*`, "y"), HEX = /[0-9a-f]{4}/iy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?(?![\p{L}\p{N}_.+-])/iuy;
/** `time.time()`, `now()`, `args.name`, `names[0]`. */
const EXPRESSION = /[\p{L}_$][\p{L}\p{N}_$]{0,30}(?:\.[\p{L}_$]|[([])/uy;
/** Bounded: a longer word is none that is known. */
const WORD = /[-+]?[\p{L}_$][\p{L}\p{N}_$]{0,15}(?![\p{L}\p{N}_$])/uy;
const LETTER = /[\p{L}_$]/u, NUMERIC = /[\d.+-]/, OTHER_QUOTE = /['`‘’‚“”„«»]/;
const COMMENT = /#|\/[/*]|--/y;

/** Words of Python and JavaScript, and what JSON has instead. */
const FOREIGN: Readonly<Record<string, string>> = {
  True: "true",
  TRUE: "true",
  False: "false",
  FALSE: "false",
  None: "null",
  NULL: "null",
  Null: "null",
  nil: "null",
  undefined: "null",
  NaN: "null",
  Infinity: "null",
  "-Infinity": "null",
};

/** Characters that are shown on each side; and of a longer text none, since all of it is looked through for secrets. */
const SHOWN = 24, LONGEST_SHOWN = 8_192;

/**
 * Finds the first place where a text stops being JSON, in linear time; `undefined` for a text that is JSON. Nothing throws.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(findJsonError('{"watch":True}'), {
 *   kind: "foreign",
 *   position: 9,
 *   word: "True",
 *   expected: "true",
 *   before: '{"watch":',
 *   after: "True}",
 * });
 * assert.equal(findJsonError('{"watch":true}'), undefined);
 * ```
 */
export function findJsonError(text: string): JsonError | undefined {
  const found = find(text);
  if (found === undefined) return undefined;
  const { kind, at, word, expected } = found, head = text.slice(0, at);
  const lines = /[\r\n]/.test(head) ? head.split(/\r\n|[\r\n]/) : undefined;
  return {
    kind,
    position: countCodePoints(head),
    ...(lines === undefined ? {} : { line: lines.length, column: countCodePoints(lines.at(-1)!) + 1 }),
    ...(word === undefined ? {} : { word }),
    ...(expected === undefined ? {} : { expected }),
    ...around(text, at),
  };
}

/** The secrets of the whole text are hidden before a part of it is taken: their names may stand outside of that part. */
function around(text: string, at: number): { before: string; after: string } {
  if (text.length > LONGEST_SHOWN) return { before: "", after: "" };
  const hidden = hideLogin(text);
  const place = placeIn(hidden, text, at);
  const before = hidden.slice(Math.max(0, place - SHOWN), place).toWellFormed();
  const after = hidden.slice(place, place + SHOWN).toWellFormed();
  return {
    before: `${place > SHOWN ? "…" : ""}${shown(before)}`,
    after: `${shown(after)}${place + SHOWN < hidden.length ? "…" : ""}`,
  };
}

/** Where a place of a text is in the same text without its secrets; of one in a secret, where that was. */
function placeIn(hidden: string, text: string, at: number): number {
  if (hidden === text) return at;
  let same = 0, end = 0;
  while (same < at && hidden[same] === text[same]) same++;
  if (same === at) return at;
  const most = Math.min(text.length - at, hidden.length - same);
  while (end < most && hidden[hidden.length - 1 - end] === text[text.length - 1 - end]) end++;
  return end === text.length - at ? hidden.length - end : same;
}

function shown(text: string): string {
  return escapeInvisible(text.replaceAll("\r", "\\r").replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
}

function find(text: string): ErrorPosition | undefined {
  const open: ("}" | "]")[] = [];
  let at = 0, comma: number | undefined, string: number | undefined;
  let expected: "value" | "key" | "colon" | "next" = "value", first = false;
  for (;;) {
    at = past(SPACE, text, at)!;
    const character = text[at];
    if (character === undefined) {
      if (expected === "next" && open.length === 0) return undefined;
      return { kind: "end", at, expected: open.toReversed().join("") };
    }
    if (expected !== "next" || character !== ",") {
      if (past(COMMENT, text, at) !== undefined) return { kind: "comment", at };
    }
    const closes = character === "}" || character === "]";
    switch (expected) {
      case "colon":
        if (character !== ":") return { kind: "colon", at };
        at++;
        expected = "value";
        first = false;
        continue;
      case "next": {
        const closing = open.at(-1);
        if (closing === undefined) return { kind: "behind", at };
        if (character === ",") {
          comma = at++;
          expected = closing === "}" ? "key" : "value";
          first = false;
          continue;
        }
        if (!closes) {
          if (string !== undefined && character !== '"' && LETTER.test(character)) {
            return { kind: "inside", at: string };
          }
          if (OTHER_QUOTE.test(character)) return { kind: "quote", at };
          if (character === "{" && closing === "}") {
            return { kind: "unclosed", at, expected: open.toReversed().join("") };
          }
          return { kind: /["{[\p{L}\d-]/u.test(character) ? "missing" : "between", at };
        }
        if (character !== closing) return { kind: "bracket", at, expected: closing };
        open.pop();
        at++;
        string = undefined;
        continue;
      }
      case "key":
      case "value": {
        const isKey: boolean = expected === "key";
        if (closes) {
          if (first && character === open.at(-1)) {
            open.pop();
            at++;
            first = false;
            expected = "next";
            string = undefined;
            continue;
          }
          if (comma !== undefined && !first && (isKey || open.at(-1) === "]")) return { kind: "trailing", at: comma };
          return { kind: "value", at };
        }
        if (character === ",") return { kind: "comma", at };
        if (OTHER_QUOTE.test(character)) return { kind: "quote", at };
        if (character === '"') {
          const end: number | ErrorPosition = stringEnd(text, at + 1);
          if (typeof end !== "number") return end;
          at = end;
          string = end - 1;
          expected = isKey ? "colon" : "next";
          continue;
        }
        if (isKey) return { kind: LETTER.test(character) || NUMERIC.test(character) ? "key" : "character", at };
        string = undefined;
        if (character === "{" || character === "[") {
          open.push(character === "{" ? "}" : "]");
          at++;
          expected = character === "{" ? "key" : "value";
          first = true;
          comma = undefined;
          continue;
        }
        const end: number | ErrorPosition = past(NUMBER, text, at) ?? literalEnd(text, at);
        if (typeof end !== "number") return end;
        at = end;
        expected = "next";
      }
    }
  }
}

/** Behind a string that has begun before `at`, or what is wrong in it. */
function stringEnd(text: string, at: number): number | ErrorPosition {
  for (;;) {
    at = past(STRING, text, at)!;
    const character = text[at];
    if (character === '"') return at + 1;
    if (character === undefined) return { kind: "string", at };
    if (character !== "\\") return { kind: character === "\n" || character === "\r" ? "line" : "control", at };
    const escaped = text[at + 1];
    if (escaped === undefined) return { kind: "string", at: at + 1 };
    const end = escaped === "u" ? past(HEX, text, at + 2) : '"\\/bfnrt'.includes(escaped) ? at + 2 : undefined;
    if (end === undefined) return { kind: "escape", at };
    at = end;
  }
}

/** Behind `true`, `false` or `null`, or what stands there instead. */
function literalEnd(text: string, at: number): number | ErrorPosition {
  const end = past(WORD, text, at), word = end === undefined ? "" : text.slice(at, end);
  if (word === "true" || word === "false" || word === "null") return end!;
  if (Object.hasOwn(FOREIGN, word)) return { kind: "foreign", at, word, expected: FOREIGN[word]! };
  const character = text[at]!;
  if (NUMERIC.test(character)) return { kind: "number", at };
  if (past(EXPRESSION, text, at) !== undefined) return { kind: "expression", at };
  return { kind: LETTER.test(String.fromCodePoint(text.codePointAt(at)!)) ? "word" : "character", at };
}

/** Where a sticky pattern that matches here ends. */
function past(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
