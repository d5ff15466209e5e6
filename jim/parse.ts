/**
 * Text → a message, or a refusal that says what is wrong, where, and what would be right. The only place that checks
 * shape: behind it everything may be trusted to be what its type says.
 * @module
 */
import { canonicalAddress, canonicalRange } from "./address.ts";
import { CONTROL, TURNING } from "./characters.ts";
import { type Dialect, plain, readDialect } from "./dialects/mod.ts";
import { parseDuration } from "./duration.ts";
import { detectWideEncoding, findMalformedUtf8 } from "./encoding.ts";
import { type Feature, FEATURES, parseFeatures } from "./features.ts";
import { findJsonError } from "./json_error.ts";
import { countCodePoints, isLongerThan } from "./length.ts";
import { DEFAULT_LIMITS, type Limits, MAX_PAGE, SHORT_TEXT } from "./limits.ts";
import { type FieldTypo, findFieldTypo, findMisnamedField, suggestAction } from "./suggest.ts";
import {
  type Authenticate,
  COMMON_ROOM,
  type HistoryQuery,
  isCommonRoom,
  type Message,
  type Moderate,
  type Presence,
  type Resume,
  type Time,
} from "./message.ts";
import { findInvalidCharacter, formatCodePoint } from "./name.ts";
import { quote, quoteBytes, type Refusal, refuse } from "./refusal.ts";
import { isTime, MAX_TIME } from "./time.ts";

/**
 * What {@linkcode parse} makes of one object.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const parsed: Parsed = parse(new TextEncoder().encode('{"action":"quit"}'));
 * assert.equal("message" in parsed ? parsed.message.action : parsed.refusal.reason, "quit");
 * ```
 */
export type Parsed =
  | {
    readonly message: Message;
    /** The dialect that it is in, if that is not plain JIM. */
    readonly dialect?: Dialect;
    /** A field that seems to be misspelt, and was ignored. */
    readonly typo?: FieldTypo;
  }
  | { readonly refusal: Refusal };

/**
 * How to read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { STRICT_LIMITS } from "./limits.ts";
 * const options: ParseOptions = { limits: STRICT_LIMITS, bare: true };
 * const probe = new TextEncoder().encode('{"action":"probe","time":"12:03"}');
 * assert.deepEqual(parse(probe, options), { message: { action: "probe", time: null } });
 * ```
 */
export interface ParseOptions {
  /** Those of a name, a text, an action and a whole object; {@linkcode DEFAULT_LIMITS} unless told otherwise. */
  readonly limits?: Limits;
  /**
   * The sender has not ended an object with a newline yet. Its time may be any string, and is then read as `null`, as that
   * in any home-made dialect. A line speaker in plain JIM is refused, as it can do better.
   */
  readonly bare?: boolean;
  /** What the sender was held to speak so far; {@linkcode plain} unless told otherwise. */
  readonly dialect?: Dialect;
}

type Fields = Record<string, unknown>;

/** Messages on a page of the past, unless asked otherwise. */
const PAGE = 50;

/** Code points that a search may have: what a person looks for is shorter, and hundreds of words cost a store milliseconds. */
const SEARCHED = 200;

/** Characters that move a cursor, end a line or turn what follows around. */
const MOVING = new RegExp(`[${CONTROL}${TURNING}]`, "u");

/** Malformed UTF-8 is an error and not a text full of question marks. */
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Thrown by a check and caught by {@linkcode parse}: it keeps each shape below a plain list of its fields. */
class ParseError {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}

/**
 * Reads one object.
 *
 * @param bytes one whole JSON object, as {@linkcode Framer.next} hands it out; any others are refused, and nothing throws
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const read = (json: string) => parse(new TextEncoder().encode(json));
 * assert.deepEqual(read('{"action":"quit","time":1}'), { message: { action: "quit", time: 1 } });
 * assert.deepEqual(read('{"action":"probe","time":"12:03"}'), {
 *   refusal: { code: 400, reason: "time", at: "time", got: '"12:03"' },
 * });
 * ```
 */
