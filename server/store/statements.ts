/**
 * All that is ever said to the database, by name, prepared once: preparing costs more than running. What the rows mean is
 * the business of those who ask; the tables are in schema.ts.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";

export type Statements = ReturnType<typeof prepare>;

export function prepare(db: DatabaseSync) {
  // Numbers arrive as REAL, which the index would not take for a bound.
  const search = (order: string) => `
    SELECT rowid FROM search WHERE search MATCH ? AND rowid > CAST(? AS INTEGER) AND rowid < CAST(? AS INTEGER)
    ORDER BY rowid ${order} LIMIT ?`;
  const statements = {
    begin: "BEGIN IMMEDIATE",
    commit: "COMMIT",
    dataVersion: "PRAGMA data_version",
    mark: "SELECT value FROM marks WHERE name = ?",
    setMark: "INSERT OR REPLACE INTO marks VALUES (?, ?)",

    insert: "INSERT INTO turns (first, last, count, conversation, time, lines) VALUES (?, ?, ?, ?, ?, ?)",
    conversation: "SELECT id FROM conversations WHERE one = ? AND other = ?",
    conversationsOf: `SELECT one, other FROM conversations WHERE other != '' AND (one = ? OR other = ?)
      AND EXISTS (SELECT 1 FROM turns WHERE conversation = conversations.id AND first > ?)`,
    putConversation: "INSERT INTO conversations (one, other) VALUES (?, ?)",
    orphan: "UPDATE conversations SET one = NULL, other = NULL WHERE (one = ? AND other != '') OR other = ?",
    newest: "SELECT first, last FROM turns ORDER BY first DESC LIMIT 1",
    oldest: "SELECT first FROM turns ORDER BY first LIMIT 1",
    oldestSaid: "SELECT first, time FROM turns WHERE time <= ? ORDER BY first LIMIT 1",
    backward: "SELECT first, last, count FROM turns WHERE conversation = ? AND first < ? ORDER BY first DESC LIMIT ?",
    // From the turn that the bound may fall into.
    forward: `SELECT first, last, count FROM turns WHERE conversation = ? AND first >= coalesce(
      (SELECT max(first) FROM turns WHERE conversation = ? AND first <= ?), 0) AND first < ? ORDER BY first LIMIT ?`,
    lines: "SELECT lines FROM turns WHERE first = ?",
    holding: `SELECT first, last, count, lines FROM turns WHERE conversation = ? AND first <= ?
      ORDER BY first DESC LIMIT 1`,
    unindexed: "SELECT first, conversation, lines FROM turns WHERE first > ? ORDER BY first LIMIT 1",
    removeOldest: "DELETE FROM turns WHERE first = (SELECT min(first) FROM turns)",

    putWords: "INSERT INTO search (rowid, words) VALUES (?, ?)",
    removeWords: "DELETE FROM search WHERE rowid < CAST(? AS INTEGER)",
    searchBackward: search("DESC"),
    searchForward: search("ASC"),

    accounts: "SELECT id, name, password, operator, seen, since FROM accounts ORDER BY id",
    guestPeriods: "SELECT account, name, after, last FROM guest_periods ORDER BY after",
    rooms: "SELECT name FROM rooms",
    members: "SELECT room, account, coalesce(spelling, room) AS spelling FROM members",
    contacts: "SELECT owner, name FROM contacts",
    bans: "SELECT kind, who, until, ordered_by, reason, since FROM bans",
    putBan: "INSERT OR REPLACE INTO bans VALUES (?, ?, ?, ?, ?, ?)",
    removeBan: "DELETE FROM bans WHERE kind = ? AND who = ?",
    // Of two of one name that one stays which ends later.
    copyBans: `INSERT INTO bans SELECT kind, ?2, until, ordered_by, reason, since FROM bans
      WHERE kind != 'address' AND who = ?1
      ON CONFLICT DO UPDATE SET until = excluded.until, ordered_by = excluded.ordered_by, reason = excluded.reason,
      since = excluded.since WHERE coalesce(excluded.until, 9e99) > coalesce(bans.until, 9e99)`,
    removeBansOf: "DELETE FROM bans WHERE kind != 'address' AND who = ?",
    motd: "SELECT value FROM texts WHERE name = 'motd'",
    putMotd: "INSERT OR REPLACE INTO texts VALUES ('motd', ?)",
    // A name that is somebody's already, in whatever spelling, adds no row.
    putAccount: `INSERT INTO accounts (id, name, key, password, operator, seen, since)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6 WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE key = ?3 OR name = ?2)`,
    changeAccount: `UPDATE accounts SET password = coalesce(?1, password), operator = coalesce(?2, operator)
      WHERE id = ?3`,
    renameAccount: "UPDATE accounts SET name = ?, key = ? WHERE id = ?",
    renameContacts: "UPDATE OR REPLACE contacts SET name = ? WHERE name = ?",
    account: "SELECT name, operator FROM accounts WHERE id = ?",
    namesake: "SELECT 1 FROM accounts WHERE key = ? AND id != ? LIMIT 1",
    otherOperator: "SELECT 1 FROM accounts WHERE operator = 1 AND id != ? LIMIT 1",
    putGuestPeriod: "INSERT INTO guest_periods (account, name, after, last) VALUES (?, ?, ?, ?)",
    removeGuestPeriods: "DELETE FROM guest_periods WHERE account = ?",
    tokens: "SELECT hash, account, since, used FROM session_tokens ORDER BY used, hash",
    putToken: "INSERT INTO session_tokens (hash, account, since, used) VALUES (?, ?, ?, ?)",
    useToken: "UPDATE session_tokens SET used = ?2 WHERE hash = ?1",
    removeToken: "DELETE FROM session_tokens WHERE hash = ?",
    removeTokensOf: "DELETE FROM session_tokens WHERE account = ?",
    putSeen: "UPDATE accounts SET seen = ? WHERE id = ?",
    removeAccount: "DELETE FROM accounts WHERE id = ?",
    accountKeys: "SELECT id, name, key FROM accounts",
    putAccountKey: "UPDATE accounts SET key = ? WHERE id = ?",
    removeMemberships: "DELETE FROM members WHERE account = ?",
    removeContacts: "DELETE FROM contacts WHERE owner = ?",
    putRoom: "INSERT OR IGNORE INTO rooms VALUES (?)",
    removeRoom: "DELETE FROM rooms WHERE name = ?",
    removeMembers: "DELETE FROM members WHERE room = ?",
    orphanRoom: "UPDATE conversations SET one = NULL, other = NULL WHERE one = ? AND other = ''",
    putMember: "INSERT OR REPLACE INTO members VALUES (?1, ?2, nullif(?3, ?1))",
    removeMember: "DELETE FROM members WHERE room = ? AND account = ?",
    putContact: "INSERT OR IGNORE INTO contacts VALUES (?, ?)",
    removeContact: "DELETE FROM contacts WHERE owner = ? AND name = ?",
  };
  return Object.fromEntries(Object.entries(statements).map(([name, sql]) => [name, db.prepare(sql)])) as {
    readonly [name in keyof typeof statements]: StatementSync;
  };
}
