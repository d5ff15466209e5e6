/**
 * The user's own messages, until the server has answered with their ids: from then on the past is read from behind them. Before
 * that, and with a server that tells no ids, a message is known by its time, which no two of them share. So the client knows
 * whether it is in the past already, when the connection broke before the answer, and does not show it a second time.
 * @module
 */
import { nameKey } from "../name.ts";
import type { Numbered } from "./catch_up.ts";
import { nextTime } from "./own_time.ts";
import type { OutgoingMessage, SentFile } from "./requests.ts";

/** A message of one's own, and what is known of it. */
export interface SentMessage extends OutgoingMessage {
  /** The room may get another name. */
  to: string;
  /** It was sent, and the connection broke before its answer. */
  doubted: boolean;
  /** It is in the past. */
  kept: boolean;
  /** Under this id. */
  id?: number;
}

/** Messages that a server without ids has answered, and that it may still send back. */
const ECHOES = 100;

/** What becomes of messages that have waited. */
export interface Released {
  readonly kept: readonly SentMessage[];
  readonly send: readonly SentMessage[];
  readonly unknown: readonly SentMessage[];
}

/**
 * The messages of one's own.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const sent = new SentMessages();
 * const [one, two] = ["one", "two"].map((text) => sent.add("ann", "#all", text, 5));
 * assert.deepEqual([one!.time, two!.time], [5, 6]);
 * sent.connectionLost([one!, two!], []);
 * assert.equal(sent.knows({ id: 7, from: "ann", text: "one", time: 5 }), true);
 * assert.deepEqual(sent.release(new Set(["#all"])), { kept: [one], send: [two], unknown: [] });
 * ```
 */
export class SentMessages {
  readonly #all = new Map<string, SentMessage>();
  readonly #step: 1 | 0.001;
  #waiting: SentMessage[] = [];
  #time = 0;
  /** Those that were answered without an id, oldest first. */
  readonly #echoes: SentMessage[] = [];

  /** @param step see {@linkcode nextTime} */
  constructor(step: 1 | 0.001 = 1) {
    this.#step = step;
  }

  /** Messages that wait to be sent. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Those of them that were sent, and may have arrived. */
  get doubted(): number {
    return this.#waiting.filter(({ doubted, kept }) => doubted && !kept).length;
  }

  /** Where they were said. */
  get doubtedPlaces(): ReadonlySet<string> {
    return new Set(this.#waiting.filter(({ doubted, kept }) => doubted && !kept).map(({ to }) => to));
  }

  /** Something is said. */
  add(from: string, to: string, text: string, now: number, replyTo?: number, file?: SentFile): SentMessage {
    this.#time = nextTime(this.#time, now, this.#step);
    const answers = replyTo === undefined ? {} : { replyTo }, files = file === undefined ? {} : { file };
    // Half a surrogate pair comes back as U+FFFD, and would not be known.
    const mine = {
      from,
      to,
      text: text.toWellFormed(),
      time: this.#time,
      ...answers,
      ...files,
      doubted: false,
      kept: false,
    };
    this.#all.set(keyOf(mine), mine);
    return mine;
  }

  /** It cannot be sent now. */
  wait(mine: SentMessage): void {
    this.#waiting.push(mine);
  }

  /** The past will not bring it again. */
  forget(mine: SentMessage): void {
    this.#all.delete(keyOf(mine));
  }

  /**
   * The server has answered it.
   *
   * @param id undefined of a server that tells none: it may send the message back behind the answer, so that is known for a while
   */
  answered(mine: SentMessage, id: number | undefined): void {
    if (id !== undefined) return this.forget(mine);
    this.#echoes.push(mine);
    if (this.#echoes.length > ECHOES) this.forget(this.#echoes.shift()!);
  }

  /**
   * Whether a message that was read, or sent back by a server that leaves nobody out, was said here; or a part of it. A room may
   * have another name by now.
   */
  knows({ from, text, time, id }: Pick<OutgoingMessage, "from" | "text" | "time"> & Numbered): boolean {
    const mine = this.#all.get(keyOf({ from, time }));
    if (!mine?.text.includes(text)) return false;
    mine.kept = true;
    if (id !== undefined) mine.id = id;
    return true;
  }

  /** A room has another name. */
  rename(from: string, to: string): void {
    for (const mine of this.#all.values()) if (mine.to === from) mine.to = to;
  }

  /** The connection broke: some were sent, and some were not, and all go before those that wait already. */
  connectionLost(unanswered: readonly OutgoingMessage[], unsent: readonly OutgoingMessage[]): void {
    const mine = (said: OutgoingMessage, doubted: boolean): SentMessage => {
      const known = this.#all.get(keyOf(said));
      if (known?.text !== said.text) return { ...said, doubted, kept: false }; // a part of a long one
      known.doubted ||= doubted;
      return known;
    };
    this.#waiting.unshift(...unanswered.map((each) => mine(each, true)), ...unsent.map((each) => mine(each, false)));
  }

  /**
   * There is a connection, and the past is read.
   *
   * @param read the conversations that it could be read of
   * @returns what was kept; what to send; and what may have arrived or not, with nobody to tell
   */
  release(read: ReadonlySet<string>): Released {
    const waiting = this.#waiting.splice(0);
    const kept = waiting.filter(({ kept }) => kept), missing = waiting.filter(({ kept }) => !kept);
    const isUnknown = ({ doubted, to }: SentMessage) => doubted && !read.has(to);
    const release = { kept, send: missing.filter((mine) => !isUnknown(mine)), unknown: missing.filter(isUnknown) };
    for (const mine of release.send) mine.doubted = false;
    return release;
  }
}

/** What tells a message of one's own from all others. A server may write one's name in the spelling of the account. */
function keyOf({ from, time }: Pick<OutgoingMessage, "from" | "time">): string {
  return JSON.stringify([nameKey(from), time]);
}
