/**
 * Adds a name to an account's contacts and removes it again, in turn, each time as soon as the request is answered. An
 * acknowledged change holds after a kill; one that was under way at the kill has happened or has not.
 */

/** Sends one request, and waits for its answer. */
type Ask = (request: object) => Promise<object | undefined>;

/** The changes, and what a restarted server shows of them. */
export class ContactChanges {
  /** Changes that were acknowledged. */
  acknowledged = 0;
  /** Changes that were acknowledged, and were not there after a kill. */
  undone = 0;
  readonly #name: string;
  /** Whether the name is there now, as far as is known. */
  #is = false;
  /** A change was under way when the connection ended. */
  #underWay = false;

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Makes changes until the connection ends.
   *
   * @param ask gives nothing when the connection has ended
   */
  async run(ask: Ask): Promise<void> {
    for (;;) {
      this.#underWay = true;
      const answer = await ask({ action: this.#is ? "del_contact" : "add_contact", user_id: this.#name });
      if (answer === undefined) return;
      this.#underWay = false;
      this.#is = !this.#is;
      this.acknowledged++;
    }
  }

  /**
   * Compares the contacts that a server lists after a kill with the acknowledged changes.
   *
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * const changes = new ContactChanges("ted"), answers = [{ response: 200 }, { response: 200 }, { response: 200 }, undefined];
   * await changes.run(() => Promise.resolve(answers.shift())); // added, deleted, added, and killed while deleting
   * changes.check([]);
   * assert.deepEqual([changes.acknowledged, changes.undone], [3, 0]);
   * changes.check(["ted"]);
   * assert.equal(changes.undone, 1);
   * ```
   */
  check(contacts: readonly string[]): void {
    const is = contacts.includes(this.#name);
    if (is !== this.#is && !this.#underWay) this.undone++;
    this.#is = is;
    this.#underWay = false;
  }
}
