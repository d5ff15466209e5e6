/**
 * Erases conversations that have no name any more: of a room that was removed or cleared, of an account that is gone. To forget
 * one takes a moment, and its messages are then found by nobody; they, their events and their files go here, a little at a time.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";

const STATEMENTS = {
  next: "SELECT id FROM conversations WHERE one IS NULL LIMIT 1",
  runs: `SELECT first, last FROM (SELECT conversation, first FROM runs_of WHERE conversation = ? ORDER BY first LIMIT ?)
    JOIN runs USING (conversation, first) ORDER BY first`,
  events: "SELECT id FROM events WHERE conversation = ? ORDER BY id LIMIT ?",
  removeRun: "DELETE FROM runs WHERE first = ?",
  removeEvent: "DELETE FROM events WHERE id = ?",
  // A message with a file is a run of its own.
  removeFile: "DELETE FROM files WHERE message = ?",
  removeConversation: "DELETE FROM conversations WHERE id = ?",
  // Whole pages that are freed leave nothing in the file either.
  erase: "PRAGMA secure_delete = ON",
  keep: "PRAGMA secure_delete = FAST",
};
/** Runs, or events, that are erased in one transaction. A run may have some 100 KB, of which each page is overwritten. */
const LOT = 8;

/** What the owner of the database does with it. */
interface Deps {
  transact(act: () => void): void;
  /** Called within the transaction that erases them, with the ids of messages and events. */
  onErase(erased: readonly Erased[]): void;
  /** Called before a conversation is gone for good: the index may have words of it. It may be called again after a kill. */
  onErased(): void;
}

/** Some messages, or an event: then both ids are the same. */
export interface Erased {
  readonly first: number;
  readonly last: number;
}

export class Forgotten {
  readonly #deps: Deps;
  readonly #sql: { readonly [name in keyof typeof STATEMENTS]: StatementSync };

  constructor(db: DatabaseSync, deps: Deps) {
    this.#deps = deps;
    const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, db.prepare(sql)]);
    this.#sql = Object.fromEntries(prepared) as { [name in keyof typeof STATEMENTS]: StatementSync };
  }

  /**
   * Erases some of what there is, at least a little, until `isOver`. Returns whether nothing is left. The account tool, and a
   * server that was killed, leave some too; to look for it takes some microseconds.
   */
  erase(isOver: () => boolean): boolean {
    do {
      const conversation = this.#sql.next.get()?.id as number | undefined;
      if (conversation === undefined) return true;
      this.#eraseSome(conversation);
    } while (!isOver());
    return false;
  }

  #eraseSome(conversation: number): void {
    const runs = this.#sql.runs.all(conversation, LOT) as unknown as Erased[];
    const events = runs.length > 0 ? [] : this.#sql.events.all(conversation, LOT).map(({ id }) => id as number);
    if (runs.length + events.length === 0) this.#deps.onErased();
    this.#sql.erase.run();
    try {
      this.#deps.transact(() => {
        for (const { first } of runs) {
          this.#sql.removeRun.run(first);
          this.#sql.removeFile.run(first);
        }
        for (const id of events) this.#sql.removeEvent.run(id);
        if (runs.length + events.length === 0) this.#sql.removeConversation.run(conversation);
        else this.#deps.onErase([...runs, ...events.map((id) => ({ first: id, last: id }))]);
      });
    } finally {
      this.#sql.keep.run();
    }
  }
}
