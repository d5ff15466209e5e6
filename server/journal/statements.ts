/**
 * The SQL for records, runs of messages, conversations and marks, by name: the view prepares it once, since to prepare
 * costs more than to run. The tables are in schema.ts. Events and files have statements of their own, in stored_events.ts and
 * stored_files.ts.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { INDEXED } from "./run_index.ts";

const run = "first, last, count, conversation, time, version, sum, lines";
/** Some runs of a conversation, with the columns of the table. To look for the runs first costs no look at those around them. */
const runsOf = (which: string) =>
  `(SELECT conversation, first FROM runs_of WHERE conversation = ${which}) JOIN runs USING (conversation, first)`;

const STATEMENTS = {
  begin: "BEGIN IMMEDIATE",
  beginReading: "BEGIN",
  commit: "COMMIT",
  dataVersion: "PRAGMA data_version",
  mark: "SELECT value FROM marks WHERE name = ?",
  setMark: "INSERT OR REPLACE INTO marks VALUES (?, ?)",
  removeMark: "DELETE FROM marks WHERE name = ?",
  // Of the logs that a chat had before: what a copy of them has is here, or is void.
  ancestors: "SELECT value FROM marks WHERE name GLOB 'before/*' ORDER BY value DESC",
  hasAncestor: "SELECT 1 FROM marks WHERE name = 'before/' || CAST(? AS INTEGER)",
  addAncestor: "INSERT OR REPLACE INTO marks VALUES ('before/' || CAST(?1 AS INTEGER), ?1)",
  removeAncestors: "DELETE FROM marks WHERE name GLOB 'before/*'",
  // Another process may have moved it further.
  raiseMark: "INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",

  records: "SELECT id, time, kind, version, sum, body FROM records WHERE id > ? ORDER BY id",
  lastRecord: "SELECT coalesce(max(id), 0) AS id FROM records",
  putRecord: "INSERT INTO records (id, key, time, kind, version, sum, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
  discard: "DELETE FROM records WHERE id = ?",
  discardUpTo: "DELETE FROM records WHERE id <= ?",
  removeReplaced: "DELETE FROM records WHERE key = ? AND id < ?",
  removeBelow: "DELETE FROM records WHERE key >= ? AND key < ? AND id < ?",

  // One that is here may be from before its messages were edited.
  replaceRun: `INSERT OR REPLACE INTO runs (${run}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  putRun: `INSERT INTO runs (${run}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  // The same, if no record is there that this process has not read. It costs nothing, as it is no second statement.
  putRunIfCurrent: `INSERT INTO runs (${run}) SELECT ?, ?, ?, ?, ?, ?, ?, ?
    WHERE (SELECT coalesce(max(id), 0) FROM records) = ?`,
  newest: "SELECT first, last FROM runs ORDER BY first DESC LIMIT 1",
  oldest: "SELECT first FROM runs ORDER BY first LIMIT 1",
  oldestSaid: "SELECT first, time FROM runs WHERE time <= ? ORDER BY first LIMIT 1",
  backward: `SELECT first, last, count, version FROM ${runsOf("? AND first < ? ORDER BY first DESC LIMIT ?")}
    ORDER BY first DESC`,
  // From the run that the bound may fall into.
  forward: `SELECT first, last, count, version FROM ${
    runsOf(`?1 AND first < ?3 AND first >= coalesce(
      (SELECT first FROM runs_of WHERE conversation = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1), 0)
      ORDER BY first LIMIT ?4`)
  } ORDER BY first`,
  run: `SELECT ${run} FROM runs WHERE first = ?`,
  holding: `SELECT ${run} FROM ${runsOf("? AND first <= ? ORDER BY first DESC LIMIT 1")}`,
  runsAfter: `SELECT ${run} FROM runs WHERE first > ? ORDER BY first LIMIT ?`,
  runsWithin: `SELECT ${run} FROM ${runsOf("? AND first BETWEEN ? AND ?")} ORDER BY first`,
  removeOldest: "DELETE FROM runs WHERE first = (SELECT min(first) FROM runs)",

  conversation: "SELECT id FROM conversations WHERE one = ? AND other = ?",
  nameOfConversation: "SELECT one, other FROM conversations WHERE id = ?",
  // Not by the view: each conversation would look through the last runs of the log.
  conversationsOf: `SELECT one, other FROM conversations WHERE other != '' AND (one = ?1 OR other = ?2)
    AND (EXISTS (SELECT 1 FROM indexed_runs WHERE conversation = conversations.id AND first > ?3)
      OR id IN (SELECT conversation FROM runs WHERE first > ?3 AND first > ${INDEXED}))`,
  allConversations: "SELECT one, other FROM conversations WHERE one IS NOT NULL",
  putConversation: "INSERT INTO conversations (one, other) VALUES (?, ?)",
  forget: "UPDATE conversations SET one = NULL, other = NULL WHERE one = ? AND other = ?",
};

type Name = keyof typeof STATEMENTS;

/** Statements that are ready to run. */
export type Statements<name extends Name = Name> = { readonly [each in name]: StatementSync };

/** @param names all of them unless given: a reader needs few, and a table that is damaged must not stop it */
export function prepare<name extends Name = Name>(db: DatabaseSync, names?: readonly name[]): Statements<name> {
  const some = names ?? Object.keys(STATEMENTS) as name[];
  return Object.fromEntries(some.map((name) => [name, db.prepare(STATEMENTS[name])])) as Statements<name>;
}
