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
} from "./dialects/mod.ts";
export { encode, prefixLength } from "./encode.ts";
export { isUtf16, type Malformed, malformed, textOf, wideEncoding } from "./encoding.ts";
export { type Feature, FEATURES, parseFeatures } from "./features.ts";
export { findFlaw, type Flaw, type FlawKind } from "./flaw.ts";
export { type Fault, Framer, type Known } from "./frame.ts";
export { DEFAULT_LIMITS, type Limits, STRICT_LIMITS } from "./limits.ts";
export type { Slip } from "./meant.ts";
export * from "./message.ts";
export { networkOf, rangeOf } from "./network.ts";
export { isName, type Misspelling, misspelling, nameKey } from "./name.ts";
export { nearest } from "./nearest.ts";
export { parse, type Parsed, type ParseOptions } from "./parse.ts";
export { framingRefusal, quote, quoteBytes, type Refusal, type RefusalReason, refuse } from "./refusal.ts";
export { hideLogin, hideSecrets, isSecretName, mentionsSecret } from "./secret.ts";
export { BARE_BYTES, splitRelay } from "./split.ts";
export { isoTime, isTime, looksLikeMilliseconds, MAX_TIME } from "./time.ts";
export { visible } from "./visible.ts";
export { EXAMPLE_PRESENCE, explain, type Language, languages, remark, remarkOn } from "./words.ts";
export type { Note } from "./words/words.ts";
