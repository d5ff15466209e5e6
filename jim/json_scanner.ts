/**
 * Walks through a text that is no JSON, up to its first error: in linear time, and without exceptions.
 * @module
 */

/**
 * What is wrong at the first place where a text stops being JSON.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findJsonError } from "./json_error.ts";
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

/** A place, in units of UTF-16. */
export type ErrorPosition = {
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

/**
 * Finds the first place where a text stops being JSON; `undefined` for a text that is JSON.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(scanForError('{"watch":True}'), { kind: "foreign", at: 9, word: "True", expected: "true" });
 * ```
 */
export function scanForError(text: string): ErrorPosition | undefined {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  /** The brackets that close what is open. */
  readonly #open: ("}" | "]")[] = [];
  #at = 0;
  #expected: "value" | "key" | "colon" | "next" = "value";
  /** The next value or key is the first one of its object or array. */
  #isFirst = false;
  /** The last comma. */
  #comma: number | undefined;
  /** The end of the string before this place, if there is one. */
  #string: number | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): ErrorPosition | undefined {
    for (;;) {
      this.#at = past(SPACE, this.#text, this.#at)!;
      const character = this.#text[this.#at];
      if (character === undefined) return this.#atEnd();
      const error = this.#comment(character) ?? this.#step(character);
      if (error !== undefined) return error;
    }
  }

  #atEnd(): ErrorPosition | undefined {
    if (this.#expected === "next" && this.#open.length === 0) return undefined;
    return { kind: "end", at: this.#at, expected: this.#closing() };
  }

  /** The brackets that close all that is open. */
  #closing(): string {
    return this.#open.toReversed().join("");
  }

  #comment(character: string): ErrorPosition | undefined {
    if (this.#expected === "next" && character === ",") return undefined;
    return past(COMMENT, this.#text, this.#at) === undefined ? undefined : { kind: "comment", at: this.#at };
  }

  #step(character: string): ErrorPosition | undefined {
    switch (this.#expected) {
      case "colon":
        if (character !== ":") return { kind: "colon", at: this.#at };
        return this.#pass(this.#at + 1, "value");
      case "next":
        return this.#next(character);
      case "key":
      case "value":
        return this.#value(character, this.#expected === "key");
    }
  }

  /** Goes on at a place, where something is expected. */
  #pass(at: number, expected: "value" | "key" | "colon" | "next", isFirst = false): undefined {
    this.#at = at;
    this.#expected = expected;
    this.#isFirst = isFirst;
  }

  /** Behind a value: a comma or a closing bracket. */
  #next(character: string): ErrorPosition | undefined {
    const closing = this.#open.at(-1), at = this.#at;
    if (closing === undefined) return { kind: "behind", at };
    if (character === ",") {
      this.#comma = at;
      return this.#pass(at + 1, closing === "}" ? "key" : "value");
    }
    if (isClosing(character)) return character === closing ? this.#close() : { kind: "bracket", at, expected: closing };
    if (this.#string !== undefined && character !== '"' && LETTER.test(character)) {
      return { kind: "inside", at: this.#string };
    }
    if (OTHER_QUOTE.test(character)) return { kind: "quote", at };
    if (character === "{" && closing === "}") return { kind: "unclosed", at, expected: this.#closing() };
    return { kind: /["{[\p{L}\d-]/u.test(character) ? "missing" : "between", at };
  }

  #close(): undefined {
    this.#open.pop();
    this.#string = undefined;
    return this.#pass(this.#at + 1, "next");
  }

  #value(character: string, isKey: boolean): ErrorPosition | undefined {
    const at = this.#at;
    if (isClosing(character)) return this.#closeEmpty(character, isKey);
    if (character === ",") return { kind: "comma", at };
    if (OTHER_QUOTE.test(character)) return { kind: "quote", at };
    if (character === '"') {
      const end = stringEnd(this.#text, at + 1);
      if (typeof end !== "number") return end;
      this.#string = end - 1;
      return this.#pass(end, isKey ? "colon" : "next", this.#isFirst);
    }
    if (isKey) return { kind: LETTER.test(character) || NUMERIC.test(character) ? "key" : "character", at };
    this.#string = undefined;
    if (character === "{" || character === "[") return this.#begin(character);
    const end = past(NUMBER, this.#text, at) ?? literalEnd(this.#text, at);
    return typeof end === "number" ? this.#pass(end, "next", this.#isFirst) : end;
  }

  #begin(character: "{" | "["): undefined {
    this.#open.push(character === "{" ? "}" : "]");
    this.#comma = undefined;
    return this.#pass(this.#at + 1, character === "{" ? "key" : "value", true);
  }

  /** A closing bracket instead of a value or a key. */
  #closeEmpty(character: string, isKey: boolean): ErrorPosition | undefined {
    const closing = this.#open.at(-1), comma = this.#comma;
    if (this.#isFirst && character === closing) return this.#close();
    if (comma !== undefined && !this.#isFirst && (isKey || closing === "]")) return { kind: "trailing", at: comma };
    return { kind: "value", at: this.#at };
  }
}

function isClosing(character: string): boolean {
  return character === "}" || character === "]";
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
