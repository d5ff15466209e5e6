/**
 * The store on this machine's disk: one SQLite file, `hanita.db`. A commit is one row for all that a turn said in a
 * conversation, its bytes as they go over the wire: 160 messages cost one insertion of 35 KB, about 0.1 ms. The search
 * index follows a little behind, in time that {@linkcode Store.tend} is given.
 *
 * A commit that has returned survives a kill of the program. With `sync: "full"` it survives a power cut too, for a sync
 * of the disk a turn; with "normal" a power cut may take about the last second, and never leaves the file torn.
 */
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { dirname } from "node:path";
import { Checkpoint } from "./checkpoint.ts";
import {
  type Account,
  type Ban,
  type Conversation,
  type Lines,
  type Query,
  type Snapshot,
  type Soon,
  type Store,
  StoreFailure,
  StoreRefused,
} from "./contract.ts";
import { cut, idsOf, pageOf } from "./lines.ts";
import { migrate } from "./schema.ts";
import { SearchIndex } from "./search.ts";
import { prepare, type Statements } from "./statements.ts";

/** How a database is opened. */
export interface StoreOptions {
  /** `DIR/hanita.db`; the folder and the file are made when they are missing, readable by nobody else. */
  readonly path: string;
  /** What a power cut may take: about a second's messages, or nothing. */
  readonly sync?: "normal" | "full";
  /** Days that messages are kept; 0: for ever. */
  readonly keepDays?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** For the account tool, beside a server that has the database open. Two servers would give out the same ids. */
  readonly beside?: boolean;
  /** The most that the file may grow to. */
  readonly maxBytes?: number;
}

const DAY = 24 * 60 * 60 * 1000;
/** A turn's row fills five of them, a single message rewrites two. */
const PAGE_BYTES = 8192;
const CACHE_KIB = 2048;
/** The loop stands still while another program writes; the account tool does for a millisecond. */
const BUSY_MS = 100;
/** Half a second in all, in milliseconds a try. */
const LOCK_TRIES = 25, LOCK_PAUSE = 20;
/** What is written reaches the disk, with `sync: "normal"`, about as soon. */
const SYNC_EVERY = 1000;
/** A search first spends up to this many milliseconds on indexing what was just said. */
const CATCH_UP = 10;
/** Numbers of conversations held in memory. */
const NUMBERS = 10_000;
const MAX_ID = Number.MAX_SAFE_INTEGER;

/**
 * Opens a database, or makes it.
 *
 * @throws {StoreRefused} in one line, if it is in use by another server, was written by a newer Hanita, is none of
 * Hanita's, is damaged, or the system does not allow it
 */
export function openStore(options: StoreOptions): Store {
  const { path } = options;
  const open: { close(): void }[] = [];
  try {
    Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const lock = Deno.openSync(`${path}-lock`, { create: true, write: true, mode: 0o600 });
    open.push(lock);
    if (!options.beside && !locked(lock)) {
      throw new StoreRefused(`Cannot open "${path}": another server is using it`);
    }
    const file = Deno.openSync(path, { create: true, read: true, write: true, mode: 0o600 });
    open.unshift(file);
    const db = new DatabaseSync(path);
    open.unshift(db);
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA page_size = ${PAGE_BYTES}; PRAGMA cache_size = -${CACHE_KIB}`);
    migrate(db, path);
    const sync = options.sync ?? "normal";
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${sync}`);
    if (options.maxBytes !== undefined) db.exec(`PRAGMA max_page_count = ${Math.ceil(options.maxBytes / PAGE_BYTES)}`);
    return new SqliteStore(db, new Checkpoint(db, path, file, sync), lock, options);
  } catch (error) {
    for (const each of open) each.close();
    if (error instanceof StoreRefused) throw error;
    if (!isSqlite(error) && !isSystem(error)) throw error;
    throw new StoreRefused(`Cannot open "${path}": ${reason(error)}`, { cause: error });
  }
}

