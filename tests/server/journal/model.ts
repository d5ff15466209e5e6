// The plainest state that records can be applied to, for tests: who and what there is, by key.
import type { JournalRecord, StateRecord } from "../../../server/journal/contract.ts";
import { clearedBy, keyOf } from "../../../server/journal/records.ts";

export class Model {
  readonly #facts = new Map<string, StateRecord>();

  /**
   * Applies records in order.
   *
   * @param stand they were judged before
   * @returns the ids of those that have lost, or are about nothing
   */
  apply(records: readonly JournalRecord[], stand = false): number[] {
    return records.filter((record) => record.kind !== "message" && !this.#apply(record, stand)).map(({ id }) => id);
  }

  /** What there is, whatever records have made it so. */
  get facts(): Record<string, object> {
    const facts = [...this.#facts].filter(([, record]) => !("is" in record) || record.is);
    return Object.fromEntries(facts.sort().map(([key, { id: _, ...fields }]) => [key, fields]));
  }

  #apply(record: StateRecord, stand: boolean): boolean {
    if ((record.kind === "account" || record.kind === "room") && !stand && this.#has(record.kind, record.name)) {
      return false;
    }
    if (record.kind === "removal" && !this.#facts.has(keyOf(record))) return false;
    if ("account" in record && !this.#facts.has(`${record.account}`)) return false;
    if (record.kind === "member" && !this.#facts.has(`${record.room}`)) return false;
    const cleared = clearedBy(record);
    for (const key of this.#facts.keys()) if (cleared !== undefined && key.startsWith(cleared)) this.#facts.delete(key);
    if (record.kind !== "removal") this.#facts.set(keyOf(record), record);
    else {
      this.#facts.delete(keyOf(record));
      for (const key of this.#facts.keys()) if (key.endsWith(`/member/${record.of}`)) this.#facts.delete(key);
    }
    return true;
  }

  #has(kind: string, name: string): boolean {
    return [...this.#facts.values()].some((each) => each.kind === kind && "name" in each && each.name === name);
  }
}
