/**
 * Who is here, who has an account, which rooms there are and who is in them. Small enough to be kept in memory whole; each
 * change of what must last goes through {@linkcode Voice.keep} before it is made here. Names and rooms are found by their
 * canonical form (`nameKey`), and shown as they were first spelt.
 */
import { isInRange, nameKey, networkOf } from "../../jim/mod.ts";
import { accountSide, guestSide } from "./conversation.ts";
import { Features } from "./features.ts";
import { skeletons } from "./lookalike.ts";
import { SessionTokens } from "./session_tokens.ts";
import { Sorted } from "./sorted.ts";
import type { GuestPeriod } from "../store/contract.ts";
import type { Ban, KeptAccount, Mark, Person, SessionToken } from "./voice.ts";

/** The rooms and contacts of a person. */
export interface Membership {
  /** May moderate. */
  readonly operator: boolean;
  /** Each room, as it is stored, and how this person spells it. */
  readonly rooms: Map<string, string>;
  /** Each contact by its key, and the spelling that is shown. */
  readonly contacts: Map<string, string>;
}

/** What the chat knows of an account. */
export interface Account extends Membership {
  readonly id: number;
  /** As it was registered, or renamed by the operator: the spelling that everybody is shown. */
  name: string;
  key: string;
  /** In the names of conversations. */
  readonly side: string;
  operator: boolean;
  /** What its relays say of it. */
  mark: Mark;
  /** How often its password has been changed since the server was started. */
  revision: number;
  /** The last id there was when it was made. */
  readonly since: number;
  /** If a guest registered it: when that was the only guest by each of its names. */
  readonly guestPeriods: readonly GuestPeriod[];
}

/** A room. */
export interface Room<P> {
  /** As it is stored. */
  readonly name: string;
  readonly accounts: Set<Account>;
  readonly guests: Set<P>;
  /** Since when it is known to have no members, in milliseconds of the monotonic clock. */
  emptySince: number | undefined;
  /** A member spells it otherwise: each reader's own spelling must be looked up. */
  respelt: boolean;
}

/** The rules that an operator chooses. */
export interface Rules {
  /** Whether anybody may register. */
  readonly registration: boolean;
  /** Whether somebody without an account may come in. */
  readonly guests: boolean;
  /** Connections of one account at a time. */
  readonly devices: number;
  /** Rooms that one person may be in. */
  readonly rooms: number;
  /** Missed messages of one conversation that are sent to who comes back. */
  readonly replay: number;
  /** Days after its last use when a session token ends; 0: there are none. */
  readonly sessionDays: number;
}

/** What was kept from an earlier life. */
export interface Kept {
  readonly accounts: readonly KeptAccount[];
  readonly rooms: readonly {
    readonly name: string;
    readonly members: readonly { readonly account: number; readonly spelling: string }[];
  }[];
  readonly contacts: readonly { readonly owner: number; readonly name: string }[];
  readonly bans: readonly Ban[];
  readonly tokens: readonly SessionToken[];
  readonly motd: string;
}

/** The connections of one side: of an account, or of all guests by one name. */
export interface Namesakes<P> {
  /** The spelling by which the first of them came: others are told of them by this one, as long as anybody is here. */
  readonly name: string;
  readonly account: Account | undefined;
  readonly people: Set<P>;
  /** Guests by their numbers, counted from 1. A number that is free is given again. */
  readonly numbered: (P | undefined)[];
  /** After which message there was one guest alone; undefined while there are several. */
  aloneSince: number | undefined;
}

const ACCOUNT: Mark = { role: "account" }, OPERATOR: Mark = { role: "operator" };

/** The last periods of a guest that are remembered. A search of its past looks through each of them, at up to 3 ms. */
const PERIODS = 8;

/** This many names of guests that have left are remembered, to say "gone" and not "unknown". */
const REMEMBERED = 10_000;

