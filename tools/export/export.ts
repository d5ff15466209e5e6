/** The messages of rooms in one of three formats, piece by piece: an export may be larger than memory. */
import type { Relay } from "../../jim/mod.ts";
import {
  firstWords,
  htmlTranscript,
  markdownTranscript,
  markOf,
  textOf,
  type TranscriptFormat,
  type TranscriptMessage,
  type TranscriptWords,
} from "../../client/protocol/transcript.ts";
import { reactionsIn } from "../../server/journal/events.ts";
import type { JournalReader, Lot } from "../../server/journal/reader.ts";

export const FORMATS = ["jsonl", "markdown", "html"] as const;

/** What to export, and how. */
export interface ExportOptions {
  /** Only what was stored then or later, in milliseconds since 1970. */
  readonly since: number;
  readonly format: typeof FORMATS[number];
  readonly words: TranscriptWords & { readonly title: string };
}

/** A room, or the common one. */
interface Place {
  readonly name: string;
  readonly conversation: string;
}

type Reactions = NonNullable<Relay["reactions"]>;

const decoder = new TextDecoder();

/** The pieces of an export. A room in which nothing was said is left out. */
export function* exportRooms(
  reader: JournalReader,
  rooms: readonly Place[],
  { since, format, words }: ExportOptions,
): Generator<string> {
  if (format === "jsonl") return yield* jsonLines(reader, rooms, since);
  const transcript = format === "html" ? htmlTranscript(words) : markdownTranscript(words);
  yield transcript.begin(words.title);
  for (const room of rooms) yield* transcriptOf(reader, room, since, transcript, words);
  yield transcript.end();
}

/** Each message as the history shows it to a program with all features. */
function* jsonLines(reader: JournalReader, rooms: readonly Place[], since: number): Generator<string> {
  for (const { name, conversation } of rooms) {
    for (const lot of reader.lots(conversation, since)) {
      for (const { relay, reactions } of messagesIn(lot)) {
        yield `${JSON.stringify({ ...relay, to: name, ...reactions.length === 0 ? {} : { reactions } })}\n`;
      }
    }
  }
}

function* transcriptOf(
  reader: JournalReader,
  { name, conversation }: Place,
  since: number,
  transcript: TranscriptFormat,
  words: TranscriptWords,
): Generator<string> {
  let isFirst = true;
  for (const lot of reader.lots(conversation, since)) {
    if (isFirst) yield transcript.conversation(name);
    isFirst = false;
    for (const { relay, reactions } of messagesIn(lot)) {
      const { id, from, role, message, file, edited, deleted, reply_to: of } = relay;
      const said: TranscriptMessage = {
        id,
        time: lot.time,
        from,
        mark: markOf(role),
        text: deleted === true ? undefined : textOf(message, file),
        isEdited: edited !== undefined,
        reply: of === undefined ? undefined : { id: of, words: wordsOf(reader.line(conversation, of), words) },
        reactions,
      };
      yield transcript.message(said);
    }
  }
}

/** The messages of a lot, each with its reactions and all names. */
function* messagesIn({ lines, events }: Lot): Generator<{ relay: Relay; reactions: Reactions }> {
  const byMessage = Map.groupBy(reactionsIn(events).filter(({ is }) => is), ({ of }) => of);
  for (const line of lines) {
    const relay = JSON.parse(decoder.decode(line)) as Relay;
    const kinds = Map.groupBy(byMessage.get(relay.id) ?? [], ({ emoji }) => emoji);
    const reactions = [...kinds].map(([emoji, some]) => ({
      emoji,
      count: some.length,
      names: some.map(({ from }) => from),
    }));
    yield { relay, reactions };
  }
}

function wordsOf(line: Uint8Array | undefined, { deleted }: TranscriptWords): string {
  const original = line === undefined ? undefined : JSON.parse(decoder.decode(line)) as Relay;
  return original === undefined || original.deleted === true ? deleted : firstWords(original.from, original.message);
}
