/** The store for `--memory`: nothing outlives the program, and the oldest messages go when there are more than fits. */
import { nameKey } from "../../jim/mod.ts";
import { accountSide } from "../chat/conversation.ts";
import { Blocks } from "./blocks.ts";
import type {
  Account,
  AccountChange,
  Ban,
  Conversation,
  Lines,
  NewAccount,
  Query,
  SessionToken,
  Snapshot,
  Store,
  Unchanged,
} from "./contract.ts";
import { cut, linesOf, pageOf, parseLine, type Span } from "./lines.ts";
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
 * const [line] = await store.read("#all", await store.find({ conversation: "#all", limit: 10 }));
 * assert.equal(JSON.parse(new TextDecoder().decode(line)).message, "hi");
 * ```
 */
export function memoryStore(options: { bytes?: number; lastId?: number } = {}): Store {
  return new MemoryStore(options.bytes ?? 4 * 1024 * 1024, options.lastId ?? 0);
}

class MemoryStore implements Store {
  readonly #past: Blocks;
  #lastId: number;
  readonly #accounts = new Map<number, Account>();
  /** The id of the account that was made last. */
  #lastAccount = 0;
  /** Each room's members, and how each spells it. */
  readonly #rooms = new Map<string, Map<number, string>>();
  readonly #contacts = new Map<number, Set<string>>();
  readonly #bans: Record<Ban["kind"], Map<string, Ban>> = { name: new Map(), address: new Map(), mute: new Map() };
  readonly #tokens = new Map<string, SessionToken>();
  #motd = "";

  constructor(room: number, lastId: number) {
    this.#past = new Blocks(room);
    this.#lastId = lastId;
  }

  snapshot(): Snapshot {
    return {
      accounts: [...this.#accounts.values()],
      rooms: [...this.#rooms].map(([name, members]) => ({
        name,
        members: [...members].map(([account, spelling]) => ({ account, spelling })),
      })),
      contacts: [...this.#contacts].flatMap(([owner, names]) => [...names].map((name) => ({ owner, name }))),
      bans: Object.values(this.#bans).flatMap((bans) => [...bans.values()]),
      tokens: [...this.#tokens.values()],
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

  find(query: Query): number[] {
    const turns = query.text === undefined ? this.#turns(query) : this.#found(query, words(query.text));
    return pageOf(turns, query);
  }

  read(conversation: Conversation, ids: readonly number[]): (Uint8Array | undefined)[] {
    const turns = this.#turns({ conversation, after: 0 })[Symbol.iterator]();
    let batch = turns.next();
    return linesOf(ids, (id) => {
      while (!batch.done && batch.value.last < id) batch = turns.next();
      return batch.done || batch.value.first > id ? undefined : batch.value;
    });
  }

  conversations(side: string, after: number): Conversation[] {
    const found = new Set<Conversation>();
    for (const { conversation, last } of this.#past.turns()) {
      if (last > after && isSide(side, conversation)) found.add(conversation);
    }
    return [...found];
  }

  putAccount({ rooms = [], contacts = [], guestPeriods = [], ...rest }: NewAccount): Account | undefined {
    const key = nameKey(rest.name);
    for (const { name } of this.#accounts.values()) if (nameKey(name) === key) return undefined;
    const account = { id: ++this.#lastAccount, ...rest, since: rest.seen, guestPeriods };
    this.#accounts.set(account.id, account);
    for (const { room, spelling } of rooms) this.putMember(room, account.id, spelling);
    for (const name of contacts) this.putContact(account.id, name);
    return account;
  }

  changeAccount(id: number, change: AccountChange, keepOperator = false): Unchanged | undefined {
    const account = this.#accounts.get(id);
    if (account === undefined) return "removed";
    if (keepOperator && change.operator === false && this.#isLastOperator(account)) return "last operator";
    const { name = account.name } = change, key = nameKey(name);
    const isTaken = (other: Account) => other.id !== id && nameKey(other.name) === key;
    if (name !== account.name && [...this.#accounts.values()].some(isTaken)) return "taken";
    this.#accounts.set(id, { ...account, ...change });
    if (change.password !== undefined) this.#removeTokensOf(id);
    for (const names of this.#contacts.values()) if (names.delete(account.name)) names.add(name);
    const before = nameKey(account.name);
    if (key !== before) {
      this.#moveBans(
        before,
        key,
        [...this.#accounts.values()].some((each) => nameKey(each.name) === before),
      );
    }
    return undefined;
  }

  /** @param stays another account has the name that they were ordered by */
  #moveBans(before: string, key: string, stays: boolean): void {
    for (const bans of [this.#bans.name, this.#bans.mute]) {
      const ban = bans.get(before);
      if (ban === undefined) continue;
      if (ban.until > (bans.get(key)?.until ?? -Infinity)) bans.set(key, { ...ban, who: key });
      if (!stays) bans.delete(before);
    }
  }

  removeAccount(id: number, keepOperator = false): Unchanged | undefined {
    const account = this.#accounts.get(id);
    if (account === undefined) return "removed";
    if (keepOperator && this.#isLastOperator(account)) return "last operator";
    this.#accounts.delete(id);
    this.#contacts.delete(id);
    this.#removeTokensOf(id);
    for (const members of this.#rooms.values()) members.delete(id);
    this.#past.keep((conversation) => !isSide(accountSide(id), conversation));
    return undefined;
  }

  #isLastOperator({ id, operator }: Account): boolean {
    return operator && ![...this.#accounts.values()].some((other) => other.operator && other.id !== id);
  }

  putRoom(name: string): void {
    if (!this.#rooms.has(name)) this.#rooms.set(name, new Map());
  }

  removeRooms(names: readonly string[]): void {
    const removed = new Set(names);
    for (const name of names) this.#rooms.delete(name);
    this.#past.keep((conversation) => !removed.has(conversation));
  }

  putMember(room: string, account: number, spelling = room): void {
    this.#rooms.get(room)?.set(account, spelling);
  }

  removeMember(room: string, account: number): void {
    this.#rooms.get(room)?.delete(account);
  }

  putContact(owner: number, name: string): void {
    const names = this.#contacts.get(owner);
    if (names === undefined) this.#contacts.set(owner, new Set([name]));
    else names.add(name);
  }

  removeContact(owner: number, name: string): void {
    this.#contacts.get(owner)?.delete(name);
  }

  putBan(ban: Ban): void {
    this.#bans[ban.kind].set(ban.who, ban);
  }

  removeBan(kind: Ban["kind"], who: string): void {
    this.#bans[kind].delete(who);
  }

  putMotd(text: string): void {
    this.#motd = text;
  }

  putToken(token: SessionToken): void {
    this.#tokens.set(token.hash, token);
  }

  useTokens(hashes: readonly string[], used: number): void {
    for (const hash of hashes) {
      const token = this.#tokens.get(hash);
      if (token !== undefined) this.#tokens.set(hash, { ...token, used });
    }
  }

  removeTokens(hashes: readonly string[]): void {
    for (const hash of hashes) this.#tokens.delete(hash);
  }

  putSeen(seen: ReadonlyMap<number, number>): void {
    for (const [id, last] of seen) {
      const account = this.#accounts.get(id);
      if (account !== undefined) this.#accounts.set(id, { ...account, seen: last });
    }
  }

  tend(): boolean {
    return false;
  }

  changed(): boolean {
    return false;
  }

  close(): void {}

  #removeTokensOf(account: number): void {
    for (const token of this.#tokens.values()) if (token.account === account) this.#tokens.delete(token.hash);
  }

  /** The turns of a conversation in reading order. */
  *#turns({ conversation, after }: Pick<Query, "conversation" | "after">): Iterable<Span> {
    for (const { bytes, ...batch } of this.#past.turns(after === undefined)) {
      if (batch.conversation === conversation) yield { ...batch, bytes: () => bytes };
    }
  }

  /** Each line with all the words, as a turn of its own. */
  *#found(query: Query, wanted: string[]): Iterable<Span> {
    if (wanted.length === 0) return;
    for (const { bytes } of this.#turns(query)) {
      const lines = cut(bytes());
      for (const line of query.after === undefined ? lines.reverse() : lines) {
        const { id, message } = parseLine(line)!; // no disk damages what is in memory
        const has = new Set(words(message));
        if (wanted.every((word) => has.has(word))) yield { first: id, last: id, count: 1, bytes: () => line };
      }
    }
  }
}

/** Whether a conversation is one of two people, and this is a side of it. */
function isSide(side: string, conversation: Conversation): boolean {
  const sides = conversation.split("\u0000");
  return sides.length === 2 && sides.includes(side);
}