/** A server that is being replaced may hold the lock for a last moment, and so may a program that is just being started. */
function locked(lock: Deno.FsFile): boolean {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let left = LOCK_TRIES; !lock.tryLockSync(true); left--) {
    if (left === 0) return false;
    Atomics.wait(never, 0, 0, LOCK_PAUSE);
  }
  return true;
}

class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #checkpoint: Checkpoint;
  readonly #lock: Deno.FsFile;
  readonly #now: () => number;
  readonly #keep: number;
  readonly #sql: Statements;
  readonly #index: SearchIndex;
  readonly #numbers = new Map<Conversation, number>();
  /** The newest turn there is, by its first id. */
  #newest: number;
  /** When the oldest turn will be too old, as far as we know. */
  #pruneAt = 0;
  #syncAt = 0;
  #version: unknown;

  constructor(db: DatabaseSync, checkpoint: Checkpoint, lock: Deno.FsFile, options: StoreOptions) {
    this.#db = db;
    this.#checkpoint = checkpoint;
    this.#lock = lock;
    this.#now = options.now ?? Date.now;
    this.#keep = options.keepDays ? options.keepDays * DAY : Infinity;
    this.#sql = prepare(db);
    this.#newest = (this.#sql.newest.get()?.first ?? 0) as number;
    this.#index = new SearchIndex({
      sql: this.#sql,
      transact: (act) => this.#transact(act),
      wrote: (bytes) => checkpoint.wrote(bytes),
      now: this.#now,
    });
    this.#version = this.#dataVersion();
  }

  snapshot(): Snapshot {
    return this.#attempt("read the accounts", () => {
      const members = Map.groupBy(this.#sql.members.all(), (row) => row.room as string);
      return {
        accounts: this.#sql.accounts.all().map(toAccount),
        rooms: this.#sql.rooms.all().map(({ name }) => ({
          name: name as string,
          members: (members.get(name as string) ?? []).map(({ account }) => account as string),
        })),
        contacts: this.#sql.contacts.all().map(({ owner, name }) => ({ owner: owner as string, name: name as string })),
        bans: this.#sql.bans.all().map(({ kind, who, until }) => ({
          kind: kind as Ban["kind"],
          who: who as string,
          until: (until as number | null) ?? Infinity,
        })),
        motd: (this.#sql.motd.get()?.value ?? "") as string,
        lastId: this.#lastId(),
      };
    });
  }

  commit(lines: readonly Lines[]): void {
    if (lines.length === 0) return;
    let bytes = 0;
    this.#attempt("keep messages", () => {
      const time = this.#now();
      if (lines.length === 1 && this.#numbers.has(lines[0]!.conversation)) this.#insert(lines[0]!, time); // the rule
      else {
        this.#transact(() => {
          for (const each of lines) this.#insert(each, time);
          this.#setMark("last", Math.max(...lines.map(({ last }) => last)));
        });
      }
    });
    for (const { first, bytes: { length } } of lines) {
      if (first > this.#newest) this.#newest = first;
      bytes += length;
    }
    this.#checkpoint.wrote(bytes);
  }

  page(query: Query): Uint8Array[] {
    return this.#attempt("read messages", () => {
      const number = this.#find(query.conversation);
      if (number === undefined) return [];
      return query.text === undefined ? pageOf(this.#turns(number, query), query) : this.#search(number, query);
    });
  }

  conversations(account: string, after: number): Conversation[] {
    return this.#attempt("read conversations", () => {
      const rows = this.#sql.conversationsOf.all(account, account, after);
      return rows.map(({ one, other }) => `${one}\u0000${other}`);
    });
  }

  putAccount({ name, password, operator, seen }: Account): void {
    this.#put("keep an account", "putAccount", name, password, operator ? 1 : 0, seen);
  }

  removeAccount(name: string): void {
    this.#attempt("remove an account", () =>
      this.#transact(() => {
        this.#sql.removeAccount.run(name);
        this.#sql.removeMemberships.run(name);
        this.#sql.removeContacts.run(name);
        this.#sql.orphan.run(name, name);
      }));
    this.#numbers.clear();
    this.#checkpoint.wrote(PAGE_BYTES);
  }

  putRoom(name: string): void {
    this.#put("keep a room", "putRoom", name);
  }

  putMember(room: string, account: string): void {
    this.#put("keep a member", "putMember", room, account);
  }

  removeMember(room: string, account: string): void {
    this.#put("remove a member", "removeMember", room, account);
  }

  putContact(owner: string, name: string): void {
    this.#put("keep a contact", "putContact", owner, name);
  }

  removeContact(owner: string, name: string): void {
    this.#put("remove a contact", "removeContact", owner, name);
  }

  putBan({ kind, who, until }: Ban): void {
    this.#put("keep a ban", "putBan", kind, who, until === Infinity ? null : until);
  }

  removeBan(kind: Ban["kind"], who: string): void {
    this.#put("take back a ban", "removeBan", kind, who);
  }

  putMotd(text: string): void {
    this.#put("keep the greeting", "putMotd", text);
  }

  putSeen(seen: ReadonlyMap<string, number>): void {
    this.#attempt("keep what was seen", () =>
      this.#transact(() => {
        for (const [name, id] of seen) this.#sql.putSeen.run(id, name);
      }));
    this.#checkpoint.wrote(PAGE_BYTES);
  }

  tend(milliseconds: number): boolean {
    const start = this.#now();
    const failure = this.#checkpoint.takeFailure();
    if (failure !== undefined) {
      throw new StoreFailure(`Cannot sync the database: ${reason(failure)}`, { cause: failure });
    }
    if (start >= this.#syncAt) {
      this.#syncAt = start + SYNC_EVERY;
      this.#checkpoint.begin();
    }
    this.#attempt("index messages", () => this.#index.follow(this.#newest, start + milliseconds));
    this.#attempt("remove old messages", () => this.#prune(start + milliseconds));
    return this.#index.isBehind(this.#newest) || this.#pruneAt <= start;
  }

  changed(): boolean {
    const before = this.#version;
    this.#version = this.#attempt("look for changes", () => this.#dataVersion());
    return this.#version !== before;
  }

  close(): Soon<void> {
    return this.#checkpoint.close(() => {
      this.#db.close();
      this.#lock.close();
    });
  }

  #insert({ conversation, first, last, count, bytes }: Lines, time: number): void {
    this.#sql.insert.run(first, last, count, this.#find(conversation) ?? this.#create(conversation), time, bytes);
  }

  /** The number of a conversation, undefined as long as nothing was said in it. */
  #find(conversation: Conversation): number | undefined {
    let number = this.#numbers.get(conversation);
    if (number === undefined) {
      number = this.#sql.conversation.get(...sides(conversation))?.id as number | undefined;
      if (number !== undefined) this.#remember(conversation, number);
    }
    return number;
  }

  #create(conversation: Conversation): number {
    const number = Number(this.#sql.putConversation.run(...sides(conversation)).lastInsertRowid);
    this.#remember(conversation, number);
    return number;
  }

  #remember(conversation: Conversation, number: number): void {
    if (this.#numbers.size >= NUMBERS) this.#numbers.clear();
    this.#numbers.set(conversation, number);
  }

  /**
   * The turns that hold a page, in reading order. First how far it reaches, out of the index alone: how many lines of the
   * first turn are within the bounds is not known, the others count. (`iterate` would do without this, but that of
   * Deno 2.9 takes a damaged row for the end.)
   */
  #turns(conversation: number, { before = MAX_ID, after, limit }: Query): Lines[] {
    const reach = after === undefined
      ? this.#sql.backward.all(conversation, before, limit + 1)
      : this.#sql.forward.all(conversation, conversation, after, before, limit + 1);
    if (reach.length === 0) return [];
    let turns = 1;
    for (let lines = 0; turns < reach.length && lines < limit; turns++) lines += reach[turns]!.count as number;
    const ends = [reach[0]!.first as number, reach[turns - 1]!.first as number] as const;
    const rows = this.#sql.turns.all(conversation, Math.min(...ends), Math.max(...ends)).map(toLines);
    return after === undefined ? rows.reverse() : rows;
  }

  #search(conversation: number, query: Query): Uint8Array[] {
    try {
      this.#index.follow(this.#newest, this.#now() + CATCH_UP);
    } catch (error) { // what is in the index can be found without
      if (!isSqlite(error)) throw error;
      this.#recover();
    }
    return this.#linesOf(conversation, this.#index.find(conversation, query));
  }

  /** The lines with these ids, which ascend. They are copied: views would keep their whole turns in memory. */
  #linesOf(conversation: number, ids: number[]): Uint8Array[] {
    const found: Uint8Array[] = [];
    let turn: Lines | undefined;
    let lines: Uint8Array[] = [];
    let its: number[] = [];
    for (const id of ids) {
      if (turn === undefined || id > turn.last) {
        const row = this.#sql.holding.get(conversation, id);
        if (row === undefined) continue; // pruned, and the index not yet
        turn = toLines(row);
        lines = cut(turn.bytes);
        its = idsOf(turn, lines);
      }
      const line = lines[its.indexOf(id)];
      if (line !== undefined) found.push(line.slice());
    }
    return found;
  }

  /** Removes turns that are too old until the clock says so, the oldest first. */
  #prune(until: number): void {
    const now = this.#now();
    if (now < this.#pruneAt) return;
    let oldest = this.#sql.oldest.get();
    while (oldest !== undefined && (oldest.time as number) + this.#keep <= now) {
      const { first } = oldest;
      this.#transact(() => {
        this.#setMark("last", this.#lastId());
        this.#sql.removeTurn.run(first as number);
        oldest = this.#sql.oldest.get();
        this.#index.removeBefore((oldest?.first ?? MAX_ID) as number);
      });
      this.#checkpoint.wrote(PAGE_BYTES);
      if (this.#now() >= until) break;
    }
    this.#pruneAt = ((oldest?.time ?? now) as number) + this.#keep;
  }

  /** The last turn holds the largest id, or the commit that it was part of has left a mark. */
  #lastId(): number {
    return Math.max(this.#mark("last"), (this.#sql.newest.get()?.last ?? 0) as number);
  }

  #mark(name: string): number {
    return (this.#sql.mark.get(name)?.value ?? 0) as number;
  }

  #setMark(name: string, value: number): void {
    this.#sql.setMark.run(name, value);
  }

  #dataVersion(): unknown {
    return this.#sql.dataVersion.get()!.data_version;
  }

  /** A change of one row. */
  #put(what: string, statement: keyof Statements, ...values: SQLInputValue[]): void {
    this.#attempt(what, () => this.#sql[statement].run(...values));
    this.#checkpoint.wrote(PAGE_BYTES);
  }

  #transact(act: () => void): void {
    this.#sql.begin.run();
    act();
    this.#sql.commit.run();
  }

  /** Does it wholly or not at all. */
  #attempt<T>(what: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      this.#recover();
      if (!isSqlite(error)) throw error;
      throw new StoreFailure(`Cannot ${what}: ${reason(error)}`, { cause: error });
    }
  }

  /** After a failure nothing is left open, and nothing in memory that was taken back. */
  #recover(): void {
    this.#numbers.clear();
    if (!this.#db.isTransaction) return;
    try {
      this.#db.exec("ROLLBACK");
    } catch (error) { // SQLite itself may have done so
      if (!isSqlite(error)) throw error;
    }
  }
}

/** The two people of a conversation; a place has no other. */
function sides(conversation: Conversation): [string, string] {
  const [one = "", other = ""] = conversation.split("\u0000");
  return [one, other];
}

type Row = Record<string, unknown>;

function toLines({ first, last, count, lines }: Row): Lines {
  return {
    conversation: "",
    first: first as number,
    last: last as number,
    count: count as number,
    bytes: lines as Uint8Array,
  };
}

function toAccount({ name, password, operator, seen }: Row): Account {
  return { name: name as string, password: password as string, operator: operator === 1, seen: seen as number };
}

function isSqlite(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

function isSystem(error: unknown): boolean {
  return error instanceof Error && Object.values(Deno.errors).some((kind) => error instanceof kind);
}

/** Why it was refused, without the path that Deno adds. */
function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/: \w+ '.*'$/s, "") : String(error);
}
