/**
 * Checks of single values: a name, a room, a time, a text. Each returns the value that a message has, or throws a
 * {@linkcode ParseError}.
 * @module
 */
import { CONTROL, TURNING, UNSEEN } from "./characters.ts";
import { asEmoji } from "./emoji.ts";
import { countCodePoints, isLongerThan } from "./length.ts";
import { DEFAULT_LIMITS, type Limits, MAX_PAGE, SHORT_TEXT } from "./limits.ts";
import { COMMON_ROOM, isCommonRoom, type Time } from "./message.ts";
import { findInvalidCharacter, formatCodePoint } from "./name.ts";
import { quote, type Refusal, refuse } from "./refusal.ts";
import { isTime, MAX_TIME } from "./time.ts";

/** Messages on a page of the past, unless asked otherwise. */
const PAGE = 50;

/** Characters that move a cursor, end a line or turn what follows around. */
const MOVING = new RegExp(`[${CONTROL}${TURNING}]`, "u");

/** Thrown by a check and caught by `parse`: it keeps each function of fields/ a plain list of its fields. */
export class ParseError {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}

export function wrong(reason: Refusal["reason"], at: string, got: unknown, limit?: number): ParseError {
  return new ParseError(refuse(reason, { at, got: quote(got), ...(limit === undefined ? {} : { limit }) }));
}

/** @param counted the part of the value that the limit is about */
export function tooLong(
  reason: Refusal["reason"],
  at: string,
  got: string,
  counted: string,
  limit: number,
): ParseError {
  return new ParseError(refuse(reason, { at, got: quote(got), limit, length: countCodePoints(counted) }));
}

/** A number that is no time, as a clock in nanoseconds gives it, is `null`: what was said is worth more than when. */
export function time(value: unknown, loose: boolean): Time {
  if (typeof value === "number") return isTime(value) ? value : null; // 1e999 is JSON, and Infinity
  if (typeof value === "string") {
    // Number("") is 0 and Number("0x10") is 16: neither is what anybody calls a time.
    if (/^\s*-?\d{1,20}(\.\d+)?\s*$/.test(value)) return time(Number(value), loose);
    if (loose) return null;
  }
  throw wrong("time", "time", value);
}

/** An object with the fields of a user. */
export function user(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("user", "user", value);
  return value as Record<string, unknown>;
}

export function moment(value: unknown): number {
  if (typeof value === "number" && isTime(value)) return value;
  throw wrong("until", "until", value, MAX_TIME);
}

export function id(value: unknown, at: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value) && value as number >= 0) return value as number + 0; // -0 is 0
  throw wrong("id", at, value);
}

/** True or false; what it is if it is missing. */
export function flag(value: unknown, at: string, missing: boolean): boolean {
  if (value === undefined || value === null) return missing;
  if (typeof value !== "boolean") throw wrong("flag", at, value);
  return value;
}

/** One emoji, in the spelling of {@linkcode asEmoji}. */
export function emoji(value: unknown): string {
  const found = typeof value === "string" ? asEmoji(value) : undefined;
  if (found === undefined) throw wrong("emoji", "emoji", value);
  return found;
}

export function pageSize(value: unknown): number {
  if (value === undefined || value === null) return PAGE;
  if (typeof value !== "number" || Number.isNaN(value)) throw wrong("limit", "limit", value);
  return Math.trunc(Math.min(Math.max(value, 1), MAX_PAGE));
}

export function room(value: unknown, limits: Limits, at = "room"): string {
  if (typeof value !== "string" || !value.startsWith("#")) throw wrong("room", at, value, limits.name);
  if (isCommonRoom(value)) return COMMON_ROOM;
  return visible(value, value.slice(1), at, "room", limits);
}

/** A text that may be left out or null, as many programs do. */
export function words(value: unknown, at: string, limits: Limits): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw wrong("string", at, value);
  return bounded(value, at, limits.text);
}

/** A secret: no refusal quotes it, whatever it is. */
export function token(value: unknown, limits: Limits): { token?: string } {
  if (value === undefined || value === null) return {};
  if (typeof value !== "string") {
    throw new ParseError(refuse("string", { at: "token", got: `a value of type ${typeof value}` }));
  }
  return { token: bounded(value, "token", limits.text) };
}

