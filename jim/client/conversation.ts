/**
 * One conversation over several connections: all that is said there is shown once, in order. What was said between two
 * connections is read from the history.
 * @module
 */
import { MAX_PAGE } from "../limits.ts";
import {
  acknowledged,
  type Advance,
  arrived,
  caughtUp,
  interrupted,
  isLastPage,
  merged,
  missingFrom,
  pageRead,
  pastPage,
  type Progress,
} from "./catch_up.ts";
import { isTrouble } from "./errors.ts";
import { type Message, milliseconds } from "./event.ts";
import { conversationFields } from "./objects.ts";
import type { Reply, Requests } from "./requests.ts";
import type { SentMessages } from "./sent_messages.ts";

/** The history is read, or could not be. `failure`: the server cannot read it now, and what was missed is still missing. */
type Then = (isRead: boolean, now: number, failure?: Reply) => void;

/**
 * The messages of one conversation.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { SentMessages } from "./sent_messages.ts";
 * const shown: string[] = [];
 * const room = new Conversation("#all", new SentMessages(), ({ text }) => shown.push(text));
 * const said = (text: string, id: number) =>
 *   ({ kind: "message", from: "ann", to: "#all", text, time: 0, id }) as const;
 * room.arrived(said("one", 1));
 * room.interrupted();
 * room.arrived(said("three", 3));
 * room.arrived(said("one", 1));
 * assert.deepEqual(shown, ["one"]); // until the history says what was said between
 * ```
 */
export class Conversation {
  readonly #sent: SentMessages;
  readonly #show: (message: Message) => void;
  /** Two that turn out to be one have one state, also for the answers that both of them wait for. */
  #state: { name: string; progress: Progress<Message> };

  /**
   * @param sent the user's own messages: those that the history has are not shown
   * @param progress nothing is known, and nothing is missing, unless given
   */
  constructor(
    name: string,
    sent: SentMessages,
    show: (message: Message) => void,
    progress: Progress<Message> = { upTo: undefined, live: true, early: [] },
  ) {
    this.#sent = sent;
    this.#show = show;
    this.#state = { name, progress };
  }

  /** A room with its `#`, which may get another name; or a person's name, in one spelling. */
  get name(): string {
    return this.#state.name;
  }

  set name(name: string) {
    this.#state.name = name;
  }

  /** Nothing is missing up to this id. */
  get upTo(): number | undefined {
    return this.#progress.upTo;
  }

  /** If nothing is known of it, it is read from behind this id. */
  startFrom(id: number | undefined): void {
    this.#progress = { ...this.#progress, upTo: this.#progress.upTo ?? id };
  }

  /** It is the same conversation as another one, by another name. */
  merge(other: Conversation): void {
    this.#progress = merged(this.#progress, other.#progress);
    other.#state = this.#state;
  }

  /** A message has arrived. */
  arrived(message: Message): void {
    this.#advance(arrived(this.#progress, message));
  }

  /** The user's own message has this id. */
  acknowledged(id: number): void {
    this.#progress = acknowledged(this.#progress, id);
  }

  /** The connection is gone. */
  interrupted(): void {
    this.#progress = interrupted(this.#progress);
  }

  /** There is no history to read: what has arrived is shown. */
  resume(): void {
    this.#advance(caughtUp(this.#progress));
  }

  /** Reads what was said between two connections, page by page; on the first one, only where the conversation has got to. */
  catchUp(requests: Requests, time: number, then: Then): void {
    const after = missingFrom(this.#progress), limit = after === undefined ? 1 : MAX_PAGE;
    const range = after === undefined ? { limit } : { after, limit };
    requests.enqueue({
      object: { action: "history", time, ...conversationFields(this.name), ...range },
      rows: "message",
      then: (reply, now) => {
        if (reply !== undefined && isTrouble(reply.code)) return then(false, now, reply);
        if (reply === undefined || reply.refused) {
          this.resume();
          return then(false, now);
        }
        const page = pastPage(reply.rows, (message) => message);
        if (after !== undefined) this.#advance(pageRead(this.#progress, page));
        if (!isLastPage(page, after, limit)) return this.catchUp(requests, time, then);
        this.resume();
        if (after === undefined) this.acknowledged(Math.max(0, page.last));
        then(true, now);
      },
    });
  }

  get #progress(): Progress<Message> {
    return this.#state.progress;
  }

  set #progress(progress: Progress<Message>) {
    this.#state.progress = progress;
  }

  #advance({ progress, ready }: Advance<Message>): void {
    this.#progress = progress;
    for (const message of ready) {
      const { from, text, time, id } = message;
      if (!this.#sent.knows({ from, text, time: milliseconds(time) ?? 0, id })) this.#show(message);
    }
  }
}