export class Chat<P extends Person> {
  readonly rules: Rules;
  readonly tokens: SessionTokens<P>;
  readonly features: Features<P>;
  /** Connections that have shown the server's token. */
  readonly #trusted = new WeakSet<P>();
  /** The words that everybody is greeted with. */
  motd: string;
  readonly #accounts = new Map<number, Account>();
  /** By key. A database from before names had one may hold several of a key: operators first, then the older ones. */
  readonly #accountsOf = new Map<string, Account[]>();
  /** By skeleton: those that look alike. */
  readonly #accountsLike = new Map<string, Set<Account>>();
  /** By key; also here there may be several from before. */
  readonly #roomsOf = new Map<string, Room<P>[]>();
  /** What operators have forbidden, names by their keys. */
  readonly #bans = { name: new Map<string, Ban>(), address: new Map<string, Ban>(), mute: new Map<string, Ban>() };
  /** Those of ranges of addresses: each is tried when somebody enters. */
  readonly #ranges = new Map<string, Ban>();
  /** By side. */
  readonly #here = new Map<string, Namesakes<P>>();
  readonly #inOrder = { sides: new Sorted<Namesakes<P>>(), rooms: new Sorted<Room<P>>() };
  /** When each guest was the only one by a name, before the name that it has now, or has alone now. */
  readonly #guestPeriods = new Map<P, GuestPeriod[]>();
  /** Keys of guests that have left. */
  readonly #left = new Set<string>();

  constructor(rules: Rules, kept: Kept, features = new Features<P>()) {
    this.rules = rules;
    this.features = features;
    this.tokens = new SessionTokens(rules.sessionDays, kept.tokens);
    this.motd = kept.motd;
    for (const ban of kept.bans) this.putBan(ban);
    for (const account of kept.accounts) this.putAccount(account);
    for (const { owner, name } of kept.contacts) this.#accounts.get(owner)?.contacts.set(nameKey(name), name);
    for (const { name, members } of kept.rooms) {
      const room = this.addRoom(name);
      for (const { account: id, spelling } of members) {
        const account = this.#accounts.get(id);
        if (account !== undefined) this.#admit(account, room, spelling);
      }
    }
  }

  /** Names of accounts, and rooms, that are the same by their key. */
  get collisions(): string[][] {
    const groups: Iterable<readonly { readonly name: string }[]>[] = [
      this.#accountsOf.values(),
      this.#roomsOf.values(),
    ];
    return groups.flatMap((all) =>
      [...all].filter(({ length }) => length > 1).map((some) => some.map(({ name }) => name))
    );
  }

  /** Every account. */
  accounts(): Iterable<Account> {
    return this.#accounts.values();
  }

  /** The account that a name belongs to: the one of exactly that spelling, else the first one of its key. */
  account(name: string): Account | undefined {
    const alike = this.#accountsOf.get(nameKey(name));
    return alike?.find((each) => each.name === name) ?? alike?.[0];
  }

  /** Every account with a name of that key. */
  accountsOf(name: string): readonly Account[] {
    return this.#accountsOf.get(nameKey(name)) ?? [];
  }

