/** Which connections understand which features of JIM. Nothing of a feature is sent to a connection that has not named it. */
import type { Feature } from "../../jim/mod.ts";

export class Features<P extends object> {
  readonly #by = new Map<Feature, Set<P>>();
  /** The same as arrays that never change: notices point at them. */
  readonly #lists = new Map<Feature, readonly P[]>();

  /** From now on this connection is sent what these features bring. What it has named before still holds. */
  add(person: P, features: readonly Feature[]): void {
    for (const feature of features) {
      const people = this.#by.get(feature);
      if (people === undefined) this.#by.set(feature, new Set([person]));
      else people.add(person);
      this.#lists.delete(feature);
    }
  }

  has(person: P, feature: Feature): boolean {
    return this.#by.get(feature)?.has(person) === true;
  }

  /** All that understand a feature. */
  all(feature: Feature): readonly P[] {
    let list = this.#lists.get(feature);
    if (list === undefined) this.#lists.set(feature, list = [...this.#by.get(feature) ?? []]);
    return list;
  }

  /** Those of some that understand a feature. It costs nothing while none does. */
  *among(people: Iterable<P>, feature: Feature): Iterable<P> {
    const all = this.#by.get(feature);
    if (all === undefined || all.size === 0) return;
    for (const person of people) if (all.has(person)) yield person;
  }

  /** The connection is gone. */
  delete(person: P): void {
    for (const [feature, people] of this.#by) if (people.delete(person)) this.#lists.delete(feature);
  }
}
