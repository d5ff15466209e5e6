/** The reactions that guests have put while they are connected. */

/** Of one session, the latest ones. */
const MAX = 1_000;

export class OwnReactions<S extends object> {
  readonly #ids = new WeakMap<S, Set<number>>();

  /** @param id of the reaction */
  add(session: S, id: number): void {
    const ids = this.#ids.get(session) ?? new Set();
    if (ids.size >= MAX) ids.delete(ids.values().next().value!);
    this.#ids.set(session, ids.add(id));
  }

  has(session: S, id: number): boolean {
    return this.#ids.get(session)?.has(id) === true;
  }
}
