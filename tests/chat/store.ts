// A journal for a server under test, and what another program, such as the account tool, does to it: accounts that are there
// before the server starts, and changes beside it.

import { renaming } from "../../server/chat/rename.ts";
import { type Account, type Room, State } from "../../server/chat/state.ts";
import { type Ban, banRecord } from "../../server/chat/bans.ts";
import { tokensOf } from "../../server/chat/session_tokens.ts";
import type { Batch, Committed, Journal, StateRecord } from "../../server/journal/contract.ts";
import { shifted } from "../../server/journal/ids.ts";
import { memoryJournal, type MemoryOptions } from "../../server/journal/memory.ts";
import { isEvent } from "../../server/journal/record_kinds.ts";
import type { AccountRecord, StateProposal } from "../../server/journal/records.ts";
import { type JournalOptions, openJournal } from "../../server/journal/sqlite.ts";
import { may } from "../may.ts";
import { BrokerLog, ChatLog, type Life, LifelongJournal } from "./shared_log.ts";

/** An account that is made by hand. */
type NewAccount = Pick<AccountRecord, "name" | "password" | "oneTime" | "operator" | "seen">;

/** What another program does to a journal, and what it sees. */
interface Beside {
  state(): State;
  say(...proposals: StateProposal[]): void;
  /** No id of the log is larger than this, or as large. */
  readonly next: number;
}

/**
 * A journal in memory. With `HANITA_TEST_BROKER=fake` its log is one that several servers share, so that the tests of one server
 * hold for one among others; with `HANITA_TEST_BROKER=nats` that log is at a broker.
 */
export function memoryStore(options: MemoryOptions = {}): Store {
  const log = newLog();
  return log === undefined ? embeddedStore(options) : sharedStore(log);
}

/** A log to share, if the tests are to run with one. */
function newLog(): ChatLog | undefined {
  const broker = may("env") ? Deno.env.get("HANITA_TEST_BROKER") : undefined;
  return broker === "fake" ? new ChatLog() : broker === "nats" ? new BrokerLog() : undefined;
}

/** A journal in memory that is this server's alone, in each run of the tests. */
export function embeddedStore(options: MemoryOptions = {}): Store {
  return new Store(memoryJournal(options));
}

/** The journal of a server of a chat of several. */
export function sharedStore(log: ChatLog): Store {
  const { journal, open } = new LifelongJournal(log);
  return new Store(journal, log, open);
}

/** The journal of a data folder. */
export function openStore(options: JournalOptions): Store {
  return new Store(openJournal(options));
}

export class Store {
  /** What a server is given: a test may replace its methods. */
  journal: Journal;
  /** Called by a journal that is late when there is something to be taken. */
  ready: () => void = () => {};
  /** Opens the journal for one life of a server; one that is not shared is open. */
  readonly open: (onReady: () => void) => Promise<Life | undefined>;
  readonly #beside: Beside;

  constructor(journal: Journal, beside?: Beside, open: Store["open"] = () => Promise.resolve(undefined)) {
    const observed = beside === undefined ? new ObservedJournal(journal) : undefined;
    this.journal = observed ?? journal;
    this.#beside = observed ?? beside!;
    this.open = open;
  }

  /** What the journal's records make. */
  snapshot() {
    const state = this.#beside.state();
    return {
      accounts: [...state.accounts()].sort((one, other) => one.id - other.id) as readonly Account[],
      rooms: state.rooms() as readonly Room[],
      tokens: [...state.accounts()].flatMap(tokensOf).map((token) => ({ ...token, account: token.account.id })),
      bans: [...state.bans()] as readonly Ban[],
      lastId: this.#beside.next - 1,
    };
  }

