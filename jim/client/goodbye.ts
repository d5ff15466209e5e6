/**
 * How long a chat that is closed waits for the answer to its goodbye.
 * @module
 */

/** Milliseconds in which the server must answer the goodbye, or one of the messages before it. */
const PATIENCE = 3_000;

/**
 * The wait for the answer to a goodbye. It goes on as long as messages before the goodbye are answered: a server takes no more of
 * them in a second than its rate.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const goodbye = new Goodbye();
 * goodbye.begin(2, 0);
 * assert.equal(goodbye.due, 3_000);
 * assert.deepEqual([goodbye.isOver(1, 3_000), goodbye.due], [false, 6_000]);
 * assert.equal(goodbye.isOver(1, 6_000), true);
 * ```
 */
export class Goodbye {
  #due = Infinity;
  /** Messages without an answer when the present wait began. */
  #unanswered = 0;

  /** Whether it was said. */
  get isSaid(): boolean {
    return this.#due !== Infinity;
  }

  /** When to ask whether the wait {@linkcode isOver}, in the milliseconds of `now`; `Infinity` if there is no goodbye. */
  get due(): number {
    return this.#due;
  }

  /**
   * The goodbye is said.
   *
   * @param unanswered messages before it that have no answer, sent or not
   */
  begin(unanswered: number, now: number): void {
    this.#unanswered = unanswered;
    this.#due = now + PATIENCE;
  }

  /** Whether nothing was answered in time. Otherwise the wait begins anew when it is {@linkcode due}. */
  isOver(unanswered: number, now: number): boolean {
    if (now < this.#due) return false;
    const isAnswering = unanswered < this.#unanswered;
    this.begin(unanswered, now);
    return !isAnswering;
  }
}
