/** Which connections understand which features of JIM. Nothing of a feature is sent to a connection that has not named it. */
import type { Feature } from "../../jim/mod.ts";

export class Features<S extends object> {
  readonly #by = new Map<Feature, Set<S>>();
  /** The same as arrays that never change: notices point at them. */
  readonly #lists = new Map<Feature, readonly S[]>();

  /** From now on this connection is sent what these features bring. What it has named before still holds. */
  add(session: S, features: readonly Feature[]): void {
    for (const feature of features) {
      const sessions = this.#by.get(feature);
      if (sessions === undefined) this.#by.set(feature, new Set([session]));
      else sessions.add(session);
      this.#lists.delete(feature);
    }
  }

  has(session: S, feature: Feature): boolean {
    return this.#by.get(feature)?.has(session) === true;
  }

  /** All that understand a feature. */
  all(feature: Feature): readonly S[] {
    let list = this.#lists.get(feature);
    if (list === undefined) this.#lists.set(feature, list = [...this.#by.get(feature) ?? []]);
    return list;
  }

  /** Those of some that understand a feature. It costs nothing while none does. */
  *among(sessions: Iterable<S>, feature: Feature): Iterable<S> {
    const all = this.#by.get(feature);
    if (all === undefined || all.size === 0) return;
    for (const session of sessions) if (all.has(session)) yield session;
  }

  /** The connection is gone. */
  delete(session: S): void {
    for (const [feature, sessions] of this.#by) if (sessions.delete(session)) this.#lists.delete(feature);
  }
}
