/** Changes a database in one transaction. */
import type { DatabaseSync } from "node:sqlite";

/** Makes all of some changes, or none. In a transaction that is under way they are a part of it. */
export function transact(db: DatabaseSync, act: () => void): void {
  if (db.isTransaction) return act();
  db.exec("BEGIN IMMEDIATE");
  try {
    act();
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
