/**
 * Items in the order of their names. Lists are requested more often than they change: sorting 15,000 names takes 10
 * ms, and an insertion 5 µs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const ann = { name: "ann" }, zoe = { name: "zoe" }, people = new Sorted<{ name: string }>();
 * people.add(zoe);
 * people.add(ann);
 * const before = people.all;
 * people.delete(ann);
 * assert.deepEqual([before, people.all], [[ann, zoe], [zoe]]);
 * ```
 */
export class Sorted<T extends { readonly name: string }> {
  #items: T[] = [];
  /** The array is in use: it must not change any more. */
  #given = false;

  /** All items, in an array that never changes: many readers can read it piece by piece. */
  get all(): readonly T[] {
    this.#given = true;
    return this.#items;
  }

  add(item: T): void {
    this.#own().splice(this.#place(item.name), 0, item);
  }

  delete(item: T): void {
    const at = this.#items.indexOf(item, this.#place(item.name));
    if (at >= 0) this.#own().splice(at, 1);
  }

  #own(): T[] {
    if (this.#given) this.#items = this.#items.slice();
    this.#given = false;
    return this.#items;
  }

  /** The index of the first item with that name, or where it would be. */
  #place(name: string): number {
    let from = 0, to = this.#items.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#items[middle]!.name < name) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