export function parse(bytes: Uint8Array, reader: ParseOptions = {}): Parsed {
  const { limits = DEFAULT_LIMITS, bare = false, dialect: before = plain } = reader;
  const text = decoded(bytes);
  if (text === undefined) return { refusal: unreadable(bytes) };
  if (isLongerThan(text, limits.object)) {
    return { refusal: refuse("size", { limit: limits.object, got: String(countCodePoints(text)) }) };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { refusal: invalid(bytes, text) };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { refusal: refuse("object", { got: quote(value) }) };
  }
  const { fields, dialect } = readDialect(value as Fields, bare, before);
  const loose = bare || (dialect ?? before) !== plain;
  try {
    const message = checked(fields, limits, loose);
    if (dialect !== undefined) return { message, dialect };
    // What home-made programs add is no typo.
    const typo = before === plain ? findFieldTypo(fields) : undefined;
    return typo === undefined ? { message } : { message, typo };
  } catch (wrong) {
    if (wrong instanceof ParseError) return { refusal: withMeant(wrong.refusal, fields) };
    throw wrong;
  }
}

/** A text that is no JSON. */
function invalid(bytes: Uint8Array, text: string): Refusal {
  const wide = detectWideEncoding(bytes);
  if (wide !== undefined) return refuse("utf16", { got: quoteBytes(bytes), encoding: wide });
  const jsonError = findJsonError(text);
  return refuse("json", { got: quoteBytes(bytes), ...(jsonError === undefined ? {} : { jsonError }) });
}

/** The refusal of an unknown action, or of a missing field, with the word that seems to be the typo. */
function withMeant(refusal: Refusal, fields: Fields): Refusal {
  if (refusal.reason === "unknown") {
    const suggestion = suggestAction(String(fields.action));
    return suggestion === undefined ? refusal : { ...refusal, suggestion };
  }
  if (refusal.at === undefined || refusal.got !== quote(undefined)) return refusal;
  const misnamed = findMisnamedField(fields, refusal.at);
  if (misnamed === undefined) return refusal;
  return { ...refusal, suggestion: refusal.at.slice(refusal.at.lastIndexOf(".") + 1), misnamed: quote(misnamed) };
}