  /** An account that a name is not the same as, but looks like. */
  lookalike(name: string): Account | undefined {
    const key = nameKey(name);
    return skeletons(name).flatMap((each) => [...this.#accountsLike.get(each) ?? []]).find((each) => each.key !== key);
  }

  /** Guests by a name or by one that looks like it. It looks at each guest, at about 1 µs. */
  guestsLike(name: string): P[] {
    const side = guestSide(name), looks = new Set(skeletons(name));
    const isLike = (person: P) => person.side === side || skeletons(person.name!).some((each) => looks.has(each));
    return [...this.here()].filter((person) => person.account === undefined && isLike(person));
  }

  /** The account with that id, as long as it exists. */
  accountById(id: number): Account | undefined {
    return this.#accounts.get(id);
  }

  /** Adds an account, or notes whether it is an operator's now. */
  putAccount({ id, name, operator, since = 0, guestPeriods = [] }: KeptAccount): Account {
    let account = this.#accounts.get(id);
    if (account?.operator === operator) return account;
    const mark = operator ? OPERATOR : ACCOUNT;
    if (account === undefined) {
      const key = nameKey(name), side = accountSide(id);
      account = {
        id,
        name,
        key,
        side,
        operator,
        mark,
        revision: 0,
        since,
        guestPeriods,
        rooms: new Map(),
        contacts: new Map(),
      };
      this.#accounts.set(id, account);
      this.#addName(account);
    }
    account.operator = operator;
    account.mark = mark;
    this.#accountsOf.get(account.key)!.sort((a, b) => +b.operator - +a.operator || a.id - b.id);
    for (const person of this.at(account.side)) person.mark = mark;
    return account;
  }

  /** An account has another password now. Returns its sessions, which must end: they have logged in by the old one. */
  revoke(account: Account): P[] {
    account.revision++;
    return [...this.at(account.side)];
  }

  /** Gives an account another name. Returns its sessions, which must end: other clients show them by the old one. */
  rename(account: Account, name: string): P[] {
    const { name: before, key } = account;
    this.#removeName(account);
    account.name = name;
    account.key = nameKey(name);
    this.#addName(account);
    for (const { contacts } of this.#accounts.values()) {
      if (contacts.get(key) === before && contacts.delete(key)) contacts.set(account.key, name);
    }
    if (account.key !== key) this.#moveBans(key, account.key);
    return [...this.at(account.side)];
  }

  /** Bans and mutes are of the account, and go with it; where another account has the name from before, that keeps them too. */
  #moveBans(before: string, key: string): void {
    for (const bans of [this.#bans.name, this.#bans.mute]) {
      const ban = bans.get(before);
      if (ban === undefined) continue;
      if (ban.until > (bans.get(key)?.until ?? -Infinity)) bans.set(key, { ...ban, who: key });
      if (this.accountsOf(before).length === 0) bans.delete(before);
    }
  }

  /** Removes an account. Returns its sessions, which must end. */
  removeAccount(account: Account): P[] {
    for (const room of account.rooms.keys()) this.room(room)?.accounts.delete(account);
    this.#accounts.delete(account.id);
    this.#removeName(account);
    return [...this.at(account.side)];
  }

  /** Makes an account findable by its name, and by names that look like it. */
  #addName(account: Account): void {
    const { name, key } = account, alike = this.#accountsOf.get(key);
    if (alike === undefined) this.#accountsOf.set(key, [account]);
    else alike.push(account);
    for (const skeleton of skeletons(name)) {
      const others = this.#accountsLike.get(skeleton);
      if (others === undefined) this.#accountsLike.set(skeleton, new Set([account]));
      else others.add(account);
    }
  }

  #removeName(account: Account): void {
    const alike = this.#accountsOf.get(account.key)!.filter((each) => each !== account);
    if (alike.length > 0) this.#accountsOf.set(account.key, alike);
    else this.#accountsOf.delete(account.key);
    for (const skeleton of skeletons(account.name)) {
      const others = this.#accountsLike.get(skeleton)!;
      others.delete(account);
      if (others.size === 0) this.#accountsLike.delete(skeleton);
    }
  }

