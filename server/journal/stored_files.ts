/**
 * The files of messages in the database: which message each key opens, and which files are needed. A message with a file is a run
 * of its own; its line has all that is known of the file, so this is an index, filled with the line and emptied with it.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { cut, fileOf, hasFile } from "./lines.ts";
import type { Runs } from "./runs.ts";

/** Files are asked for so many at a time. */
const LOT = 500;
/** All files, with the message of each. */
export const ALL_FILES = "SELECT message, hash FROM files ORDER BY message";
const STATEMENTS = {
  put: "INSERT OR REPLACE INTO files (message, conversation, key, hash) VALUES (?, ?, ?, ?)",
  // A conversation without members is called by no name any more.
  find: `SELECT message, conversation FROM files JOIN conversations ON conversations.id = conversation
    WHERE key = ? AND one IS NOT NULL`,
  has: "SELECT hash FROM files WHERE hash IN (SELECT value FROM json_each(?)) GROUP BY hash",
  some: "SELECT count(*) AS count FROM (SELECT 1 FROM files LIMIT 1)",
  remove: "DELETE FROM files WHERE message = ?",
  removeBefore: "DELETE FROM files WHERE message < ?",
};

export class StoredFiles {
  readonly #db: DatabaseSync;
  readonly #runs: Runs;
  /** Most chats have none: then nothing is removed. */
  #some: boolean;
  /** Prepared when there is a file. */
  #prepared: { readonly [name in keyof typeof STATEMENTS]: StatementSync } | undefined;

  constructor(db: DatabaseSync, runs: Runs) {
    this.#db = db;
    this.#runs = runs;
    this.#some = db.prepare(STATEMENTS.some).get()!.count !== 0;
  }

  /** Notes the file of a run, if it has one, within the transaction that puts the run. */
  add(id: number, count: number, conversation: number, lines: Uint8Array): void {
    if (count !== 1 || !hasFile(lines)) return;
    const file = fileOf(cut(lines)[0]!);
    if (file === undefined) return;
    this.#some = true;
    this.#sql.put.run(id, conversation, file.key, file.sha256);
  }

  /** The line of the message with a file that a key opens. */
  find(key: string): Uint8Array | undefined {
    const row = this.#sql.find.get(key);
    const [run] = row === undefined ? [] : this.#runs.at(row.conversation as number, row.message as number);
    return run && cut(this.#runs.linesOf(run))[0]?.slice();
  }

  /** Those files, by their hashes, that a message has. */
  among(hashes: readonly string[]): string[] {
    const found: string[] = [];
    for (let from = 0; from < hashes.length; from += LOT) {
      const rows = this.#sql.has.all(JSON.stringify(hashes.slice(from, from + LOT)));
      for (const { hash } of rows) found.push(hash as string);
    }
    return found;
  }

  /** A message has lost its file: its text was deleted. */
  remove(message: number): void {
    if (this.#some) this.#sql.remove.run(message);
  }

  removeBefore(message: number): void {
    if (this.#some) this.#sql.removeBefore.run(message);
  }

  get #sql(): { readonly [name in keyof typeof STATEMENTS]: StatementSync } {
    if (this.#prepared === undefined) {
      const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, this.#db.prepare(sql)]);
      this.#prepared = Object.fromEntries(prepared) as { [name in keyof typeof STATEMENTS]: StatementSync };
    }
    return this.#prepared;
  }
}