/** Bytes that are no UTF-8. */
function unreadable(bytes: Uint8Array): Refusal {
  const wide = detectWideEncoding(bytes);
  if (wide !== undefined) return refuse("utf16", { got: quoteBytes(bytes), encoding: wide });
  const { byte, position, encoding } = findMalformedUtf8(bytes)!;
  return refuse("utf8", { character: byte, position, ...(encoding === undefined ? {} : { encoding }) });
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Which fields each action has, and what each must be. */
function checked(fields: Fields, limits: Limits, loose: boolean): Message {
  const action = fields.action;
  if (typeof action !== "string") throw wrong("action", "action", action);
  if (isLongerThan(action, limits.action)) throw tooLong("action", "action", action, action, limits.action);
  switch (action) {
    case "presence":
      return {
        action,
        time: time(fields.time, loose),
        user: presenceUser(fields.user, limits),
        ...understood(fields),
      };
    case "msg":
      return {
        action,
        time: time(fields.time, loose),
        to: addressee(fields.to, limits),
        message: message(fields.message, limits),
      };
    case "probe":
    case "get_contacts":
    case "rooms":
    case "bans":
      return { action, time: time(fields.time, loose) };
    case "inspect":
    case "logout":
      return { action, time: time(fields.time, loose), ...token(fields.token, limits) };
    case "authenticate":
      return authenticate(fields, limits, loose);
    case "register":
      return { action, time: time(fields.time, loose), user: login(fields.user, limits), ...extras(fields) };
    case "join":
    case "leave":
      return { action, time: time(fields.time, loose), room: room(fields.room, limits) };
    case "who_online":
      return {
        action,
        time: time(fields.time, loose),
        room: fields.room === undefined ? undefined : room(fields.room, limits),
      };
    case "add_contact":
    case "del_contact":
      return { action, time: time(fields.time, loose), user_id: name(fields.user_id, "user_id", limits) };
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "unmute":
    case "promote":
    case "demote":
      return moderate(action, fields, limits, loose);
    case "motd":
      return { action, time: time(fields.time, loose), ...greeting(fields.text, limits) };
    case "topic":
      return {
        action,
        time: time(fields.time, loose),
        room: room(fields.room, limits),
        topic: line(fields.topic, "topic"),
      };
    case "history":
    case "search":
      return past(action, fields, limits, loose);
    case "quit":
      return { action, time: fields.time === undefined ? null : time(fields.time, loose) };
    default:
      throw wrong("unknown", "action", action);
  }
}

function wrong(reason: Refusal["reason"], at: string, got: unknown, limit?: number): ParseError {
  return new ParseError(refuse(reason, { at, got: quote(got), ...(limit === undefined ? {} : { limit }) }));
}

/** @param counted the part of the value that the limit is about */
function tooLong(reason: Refusal["reason"], at: string, got: string, counted: string, limit: number): ParseError {
  return new ParseError(refuse(reason, { at, got: quote(got), limit, length: countCodePoints(counted) }));
}

/** A number that is no time, as a clock in nanoseconds gives it, is `null`: what was said is worth more than when. */
function time(value: unknown, loose: boolean): Time {
  if (typeof value === "number") return isTime(value) ? value : null; // 1e999 is JSON, and Infinity
  if (typeof value === "string") {
    // Number("") is 0 and Number("0x10") is 16: neither is what anybody calls a time.
    if (/^\s*-?\d{1,20}(\.\d+)?\s*$/.test(value)) return time(Number(value), loose);
    if (loose) return null;
  }
  throw wrong("time", "time", value);
}

/** After a login the name and the whole user may be missing. */
function presenceUser(value: unknown, limits: Limits): Presence["user"] {
  if (value === undefined || value === null) return { account_name: undefined, status: "" };
  const { account_name, status } = user(value);
  return {
    account_name: account_name === undefined ? undefined : name(account_name, "user.account_name", limits),
    status: words(status, "user.status", limits),
  };
}

/** By a token, if there is one, else by a password. */
function authenticate(fields: Fields, limits: Limits, loose: boolean): Authenticate | Resume {
  const action = "authenticate", said = time(fields.time, loose);
  const { token: shown = "" } = typeof fields.token === "boolean" ? {} : token(fields.token, limits);
  if (shown !== "") return { action, time: said, token: shown, ...understood(fields) };
  return { action, time: said, user: login(fields.user, limits), ...extras(fields) };
}

/** What a login may ask for beside coming in. */
function extras(fields: Fields): { token?: true; features?: readonly Feature[] } {
  return { ...(fields.token === true ? { token: true } : {}), ...understood(fields) };
}

/** The features that an object names. `"watch":true` is an older way to name the one of that name. */
function understood({ features, watch }: Fields): { features?: readonly Feature[] } {
  const named = features === undefined || features === null ? [] : parseFeatures(features);
  if (named === undefined) throw wrong("features", "features", features);
  const all = FEATURES.filter((feature) => named.includes(feature) || (feature === "watch" && watch === true));
  return all.length === 0 ? {} : { features: all };
}

/** A password of any type is nobody's business, so none is quoted; nor is a user that is no object, which may have one. */
function login(value: unknown, limits: Limits): Authenticate["user"] {
  if (Array.isArray(value) || typeof value === "string") {
    const type = Array.isArray(value) ? "array" : typeof value;
    throw new ParseError(refuse("user", { at: "user", got: `a value of type ${type}` }));
  }
  const { account_name, password } = user(value);
  if (password === undefined && findMisnamedField({ user: value }, "user.password") !== undefined) {
    throw wrong("string", "user.password", password); // else the word that it has would be too short, or wrong
  }
  if (typeof password !== "string" && password !== undefined && password !== null) {
    const type = Array.isArray(password) ? "array" : typeof password;
    throw new ParseError(refuse("string", { at: "user.password", got: `a value of type ${type}` }));
  }
  return {
    account_name: name(account_name, "user.account_name", limits),
    password: words(password, "user.password", limits),
  };
}

function user(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("user", "user", value);
  return value as Fields;
}

/** A page of the past. A number of messages out of range is brought into it; what is no number is refused. */
function past(action: HistoryQuery["action"], fields: Fields, limits: Limits, loose: boolean): HistoryQuery {
  const { room: place, with: person, text } = fields;
  if (place !== undefined && person !== undefined) throw wrong("either", "with", person);
  if (action === "search" && (typeof text !== "string" || text === "")) throw wrong("words", "text", text);
  const before = id(fields.before, "before"), after = id(fields.after, "after");
  return {
    action,
    time: time(fields.time, loose),
    ...(person === undefined ? { room: room(place ?? COMMON_ROOM, limits) } : { with: name(person, "with", limits) }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    limit: pageSize(fields.limit),
    ...(action === "search" ? { text: bounded(text as string, "text", SEARCHED) } : {}),
  };
}

/** A name; a ban may be of an address or a range instead. */
function moderate(action: Moderate["action"], fields: Fields, limits: Limits, loose: boolean): Moderate {
  const address = fields.address ?? undefined, isBan = action === "ban" || action === "unban";
  // What would be left out of account is refused, or its sender believed in an order that is another.
  if (address !== undefined && (!isBan || (fields.user_id ?? undefined) !== undefined)) {
    throw wrong("beside", "address", address);
  }
  if (action !== "ban" && action !== "mute") {
    for (const at of ["until", "for"]) {
      if ((fields[at] ?? undefined) !== undefined) throw wrong("beside", at, fields[at]);
    }
  }
  const said = time(fields.time, loose), reason = short(fields.reason, "reason");
  const more = { ...end(fields), ...(reason === "" ? {} : { reason }) };
  if (address === undefined) {
    return { action, time: said, user_id: name(fields.user_id, "user_id", limits), ...more };
  }
  const canonical = typeof address === "string" ? canonicalAddress(address) ?? canonicalRange(address) : undefined;
  if (canonical === undefined) throw wrong("address", "address", address);
  return { action, time: said, address: canonical, ...more };
}

/** When a ban ends: at a moment, or after a time. */
function end({ until, for: duration }: Fields): { until?: number; for?: number } {
  const hasEnd = until !== undefined && until !== null;
  if (duration === undefined || duration === null) return hasEnd ? { until: moment(until) } : {};
  const seconds = typeof duration === "string" ? parseDuration(duration) : undefined;
  if (hasEnd || seconds === undefined) throw wrong("duration", "for", duration);
  return { for: seconds };
}

function moment(value: unknown): number {
  if (typeof value === "number" && isTime(value)) return value;
  throw wrong("until", "until", value, MAX_TIME);
}

function id(value: unknown, at: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value) && value as number >= 0) return value as number + 0; // -0 is 0
  throw wrong("id", at, value);
}

