/**
 * What is in a text: links to follow, and one's own name. A text stays text: this only says which pieces of it are more,
 * and nothing but http and https is a link.
 * @module
 */

/** A piece of a text; a link has an address. */
export interface Piece {
  readonly text: string;
  readonly href?: string;
  /** It is the reader's own name. */
  readonly mention?: boolean;
}

const LINK = /https?:\/\/[^\s<>"'`\p{Cc}\p{Bidi_Control}]+/giu;
/** What ends a sentence is no part of an address; a bracket only when it was not opened in it. */
const TAIL = /[.,:;!?…'"»”*_]+$/u;
/** So short a name is an ordinary word: it counts only with an @. */
const SHORT = 3;

/**
 * Cuts a text into its pieces, which together are the text again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(pieces("ann, see https://deno.com.", "ann"), [
 *   { text: "ann", mention: true },
 *   { text: ", see " },
 *   { text: "https://deno.com", href: "https://deno.com/" },
 *   { text: "." },
 * ]);
 * assert.deepEqual(pieces("javascript:alert(1)", "ann"), [{ text: "javascript:alert(1)" }]);
 * ```
 */
export function pieces(text: string, me: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = trimmed(match[0]);
    const href = address(link);
    if (href === undefined) continue;
    found.push(...named(text.slice(at, match.index), me), { text: link, href });
    at = match.index + link.length;
  }
  return [...found, ...named(text.slice(at), me)];
}

/**
 * Whether a text names somebody.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(mentions("Hello Ann!", "ann"), true);
 * assert.equal(mentions("Hello Hannah!", "ann"), false);
 * ```
 */
export function mentions(text: string, name: string): boolean {
  return text.toLowerCase().includes(name.toLowerCase()) && pattern(name).test(text);
}

function named(text: string, me: string): Piece[] {
  if (text === "") return [];
  if (!mentions(text, me)) return [{ text }];
  return text.split(pattern(me)).map((part, at) => at % 2 === 1 ? { text: part, mention: true } : { text: part })
    .filter((piece) => piece.text !== "");
}

/** The name as a word of its own, with an @ before it or not. */
function pattern(name: string): RegExp {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const at = [...name].length < SHORT ? "@" : "@?";
  return new RegExp(`(?<![\\p{L}\\p{N}_@])(${at}${escaped})(?![\\p{L}\\p{N}_])`, "iu");
}

function trimmed(link: string): string {
  for (;;) {
    const shorter = link.replace(TAIL, "");
    const last = shorter.at(-1);
    const open = last === ")" ? "(" : last === "]" ? "[" : last === "}" ? "{" : undefined;
    const closes = open !== undefined && shorter.split(open).length < shorter.split(last!).length;
    if (shorter === link && !closes) return link;
    link = closes ? shorter.slice(0, -1) : shorter;
  }
}

function address(link: string): string | undefined {
  const url = URL.parse(link);
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url.href : undefined;
}
