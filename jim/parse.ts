/**
 * Text -> a message, or a refusal that says what is wrong, where, and what would be right. Only this folder checks shape
 * (fields/, values.ts): behind it everything may be trusted to be what its type says.
 * @module
 */
import { type Dialect, plain, readDialect } from "./dialects/mod.ts";
import { detectWideEncoding, findMalformedUtf8 } from "./encoding.ts";
import { type Fields, readMessage } from "./fields/mod.ts";
import { findJsonError } from "./json_error.ts";
import { countCodePoints, isLongerThan } from "./length.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { Message } from "./message.ts";
import { quote, quoteBytes, type Refusal, refuse } from "./refusal.ts";
import { type FieldTypo, findFieldTypo, findMisnamedField, suggestAction } from "./suggest.ts";
import { ParseError } from "./values.ts";

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

/** Malformed UTF-8 is an error and not a text full of question marks. */
const decoder = new TextDecoder("utf-8", { fatal: true });

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
    const message = readMessage(fields, limits, loose);
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
