/**
 * The store on this machine's disk: one SQLite file, `hanita.db`. A commit is one row for all that a turn said in a
 * conversation, its bytes as they go over the wire: 160 messages cost one insertion of 35 KB, about 0.1 ms. The search
 * index follows a little behind, in time that {@linkcode Store.tend} is given.
 *
 * A commit that has returned survives a kill of the program. With `sync: "full"` it survives a power cut too, for a sync
 * of the disk a turn; with "normal" a power cut may take about the last second, and never leaves the file torn.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { nameKey } from "../../jim/mod.ts";
import { type Clocks, SteadyClock } from "../../log/mod.ts";
import { accountSide } from "../chat/conversation.ts";
import type { Checkpoint } from "./checkpoint.ts";
import {
  type Account,
  type AccountChange,
  type Ban,
  type Conversation,
  type Lines,
  type NewAccount,
  type Query,
  type SessionToken,
  type Snapshot,
  type Soon,
  type Store,
  StoreFailure,
  type Unchanged,
} from "./contract.ts";
import { type Database, type FileOptions, openDatabase, PAGE_BYTES } from "./database.ts";
import { isSqlite, reason } from "./failure.ts";
import { linesOf, pageOf } from "./lines.ts";
import { Numbers } from "./numbers.ts";
import { SearchIndex } from "./search.ts";
import { prepare, type Statements } from "./statements.ts";
import { MAX_ID, turnsOf, turnWith } from "./turns.ts";

/** How a store is opened. */
export interface StoreOptions extends FileOptions, Partial<Clocks> {
  /**
   * Days that messages are kept, on the calendar: what was said on Saturday at noon goes on Sunday at noon, however many
   * hours that is. 0: for ever.
   */
  readonly keepDays?: number;
}

const HOUR = 60 * 60 * 1000, DAY = 24 * HOUR;
/** How often it is looked whether a message is too old. */
const PRUNE_EVERY = 60_000;
/** What is written reaches the disk, with `sync: "normal"`, about as soon. */
const SYNC_EVERY = 1000;
/** A search first spends up to this many milliseconds on indexing what was just said. */
const CATCH_UP = 10;

/**
 * Opens the store, or makes it.
 *
 * @throws {StoreRefused} in one line, if it is in use by another server, was written by a newer Hanita, is none of
 * Hanita's, is damaged, or the system does not allow it
 */
export function openStore(options: StoreOptions): Store {
  return openDatabase(options, (database) => new SqliteStore(database, options));
}

