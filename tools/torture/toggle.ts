/**
 * A change of the state that is made and taken back again and again, each time as soon as it is answered: a name in an
 * account's contacts. What was acknowledged holds after a kill, and what was under way then has happened or has not.
 */

/** Sends one request, and waits for its answer. */
type Ask = (request: object) => Promise<object | undefined>;

/** A name that is in the contacts of an account, and is not, in turns. */
export class Toggle {
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
   * Changes it until the connection ends.
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
   * Holds the contacts that a server gives after a kill against what was acknowledged.
   *
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * const toggle = new Toggle("ted"), answers = [{ response: 200 }, { response: 200 }, { response: 200 }, undefined];
   * await toggle.run(() => Promise.resolve(answers.shift())); // added, deleted, added, and killed while deleting
   * toggle.check([]);
   * assert.deepEqual([toggle.acknowledged, toggle.undone], [3, 0]);
   * toggle.check(["ted"]);
   * assert.equal(toggle.undone, 1);
   * ```
   */
  check(contacts: readonly string[]): void {
    const is = contacts.includes(this.#name);
    if (is !== this.#is && !this.#underWay) this.undone++;
    this.#is = is;
    this.#underWay = false;
  }
}
