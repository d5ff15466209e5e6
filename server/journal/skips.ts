/** Counts the records that are left out, and logs each of them once, with its id. */
import { logger } from "../../log/mod.ts";
import type { Skipped } from "./contract.ts";
import type { Unreadable } from "./encoding.ts";

const { warning } = logger("server/journal");

/** So many are told apart: a disk that is broken everywhere must not fill the memory. */
const REMEMBERED = 100_000;

export class Skips implements Skipped {
  damaged = 0;
  unknown = 0;
  /** By their ids: a message may be read often. */
  readonly #ids = new Set<number>();
  readonly #kinds = new Set<string>();

  /** @param what the record's kind and version, or what is known of it */
  note(id: number, fault: Unreadable, what: string): void {
    if (this.#ids.has(id)) return;
    if (this.#ids.size < REMEMBERED) this.#ids.add(id);
    this[fault]++;
    if (fault === "damaged") return warning("note", `The record ${id} (${what}) is damaged, and is left out`);
    if (this.#kinds.has(what)) return; // there may be thousands of them
    this.#kinds.add(what);
    warning("note", `The record ${id} (${what}) is of a newer Hanita, and is left out, as are all like it`);
  }
}
