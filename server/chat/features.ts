/** The features of JIM that each session understands. A session gets nothing of a feature that it has not named. */
import type { Feature } from "../../jim/mod.ts";

export class Features<S extends object> {
  readonly #by = new Map<Feature, Set<S>>();
  /** The same as arrays that never change, for operations that point at them. */
  readonly #lists = new Map<Feature, readonly S[]>();

  /** Adds features to a session; earlier ones stay. */
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

  /** All sessions with a feature. */
  all(feature: Feature): readonly S[] {
    let list = this.#lists.get(feature);
    if (list === undefined) this.#lists.set(feature, list = [...this.#by.get(feature) ?? []]);
    return list;
  }

  /** The given sessions with a feature. It costs nothing while none has it. */
  *among(sessions: Iterable<S>, feature: Feature): Iterable<S> {
    const all = this.#by.get(feature);
    if (all === undefined || all.size === 0) return;
    for (const session of sessions) if (all.has(session)) yield session;
  }

  /** Forgets a session. */
  delete(session: S): void {
    for (const [feature, sessions] of this.#by) if (sessions.delete(session)) this.#lists.delete(feature);
  }
}
