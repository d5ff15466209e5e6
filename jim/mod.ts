/**
 * JIM, JSON Instant Messaging: the language that Hanita's server and clients speak. Bytes come in through a
 * {@linkcode Framer}, which finds where objects end; {@linkcode parse} makes a message of each, or a refusal that says
 * what is wrong; {@linkcode ok}, {@linkcode no} and {@linkcode encode} are the way out. Knows no socket, no clock, no disk.
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
export { canonicalAddress, canonicalRange, hostPort, isInRange } from "./address.ts";
export { type Answer, codes, ending, no, ok } from "./answer.ts";
export { canonicalEnd, canonicalMiddle } from "./canonical.ts";
export { type Answered, type Dialect, type Fields, plain, prefixed, type Relay, type Role } from "./dialects/mod.ts";
export { encode, withLength } from "./encode.ts";
export { isUtf16, type Malformed, malformed, textOf, wideEncoding } from "./encoding.ts";
export { type Feature, FEATURES, featuresIn } from "./features.ts";
export { findFlaw, type Flaw, type FlawKind } from "./flaw.ts";
export { type Fault, Framer, type Known } from "./frame.ts";
export { type Limits, roomy, strict } from "./limits.ts";
export type { Slip } from "./meant.ts";
export * from "./message.ts";
export { networkOf, rangeOf } from "./network.ts";
export { isName, type Misspelling, misspelling, nameKey } from "./name.ts";
export { nearest } from "./nearest.ts";
export { parse, type Parsed, type Reading } from "./parse.ts";
export { misframed, quote, quoteBytes, type Reason, type Refusal, refuse } from "./refusal.ts";
export { hideLogin, hideSecrets, isSecret, mentionsSecret } from "./secret.ts";
export { BARE_BYTES, split } from "./split.ts";
export { FARTHEST_TIME, isoTime, isTime, looksLikeMilliseconds } from "./time.ts";
export { visible } from "./visible.ts";
export { EXAMPLE_PRESENCE, explain, type Language, languages, remark, remarkOn } from "./words.ts";
export type { Note } from "./words/words.ts";
