/** The transcript of a conversation: reads its history page by page, and makes one file of it. */
import {
  firstWords,
  htmlTranscript,
  markdownTranscript,
  markOf,
  textOf,
  type TranscriptMessage,
} from "../client/protocol/transcript.ts";
import { type Message, milliseconds } from "../jim/client/event.ts";
import { readEvent } from "../jim/client/read_event.ts";
import { conversationFields } from "../jim/client/objects.ts";
import { historyPages } from "../client/protocol/history_pages.ts";
import type { Ask } from "../client/protocol/query.ts";
import type { Refusal } from "../client/protocol/refusal.ts";

/** What to save. */
export interface TranscriptOptions {
  /** A room, or a person. */
  readonly key: string;
  /** What was said from then on, and before that; in milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly format: "html" | "markdown";
  readonly words: {
    readonly language: string;
    readonly title: string;
    /** The name of the conversation, as a heading. */
    readonly name: string;
    readonly edited: string;
    readonly deleted: string;
  };
}

/** A transcript; or why there is none. */
export type Transcript = { readonly text: string; readonly count: number } | { readonly why: Refusal };

/** Microseconds of a millisecond: an id is at least its time in microseconds. */
const MICROSECONDS = 1_000;

/**
 * Reads a conversation, the oldest messages first.
 *
 * @param told is called with the number of messages that are read
 * @param signal ends it; then the text has what was read
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Answer } from "../jim/client/event.ts";
 * import { readEvent } from "../jim/client/read_event.ts";
 * const rows = [{ action: "msg", from: "ann", message: "hi", time: 5, id: 5_000_000 }];
 * const answer = readEvent({ response: 202 }) as Answer;
 * const words = { language: "en", title: "Saved", name: "#cats", edited: "edited", deleted: "(deleted)" };
 * const made = await readTranscript(() => Promise.resolve({ isDone: true, answer, rows }), { key: "#cats", format: "markdown", words });
 * assert.match("text" in made ? made.text : "", /^# Saved\n\n## \\#cats\n\n### 1970-01-01\n\n\*\*ann\*\*.*\n\n> hi/);
 * ```
 */
export async function readTranscript(
  ask: Ask,
  { key, since = 0, until = Infinity, format, words }: TranscriptOptions,
  told: (count: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Transcript> {
  const transcript = format === "html" ? htmlTranscript(words) : markdownTranscript(words);
  const pieces = [transcript.begin(words.title), transcript.conversation(words.name)];
  const known = new Map<number, Message>(), end = until * MICROSECONDS;
  let count = 0;
  for await (const page of historyPages(ask, key, since * MICROSECONDS - 1)) {
    if (!page.isDone) return { why: page.why };
    const rows = page.rows.map((row) => readEvent(row, true));
    const said = rows.flatMap((row) => row.kind === "message" && row.id !== undefined ? [row] : []);
    for (const message of said) {
      if (message.id! >= end) break;
      known.set(message.id!, message);
      pieces.push(transcript.message(await transcriptMessage(message)));
      count++;
    }
    told(count);
    if (signal?.aborted === true || said.some(({ id }) => id! >= end)) break;
  }
  return { text: [...pieces, transcript.end()].join(""), count };

  async function transcriptMessage(message: Message): Promise<TranscriptMessage> {
    const { id, time, from, role, text, file, edited, isDeleted, replyTo, reactions = [] } = message;
    return {
      id: id!,
      time: milliseconds(time) ?? NaN,
      from,
      mark: markOf(role),
      text: isDeleted ? undefined : textOf(text, file),
      isEdited: edited !== undefined,
      reply: replyTo === undefined ? undefined : { id: replyTo, words: await wordsOf(replyTo) },
      reactions: reactions.map(({ emoji, count, names }) => ({
        emoji,
        names: count > names.length ? [...names, `+${count - names.length}`] : names,
      })),
    };
  }

  /** A message that is older than the transcript is looked up. */
  async function wordsOf(id: number): Promise<string> {
    if (!known.has(id)) {
      const result = await ask({ action: "history", ...conversationFields(key), before: id + 1, limit: 1 });
      const [row] = result.isDone ? result.rows.map((row) => readEvent(row, true)) : [];
      if (row?.kind === "message" && row.id === id) known.set(id, row);
    }
    const original = known.get(id);
    return original === undefined || original.isDeleted ? words.deleted : firstWords(original.from, original.text);
  }
}

/**
 * A file's name of a conversation's: `hanita-lesson7-2026-11-30.html`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(fileName("#lesson 7/?", "markdown", new Date(2026, 10, 30)), "hanita-lesson-7-2026-11-30.md");
 * ```
 */
export function fileName(key: string, format: TranscriptOptions["format"], now: Date): string {
  const place = key.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, ""), day = now.toLocaleDateString("sv-SE");
  return `hanita-${place === "" ? "chat" : place}-${day}.${format === "html" ? "html" : "md"}`;
}