  putAccount(account: NewAccount): Account | undefined {
    if (this.#beside.state().account(account.name) !== undefined) return undefined;
    this.#beside.say({ kind: "account", ...account });
    return this.#beside.state().account(account.name);
  }

  changeAccount(id: number, { name, password, operator }: Partial<NewAccount>): void {
    const state = this.#beside.state(), account = state.accountById(id)!;
    const proposals: StateProposal[] = name === undefined ? [] : renaming(state, account, name);
    if (password !== undefined && password !== account.password) {
      proposals.push({ kind: "password", account: id, password });
    }
    if (operator !== undefined && operator !== account.operator) {
      proposals.push({ kind: "operator", account: id, is: operator });
    }
    this.#beside.say(...proposals);
  }

  removeAccount(id: number): void {
    this.#beside.say({ kind: "removal", of: id });
  }

  removeTokens(hashes: readonly string[]): void {
    const tokens = this.snapshot().tokens.filter(({ hash }) => hashes.includes(hash));
    this.#beside.say(...tokens.map((token) => ({ kind: "session", ...token, is: false }) as const));
  }

  putRoom(name: string): void {
    this.#beside.say({ kind: "room", name });
  }

  putBan(ban: Ban): void {
    this.#beside.say(banRecord(ban, true));
  }

  close() {
    return this.journal.close();
  }
}

/** Passes everything on, and remembers the records: so they can be looked at, and given to one server after the other. */
class ObservedJournal implements Journal {
  readonly #inner: Journal;
  #records: StateRecord[];
  #committed: Committed[] = [];

  constructor(inner: Journal) {
    this.#inner = inner;
    this.#records = [...inner.snapshot()];
    this.#take();
  }

  /** What the records make: those of other programs, as far as they are there. */
  state(): State {
    this.poll();
    const state = new State();
    for (const record of this.#records) state.apply(record, true);
    return state;
  }

  /** Another program appends something. */
  say(...proposals: StateProposal[]): void {
    const { next } = this.#inner, records = proposals.map((proposal, i) => ({ ...proposal, id: next + i }));
    this.#inner.append({ first: next, end: next + records.length, records });
    this.#take();
    this.#committed = this.#committed.map((each) => each.outcome === "kept" ? { ...each, own: undefined } : each);
  }

  get isShared(): boolean {
    return this.#inner.isShared;
  }

  get maxIds(): number {
    return this.#inner.maxIds;
  }

  get next(): number {
    return this.#inner.next;
  }

  get busy(): boolean {
    return this.#inner.busy;
  }

  get skipped() {
    return this.#inner.skipped;
  }

  snapshot(): readonly StateRecord[] {
    this.#committed = [];
    return this.#records;
  }

  append(batch: Batch): void {
    const shift = this.#committed.length === 0 ? 0 : Math.max(0, this.#inner.next - batch.first);
    if (shift === 0 || this.isShared) return this.#inner.append(batch);
    this.#inner.append({ first: this.#inner.next, end: batch.end + shift, records: shifted(batch.records, shift) });
    this.#take();
    const own = this.#committed.pop() as Extract<Committed, { outcome: "kept" }>;
    this.#committed.push({ ...own, own: batch, shift });
  }

  take(): readonly Committed[] {
    this.#take();
    return this.#committed.splice(0);
  }

  poll(): void {
    this.#inner.poll();
    this.#take();
  }

  discard(ids: readonly number[]): void {
    const lost = new Set(ids);
    this.#records = this.#records.filter(({ id }) => !lost.has(id));
    this.#inner.discard(ids);
  }

  page(query: Parameters<Journal["page"]>[0]) {
    return this.#inner.page(query);
  }

  search(query: Parameters<Journal["search"]>[0]) {
    return this.#inner.search(query);
  }

  read(...args: Parameters<Journal["read"]>) {
    return this.#inner.read(...args);
  }

  find(...args: Parameters<Journal["find"]>) {
    return this.#inner.find(...args);
  }

  events(...args: Parameters<Journal["events"]>) {
    return this.#inner.events(...args);
  }

  eventsAbout(...args: Parameters<Journal["eventsAbout"]>) {
    return this.#inner.eventsAbout(...args);
  }

  reactionsTo(...args: Parameters<Journal["reactionsTo"]>) {
    return this.#inner.reactionsTo(...args);
  }

  fileLine(key: string) {
    return this.#inner.fileLine(key);
  }

  filesAmong(hashes: readonly string[]) {
    return this.#inner.filesAmong(hashes);
  }

  conversations(...args: Parameters<Journal["conversations"]>) {
    return this.#inner.conversations(...args);
  }

  allConversations() {
    return this.#inner.allConversations();
  }

  forget(conversations: readonly string[]): void {
    this.#inner.forget(conversations);
  }

  maintain(milliseconds: number): boolean {
    return this.#inner.maintain(milliseconds);
  }

  close() {
    return this.#inner.close();
  }

  #take(): void {
    for (const each of this.#inner.take()) {
      this.#committed.push(each);
      if (each.outcome !== "kept") continue;
      for (const record of each.records) if (record.kind !== "message" && !isEvent(record)) this.#records.push(record);
    }
  }
}
