/** Accounts by name, found by any spelling with the same canonical form (`nameKey`): the part of `AccountIndex` that knows names only. */
import { nameKey } from "../../jim/mod.ts";

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const rooms = new ByName<{ name: string }>(), cats = { name: "#Cats" };
 * rooms.add(cats);
 * assert.deepEqual([rooms.find("#CATS"), rooms.find("#dogs")], [cats, undefined]);
 * ```
 */
export class ByName<T extends { readonly name: string }> {
  /** Several items with one key exist only in an old database. */
  readonly #alike = new Map<string, T[]>();
  readonly #isPreferred: (item: T) => boolean;

  /** @param isPreferred of several with one key, one of which this is true is found before the others */
  constructor(isPreferred: (item: T) => boolean = () => true) {
    this.#isPreferred = isPreferred;
  }

  /** The one of exactly that spelling, else one that is preferred, else the first that was added. */
  find(name: string): T | undefined {
    const alike = this.#alike.get(nameKey(name));
    return alike?.find((each) => each.name === name) ?? alike?.find(this.#isPreferred) ?? alike?.[0];
  }

  /** All items with the key of a name. */
  alike(name: string): readonly T[] {
    return this.#alike.get(nameKey(name)) ?? [];
  }

  add(item: T): void {
    const key = nameKey(item.name), alike = this.#alike.get(key);
    if (alike === undefined) this.#alike.set(key, [item]);
    else alike.push(item);
  }

  delete(item: T): void {
    const key = nameKey(item.name), others = this.#alike.get(key)!.filter((each) => each !== item);
    if (others.length > 0) this.#alike.set(key, others);
    else this.#alike.delete(key);
  }

  /** The names with equal keys, preferred ones first. */
  get collisions(): string[][] {
    const several = [...this.#alike.values()].filter(({ length }) => length > 1),
      rank = (item: T) => +this.#isPreferred(item);
    return several.map((alike) => alike.toSorted((one, other) => rank(other) - rank(one)).map(({ name }) => name));
  }
}
