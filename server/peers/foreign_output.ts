/**
 * Makes output of the messages that another server has appended: relays to the connections of this one. A message to all is
 * not parsed: plain readers get its bytes. Each message has its place among the others of its batch.
 */
import { COMMON_ROOM, type Relay } from "../../jim/mod.ts";
import { audienceOf } from "../chat/audience.ts";
import type { Chat } from "../chat/chat.ts";
import { isReply } from "../chat/quote.ts";
import { featuresIn, type TextForm } from "../chat/text_forms.ts";
import type { Conversation, JournalRecord, MessageRun } from "../journal/contract.ts";
import { positionAfter } from "../journal/ids.ts";
import { hasFile, parseLine } from "../journal/lines.ts";
import type { Connection } from "../net/connection.ts";
import { NOTHING, type Output } from "../net/output_batch.ts";
import type { OpOf, OutputOp } from "../net/output_op.ts";

/** The texts of a reply, or of a message with a file, for readers that do not know such. */
export type FormsOf = (conversation: Conversation, relay: Relay) => readonly TextForm[];

/**
 * The output of a batch: one part, and another one for each further run to all.
 *
 * @param catchingUp connections that will be sent what they have missed, these messages to some among it
 * @param formsOf the texts of a reply, or of a message with a file, for readers that do not know such
 */
export function* foreignOutput(
  records: readonly JournalRecord[],
  chat: Chat<Connection>,
  catchingUp: Pick<ReadonlySet<Connection>, "has">,
  formsOf: FormsOf,
): Iterable<Output> {
  let part: Part | undefined;
  for (const record of records) {
    if (record.kind !== "message") continue;
    if (record.conversation === COMMON_ROOM && !(record.count === 1 && isSpecial(record.lines))) {
      if (part !== undefined) yield part.end();
      part = new Part(record);
      continue;
    }
    part ??= new Part();
    const { conversation } = record;
    for (const line of wholeLines(record.lines)) {
      const relay = parseLine(line) as Relay | undefined;
      if (relay === undefined) continue;
      const { readers, spelling } = audienceOf(conversation, relay, chat);
      const isMissed = (reader: Connection) => conversation !== COMMON_ROOM && catchingUp.has(reader);
      const ready = [...readers].filter((reader) => reader.receivesRelays && !isMissed(reader));
      if (featuresIn(relay).length === 0) part.add({ readers: ready, relay, line, spelling });
      else part.add({ readers: ready, relay, line, spelling, forms: formsOf(conversation, relay) });
    }
  }
  if (part !== undefined) yield part.end();
}

/** Whether a message to all has other texts for some readers. */
function isSpecial(line: Uint8Array): boolean {
  return isReply(line) || hasFile(line);
}

/** A run to all, perhaps none, and the messages to some in between. */
class Part {
  readonly #run: MessageRun | undefined;
  readonly #ops: OutputOp[] = [];
  /** The position in the run, and the number of messages behind it. */
  #at = 0;
  #left: number;

  constructor(run?: MessageRun) {
    this.#run = run;
    this.#left = run?.count ?? 0;
  }

  /** Adds a message to some behind all that have a smaller id. */
  add(message: Omit<OpOf<"encodedMulticast">, "kind" | "at">): void {
    if (this.#run !== undefined) this.#advance(positionAfter(this.#run.lines, message.relay.id!, this.#at));
    this.#ops.push({ kind: "encodedMulticast", ...message, at: this.#at });
  }

  end(): Output {
    if (this.#run === undefined) return { ops: this.#ops, relays: NOTHING, toSome: NOTHING };
    const { lines } = this.#run, relays = { bytes: lines, start: 0, end: lines.length };
    this.#advance(lines.length);
    return { ops: this.#ops, relays, toSome: NOTHING };
  }

  #advance(to: number): void {
    const { lines } = this.#run!, from = this.#at;
    if (from === to) return;
    const count = to === lines.length ? this.#left : wholeLines(lines.subarray(from, to)).length;
    this.#ops.push({ kind: "foreignBroadcast", from, to, count });
    this.#left -= count;
    this.#at = to;
  }
}

const LF = 10;

/** The lines, each with its newline, as views. */
function wholeLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(LF, start), end = newline < 0 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}
