// The common room over several connections of a pipe: all that is said there is shown once, in order, whichever server it
// comes from. What was said between two connections is read from the history.

import { COMMON_ROOM, MAX_PAGE } from "../../jim/mod.ts";
import {
  acknowledged,
  arrived,
  caughtUp,
  interrupted,
  isLastPage,
  missingFrom,
  pageRead,
  pastPage,
  type Progress,
} from "../../jim/client/catch_up.ts";
import { type Message, milliseconds } from "../../jim/client/event.ts";
import type { Requests } from "../../jim/client/requests.ts";
import type { SentMessages } from "../../jim/client/sent_messages.ts";

/** The history is read, or could not be. */
type Then = (isRead: boolean, now: number) => void;

/**
 * The messages of the common room.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { SentMessages } from "../../jim/client/sent_messages.ts";
 * const shown: string[] = [];
 * const room = new CommonRoom(new SentMessages(), ({ text }) => shown.push(text));
 * const said = (text: string, id: number) =>
 *   ({ kind: "message", from: "ann", to: "#all", text, time: 0, id }) as const;
 * room.arrived(said("one", 1));
 * room.interrupted();
 * room.arrived(said("three", 3));
 * room.arrived(said("one", 1));
 * assert.deepEqual(shown, ["one"]); // until the history says what was said between
 * ```
 */
export class CommonRoom {
  readonly #sent: SentMessages;
  readonly #show: (message: Message) => void;
  #progress: Progress<Message> = { upTo: undefined, live: true, early: [] };

  /** @param sent the user's own messages: those that the history has are not shown */
  constructor(sent: SentMessages, show: (message: Message) => void) {
    this.#sent = sent;
    this.#show = show;
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
    if (this.#progress.upTo !== undefined) this.#progress = interrupted(this.#progress);
  }

  /** Reads what was said between two connections, page by page; on the first one, only where the room has got to. */
  catchUp(requests: Requests, time: number, then: Then): void {
    const after = missingFrom(this.#progress), limit = after === undefined ? 1 : MAX_PAGE;
    const range = after === undefined ? { limit } : { after, limit };
    requests.enqueue({
      object: { action: "history", time, room: COMMON_ROOM, ...range },
      rows: "message",
      then: (reply, now) => {
        if (reply === undefined || reply.refused) return this.#finish(false, then, now);
        const page = pastPage(reply.rows, (message) => message);
        if (after === undefined) this.acknowledged(Math.max(0, page.last));
        else this.#advance(pageRead(this.#progress, page));
        if (isLastPage(page, after, limit)) this.#finish(true, then, now);
        else this.catchUp(requests, time, then);
      },
    });
  }

  #finish(isRead: boolean, then: Then, now: number): void {
    this.#advance(caughtUp(this.#progress));
    then(isRead, now);
  }

  #advance({ progress, ready }: { readonly progress: Progress<Message>; readonly ready: readonly Message[] }): void {
    this.#progress = progress;
    for (const message of ready) {
      const { from, text, time } = message;
      if (!this.#sent.knows({ from, text, time: milliseconds(time) ?? 0 }, COMMON_ROOM)) this.#show(message);
    }
  }
}
