/**
 * Who is here: connections by their names, in which rooms guests are, and who is told who comes and goes. What outlasts them
 * (accounts, rooms, members) is in the {@linkcode State}, which only records change. Names and rooms are found by their
 * canonical form (`nameKey`), and shown as they were first spelt.
 */
import { nameKey } from "../../jim/mod.ts";
import type { GuestPeriod } from "../journal/records.ts";
import { type Ban, isBannedBy } from "./bans.ts";
import { guestSide } from "../journal/conversation.ts";
import { Features } from "./features.ts";
import { skeletons } from "./lookalike.ts";
import { SessionTokens } from "./session_tokens.ts";
import { Sorted } from "./sorted.ts";
import type { Account, Room, State } from "./state.ts";
import type { SenderMark, Session } from "./session.ts";

export type { Account, Room } from "./state.ts";

/** The rooms and contacts of a person. */
export interface Membership {
  /** May moderate. */
  readonly operator: boolean;
  /** Each room, and how this person spells it. */
  readonly rooms: ReadonlyMap<Room, string>;
  /** Each contact by its key, and the spelling that is shown. */
  readonly contacts: ReadonlyMap<string, string>;
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

/** The connections of one side: of an account, or of all guests by one name. */
export interface PresentSide<S> {
  /** The spelling by which the first of them came: others are told of them by this one, as long as anybody is here. */
  readonly name: string;
  readonly account: Account | undefined;
  readonly sessions: Set<S>;
  /** Guests by their numbers, counted from 1. A number that is free is given again. */
  readonly numbered: (S | undefined)[];
  /** After which message there was one guest alone; undefined while there are several. */
  aloneSince: number | undefined;
}

/** What is known of a room beside what lasts. */
interface RoomPresence<S> {
  readonly guests: Set<S>;
  /** Since when it is known to have no members, in milliseconds of the monotonic clock. */
  emptySince: number | undefined;
  /** A connection spells it otherwise than it is shown. */
  isRespelt: boolean;
}

const ACCOUNT: SenderMark = { role: "account" }, OPERATOR: SenderMark = { role: "operator" };

/** The last periods of a guest that are remembered. A search of its past looks through each of them, at up to 3 ms. */
const PERIODS = 8;

/** This many names of guests that have left are remembered, to say "gone" and not "unknown". */
const REMEMBERED = 10_000;

export class Chat<S extends Session> {
  readonly rules: Rules;
  readonly state: State;
  readonly tokens: SessionTokens<S>;
  readonly features: Features<S>;
  /** Connections that have shown the server's token. */
  readonly #trusted = new WeakSet<S>();
  /** By side. */
  readonly #present = new Map<string, PresentSide<S>>();
  readonly #presentInOrder = new Sorted<PresentSide<S>>();
  readonly #presence = new WeakMap<Room, RoomPresence<S>>();
  /** When each guest was the only one by a name, before the name that it has now, or has alone now. */
  readonly #guestPeriods = new Map<S, GuestPeriod[]>();
  /** Keys of guests that have left. */
  readonly #leftNames = new Set<string>();

  constructor(rules: Rules, state: State, features = new Features<S>()) {
    this.rules = rules;
    this.features = features;
    this.state = state;
    this.tokens = new SessionTokens(rules.sessionDays, state);
  }

  /** The account that a name belongs to: the one of exactly that spelling, else the first one of its key. */
  account(name: string): Account | undefined {
    return this.state.account(name);
  }

  /** The room by that name: the one of exactly that spelling, else the first one of its key. */
  room(name: string): Room | undefined {
    return this.state.room(name);
  }

  /** The mute in force for a connection: of its name, or of one that it had when it was muted. */
  muteOf({ mutedKey: muted }: S, now: number): Ban | undefined {
    return muted === undefined ? undefined : this.state.ban("mute", muted, now);
  }

  /** Guests by a name or by one that looks like it. It looks at each guest, at about 1 µs. */
  guestsLike(name: string): S[] {
    const side = guestSide(name), looks = new Set(skeletons(name));
    const isLike = (session: S) => session.side === side || skeletons(session.name!).some((each) => looks.has(each));
    return [...this.sessions()].filter((session) => session.account === undefined && isLike(session));
  }

  /** The rooms that have had no members for so many milliseconds. It must be asked now and then, for that is when it looks. */
  emptyFor(milliseconds: number, now: number): Room[] {
    return this.state.rooms().filter((room) => {
      const attendance = this.#presenceIn(room);
      if (room.members.size > 0 || attendance.guests.size > 0) return false;
      return now - (attendance.emptySince ??= now) >= milliseconds;
    });
  }

  /** Notes that an account is a member of a room now: it is empty no more. */
  noteMember(room: Room): void {
    this.#presenceIn(room).emptySince = undefined;
  }

