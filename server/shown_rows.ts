/**
 * Messages as the reader of a page is shown them. A program that does not know files gets a link. A program that does not know replies gets a quote; one that does not know edits
 * gets the present text, and of a deleted message a text that says so; one that knows reactions gets those too.
 */
import { encode, explainNote, type Language, plain, type Relay } from "../jim/mod.ts";
import type { KnownFeatures } from "./chat/jobs.ts";
import { withQuote } from "./chat/quote.ts";
import { withLink } from "./chat/text_forms.ts";
import type { Soon } from "./journal/contract.ts";
import { reactionsIn } from "./journal/events.ts";
import { hasFile } from "./journal/lines.ts";
import { chain, chainAll } from "./journal/maybe_promise.ts";
import type { ReactionRecord } from "./journal/records.ts";
import type { JournalGuard } from "./journal_guard.ts";
import { type Line, type MessageRef, readLines } from "./pages.ts";

const COMMA = 44, D = 100, E = 101, R = 114;
const decoder = new TextDecoder();

type Reactions = NonNullable<Relay["reactions"]>;

const NONE: ReadonlyMap<MessageRef, Reactions> = new Map();
/** Names of people that a kind of reaction has on a page; the first ones. */
const NAMES = 10;

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
    const events = guard.attempt("read", () => guard.journal.events(conversation, { about: { first: id, last: id } }));
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
    const about = { first: refs[0]!.id, last: refs.at(-1)!.id };
    return guard.attempt("read", () => guard.journal.events(conversation, { about }));
  });
  return chain(chainAll(found), (found) => {
    const reactions = new Map<MessageRef, Reactions>();
    for (const [i, [, refs]] of groups.entries()) {
      const byMessage = Map.groupBy(reactionsIn(found[i] ?? []).filter(({ is }) => is), ({ of }) => of);
      if (byMessage.size === 0) continue;
      for (const ref of refs) {
        const some = byMessage.get(ref.id);
        if (some !== undefined) reactions.set(ref, summaryOf(some));
      }
    }
    return reactions;
  });
}

function summaryOf(reactions: readonly ReactionRecord[]): Reactions {
  return [...Map.groupBy(reactions, ({ emoji }) => emoji)].map(([emoji, some]) => ({
    emoji,
    count: some.length,
    names: some.slice(0, NAMES).map(({ from }) => from),
  }));
}

/** The messages in the order of their references, which need not ascend. */
function linesIn(guard: JournalGuard, refs: readonly MessageRef[]): Soon<readonly Line[]> {
  const ascending = [...refs].sort((one, other) => one.id - other.id);
  return chain(readLines(guard, ascending), (lines) => {
    const byRef = new Map(ascending.map((ref, i) => [ref, lines[i]]));
    return refs.map((ref) => byRef.get(ref));
  });
}
