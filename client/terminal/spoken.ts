// What one has said oneself, until the server has answered with its id: from then on the past is read from behind it. Before
// that, and with a server that tells no ids, it is known by its time, which no two of them share. That tells whether it is in
// the past already, when the connection broke before the answer; and keeps it from being shown a second time.

import { nameKey } from "../../jim/mod.ts";
import type { Said } from "./places.ts";
import { nextTime } from "../protocol/own_time.ts";
import type { OutgoingMessage } from "../protocol/requests.ts";

/** A message of one's own, and what is known of it. */
export interface Mine extends OutgoingMessage {
  /** It was sent, and the connection broke before its answer. */
  doubted: boolean;
  /** It is in the past. */
  kept: boolean;
}

/**
 * The messages of one's own.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const spoken = new Spoken();
 * const [one, two] = ["one", "two"].map((text) => spoken.add("ann", "#all", text, 5));
 * assert.deepEqual([one!.time, two!.time], [5, 6]);
 * spoken.lost([one!, two!], []);
 * assert.equal(spoken.knows({ id: 7, from: "ann", text: "one", time: 5 }, "#all"), true);
 * assert.deepEqual(spoken.release(new Set(["#all"])), { send: [two], unknown: [] });
 * ```
 */
export class Spoken {
  readonly #all = new Map<string, Mine>();
  #waiting: Mine[] = [];
  #time = 0;

  /** Messages that wait to be sent. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Something is said. */
  add(from: string, to: string, text: string, now: number): Mine {
    this.#time = nextTime(this.#time, now);
    const mine = { from, to, text, time: this.#time, doubted: false, kept: false };
    this.#all.set(keyOf(mine), mine);
    return mine;
  }

  /** It cannot be sent now. */
  wait(mine: Mine): void {
    this.#waiting.push(mine);
  }

  /** The past will not bring it again. */
  forget(mine: Mine): void {
    this.#all.delete(keyOf(mine));
  }

  /** Whether a message that was read, or sent back by a server that leaves nobody out, was said here; or a part of it. */
  knows({ from, text, time }: Said, to: string): boolean {
    const mine = this.#all.get(keyOf({ from, to, time }));
    if (!mine?.text.includes(text)) return false;
    mine.kept = true;
    return true;
  }

  /** The connection broke: some were sent, and some were not, and all go before those that wait already. */
  lost(sent: readonly OutgoingMessage[], unsent: readonly OutgoingMessage[]): void {
    const mine = (said: OutgoingMessage, doubted: boolean): Mine => {
      const known = this.#all.get(keyOf(said));
      if (known?.text !== said.text) return { ...said, doubted, kept: false }; // a part of a long one
      known.doubted ||= doubted;
      return known;
    };
    this.#waiting.unshift(...sent.map((each) => mine(each, true)), ...unsent.map((each) => mine(each, false)));
  }

  /**
   * There is a connection, and the past is read.
   *
   * @param read the conversations that it could be read of
   * @returns what to send; and what may have arrived or not, with nobody to tell
   */
  release(read: ReadonlySet<string>): { readonly send: readonly Mine[]; readonly unknown: readonly Mine[] } {
    const missing = this.#waiting.splice(0).filter(({ kept }) => !kept);
    const isUnknown = ({ doubted, to }: Mine) => doubted && !read.has(to);
    const release = { send: missing.filter((mine) => !isUnknown(mine)), unknown: missing.filter(isUnknown) };
    for (const mine of release.send) mine.doubted = false;
    return release;
  }
}

/** What tells a message of one's own from all others. A server may write one's name in the spelling of the account. */
function keyOf({ from, to, time }: Omit<OutgoingMessage, "text">): string {
  return JSON.stringify([nameKey(from), to, time]);
}