  /** The ban that is in force now, if there is one. */
  ban(kind: Ban["kind"], who: string, now: number): Ban | undefined {
    const ban = this.banOf(kind, who, now);
    if (ban !== undefined || kind !== "address") return ban;
    return [...this.#ranges.values()].find((each) => now < each.until && isInRange(who, each.who));
  }

  /** The ban of exactly that name, address or range, if it is in force now. */
  banOf(kind: Ban["kind"], who: string, now: number): Ban | undefined {
    const key = banKey(kind, who), ban = this.#bansLike(kind, key).get(key);
    return ban !== undefined && now < ban.until ? ban : undefined;
  }

  /** The mute in force for a connection: of its name, or of one that it had when it was muted. */
  muteOf({ muted }: P, now: number): Ban | undefined {
    return muted === undefined ? undefined : this.ban("mute", muted, now);
  }

  /** All that are in force now. */
  bans(now: number): Ban[] {
    const all = [this.#bans.name, this.#bans.address, this.#ranges, this.#bans.mute];
    return all.flatMap((bans) => [...bans.values()]).filter(({ until }) => now < until);
  }

  putBan(ban: Ban): void {
    const key = banKey(ban.kind, ban.who);
    this.#bansLike(ban.kind, key).set(key, ban);
  }

  removeBan({ kind, who }: Ban): void {
    const key = banKey(kind, who);
    this.#bansLike(kind, key).delete(key);
  }

  #bansLike(kind: Ban["kind"], key: string): Map<string, Ban> {
    return kind === "address" && isRange(key) ? this.#ranges : this.#bans[kind];
  }

  /** The room by that name: the one of exactly that spelling, else the first one of its key. */
  room(name: string): Room<P> | undefined {
    const alike = this.#roomsOf.get(nameKey(name));
    return alike?.find((each) => each.name === name) ?? alike?.[0];
  }

  /** Every room but the common one, by name. */
  rooms(): readonly Room<P>[] {
    return this.#inOrder.rooms.all;
  }

  addRoom(name: string): Room<P> {
    const room: Room<P> = { name, accounts: new Set(), guests: new Set(), emptySince: undefined, respelt: false };
    const key = nameKey(name), alike = this.#roomsOf.get(key);
    if (alike === undefined) this.#roomsOf.set(key, [room]);
    else alike.push(room);
    this.#inOrder.rooms.add(room);
    return room;
  }

  /** The rooms that have had no members for so many milliseconds. It must be asked now and then, for that is when it looks. */
  emptyFor(milliseconds: number, now: number): Room<P>[] {
    return this.rooms().filter((room) => {
      if (room.accounts.size > 0 || room.guests.size > 0) return false;
      return now - (room.emptySince ??= now) >= milliseconds;
    });
  }

  /** Forgets a room that has no members. */
  removeRoom(room: Room<P>): void {
    this.#inOrder.rooms.delete(room);
    const key = nameKey(room.name), alike = this.#roomsOf.get(key)!.filter((each) => each !== room);
    if (alike.length > 0) this.#roomsOf.set(key, alike);
    else this.#roomsOf.delete(key);
  }

  /** Makes a connection, or its account, a member of a room, with its spelling of it. */
  join(person: P, room: Room<P>, spelling: string): void {
    if (person.account !== undefined) this.#admit(person.account, room, spelling);
    else {
      room.guests.add(person);
      room.emptySince = undefined;
      this.membership(person).rooms.set(room.name, spelling);
    }
    this.spell(person, room, spelling);
  }

  /** Makes a guest's rooms and contacts those of the account that it has just made; the store has them already. */
  promote(person: P, account: Account): void {
    for (const [name, spelling] of person.rooms ?? []) {
      const room = this.room(name);
      if (room !== undefined) this.#admit(account, room, spelling);
    }
    for (const [key, name] of person.contacts ?? []) account.contacts.set(key, name);
  }

  leaveRoom(person: P, room: Room<P>): void {
    if (person.account !== undefined) room.accounts.delete(person.account);
    else room.guests.delete(person);
    this.membership(person).rooms.delete(room.name);
    person.spellings?.delete(room.name);
  }

  isMember(person: P, room: Room<P>): boolean {
    return this.membership(person).rooms.has(room.name);
  }

  /** Notes how a connection spells a room: home-made programs compare what they are sent with their own spelling. */
  spell(person: P, room: Room<P>, spelling: string): void {
    (person.spellings ??= new Map()).set(room.name, spelling);
    room.respelt ||= spelling !== room.name;
  }

  /** A room as a connection spells it: as it did on joining or first using it, else as its account does on another device. */
  spelling(person: P, room: Room<P>): string {
    return person.spellings?.get(room.name) ?? this.membership(person).rooms.get(room.name) ?? room.name;
  }

  /** The side that has a name: an account's, else that of all guests by it. */
  sideOf(name: string): string {
    return this.account(name)?.side ?? guestSide(name);
  }

  /** The connections of one side, perhaps none. Guests may share a name: home-made clients all say Guest. */
  at(side: string): ReadonlySet<P> {
    return this.#here.get(side)?.people ?? nobody;
  }

  /** How a side is spelt in lists and notices; undefined without a connection of it. */
  shownName(side: string): string | undefined {
    return this.#here.get(side)?.name;
  }

  /** Those with that name. */
  named(name: string): ReadonlySet<P> {
    return this.at(this.sideOf(name));
  }

  /** Everybody with a name of that key: more than those named so, where several accounts have it from before. */
  alike(name: string): P[] {
    return [...this.accountsOf(name).map(({ side }) => side), guestSide(name)].flatMap((side) => [...this.at(side)]);
  }

  /** Those whom a ban of an address or a range is about. */
  *from(address: string): Iterable<P> {
    for (const person of this.here()) if (isBannedBy(address, person.host)) yield person;
  }

  /** Everybody who is here, by name: guests by one name together. */
  sides(): readonly Namesakes<P>[] {
    return this.#inOrder.sides.all;
  }

  /** Those members of a room who are online, in the same way. */
  sidesIn(room: Room<P>): readonly Namesakes<P>[] {
    const sides = new Set<Namesakes<P>>();
    for (const { side } of this.online(room)) sides.add(this.#here.get(side!)!);
    return [...sides].sort((one, other) => one.name < other.name ? -1 : 1);
  }

  /** Everybody who is here. */
  *here(): Iterable<P> {
    for (const { people } of this.#here.values()) yield* people;
  }

  /** Whether a guest of that name has been here. */
  hasLeft(name: string): boolean {
    return this.#left.has(nameKey(name));
  }

  /**
   * The periods in which this guest was the only one by its name, for each name that it has had. Private messages of such a
   * period are its own.
   *
   * @param lastId the last id that was given out
   */
  guestPeriods(person: P, lastId: number): GuestPeriod[] {
    const { account, side, name } = person, before = this.#guestPeriods.get(person) ?? [];
    const after = account === undefined && side !== undefined ? this.#here.get(side)?.aloneSince : undefined;
    return after === undefined ? [...before] : [...before, { name: name!, after, last: lastId }];
  }

  /**
   * Gives a connection a name, its first or another one.
   *
   * @param account the one that it has logged in to; its name is shown as it was registered
   * @param lastId the last id that was given out
   */
  enter(person: P, name: string, account: Account | undefined, lastId: number): void {
    this.#unname(person, lastId);
    if (account !== person.account) this.#forget(person);
    person.account = account;
    person.name = account?.name ?? name;
    person.side = account?.side ?? guestSide(name);
    let namesakes = this.#here.get(person.side);
    if (namesakes === undefined) {
      namesakes = { name: person.name, account, people: new Set(), numbered: [], aloneSince: undefined };
      this.#here.set(person.side, namesakes);
      this.#inOrder.sides.add(namesakes);
    }
    namesakes.people.add(person);
    if (account !== undefined) person.mark = account.mark;
    else this.#number(person, namesakes, lastId);
  }

  /** Lets a connection moderate: it has shown the server's token. */
  trust(person: P): void {
    this.#trusted.add(person);
  }

  isTrusted(person: P): boolean {
    return this.#trusted.has(person);
  }

  /** From now on nobody finds the person. The name stays with it: what it has said was said in that name. */
  leave(person: P, lastId: number): void {
    this.#unname(person, lastId);
    this.#forget(person);
    this.features.delete(person);
  }

  /** The rooms and contacts of somebody; a guest's begin empty and end with the connection. */
  membership(person: P): Membership {
    if (person.account !== undefined) return person.account;
    return { operator: false, rooms: person.rooms ??= new Map(), contacts: person.contacts ??= new Map() };
  }

  /** Those members of a room who are online. */
  *online({ accounts, guests }: Room<P>): Iterable<P> {
    yield* guests;
    for (const { side } of accounts) yield* this.at(side);
  }

  /** Whether a room's list shows a side: one of its connections is in it. */
  isIn(side: string, { accounts, guests }: Room<P>): boolean {
    const here = this.#here.get(side);
    if (here === undefined) return false;
    if (here.account !== undefined) return accounts.has(here.account);
    for (const person of here.people) if (guests.has(person)) return true;
    return false;
  }

  #admit(account: Account, room: Room<P>, spelling: string): void {
    room.accounts.add(account);
    room.emptySince = undefined;
    account.rooms.set(room.name, spelling);
    room.respelt ||= spelling !== room.name;
  }

  /** What a guest has ends with the connection, or when the guest becomes somebody. */
  #forget(person: P): void {
    for (const name of person.rooms?.keys() ?? []) this.room(name)?.guests.delete(person);
    person.rooms = person.contacts = person.spellings = undefined;
    this.#guestPeriods.delete(person);
  }

  /** Guests by one name are told apart by numbers, as long as they are several. */
  #number(person: P, namesakes: Namesakes<P>, lastId: number): void {
    const { people, numbered } = namesakes;
    const free = numbered.indexOf(undefined), index = free < 0 ? numbered.length : free;
    numbered[index] = person;
    person.mark = people.size === 1 ? undefined : { guest: index + 1 };
    if (people.size > 1) this.#endPeriod(namesakes, lastId);
    else namesakes.aloneSince = lastId;
    if (people.size !== 2) return;
    for (const [index, each] of numbered.entries()) if (each !== undefined) each.mark = { guest: index + 1 };
  }

