// The people whose messages and notices are not shown. Only this program knows them: nothing is sent to the server, and the
// list ends with the program.

import { nameKey } from "../../jim/mod.ts";

/**
 * Names that are ignored, in whatever spelling.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const ignored = new Ignored();
 * ignored.add("Eve");
 * assert.deepEqual([ignored.has("EVE"), ignored.has("ann"), ignored.names], [true, false, ["Eve"]]);
 * assert.equal(ignored.remove("eve"), true);
 * assert.deepEqual(ignored.names, []);
 * ```
 */
export class Ignored {
  /** By their keys, in the spelling that they were given in. */
  readonly #names = new Map<string, string>();

  get names(): string[] {
    return [...this.#names.values()];
  }

  has(name: string): boolean {
    return this.#names.size > 0 && this.#names.has(nameKey(name));
  }

  add(name: string): void {
    this.#names.set(nameKey(name), name);
  }

  /** Returns false if the name was not ignored. */
  remove(name: string): boolean {
    return this.#names.delete(nameKey(name));
  }
}
