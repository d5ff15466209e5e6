/** The names of guests that have left: a message to one of them is answered "gone", and not "unknown". */
import { nameKey } from "../../jim/mod.ts";

/** Names that are kept, the latest ones. */
const MAX_NAMES = 10_000;

export class LeftNames {
  /** The canonical names, the latest last. */
  readonly #keys = new Set<string>();

  has(name: string): boolean {
    return this.#keys.has(nameKey(name));
  }

  add(name: string): void {
    const key = nameKey(name);
    this.#keys.delete(key); // moves it to the end of the set
    this.#keys.add(key);
    if (this.#keys.size > MAX_NAMES) this.#keys.delete(this.#keys.values().next().value!);
  }
}