  /** Notes how long a guest was the only one by its name, if it was and anything was said meanwhile. */
  #endPeriod(namesakes: Namesakes<P>, lastId: number): void {
    const after = namesakes.aloneSince, [guest] = namesakes.people;
    namesakes.aloneSince = undefined;
    if (after === undefined || after === lastId || guest === undefined) return;
    const periods = this.#guestPeriods.get(guest) ?? [];
    this.#guestPeriods.set(guest, [...periods.slice(1 - PERIODS), { name: guest.name!, after, last: lastId }]);
  }

  #unname(person: P, lastId: number): void {
    const { name, side, account } = person;
    if (name === undefined || side === undefined) return;
    const namesakes = this.#here.get(side);
    if (namesakes === undefined || !namesakes.people.has(person)) return;
    const { people, numbered } = namesakes;
    this.#endPeriod(namesakes, lastId);
    people.delete(person);
    if (account === undefined) numbered[numbered.indexOf(person)] = undefined;
    if (people.size === 1 && account === undefined) {
      namesakes.aloneSince = lastId;
      for (const only of people) only.mark = undefined;
    }
    if (people.size > 0) return;
    this.#here.delete(side);
    this.#inOrder.sides.delete(namesakes);
    if (account !== undefined) return;
    const key = nameKey(name);
    this.#left.delete(key); // to the end of the line
    this.#left.add(key);
    if (this.#left.size > REMEMBERED) this.#left.delete(this.#left.values().next().value!);
  }
}

/** What a ban is compared by. An address is banned with its network: one IPv6 customer has 2^64 addresses. */
export function banKey(kind: Ban["kind"], who: string): string {
  if (kind !== "address") return nameKey(who);
  const isNetwork = who.includes(":") && who.endsWith("/64");
  return isNetwork ? networkOf(who.slice(0, -"/64".length)) : isRange(who) ? who : networkOf(who);
}

/** Whether a ban of an address or a range is about a connection from there. */
export function isBannedBy(address: string, host: string): boolean {
  const key = banKey("address", address);
  return isRange(key) ? isInRange(host, key) : networkOf(host) === key;
}

/** The network of an IPv6 address, which is kept by its four groups, is written as a range too, so that it can be unbanned. */
export function shownAddress(key: string): string {
  return key.includes(":") && !isRange(key) ? `${key}::/64` : key;
}

function isRange(address: string): boolean {
  return address.includes("/");
}

const nobody: ReadonlySet<never> = new Set();
