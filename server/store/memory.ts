/** The store for `--memory`: nothing outlives the program, and the oldest messages go when there are more than fits. */
import { Blocks } from "./blocks.ts";
import type { Account, Ban, Conversation, Lines, Query, Snapshot, Store } from "./contract.ts";
import { cut, pageOf, parseLine } from "./lines.ts";
import { words } from "./words.ts";

/**
 * A store without a disk.
 *
 * @param options.bytes the most that the messages of all conversations may take; a page needs a look at each turn
 * @param options.lastId ids begin after this one: nothing else would keep them from being given out again
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const store = memoryStore();
 * const bytes = new TextEncoder().encode('{"action":"msg","message":"hi","id":1}\n');
 * store.commit([{ conversation: "#all", first: 1, last: 1, count: 1, bytes }]);
 * const [line] = await store.page({ conversation: "#all", limit: 10 });
 * assert.equal(JSON.parse(new TextDecoder().decode(line)).message, "hi");
 * ```
 */
export function memoryStore(options: { bytes?: number; lastId?: number } = {}): Store {
  return new MemoryStore(options.bytes ?? 4 * 1024 * 1024, options.lastId ?? 0);
}

class MemoryStore implements Store {
  readonly #past: Blocks;
  #lastId: number;
  readonly #accounts = new Map<string, Account>();
  readonly #rooms = new Map<string, Set<string>>();
  readonly #contacts = new Map<string, Set<string>>();
  readonly #bans = new Map<string, Ban>();
  #motd = "";

  constructor(room: number, lastId: number) {
    this.#past = new Blocks(room);
    this.#lastId = lastId;
  }

  snapshot(): Snapshot {
    return {
      accounts: [...this.#accounts.values()],
      rooms: [...this.#rooms].map(([name, members]) => ({ name, members: [...members] })),
      contacts: [...this.#contacts].flatMap(([owner, names]) => [...names].map((name) => ({ owner, name }))),
      bans: [...this.#bans.values()],
      motd: this.#motd,
      lastId: this.#lastId,
    };
  }

  commit(lines: readonly Lines[]): void {
    for (const each of lines) {
      this.#past.add(each);
      if (each.last > this.#lastId) this.#lastId = each.last;
    }
  }

  page(query: Query): Uint8Array[] {
    const turns = query.text === undefined ? this.#read(query) : this.#found(query, words(query.text));
    return pageOf(turns, query).map((line) => line.slice()); // a page is still being written when its block is used again
  }

  conversations(account: string, after: number): Conversation[] {
    const found = new Set<Conversation>();
    for (const { conversation, last } of this.#past.turns()) {
      if (last <= after) continue;
      const people = conversation.split("\u0000");
      if (people.length === 2 && people.includes(account)) found.add(conversation);
    }
    return [...found];
  }

  putAccount(account: Account): void {
    this.#accounts.set(account.name, account);
  }

  removeAccount(name: string): void {
    this.#accounts.delete(name);
    this.#contacts.delete(name);
    for (const members of this.#rooms.values()) members.delete(name);
    this.#past.keep((conversation) => {
      const people = conversation.split("\u0000");
      return people.length < 2 || !people.includes(name);
    });
  }

  putRoom(name: string): void {
    if (!this.#rooms.has(name)) this.#rooms.set(name, new Set());
  }

  putMember(room: string, account: string): void {
    this.#rooms.get(room)?.add(account);
  }

  removeMember(room: string, account: string): void {
    this.#rooms.get(room)?.delete(account);
  }

  putContact(owner: string, name: string): void {
    const names = this.#contacts.get(owner);
    if (names === undefined) this.#contacts.set(owner, new Set([name]));
    else names.add(name);
  }

  removeContact(owner: string, name: string): void {
    this.#contacts.get(owner)?.delete(name);
  }

  putBan(ban: Ban): void {
    this.#bans.set(`${ban.kind} ${ban.who}`, ban);
  }

  removeBan(kind: Ban["kind"], who: string): void {
    this.#bans.delete(`${kind} ${who}`);
  }

  putMotd(text: string): void {
    this.#motd = text;
  }

  putSeen(seen: ReadonlyMap<string, number>): void {
    for (const [name, id] of seen) {
      const account = this.#accounts.get(name);
      if (account !== undefined) this.#accounts.set(name, { ...account, seen: id });
    }
  }

  tend(): boolean {
    return false;
  }

  changed(): boolean {
    return false;
  }

  close(): void {}

  /** The turns of a conversation in reading order. */
  *#read({ conversation, after }: Query): Iterable<Lines> {
    for (const turn of this.#past.turns(after === undefined)) if (turn.conversation === conversation) yield turn;
  }

  /** Each line with all the words, as a turn of its own. */
  *#found(query: Query, wanted: string[]): Iterable<Lines> {
    if (wanted.length === 0) return;
    for (const { conversation, bytes } of this.#read(query)) {
      const lines = cut(bytes);
      for (const line of query.after === undefined ? lines.reverse() : lines) {
        const { id, message } = parseLine(line);
        const has = new Set(words(message));
        if (wanted.every((word) => has.has(word))) yield { conversation, first: id, last: id, count: 1, bytes: line };
      }
    }
  }
}
