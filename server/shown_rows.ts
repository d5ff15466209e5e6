/**
 * Messages as the reader of a page is shown them. A program that does not know replies gets a quote; one that does not know edits
 * gets the present text, and of a deleted message a text that says so.
 */
import { encode, explainNote, type Language, plain, type Relay } from "../jim/mod.ts";
import type { KnownFeatures } from "./chat/jobs.ts";
import { withQuote } from "./chat/quote.ts";
import type { Soon } from "./journal/contract.ts";
import { chain, chainAll } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";
import { type Line, type MessageRef, readLines } from "./pages.ts";

const COMMA = 44, D = 100, E = 101, R = 114;
const decoder = new TextDecoder();

/** @param known what the reader has said that it understands */
export function shownRows(
  guard: JournalGuard,
  refs: readonly MessageRef[],
  lines: readonly Line[],
  known: KnownFeatures,
  language: Language,
): Soon<readonly Line[]> {
  const special = new Map<number, Relay>();
  for (const [i, line] of lines.entries()) {
    if (line !== undefined && isSpecial(line)) special.set(i, JSON.parse(decoder.decode(line)));
  }
  if (special.size === 0) return lines;
  const quoting = [...special].filter(([, { reply_to }]) => reply_to !== undefined && !known.replies);
  const originals = quoting.map(([i, { reply_to }]) => ({ conversation: refs[i]!.conversation, id: reply_to! }));
  return chain(originals.length === 0 ? [] : linesIn(guard, originals), (found) => {
    const texts = new Map(quoting.map(([i, { message }], at) => [i, withQuote(message, found[at], language)]));
    return lines.map((line, i) => {
      const relay = special.get(i);
      return relay === undefined ? line : shown(line!, relay, texts.get(i), known, language);
    });
  });
}

/**
 * Messages as they were first said, for a reader that gets the events too. Of a deleted one that is kept nowhere.
 */
export function firstSaid(
  guard: JournalGuard,
  refs: readonly MessageRef[],
  lines: readonly Line[],
): Soon<readonly Line[]> {
  return chainAll(lines.map((line, i) => {
    if (line === undefined || refs[i]!.event !== undefined || !isSpecial(line)) return line;
    const { edited, ...relay } = JSON.parse(decoder.decode(line)) as Relay;
    if (edited === undefined) return line;
    const { conversation, id } = refs[i]!;
    const events = guard.attempt("read", () => guard.journal.events(conversation, { about: { first: id, last: id } }));
    return chain(events, (events = []) => {
      const former = events.find((event) => event.kind === "edit" && event.former !== undefined);
      return former?.kind === "edit" ? lineOf({ ...relay, message: former.former! }) : line;
    });
  }));
}

function shown(
  line: Uint8Array,
  { reply_to, edited, deleted, ...relay }: Relay,
  quoted: string | undefined,
  known: KnownFeatures,
  language: Language,
): Uint8Array {
  const isChanged = !known.edits && (edited !== undefined || deleted !== undefined);
  if (quoted === undefined && !isChanged) return line;
  const text = quoted ?? (isChanged && deleted ? explainNote("deleted", language) : relay.message);
  return lineOf({
    ...relay,
    message: text,
    ...(reply_to === undefined || !known.replies ? {} : { reply_to }),
    ...(edited === undefined || !known.edits ? {} : { edited }),
    ...(deleted === undefined || !known.edits ? {} : { deleted }),
  });
}

function lineOf(relay: Relay): Uint8Array {
  return encode(plain.formatRelay(relay, "")).subarray(0, -1);
}

/** Whether a line is a reply, was edited or deleted: its last field says so. All others are not parsed. */
function isSpecial(line: Uint8Array): boolean {
  const at = line.lastIndexOf(COMMA) + 2, first = line[at];
  return first === E || first === D || (first === R && line[at + 1] === E); // `edited`, `deleted`, `reply_to`, and not `role`
}

/** Whether a line is what is left of a deleted message. */
export function isDeleted(line: Line): boolean {
  return line !== undefined && line[line.lastIndexOf(COMMA) + 2] === D;
}

/** The messages in the order of their references, which need not ascend. */
function linesIn(guard: JournalGuard, refs: readonly MessageRef[]): Soon<readonly Line[]> {
  const ascending = [...refs].sort((one, other) => one.id - other.id);
  return chain(readLines(guard, ascending), (lines) => {
    const byRef = new Map(ascending.map((ref, i) => [ref, lines[i]]));
    return refs.map((ref) => byRef.get(ref));
  });
}