  /** Makes a guest a member of a room, as long as it is here. */
  addGuest(guest: S, room: Room, spelling: string): void {
    const attendance = this.#presenceIn(room);
    attendance.guests.add(guest);
    attendance.emptySince = undefined;
    (guest.rooms ??= new Map()).set(room, spelling);
  }

  removeGuest(guest: S, room: Room): void {
    this.#presenceIn(room).guests.delete(guest);
    guest.rooms?.delete(room);
  }

  /** Lets go of the guests of a room that is no more. */
  removeGuests(room: Room): void {
    for (const guest of [...this.#presenceIn(room).guests]) {
      this.removeGuest(guest, room);
      guest.spellings?.delete(room);
    }
  }

  isMember(session: S, room: Room): boolean {
    return this.membership(session).rooms.has(room);
  }

  /** Notes how a connection spells a room: home-made programs compare what they are sent with their own spelling. */
  spell(session: S, room: Room, spelling: string): void {
    (session.spellings ??= new Map()).set(room, spelling);
    if (spelling !== room.name) this.#presenceIn(room).isRespelt = true;
  }

  /** A room as a connection spells it: as it did on joining or first using it, else as its account does on another device. */
  spelling(session: S, room: Room): string {
    return session.spellings?.get(room) ?? this.membership(session).rooms.get(room) ?? room.name;
  }

  /** Whether each reader's own spelling of a room must be looked up. */
  isRespelt(room: Room): boolean {
    return room.respelt || this.#presenceIn(room).isRespelt;
  }

  /** The side that has a name: an account's, else that of all guests by it. */
  sideOf(name: string): string {
    return this.state.account(name)?.side ?? guestSide(name);
  }

  /** The connections of one side, perhaps none. Guests may share a name: home-made clients all say Guest. */
  sessionsOf(side: string): ReadonlySet<S> {
    return this.#present.get(side)?.sessions ?? NO_SESSIONS;
  }

  /** How a side is spelt in lists and notices; undefined without a connection of it. */
  shownName(side: string): string | undefined {
    return this.#present.get(side)?.name;
  }

  /** Those with that name. */
  sessionsNamed(name: string): ReadonlySet<S> {
    return this.sessionsOf(this.sideOf(name));
  }

  /** Everybody with a name of that key: more than those named so, where several accounts have it from before. */
  sessionsAlike(name: string): S[] {
    return [...this.state.accountsAlike(name).map(({ side }) => side), guestSide(name)].flatMap((
      side,
    ) => [...this.sessionsOf(side)]);
  }

  /** Those whom a ban of an address or a range is about. */
  *sessionsFrom(address: string): Iterable<S> {
    for (const session of this.sessions()) if (isBannedBy(address, session.host)) yield session;
  }

  /** Everybody who is here, by name: guests by one name together. */
  presentSides(): readonly PresentSide<S>[] {
    return this.#presentInOrder.all;
  }

  /** Those members of a room who are online, in the same way. */
  presentSidesIn(room: Room): readonly PresentSide<S>[] {
    const sides = new Set<PresentSide<S>>();
    for (const { side } of this.sessionsIn(room)) sides.add(this.#present.get(side!)!);
    return [...sides].sort((one, other) => one.name < other.name ? -1 : 1);
  }

  /** Everybody who is here. */
  *sessions(): Iterable<S> {
    for (const { sessions } of this.#present.values()) yield* sessions;
  }

  /** Whether a guest of that name has been here. */
  hasGuestLeft(name: string): boolean {
    return this.#leftNames.has(nameKey(name));
  }

  /**
   * The periods in which this guest was the only one by its name, for each name that it has had. Private messages of such a
   * period are its own. The last one has no end yet.
   */
  guestPeriods(session: S): GuestPeriod[] {
    const { account, side, name } = session, before = this.#guestPeriods.get(session) ?? [];
    const after = account === undefined && side !== undefined ? this.#present.get(side)?.aloneSince : undefined;
    return after === undefined ? [...before] : [...before, { name: name!, after }];
  }

  /**
   * Gives a connection a name, its first or another one.
   *
   * @param account the one that it has logged in to; its name is shown as it was registered
   * @param lastId the last id that was given out
   */
  enter(session: S, name: string, account: Account | undefined, lastId: number): void {
    this.#removeName(session, lastId);
    if (account !== session.account) this.#forgetGuest(session);
    session.account = account;
    session.name = account?.name ?? name;
    session.side = account?.side ?? guestSide(name);
    let namesakes = this.#present.get(session.side);
    if (namesakes === undefined) {
      namesakes = { name: session.name, account, sessions: new Set(), numbered: [], aloneSince: undefined };
      this.#present.set(session.side, namesakes);
      this.#presentInOrder.add(namesakes);
    }
    namesakes.sessions.add(session);
    if (account !== undefined) session.mark = markOf(account);
    else this.#numberGuest(session, namesakes, lastId);
  }

  /** Lets a connection moderate: it has shown the server's token. */
  trust(session: S): void {
    this.#trusted.add(session);
  }

  isTrusted(session: S): boolean {
    return this.#trusted.has(session);
  }

  /** From now on nobody finds the person. The name stays with it: what it has said was said in that name. */
  leave(session: S, lastId: number): void {
    this.#removeName(session, lastId);
    this.#forgetGuest(session);
    this.features.delete(session);
  }

  /** The rooms and contacts of somebody; a guest's begin empty and end with the connection. */
  membership(session: S): Membership {
    if (session.account !== undefined) return session.account;
    return { operator: false, rooms: session.rooms ?? NONE, contacts: session.contacts ?? NONE };
  }

  /** Those members of a room who are online. */
  *sessionsIn(room: Room): Iterable<S> {
    yield* this.#presenceIn(room).guests;
    for (const { side } of room.members) yield* this.sessionsOf(side);
  }

  /** Whether a room's list shows a side: one of its connections is in it. */
  isSideIn(side: string, room: Room): boolean {
    const here = this.#present.get(side);
    if (here === undefined) return false;
    if (here.account !== undefined) return room.members.has(here.account);
    const { guests } = this.#presenceIn(room);
    for (const session of here.sessions) if (guests.has(session)) return true;
    return false;
  }

  #presenceIn(room: Room): RoomPresence<S> {
    let attendance = this.#presence.get(room);
    if (attendance === undefined) {
      attendance = { guests: new Set(), emptySince: undefined, isRespelt: false };
      this.#presence.set(room, attendance);
    }
    return attendance;
  }

  /** What a guest has ends with the connection, or when the guest becomes somebody. */
  #forgetGuest(session: S): void {
    for (const room of session.rooms?.keys() ?? []) this.#presenceIn(room).guests.delete(session);
    session.rooms = session.contacts = session.spellings = undefined;
    this.#guestPeriods.delete(session);
  }

  /** Guests by one name are told apart by numbers, as long as they are several. */
  #numberGuest(session: S, namesakes: PresentSide<S>, lastId: number): void {
    const { sessions, numbered } = namesakes;
    const free = numbered.indexOf(undefined), index = free < 0 ? numbered.length : free;
    numbered[index] = session;
    session.mark = sessions.size === 1 ? undefined : { guest: index + 1 };
    if (sessions.size > 1) this.#endPeriod(namesakes, lastId);
    else namesakes.aloneSince = lastId;
    if (sessions.size !== 2) return;
    for (const [index, each] of numbered.entries()) if (each !== undefined) each.mark = { guest: index + 1 };
  }

