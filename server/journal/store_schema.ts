/**
 * The shape of a database before there was a journal, and how an older one comes to it: these steps are done, and stay. The number of steps a
 * database has been through is its version, kept in its own header (`user_version`); each step and its number are one
 * transaction, so a program that dies in the middle finds a whole database of one version or the next.
 */
import type { DatabaseSync } from "node:sqlite";
import { nameKey } from "../../jim/mod.ts";
import { accountSide, between, guestSide } from "./conversation.ts";
import { inEach } from "../words/mod.ts";
import { transact } from "./transact.ts";
import { JournalRefused } from "./failure.ts";

/** "Hani", in the header of the file (`application_id`): no other program's database is taken for ours. */
export const OURS = 0x48616e69;

/** Statements, or what only a program can do. */
type Step = string | ((db: DatabaseSync) => void);

const STEPS: readonly Step[] = [
  // Messages, and who is who.
  `CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

   -- A place has no other; a conversation that nobody may read any more has neither.
   CREATE TABLE conversations (id INTEGER PRIMARY KEY, one TEXT, other TEXT, UNIQUE (one, other)) STRICT;
   CREATE INDEX conversations_of_other ON conversations (other);

   -- What a turn said in one conversation. An id belongs to one message, so the first is as good as a row number,
   -- and rows are appended at the end.
   CREATE TABLE turns (
     first INTEGER PRIMARY KEY, last INTEGER NOT NULL, count INTEGER NOT NULL,
     conversation INTEGER NOT NULL, time INTEGER NOT NULL, -- milliseconds since 1970
     lines BLOB NOT NULL
   ) STRICT;
   CREATE INDEX turns_of_conversation ON turns (conversation, first, count);

   CREATE TABLE accounts (
     name TEXT PRIMARY KEY, password TEXT NOT NULL, operator INTEGER NOT NULL, seen INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE rooms (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
   CREATE TABLE members (room TEXT, account TEXT, PRIMARY KEY (room, account)) STRICT, WITHOUT ROWID;
   CREATE TABLE contacts (owner TEXT, name TEXT, PRIMARY KEY (owner, name)) STRICT, WITHOUT ROWID;`,

  // The search index: of each message its id, its words and its conversation as one word more. It keeps no text
  // (content=''), no positions (detail=none). The words come ready, so it has only to part them at spaces ('ascii').
  `CREATE VIRTUAL TABLE search USING fts5 (
     words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
   );
   -- Small pages: its merges, which come with a commit now and then, take smaller steps.
   INSERT INTO search (search, rank) VALUES ('pgsz', 1000);`,

  // What operators have forbidden (no end is for ever), and what they say.
  `CREATE TABLE bans (kind TEXT, who TEXT, until REAL, PRIMARY KEY (kind, who)) STRICT, WITHOUT ROWID;
   CREATE TABLE texts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,

  // Accounts have ids, names are compared by their canonical form, and conversations are between sides.
  (db) => {
    db.exec(`
      ALTER TABLE accounts RENAME TO old_accounts;
      ALTER TABLE members RENAME TO old_members;
      ALTER TABLE contacts RENAME TO old_contacts;

      -- The key is not unique: names that are the same by it may be there from before. The mark "account" holds the last id.
      CREATE TABLE accounts (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key TEXT NOT NULL,
        password TEXT NOT NULL, operator INTEGER NOT NULL, seen INTEGER NOT NULL,
        since INTEGER NOT NULL, -- the last message when it was made
        guest_since INTEGER -- after which message the guest that registered it was the only one by its name
      ) STRICT;
      CREATE INDEX accounts_by_key ON accounts (key);
      -- The spelling is NULL where it is the room's own.
      CREATE TABLE members (
        room TEXT, account INTEGER, spelling TEXT, PRIMARY KEY (room, account)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE contacts (owner INTEGER, name TEXT, PRIMARY KEY (owner, name)) STRICT, WITHOUT ROWID;

      INSERT INTO accounts SELECT row_number() OVER (ORDER BY name), name, name, password, operator, seen, seen, NULL
        FROM old_accounts;
      INSERT INTO members SELECT room, id, NULL FROM old_members JOIN accounts ON account = name;
      INSERT INTO contacts SELECT id, old_contacts.name FROM old_contacts JOIN accounts ON owner = accounts.name;
      INSERT INTO marks SELECT 'account', max(id) FROM accounts HAVING count(*) > 0;
      DROP TABLE old_accounts; DROP TABLE old_members; DROP TABLE old_contacts;`);
    const putKey = db.prepare("UPDATE accounts SET key = ? WHERE id = ?");
    const ids = new Map<string, number>();
    for (const { id, name } of db.prepare("SELECT id, name FROM accounts").all() as { id: number; name: string }[]) {
      putKey.run(nameKey(name), id);
      ids.set(name, id);
    }
    callConversations(db, ids);
    callBans(db);
  },

  // The operator that ordered a ban, the reason, and when (Unix seconds).
  `ALTER TABLE bans ADD COLUMN ordered_by TEXT;
   ALTER TABLE bans ADD COLUMN reason TEXT;
   ALTER TABLE bans ADD COLUMN since REAL;`,

  // A guest that registers may have had several names: for each of them, between which ids it was the only guest by it.
  `CREATE TABLE guest_periods (
     account INTEGER NOT NULL, name TEXT NOT NULL,
     after INTEGER NOT NULL, -- exclusive
     last INTEGER NOT NULL -- inclusive
   ) STRICT;
   CREATE INDEX guest_periods_of ON guest_periods (account);
   INSERT INTO guest_periods SELECT id, name, guest_since, since FROM accounts WHERE guest_since IS NOT NULL;
   ALTER TABLE accounts DROP COLUMN guest_since;`,

  // Session tokens, by their SHA-256: a reader of the database can log in with none of them. Times are in Unix seconds.
  `CREATE TABLE session_tokens (
     hash TEXT PRIMARY KEY, account INTEGER NOT NULL, since INTEGER NOT NULL, used INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX session_tokens_of_account ON session_tokens (account);`,
];

/**
 * Writes each conversation of two people with its sides. A name with a `~` was a guest's. Where an account had such a name
 * too, the conversation is taken for the guest's, since the account could read the guest's secrets. A conversation with a name of no
 * account is left to nobody. Two that become one are joined, and all is indexed anew: the index has their old numbers.
 */
function callConversations(db: DatabaseSync, accounts: ReadonlyMap<string, number>): void {
  const side = (name: string) => {
    if (name.startsWith("~")) return guestSide(name.slice(1));
    const id = accounts.get(name);
    return id === undefined ? undefined : accountSide(id);
  };
  const pairs = db.prepare("SELECT id, one, other FROM conversations WHERE other != '' ORDER BY id").all() as {
    id: number;
    one: string;
    other: string;
  }[];
  db.exec("UPDATE conversations SET one = NULL, other = NULL WHERE other != ''"); // an old name may be another's new side
  const call = db.prepare("UPDATE conversations SET one = ?, other = ? WHERE id = ?");
  const move = db.prepare("UPDATE turns SET conversation = ? WHERE conversation = ?");
  const remove = db.prepare("DELETE FROM conversations WHERE id = ?");
  const called = new Map<string, number>();
  let joined = false;
  for (const { id, one, other } of pairs) {
    const sides = [side(one), side(other)] as const;
    if (sides[0] === undefined || sides[1] === undefined) continue;
    const conversation = between(sides[0], sides[1]), same = called.get(conversation);
    if (same === undefined) {
      called.set(conversation, id);
      call.run(...conversation.split("\u0000") as [string, string], id);
    } else {
      move.run(same, id);
      remove.run(id);
      joined = true;
    }
  }
  if (joined) db.exec("INSERT INTO search (search) VALUES ('delete-all'); DELETE FROM marks WHERE name = 'indexed'");
}

/** Bans of names are kept by their canonical form: where two become one, the later end counts. */
function callBans(db: DatabaseSync): void {
  const bans = db.prepare("SELECT kind, who, until FROM bans WHERE kind != 'address'").all() as {
    kind: string;
    who: string;
    until: number | null;
  }[];
  db.exec("DELETE FROM bans WHERE kind != 'address'");
  const put = db.prepare("INSERT OR REPLACE INTO bans VALUES (?, ?, ?)");
  for (
    const { kind, who, until } of bans.sort((a, b) => (a.until ?? Number.MAX_VALUE) - (b.until ?? Number.MAX_VALUE))
  ) {
    put.run(kind, nameKey(who), until);
  }
}

/**
 * Brings a database to the newest version.
 *
 * @param steps for a test that needs an old version
 * @throws {JournalRefused} if it is of a newer version, or no database of Hanita
 */
export function migrate(db: DatabaseSync, path: string, steps: number = STEPS.length): void {
  const read = (pragma: string) => Object.values(db.prepare(`PRAGMA ${pragma}`).get()!)[0] as number;
  const version = read("user_version");
  const empty = db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()!.n === 0;
  if (!empty && read("application_id") !== OURS) {
    throw new JournalRefused(inEach(({ otherDatabase }) => otherDatabase(path)));
  }
  if (version > STEPS.length) {
    throw new JournalRefused(inEach(({ newerDatabase }) => newerDatabase(path, version, STEPS.length)));
  }
  for (let done = version; done < steps; done++) {
    const step = STEPS[done]!;
    transact(db, () => {
      if (typeof step === "string") db.exec(step);
      else step(db);
      db.exec(`PRAGMA application_id = ${OURS}; PRAGMA user_version = ${done + 1}`);
    });
  }
}
