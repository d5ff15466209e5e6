/** Finds links and mentions in a text. The text itself stays text, and only http and https become links. @module */
import { CONTROL, DIRECTION } from "../jim/characters.ts";
import { mentionOf, mentions } from "../jim/mention.ts";
import { LinkifyIt, REBuilder } from "linkify-it";

/** A piece of a text; a link has an address. */
export interface Piece {
  readonly text: string;
  readonly href?: string;
  /** It is the user's own name. */
  readonly mention?: boolean;
}

/** Where a link may begin, also inside a word: 看https://… has no space before it. */
const SCHEME = /https?:(?=\/\/)/giu;
/** A link ends before a backquote, an invisible character, or one that changes the direction of the text. */
const END = new RegExp(`[\`${CONTROL}${DIRECTION}\\u200b\\ufeff]`, "u");
/**
 * Characters that the library leaves at the end of a link, and that belong to the sentence: `**https://deno.com**`,
 * `https://deno.com?!`.
 */
const TAIL = /[*?!]+$/;

/** The library ends a link at most punctuation; these characters are part of real addresses. */
class Address extends REBuilder {
  /** A host of a local network may be called `my_server`. */
  override get_pseudo_letter(): RegExp {
    return this.cache.src_pseudo_letter ??= new RegExp(`(?:_|${super.get_pseudo_letter().source})`);
  }
  /** Inside a name, as Wikipedia has them: `Michelson–Morley`, `Бойля_—_Мариотта`. The library's alternatives follow. */
  override get_path_extra(): RegExp {
    const letter = this.get_pseudo_letter().source;
    return this.cache.src_path_extra ??= new RegExp(`(?<=_)—(?=_)|(?<=${letter})[–·’](?=${letter})|`);
  }
}

/** Made for the first link: its expressions take milliseconds, and the first screen has none. */
let linkify: LinkifyIt | undefined;

/**
 * Cuts a text into pieces, which together are the text again.
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
  for (const { 0: scheme, index } of text.matchAll(SCHEME)) {
    if (index < at) continue; // an address inside another
    const [line] = text.slice(index).split(END, 1);
    const { length } = scheme,
      more = (linkify ??= new LinkifyIt({ rebuilder: new Address(), urlAuth: true })).testSchemaAt(
        line!,
        scheme.toLowerCase(),
        length,
      );
    const connection = line!.slice(0, length + more).replace(TAIL, "");
    const href = more > 0 ? address(connection) : undefined;
    if (href === undefined) continue;
    found.push(...named(text.slice(at, index), me), { text: connection, href });
    at = index + connection.length;
  }
  return [...found, ...named(text.slice(at), me)];
}

function named(text: string, me: string): Piece[] {
  if (text === "") return [];
  if (!mentions(text, me)) return [{ text }];
  return text.split(mentionOf(me)).map((part, at) => at % 2 === 1 ? { text: part, mention: true } : { text: part })
    .filter((piece) => piece.text !== "");
}

/**
 * The address of a link that has a text of its own; `undefined` for one that a page must not follow.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(linkAddress("https://deno.com"), "https://deno.com/");
 * assert.equal(linkAddress("mailto:ann@example.com"), "mailto:ann@example.com");
 * assert.equal(linkAddress("javascript:alert(1)"), undefined);
 * ```
 */
export function linkAddress(written: string): string | undefined {
  return address(written, ["https:", "http:", "mailto:"]);
}

function address(written: string, protocols = ["https:", "http:"]): string | undefined {
  const url = URL.parse(written);
  return url !== null && protocols.includes(url.protocol) ? url.href : undefined;
}

/**
 * The text as it is sent: without empty lines before and after it, and without spaces at its end. Spaces before its
 * first line stay, since they may indent code.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(withoutEmptyLines("\n    if x:\n        y()\n\n"), "    if x:\n        y()");
 * ```
 */
export function withoutEmptyLines(text: string): string {
  return text.trimEnd().replace(/^(?:[^\S\n]*\n)+/, "");
}