class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #checkpoint: Checkpoint;
  readonly #lock: Deno.FsFile;
  readonly #wall: () => number;
  readonly #now: () => number;
  readonly #clock: SteadyClock;
  readonly #keepDays: number;
  readonly #openedAt: number;
  /** The newest turn of those that were there before. */
  readonly #found: number;
  readonly #sql: Statements;
  readonly #index: SearchIndex;
  readonly #numbers: Numbers;
  /** The newest turn there is, by its first id. */
  #newest: number;
  #pruneAt = -Infinity;
  #syncAt = -Infinity;
  #version: unknown;

  constructor({ db, checkpoint, lock }: Database, options: StoreOptions) {
    this.#db = db;
    this.#checkpoint = checkpoint;
    this.#lock = lock;
    const { wall = Date.now, now = () => performance.now(), keepDays = 0 } = options;
    this.#wall = wall;
    this.#now = now;
    this.#clock = new SteadyClock({ wall, now });
    this.#keepDays = keepDays;
    this.#openedAt = now();
    this.#sql = prepare(db);
    this.#numbers = new Numbers(this.#sql);
    this.#newest = this.#found = (this.#sql.newest.get()?.first ?? 0) as number;
    this.#index = new SearchIndex({
      sql: this.#sql,
      transact: (act) => this.#transact(act),
      wrote: (bytes) => checkpoint.wrote(bytes),
      now: this.#now,
    });
    this.#attempt("read the accounts", () => this.#refreshKeys());
    this.#version = this.#dataVersion();
  }

  snapshot(): Snapshot {
    return this.#attempt("read the accounts", () => {
      const members = Map.groupBy(this.#sql.members.all(), (row) => row.room as string);
      const periods = Map.groupBy(this.#sql.guestPeriods.all(), (row) => row.account as number);
      return {
        accounts: this.#sql.accounts.all().map((row) => toAccount(row, periods.get(row.id as number) ?? [])),
        rooms: this.#sql.rooms.all().map(({ name }) => ({
          name: name as string,
          members: (members.get(name as string) ?? []).map(({ account, spelling }) => ({
            account: account as number,
            spelling: spelling as string,
          })),
        })),
        contacts: this.#sql.contacts.all().map(({ owner, name }) => ({ owner: owner as number, name: name as string })),
        bans: this.#sql.bans.all().map(toBan),
        tokens: this.#sql.tokens.all().map(toToken),
        motd: (this.#sql.motd.get()?.value ?? "") as string,
        lastId: this.#lastId(),
      };
    });
  }

  commit(lines: readonly Lines[]): void {
    if (lines.length === 0) return;
    let bytes = 0;
    this.#attempt("keep messages", () => {
      const time = this.#wall();
      if (lines.length === 1 && this.#numbers.holds(lines[0]!.conversation)) this.#insert(lines[0]!, time); // the rule
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

  find(query: Query): number[] {
    return this.#attempt("find messages", () => {
      const number = this.#numbers.find(query.conversation);
      if (number === undefined) return [];
      return query.text === undefined ? pageOf(turnsOf(this.#sql, number, query), query) : this.#search(number, query);
    });
  }

  read(conversation: Conversation, ids: readonly number[]): (Uint8Array | undefined)[] {
    return this.#attempt("read messages", () => {
      const number = this.#numbers.find(conversation);
      return linesOf(ids, (id) => number === undefined ? undefined : turnWith(this.#sql, number, id));
    });
  }

  conversations(side: string, after: number): Conversation[] {
    return this.#attempt("read conversations", () => {
      const rows = this.#sql.conversationsOf.all(side, side, after);
      return rows.map(({ one, other }) => `${one}\u0000${other}`);
    });
  }

  putAccount(
    { name, password, operator, seen, guestPeriods = [], rooms = [], contacts = [] }: NewAccount,
  ): Account | undefined {
    let id: number | undefined;
    this.#attempt("keep an account", () =>
      this.#transact(() => {
        const next = this.#mark("account") + 1;
        const key = nameKey(name);
        const { changes } = this.#sql.putAccount.run(next, name, key, password, operator ? 1 : 0, seen);
        if (changes === 0) return;
        id = next;
        this.#setMark("account", id);
        for (const { room, spelling } of rooms) this.#sql.putMember.run(room, id, spelling);
        for (const contact of contacts) this.#sql.putContact.run(id, contact);
        for (const { name, after, last } of guestPeriods) this.#sql.putGuestPeriod.run(id, name, after, last);
      }));
    this.#checkpoint.wrote(PAGE_BYTES);
    return id === undefined ? undefined : { id, name, password, operator, seen, since: seen, guestPeriods };
  }

  changeAccount(id: number, { name, password, operator }: AccountChange, keepOperator = false): Unchanged | undefined {
    let obstacle: Unchanged | undefined;
    this.#attempt("change an account", () =>
      this.#transact(() => {
        obstacle = this.#obstacle(id, keepOperator && operator === false);
        if (name !== undefined) obstacle ??= this.#rename(id, name);
        if (obstacle !== undefined) return;
        if (password !== undefined) this.#sql.removeTokensOf.run(id);
        this.#sql.changeAccount.run(password ?? null, operator === undefined ? null : Number(operator), id);
      }));
    this.#checkpoint.wrote(PAGE_BYTES);
    return obstacle;
  }

  removeAccount(id: number, keepOperator = false): Unchanged | undefined {
    let obstacle: Unchanged | undefined;
    this.#attempt("remove an account", () =>
      this.#transact(() => {
        obstacle = this.#obstacle(id, keepOperator);
        if (obstacle !== undefined) return;
        this.#sql.removeAccount.run(id);
        this.#sql.removeMemberships.run(id);
        this.#sql.removeContacts.run(id);
        this.#sql.removeGuestPeriods.run(id);
        this.#sql.removeTokensOf.run(id);
        this.#sql.orphan.run(accountSide(id), accountSide(id));
      }));
    this.#numbers.forget();
    this.#checkpoint.wrote(PAGE_BYTES);
    return obstacle;
  }

  putRoom(name: string): void {
    this.#put("keep a room", "putRoom", name);
  }

  removeRooms(names: readonly string[]): void {
    this.#attempt("remove rooms", () =>
      this.#transact(() => {
        for (const name of names) {
          this.#sql.removeRoom.run(name);
          this.#sql.removeMembers.run(name);
          this.#sql.orphanRoom.run(name);
        }
      }));
    this.#numbers.forget();
    this.#checkpoint.wrote(names.length * PAGE_BYTES);
  }

  putMember(room: string, account: number, spelling = room): void {
    this.#put("keep a member", "putMember", room, account, spelling);
  }

  removeMember(room: string, account: number): void {
    this.#put("remove a member", "removeMember", room, account);
  }

  putContact(owner: number, name: string): void {
    this.#put("keep a contact", "putContact", owner, name);
  }

  removeContact(owner: number, name: string): void {
    this.#put("remove a contact", "removeContact", owner, name);
  }

  putBan({ kind, who, until, by, reason, since }: Ban): void {
    this.#put(
      "keep a ban",
      "putBan",
      kind,
      who,
      until === Infinity ? null : until,
      by ?? null,
      reason ?? null,
      since ?? null,
    );
  }

  removeBan(kind: Ban["kind"], who: string): void {
    this.#put("take back a ban", "removeBan", kind, who);
  }

  putMotd(text: string): void {
    this.#put("keep the greeting", "putMotd", text);
  }

  putToken({ hash, account, since, used }: SessionToken): void {
    this.#put("keep a session token", "putToken", hash, account, since, used);
  }

  useTokens(hashes: readonly string[], used: number): void {
    this.#attempt("note the use of session tokens", () =>
      this.#transact(() => {
        for (const hash of hashes) this.#sql.useToken.run(hash, used);
      }));
    this.#checkpoint.wrote(hashes.length * PAGE_BYTES);
  }

  removeTokens(hashes: readonly string[]): void {
    this.#attempt("remove session tokens", () =>
      this.#transact(() => {
        for (const hash of hashes) this.#sql.removeToken.run(hash);
      }));
    this.#checkpoint.wrote(hashes.length * PAGE_BYTES);
  }

  putSeen(seen: ReadonlyMap<number, number>): void {
    this.#attempt("keep what was seen", () =>
      this.#transact(() => {
        for (const [account, last] of seen) this.#sql.putSeen.run(last, account);
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
    const pruned = this.#attempt("remove old messages", () => this.#prune(start + milliseconds));
    return this.#index.isBehind(this.#newest) || !pruned;
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
    const number = this.#numbers.find(conversation) ?? this.#numbers.create(conversation);
    this.#sql.insert.run(first, last, count, number, time, bytes);
  }

  #search(conversation: number, query: Query): number[] {
    try {
      this.#index.follow(this.#newest, this.#now() + CATCH_UP);
    } catch (error) { // what is in the index can be found without
      if (!isSqlite(error)) throw error;
      this.#recover();
    }
    return this.#index.find(conversation, query);
  }

  /**
   * Removes turns that are too old, the oldest first, until the monotonic clock says so. True when none is left. A wrong
   * clock removes nothing: what it says is believed when it has not jumped for ten minutes.
   */
  #prune(until: number): boolean {
    if (this.#keepDays === 0 || !this.#clock.isSteady() || this.#now() < this.#pruneAt) return true;
    for (let last = this.#lastTooOld(); last > 0; last = this.#lastTooOld()) {
      for (let oldest = 0; oldest <= last;) {
        this.#transact(() => {
          this.#setMark("last", this.#lastId());
          this.#sql.removeOldest.run();
          oldest = (this.#sql.oldest.get()?.first ?? MAX_ID) as number;
          this.#index.removeBefore(oldest);
        });
        this.#checkpoint.wrote(PAGE_BYTES);
        if (this.#now() >= until) return false;
      }
    }
    this.#pruneAt = this.#now() + PRUNE_EVERY;
    return true;
  }

  /**
   * The last turn that is too old, as far as the oldest ones tell; 0 if none is. A time that is ahead of the clock was
   * written by a wrong one: until then such a turn is as old as the next one at least. A turn of this run is no
   * older than the run, whatever the clock said then; an hour is for the one that a calendar's day may lack.
   */
  #lastTooOld(): number {
    const wall = this.#wall(), { first = 0, time = 0 } = this.#sql.oldestSaid.get(wall) ?? {};
    const young = (first as number) > this.#found &&
      this.#now() - this.#openedAt < this.#keepDays * DAY - HOUR;
    return !young && (time as number) <= daysBefore(wall, this.#keepDays) ? first as number : 0;
  }

  /** The last turn holds the largest id, or the commit that it was part of has left a mark. */
  #lastId(): number {
    return Math.max(this.#mark("last"), (this.#sql.newest.get()?.last ?? 0) as number);
  }

  #obstacle(id: number, keepOperator: boolean): Unchanged | undefined {
    const account = this.#sql.account.get(id);
    if (account === undefined) return "removed";
    const isLast = keepOperator && account.operator === 1 && this.#sql.otherOperator.get(id) === undefined;
    return isLast ? "last operator" : undefined;
  }

  #rename(id: number, name: string): Unchanged | undefined {
    const key = nameKey(name);
    if (this.#sql.namesake.get(key, id) !== undefined) return "taken";
    const before = this.#sql.account.get(id)!.name as string, keyBefore = nameKey(before);
    this.#sql.renameContacts.run(name, before);
    this.#sql.renameAccount.run(name, key, id);
    if (key === keyBefore) return undefined;
    this.#sql.copyBans.run(keyBefore, key);
    if (this.#sql.namesake.get(keyBefore, id) === undefined) this.#sql.removeBansOf.run(keyBefore);
    return undefined;
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
  #put(what: string, statement: keyof Statements, ...values: SQLInputValue[]): { changes: number | bigint } {
    const result = this.#attempt(what, () => this.#sql[statement].run(...values));
    this.#checkpoint.wrote(PAGE_BYTES);
    return result;
  }

  /** What the canonical form of a name is may have changed with the engine's Unicode data, or with Hanita. */
  #refreshKeys(): void {
    const stale = this.#sql.accountKeys.all().filter(({ name, key }) => nameKey(name as string) !== key);
    if (stale.length === 0) return;
    this.#transact(() => {
      for (const { id, name } of stale) this.#sql.putAccountKey.run(nameKey(name as string), id as number);
    });
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
    this.#numbers.forget();
    if (!this.#db.isTransaction) return;
    try {
      this.#db.exec("ROLLBACK");
    } catch (error) { // SQLite itself may have done so
      if (!isSqlite(error)) throw error;
    }
  }
}

/** The same time of the day, so many days of the local calendar before. */
function daysBefore(moment: number, days: number): number {
  const date = new Date(moment);
  return date.setDate(date.getDate() - days);
}

function toBan({ kind, who, until, ordered_by, reason, since }: Record<string, unknown>): Ban {
  const ban = { kind: kind as Ban["kind"], who: who as string, until: (until as number | null) ?? Infinity };
  if (since === null) return ban;
  return { ...ban, by: ordered_by as string, reason: (reason as string | null) ?? undefined, since: since as number };
}

function toToken({ hash, account, since, used }: Record<string, unknown>): SessionToken {
  return { hash: hash as string, account: account as number, since: since as number, used: used as number };
}

function toAccount(
  { id, name, password, operator, seen, since }: Record<string, unknown>,
  periods: readonly Record<string, unknown>[],
): Account {
  return {
    id: id as number,
    name: name as string,
    password: password as string,
    operator: operator === 1,
    seen: seen as number,
    since: since as number,
    guestPeriods: periods.map(({ name, after, last }) => ({
      name: name as string,
      after: after as number,
      last: last as number,
    })),
  };
}
