/**
 * JIM, JSON Instant Messaging: the language that Hanita's server and clients speak. Bytes come in through a
 * {@linkcode Framer}, which finds where objects end; {@linkcode parse} makes a message of each, or a refusal that says
 * what is wrong; {@linkcode ok}, {@linkcode refused} and {@linkcode encode} are the way out. Knows no socket, no clock, no disk.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const framer = new Framer();
 * framer.push(new TextEncoder().encode('{"action":"msg","time":1764000000,"message":"hello"}\n'));
 * const parsed = parse(framer.next() as Uint8Array);
 * assert.deepEqual(parsed, { message: { action: "msg", time: 1764000000, to: "#all", message: "hello" } });
 * ```
 * @module
 */
export { canonicalAddress, canonicalRange, isInRange, joinHostPort } from "./address.ts";
export { type Answer, ok, refused, STATUS_TEXT, untilField } from "./answer.ts";
export { canonicalEnd, canonicalMiddle } from "./canonical.ts";
export {
  type AnswerFields,
  type Dialect,
  type Fields,
  plain,
  prefixed,
  type Relay,
  type Role,
  type SharedFile,
} from "./dialects/mod.ts";
export { parseDuration } from "./duration.ts";
export { asEmoji, spellEmoji } from "./emoji.ts";
export { encode, prefixLength } from "./encode.ts";
export { decodeText, detectWideEncoding, findMalformedUtf8, isUtf16, type MalformedUtf8 } from "./encoding.ts";
export { type Feature, FEATURES, parseFeatures } from "./features.ts";
export { findJsonError, type JsonError } from "./json_error.ts";
export type { JsonErrorKind } from "./json_scanner.ts";
export { type EndFinder, Framer, type FramingError } from "./frame.ts";
export { DEFAULT_LIMITS, HOOK_MARK, type Limits, MAX_PAGE, MIN_PASSWORD, SHORT_TEXT, STRICT_LIMITS } from "./limits.ts";
export type { FieldTypo } from "./suggest.ts";
export { mentionOf, mentions } from "./mention.ts";
export * from "./message.ts";
export { networkOf, rangeOf } from "./network.ts";
export { findInvalidCharacter, type InvalidCharacter, isName, nameKey } from "./name.ts";
export { nearest } from "./nearest.ts";
export { parse, type Parsed, type ParseOptions } from "./parse.ts";
export { framingRefusal, MAX_QUOTE, quote, quoteBytes, type Refusal, type RefusalReason, refuse } from "./refusal.ts";
export { hideLogin, hideSecrets, isSecretName, mentionsSecret } from "./secret.ts";
export { BARE_BYTES, splitRelay } from "./split.ts";
export { isoTime, isTime, looksLikeMilliseconds, MAX_TIME, rewriteTimes } from "./time.ts";
export { escapeInvisible } from "./invisible.ts";
export {
  EXAMPLE_PRESENCE,
  explain,
  explainNote,
  explainRoomNote,
  explainTypo,
  type Language,
  languages,
} from "./explain.ts";
export type { Note, RoomNote } from "./words/words.ts";
