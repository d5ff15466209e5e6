/**
 * A reply for a program that does not know replies: a line with the first words of the message that it answers, and then its
 * text. The quote is made when the reply is sent, and stored nowhere: it says what the message says now.
 */
import { explainNote, type Language } from "../../jim/mod.ts";

/** Code points of the first line that are quoted. */
const QUOTED = 60;
const COMMA = 44, decoder = new TextDecoder();
const REPLY_TO = new TextEncoder().encode(',"reply_to":');

/** A message as a line of the journal has it. */
interface Line {
  readonly from: string;
  readonly message: string;
  readonly deleted?: true;
}

/**
 * The text of a reply with the quote before it.
 *
 * @param original the line of the message that it answers; undefined if that is not kept any more
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const original = new TextEncoder().encode('{"action":"msg","from":"ann","message":"Tea?\\nOr coffee?","id":1}');
 * assert.equal(withQuote("Tea, please", original, "en"), "> ann: Tea?\nTea, please");
 * assert.equal(withQuote("Tea, please", undefined, "en"), "> (this message is not kept any more)\nTea, please");
 * ```
 */
export function withQuote(text: string, original: Uint8Array | undefined, language: Language): string {
  return `> ${
    original === undefined ? explainNote("lost", language) : quoteOf(JSON.parse(decoder.decode(original)), language)
  }\n${text}`;
}

function quoteOf({ from, message, deleted }: Line, language: Language): string {
  if (deleted === true) return explainNote("deleted", language);
  const line = message.trim().split(/[\p{Cc}\u2028\u2029]/u, 1)[0]!, points = [...line.slice(0, 2 * QUOTED + 2)];
  return `${from}: ${points.length > QUOTED ? `${points.slice(0, QUOTED).join("").trimEnd()}\u2026` : line}`;
}

/**
 * Whether a line, with or without its newline, is a reply. Its last field says so, so a long text is not looked at.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = (more: string) => new TextEncoder().encode(`{"message":"a, b","id":1764000000000001${more}}\n`);
 * assert.equal(isReply(line(',"reply_to":1764000000000000')), true);
 * assert.equal(isReply(line(',"role":"account"')), false);
 * ```
 */
export function isReply(line: Uint8Array): boolean {
  const at = line.lastIndexOf(COMMA);
  return at >= 0 && REPLY_TO.every((byte, i) => line[at + i] === byte);
}