/** A password: no refusal quotes it. */
export function secret(value: unknown, at: string, limits: Limits): string {
  if (value === undefined || value === null) throw wrong("string", at, value);
  if (typeof value !== "string") {
    throw new ParseError(refuse("string", { at, got: `a value of type ${typeof value}` }));
  }
  return bounded(value, at, limits.text);
}

/** A text that is said together with something else. */
export function short(value: unknown, at: string): string {
  return words(value, at, { ...DEFAULT_LIMITS, text: SHORT_TEXT });
}

/** A text that stands in one line, beside others. */
export function line(value: unknown, at: string, limit: number = SHORT_TEXT): string {
  if (typeof value !== "string") throw wrong("string", at, value);
  const text = bounded(value.trim(), at, limit), moving = MOVING.exec(text)?.[0];
  if (moving === undefined) return text;
  throw new ParseError(refuse("letters", { at, got: quote(text), character: formatCodePoint(moving) }));
}

/** Code points of the name of a file. */
const FILE_NAME = 200;
const NOTHING = {};

/** A name without a folder, and without characters that make it look like another one. */
export function fileName(value: unknown): string {
  if (typeof value !== "string" || /^\.{0,2}$|[/\\]/.test(value)) throw wrong("filename", "name", value);
  const name = bounded(value.normalize("NFC"), "name", FILE_NAME);
  const unseen = UNSEEN_CHARACTER.exec(name)?.[0];
  if (unseen === undefined && name.trim() === name) return name;
  throw new ParseError(refuse("letters", { at: "name", got: quote(name), character: formatCodePoint(unseen ?? " ") }));
}

const UNSEEN_CHARACTER = new RegExp(UNSEEN, "u");

export function fileSize(value: unknown): number {
  if (Number.isSafeInteger(value) && value as number >= 1) return value as number;
  throw wrong("filesize", "size", value);
}

export function sha256(value: unknown): { sha256?: string } {
  if (value === undefined || value === null) return NOTHING;
  if (typeof value === "string" && /^[0-9a-f]{64}$/i.test(value)) return { sha256: value.toLowerCase() };
  throw wrong("sha256", "sha256", value);
}

/** What the answer to an upload has named: a secret, so no refusal quotes it. */
export function uploaded(value: unknown): { file?: string } {
  if (value === undefined || value === null) return NOTHING;
  if (typeof value === "string" && /^[\w-]{1,64}$/.test(value)) return { file: value };
  throw new ParseError(refuse("file", { at: "file", got: `a value of type ${typeof value}` }));
}

export function message(value: unknown, limits: Limits): string {
  if (typeof value !== "string") throw wrong("text", "message", value);
  return bounded(value, "message", limits.text);
}

/** Half a surrogate pair, which JSON can say and UTF-8 cannot, becomes U+FFFD: many programs end when they print one. */
export function bounded(text: string, at: string, limit: number): string {
  if (isLongerThan(text, limit)) {
    throw new ParseError(refuse("long", { at, limit, got: String(countCodePoints(text)) }));
  }
  return text.toWellFormed();
}

export function name(value: unknown, at: string, limits: Limits): string {
  if (typeof value !== "string" || value.startsWith("#")) throw wrong("name", at, value, limits.name);
  return visible(value, value, at, "name", limits);
}

export function addressee(value: unknown, limits: Limits): string {
  if (value === undefined || value === null || value === "") return COMMON_ROOM;
  if (typeof value !== "string") throw wrong("to", "to", value);
  if (isCommonRoom(value)) return COMMON_ROOM;
  return value.startsWith("#")
    ? visible(value, value.slice(1), "to", "room", limits)
    : visible(value, value, "to", "name", limits);
}

function visible(value: string, body: string, at: string, reason: "name" | "room", limits: Limits): string {
  if (body === "") throw wrong(reason, at, value, limits.name);
  if (isLongerThan(body, limits.name)) throw tooLong(reason, at, value, body, limits.name);
  const wrongly = findInvalidCharacter(body);
  if (wrongly !== undefined) {
    throw new ParseError(refuse(wrongly.reason, { at, got: quote(value), character: wrongly.character }));
  }
  return value;
}