  /** Notes how long a guest was the only one by its name, if it was and anything was said meanwhile. */
  #endPeriod(namesakes: PresentSide<S>, lastId: number): void {
    const after = namesakes.aloneSince, [guest] = namesakes.sessions;
    namesakes.aloneSince = undefined;
    if (after === undefined || after === lastId || guest === undefined) return;
    const periods = this.#guestPeriods.get(guest) ?? [];
    this.#guestPeriods.set(guest, [...periods.slice(1 - PERIODS), { name: guest.name!, after, last: lastId }]);
  }

  #removeName(session: S, lastId: number): void {
    const { name, side, account } = session;
    if (name === undefined || side === undefined) return;
    const namesakes = this.#present.get(side);
    if (namesakes === undefined || !namesakes.sessions.has(session)) return;
    const { sessions, numbered } = namesakes;
    this.#endPeriod(namesakes, lastId);
    sessions.delete(session);
    if (account === undefined) numbered[numbered.indexOf(session)] = undefined;
    if (sessions.size === 1 && account === undefined) {
      namesakes.aloneSince = lastId;
      for (const only of sessions) only.mark = undefined;
    }
    if (sessions.size > 0) return;
    this.#present.delete(side);
    this.#presentInOrder.delete(namesakes);
    if (account !== undefined) return;
    const key = nameKey(name);
    this.#leftNames.delete(key); // to the end of the line
    this.#leftNames.add(key);
    if (this.#leftNames.size > REMEMBERED) this.#leftNames.delete(this.#leftNames.values().next().value!);
  }
}

/** What relays say of those who are logged in to an account. */
export function markOf({ operator }: Account): SenderMark {
  return operator ? OPERATOR : ACCOUNT;
}

const NO_SESSIONS: ReadonlySet<never> = new Set();
// deno-lint-ignore no-explicit-any -- empty, it is a map of anything
const NONE: ReadonlyMap<any, any> = new Map();
