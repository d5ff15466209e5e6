/**
 * Messages as the reader of a page is shown them. A program that does not know files gets a link. A program that does not know replies gets a quote; one that does not know edits
 * gets the present text, and of a deleted message a text that says so; one that knows reactions gets those too.
 */
import { encode, explainNote, type Language, plain, type Relay } from "../jim/mod.ts";
import type { KnownFeatures } from "./chat/jobs.ts";
import { withQuote } from "./chat/quote.ts";
import { withLink } from "./chat/text_forms.ts";
import type { Reactions, Soon } from "./journal/contract.ts";
import { hasFile } from "./journal/lines.ts";
import { chain, chainAll } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";
import { type Line, type MessageRef, readLines } from "./pages.ts";

const COMMA = 44, D = 100, E = 101, R = 114;
const decoder = new TextDecoder();

const NONE: ReadonlyMap<MessageRef, Reactions> = new Map();

/** What the texts of rows are made of. */
export interface RowWords {
  readonly language: Language;
  /** Where the files of this server are for a plain client. */
  readonly fileOrigin: string;
}

/** @param known what the reader has said that it understands */
export function shownRows(
  guard: JournalGuard,
  refs: readonly MessageRef[],
  lines: readonly Line[],
  known: KnownFeatures,
  words: RowWords,
): Soon<readonly Line[]> {
  return known.reactions
    ? chain(reactionsTo(guard, refs), (reactions) => shownWith(guard, refs, lines, known, words, reactions))
    : shownWith(guard, refs, lines, known, words, NONE);
}

function shownWith(
  guard: JournalGuard,
  refs: readonly MessageRef[],
  lines: readonly Line[],
  known: KnownFeatures,
  words: RowWords,
  reactions: ReadonlyMap<MessageRef, Reactions>,
): Soon<readonly Line[]> {
  const special = new Map<number, Relay>();
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line === undefined || (reactions.size === 0 && !isSpecial(line))) continue;
    const to = reactions.get(refs[i]!);
    if (to === undefined && !isSpecial(line)) continue;
    const relay = JSON.parse(decoder.decode(line)) as Relay;
    special.set(i, to === undefined ? relay : { ...relay, reactions: to });
  }
  if (special.size === 0) return lines;
  const quoting = [...special].filter(([, { reply_to }]) => reply_to !== undefined && !known.replies);
  const originals = quoting.map(([i, { reply_to }]) => ({ conversation: refs[i]!.conversation, id: reply_to! }));
  return chain(originals.length === 0 ? [] : linesIn(guard, originals), (found) => {
    const texts = new Map(quoting.map(([i, { message }], at) => [i, withQuote(message, found[at], words.language)]));
    return lines.map((line, i) => {
      const relay = special.get(i);
      return relay === undefined ? line : shown(line!, relay, texts.get(i), known, words);
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
    if (line === undefined || refs[i]!.isEvent || !isSpecial(line)) return line;
    const { edited, ...relay } = JSON.parse(decoder.decode(line)) as Relay;
    if (edited === undefined) return line;
    const { conversation, id } = refs[i]!;
    const query = { about: { first: id, last: id }, edits: true } as const;
    const events = guard.attempt("read", () => guard.journal.events(conversation, query));
    return chain(events, (events = []) => {
      const former = events.find((event) => event.kind === "edit" && event.former !== undefined);
      return former?.kind === "edit" ? lineOf({ ...relay, message: former.former! }) : line;
    });
  }));
}

function shown(
  line: Uint8Array,
  { reply_to, file, edited, deleted, reactions, ...relay }: Relay,
  quoted: string | undefined,
  known: KnownFeatures,
  words: RowWords,
): Uint8Array {
  const isChanged = !known.edits && (edited !== undefined || deleted !== undefined);
  const isLinked = file !== undefined && !known.files;
  if (quoted === undefined && !isChanged && !isLinked && reactions === undefined) return line;
  const text = quoted ?? (isChanged && deleted ? explainNote("deleted", words.language) : relay.message);
  return lineOf({
    ...relay,
    message: isLinked ? withLink(text, file, words.fileOrigin) : text,
    ...(file === undefined || isLinked ? {} : { file }),
    ...(reply_to === undefined || !known.replies ? {} : { reply_to }),
    ...(edited === undefined || !known.edits ? {} : { edited }),
    ...(deleted === undefined || !known.edits ? {} : { deleted }),
    ...(reactions === undefined ? {} : { reactions }),
  });
}

function lineOf(relay: Relay): Uint8Array {
  return encode(plain.formatRelay(relay, "")).subarray(0, -1);
}

/**
 * Whether a line is a reply, was edited or deleted: its last field says so. Or it has a file. All others are not parsed.
 */
function isSpecial(line: Uint8Array): boolean {
  const at = line.lastIndexOf(COMMA) + 2, first = line[at];
  // `edited`, `deleted`, `reply_to`, and not `role`
  return first === E || first === D || (first === R && line[at + 1] === E) || hasFile(line);
}

/** Whether a line is what is left of a deleted message. */
export function isDeleted(line: Line): boolean {
  return line !== undefined && line[line.lastIndexOf(COMMA) + 2] === D;
}

/** The reactions to messages of a page, where there are any: one look for each conversation. */
function reactionsTo(guard: JournalGuard, refs: readonly MessageRef[]): Soon<ReadonlyMap<MessageRef, Reactions>> {
  const groups = [...Map.groupBy(refs.filter(({ isEvent }) => !isEvent), ({ conversation }) => conversation)];
  const found = groups.map(([conversation, refs]) => {
    return guard.attempt("read", () => guard.journal.reactionsTo(conversation, refs.map(({ id }) => id)));
  });
  return chain(chainAll(found), (found) => {
    const reactions = new Map<MessageRef, Reactions>();
    for (const [i, [, refs]] of groups.entries()) {
      for (const ref of found[i] !== undefined && found[i].size > 0 ? refs : []) {
        const some = found[i]!.get(ref.id);
        if (some !== undefined) reactions.set(ref, some);
      }
    }
    return reactions;
  });
}

/** The messages in the order of their references, which need not ascend. */
function linesIn(guard: JournalGuard, refs: readonly MessageRef[]): Soon<readonly Line[]> {
  const ascending = [...refs].sort((one, other) => one.id - other.id);
  return chain(readLines(guard, ascending), (lines) => {
    const byRef = new Map(ascending.map((ref, i) => [ref, lines[i]]));
    return refs.map((ref) => byRef.get(ref));
  });
}
