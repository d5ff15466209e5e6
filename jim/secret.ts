/**
 * Hides passwords and tokens in text that a peer sent, before anybody else sees it: in a refusal, in a trace, in a log. The
 * object that a password comes in may be broken in any way, since it is the broken objects that are looked at.
 * @module
 */
import { distance } from "./nearest.ts";

/** Parts of a field's name that make its value a secret. Hiding too much is the cheaper mistake. */
const SECRET = /passw|pasw|ssw|swd|passphrase|passcode|pwd|psw|secret|token/;
const EXACTLY = /^(?:.?pass.?|pw|parol|пароль|session(?:_?id)?|cookie|bearer|credentials?|authorization|api_?key)$/;
/** All of both, anywhere in a text without what is between its words. */
const ANY_NAME = new RegExp(
  `${SECRET.source}|pass|pw|parol|пароль|session|cookie|bearer|credential|authorization|api_?key`,
);
const PASSWORD = "password";
/** So many letters of `password` may be wrong. Another may be between them, a quote even, which leaves five: `sword`. */
const SLIPS = 3;
/** Its letters, equal ones side by side. */
const LETTERS = [...PASSWORD].sort();

/** A word, in which JSON's escapes may stand for letters. Bounded, so that hostile text costs no more than its length. */
const WORD = /(?:[\p{L}\p{N}_$-]|\\{1,8}u[0-9a-f]{4})+/giu;
const BETWEEN_WORDS = /[^\p{L}\p{N}_$-]+/gu;
/** Its backslash may be what was lost. Bounded as well. */
const ESCAPE = /\\{0,8}u([0-9a-f]{4})/gi;
const QUOTE = String.raw`\\{0,8}["'${"`"}]`;
/** What may part a name in two: one wrong character, with the backslashes of text that is quoted. */
const GAP = /^(?:[^]|\\{1,8}[^]?)$/;
/** Behind a name: its quote, near enough if something is wrong, and the colon if there is one; or the colon alone. */
const NAME_END = new RegExp(
  String
    .raw`(?:[^"'${"`"}:=>]{0,8}?(?:${QUOTE}){1,3}(?:[^"'${"`"}:=>,]{0,3}?([:=>]>?))?|[^"'${"`"}:=>]{0,2}?\s{0,8}([:=>]>?))\s{0,8}`,
  "y",
);
/** What this program itself says behind `password:` and `token:`. */
const OWN_WORDS = /(?:expected|see|this is not|нуж(?:но|на|ны|ен)|это не|оно) /y;
/** Behind the name of somebody in a log: nobody hides an address by the name `password`, or `password: x`. */
const ADDRESS = String.raw`\((?:[\d.]+|\[[\da-f:.]+\]):\d+\)`;
const ADDRESSED = new RegExp(ADDRESS, "y"), NAME_AND_ADDRESS = new RegExp(`" ${ADDRESS}`, "g");
const OPENING = new RegExp(QUOTE, "y"), NESTED = /[{[(]/y, LITERAL = /-?\d[\d.eE+-]*|true|false|null/y;
/** What can stand behind a value with a known end. Behind a wrong end there is something else, mostly. */
const VALUE_END = new RegExp(String.raw`[\s}\])]*(?:$|,\s*(?:$|${QUOTE}|[{[]))`, "y");
/** There is no value, and nothing else. */
const NOTHING = /[\s}\])"'`\\]*$/y;
/** The action of a login. */
const LOGIN = /action[\\"'`]*\s*[:=]\s*[\\"'`]*(?:authenticate|register)\b/i;
/** In a login: a user that is a text or a list, so the password has no name. */
const NAMELESS_USER = /\buser[\\"'`]*\s*[:=]\s*(?=[\\"'`[(])/i;
/** In a login: the user's name is the name of a field, so the password is the field's value. */
const NAMED_FIELD =
  /\buser[\\"'`]*\s*[:=]\s*\{\s*[\\"'`]*(?!account|name|user|login|nick|e-?mail|status|id\b)[^\\"'`:=]+[\\"'`]*\s*[:=]\s*(?=[^\s{…])/i;
/** In a login: a text that is no name of a field, since no colon is behind it, and no value of one. */
const LOOSE = /,\s*(?=(?:\\{0,8}["'`])[^"'`:=]*["'`]\s*(?:[,\]})]|$))/;
/** The word for a login, and then a text that is no name of a field, since no colon is behind it. */
const LISTED = /\b(?:authenticate|register)[\\"'`]+\s*,\s*(?=(?:\\{0,8}["'`])[^"'`:=]*["'`]\s*(?:[,\]})]|$))/i;
/** A command, as typed to another program: `/login ann …`, `PASS …`, `["authenticate", …`. */
const COMMAND =
  /^[\s"'`\\[({/!]*(?:log ?in|auth(?:enticate)?|register|pass(?:word)?|identify|token)["'`\\]*(?:\s*[,(]|\s)\s*(?=[^\s:=>])/i;

/**
 * A token of this program, whatever the name of its field is: 256 bits in base64url. Other words of just so many letters, in
 * upper and in lower case, are seldom.
 */
const TOKEN = /(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{43}(?![\w-])/g;

/** It is hidden already. */
const HIDDEN = /(?:…|\*\*\*)(?=$|[\s"'`\\,}\])])/y;

/** A secret in a text: from where to where, and the quotation mark on both sides, if there is one. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly quote: string;
  /** Its end is the text's own. */
  readonly open: boolean;
}

/**
 * Whether a field of that name holds a secret: a password in any case and with a few slips, a token.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const names = ["password", "PASSWORD", "passwrod", "new_pwd", "token", "p\\u0061ssword", "message"];
 * assert.deepEqual(names.map(isSecretName), [true, true, true, true, true, true, false]);
 * ```
 */
export function isSecretName(name: string): boolean {
  const plain = name.replace(ESCAPE, (_, unit) => String.fromCharCode(parseInt(unit, 16))).toLowerCase();
  return SECRET.test(plain) || EXACTLY.test(plain) || (mayBeNear(plain) && plain.split(/[_$-]/).some(isNear));
}

/**
 * The text without its secrets. Behind the name of a secret its value is hidden, whatever the quotes; where its end
 * cannot be told, everything up to the end of the text. What has the shape of a token is hidden behind any name.
 *
 * @param hidden what stands for a value that has a quotation mark of its own or none
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(hideSecrets('{"user":{"password":"hunter2"},"time":1}'), '{"user":{"password":"…"},"time":1}');
 * assert.equal(hideSecrets("{'password' 'hunter2', 'time': 1}"), "{'password' '…', 'time': 1}");
 * assert.equal(hideSecrets('{"password":"hun"ter2"}'), '{"password":"…');
 * ```
 */
export function hideSecrets(text: string, hidden: (quote: string) => string = ellipsis): string {
  return hideNamed(text, hidden).replace(TOKEN, hidden(""));
}

function ellipsis(quote: string): string {
  return `${quote}…${quote}`;
}

/** Hides what stands behind the name of a secret. */
function hideNamed(text: string, hidden: (quote: string) => string): string {
  if (text.includes("\0")) { // a word in UTF-16 has one between its letters
    const narrow = text.replaceAll("\0", "");
    if (spans(narrow).length > 0) return hideNamed(narrow, hidden);
  }
  let open = "", at = 0;
  for (const { from, to, quote, open: cut } of spans(text)) {
    if (from === to) continue;
    open += text.slice(at, from) + (cut && quote !== "" ? hidden(quote).replace(/["'`\\]+$/, "") : hidden(quote));
    at = to;
  }
  return open + text.slice(at);
}

/**
 * What a peer sent, without its secrets, and without those that have no name: what is typed behind `/login` or `PASS`, the
 * parts of a list that begins with `authenticate`, a `user` that is no object. For what a peer sent alone: in a line of a
 * log, it would hide what stands behind somebody called `login`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(hideLogin("/login ann hunter2"), "/login …");
 * assert.equal(hideLogin('["authenticate","ann","hunter2"]'), '["authenticate",…');
 * assert.equal(hideLogin('{"action":"register","user":"ann:hunter2"}'), '{"action":"register","user":…');
 * ```
 */
export function hideLogin(text: string): string {
  return hideNameless(text).replace(TOKEN, "…");
}

function hideNameless(text: string): string {
  const open = hideNamed(text, ellipsis);
  const isLogin = LOGIN.test(open);
  const nameless = (isLogin ? NAMELESS_USER.exec(open) ?? NAMED_FIELD.exec(open) : null) ?? LISTED.exec(open) ??
    (isLogin ? LOOSE.exec(open) : null) ?? (open === text ? COMMAND.exec(open) : null);
  if (nameless === null) return open;
  const end = nameless.index + nameless[0].length;
  return open.startsWith("…", end) ? open : `${open.slice(0, end)}…`;
}

/**
 * Whether a text has the name of a secret in it, with a value or without. Behind a broken object that has, the rest of the
 * secret may come.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(mentionsSecret('{"user":{"password":'), true);
 * assert.equal(mentionsSecret('{"action":"msg","message":"hello"}'), false);
 * ```
 */
export function mentionsSecret(text: string): boolean {
  return spans(text.replaceAll("\0", "")).length > 0;
}

/** Each name of a secret has a span, an empty one where there is nothing to hide. */
function spans(text: string): Span[] {
  const found: Span[] = [];
  if (!mayHaveSecret(text)) return found;
  let whole: boolean | undefined;
  // Where the last word ended, and the one before it. A word is cut out only if the end of a name is behind it.
  let at = 0, before = 0, last = 0;
  for (let end = wordEnd(text, 0); end > 0; before = last, last = end, end = wordEnd(text, end)) {
    if (!matches(NAME_END, text, end) && !matches(NOTHING, text, end)) continue;
    const { word, index } = wordAfter(text, last);
    if (index < at || !isSecretWord(text, before, last, word, index)) continue;
    const name = (match(NAME_END, text, end) ?? match(NOTHING, text, end))!;
    if (match(OWN_WORDS, text, name.end) !== undefined || match(ADDRESSED, text, name.end) !== undefined) continue;
    // In JSON a name has a colon, and another word is no name. In what is no JSON the colon may be the mistake.
    const colon = name.groups[0] !== undefined || name.groups[1] !== undefined;
    if (!colon && (whole ??= isJson(text))) continue;
    const span = valueAt(text, name.end);
    found.push(span);
    if (span.open) break;
    at = span.to;
  }
  return found;
}

/**
 * Whether the name of a secret may be in a text, in one word or in parts. Nearly all lines of a log have none, and words
 * are cut from the others only.
 */
function mayHaveSecret(text: string): boolean {
  if (text.includes("\\")) return true; // an escape may stand for a letter
  const letters = text.replace(BETWEEN_WORDS, "").toLowerCase();
  return ANY_NAME.test(letters) || mayBeNear(letters);
}

/** Where the next word ends; 0 if there is none. */
function wordEnd(text: string, from: number): number {
  WORD.lastIndex = from;
  WORD.test(text);
  return WORD.lastIndex;
}

/** The next word, which there must be. */
function wordAfter(text: string, from: number): { word: string; index: number } {
  WORD.lastIndex = from;
  const { 0: word, index } = WORD.exec(text)!;
  return { word, index };
}

/**
 * Whether a word is the name of a secret, or with the word before it, from which one wrong character parts it.
 *
 * @param before where the search for the word before it begins
 * @param last where that ended; 0 if there is none
 */
function isSecretWord(text: string, before: number, last: number, word: string, index: number): boolean {
  if (isSecretName(word)) return true;
  const gap = text.slice(last, index);
  if (last === 0 || !GAP.test(gap)) return false;
  const first = wordAfter(text, before).word, prose = gap === " " && SECRET.test(first);
  return !prose && isSecretName(first + word);
}

/** The value that begins here; empty where there is none, or where it is hidden already. */
function valueAt(text: string, from: number): Span {
  const quote = match(OPENING, text, from)?.text ?? "";
  const nothing = { from, to: from, quote: "", open: false };
  if (match(HIDDEN, text, from + quote.length) !== undefined) return nothing;
  let to: number | undefined;
  if (quote !== "") to = closing(text, from + quote.length, quote);
  else if (match(NESTED, text, from) === undefined) {
    to = match(LITERAL, text, from)?.end;
    if (to === undefined && match(NOTHING, text, from) !== undefined) return nothing;
  }
  const told = to !== undefined && match(VALUE_END, text, to) !== undefined;
  if (told) return { from, to: to!, quote, open: false };
  const address = match(NAME_AND_ADDRESS, text, from);
  return { from, to: address?.at ?? text.length, quote, open: address === undefined };
}

/** Past the next quotation mark that has just as many backslashes. */
function closing(text: string, from: number, quote: string): number | undefined {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (at === from || text[at - 1] !== "\\") return at + quote.length;
  }
  return undefined;
}

/** Whether a sticky pattern finds something at a place. */
function matches(pattern: RegExp, text: string, from: number): boolean {
  pattern.lastIndex = from;
  return pattern.test(text);
}

/** What a sticky pattern finds at a place, or another one behind it. */
function match(
  pattern: RegExp,
  text: string,
  from: number,
): { text: string; at: number; end: number; groups: string[] } | undefined {
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  if (found === null) return undefined;
  return { text: found[0], at: found.index, end: found.index + found[0].length, groups: found.slice(1) };
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/**
 * Whether a word has so many letters of `password` that a part of it may be near. The distance
 * would take most of the time of a line of the log.
 */
function mayBeNear(word: string): boolean {
  let found = 0, at = -1, last = "";
  for (const letter of LETTERS) {
    at = word.indexOf(letter, letter === last ? at + 1 : 0);
    if (at >= 0) found++;
    last = letter;
  }
  return found >= PASSWORD.length - SLIPS;
}

/** Whether a word is `password` but for a few letters that are wrong, missing, too many or swapped. */
function isNear(word: string): boolean {
  return Math.abs(word.length - PASSWORD.length) <= SLIPS && distance(word, PASSWORD) <= SLIPS;
}