function pageSize(value: unknown): number {
  if (value === undefined || value === null) return PAGE;
  if (typeof value !== "number" || Number.isNaN(value)) throw wrong("limit", "limit", value);
  return Math.trunc(Math.min(Math.max(value, 1), MAX_PAGE));
}

function room(value: unknown, limits: Limits): string {
  if (typeof value !== "string" || !value.startsWith("#")) throw wrong("room", "room", value, limits.name);
  if (isCommonRoom(value)) return COMMON_ROOM;
  return visible(value, value.slice(1), "room", "room", limits);
}

/** A text that may be left out or null, as many programs do. */
function words(value: unknown, at: string, limits: Limits): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw wrong("string", at, value);
  return bounded(value, at, limits.text);
}

/** A secret: no refusal quotes it, whatever it is. */
function token(value: unknown, limits: Limits): { token?: string } {
  if (value === undefined || value === null) return {};
  if (typeof value !== "string") {
    throw new ParseError(refuse("string", { at: "token", got: `a value of type ${typeof value}` }));
  }
  return { token: bounded(value, "token", limits.text) };
}

/** Without a text it is asked for: it must not be taken away by a program that has forgotten the field. */
function greeting(value: unknown, limits: Limits): { text?: string } {
  return value === undefined || value === null ? {} : { text: words(value, "text", limits) };
}

/** A text that is said together with something else. */
function short(value: unknown, at: string): string {
  return words(value, at, { ...DEFAULT_LIMITS, text: SHORT_TEXT });
}

/** A text that stands in one line, beside others. */
function line(value: unknown, at: string): string {
  if (typeof value !== "string") throw wrong("string", at, value);
  const text = bounded(value.trim(), at, SHORT_TEXT), moving = MOVING.exec(text)?.[0];
  if (moving === undefined) return text;
  throw new ParseError(refuse("letters", { at, got: quote(text), character: formatCodePoint(moving) }));
}

function message(value: unknown, limits: Limits): string {
  if (typeof value !== "string") throw wrong("text", "message", value);
  return bounded(value, "message", limits.text);
}

/** Half a surrogate pair, which JSON can say and UTF-8 cannot, becomes U+FFFD: many programs end when they print one. */
function bounded(text: string, at: string, limit: number): string {
  if (isLongerThan(text, limit)) {
    throw new ParseError(refuse("long", { at, limit, got: String(countCodePoints(text)) }));
  }
  return text.toWellFormed();
}

function name(value: unknown, at: string, limits: Limits): string {
  if (typeof value !== "string" || value.startsWith("#")) throw wrong("name", at, value, limits.name);
  return visible(value, value, at, "name", limits);
}

function addressee(value: unknown, limits: Limits): string {
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
