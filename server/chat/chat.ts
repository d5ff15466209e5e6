/**
 * The connected sessions: by their names, the rooms of guests, and features. Accounts, rooms and members are in the
 * {@linkcode State}, which only records change. Names and rooms are found by their canonical form (`nameKey`), and
 * shown as they were first spelt.
 */
import { nameKey } from "../../jim/mod.ts";
import type { GuestPeriod } from "../journal/records.ts";
import { type Ban, isBannedBy } from "./bans.ts";
import { guestSide } from "../journal/conversation.ts";
import { type Elsewhere, NOWHERE } from "./elsewhere.ts";
import { Features } from "./features.ts";
import { skeletons } from "./lookalike.ts";
import { SessionTokens } from "./session_tokens.ts";
import { Sorted } from "./sorted.ts";
import type { Account, Room, State } from "./state.ts";
import type { SenderMark, Session } from "./session.ts";

export type { Account, Room } from "./state.ts";

/** The rooms and contacts of an account or a guest. */
export interface Membership {
  /** It may moderate. */
  readonly operator: boolean;
  /** Each room, and how this session spells it. */
  readonly rooms: ReadonlyMap<Room, string>;
  /** Each contact by its key, with the spelling that is shown. */
  readonly contacts: ReadonlyMap<string, string>;
}

/** The rules that an operator sets. */
export interface Rules {
  /** Whether accounts can be registered. */
  readonly registration: boolean;
  /** Whether guests, who have no account, are allowed. */
  readonly guests: boolean;
  /** Connections of one account at a time. */
  readonly devices: number;
  /** Rooms of one account or guest. */
  readonly rooms: number;
  /** Missed messages that are sent at a login, at most, for each conversation. */
  readonly replay: number;
  /** Days after its last use when a session token expires; 0: there are none. */
  readonly sessionDays: number;
}

/** The sessions of one side: of an account, or of all guests with one name. */
export interface PresentSide<S> {
  /** The spelling of the first session. It is shown to others while any of them is connected. */
  readonly name: string;
  readonly account: Account | undefined;
  readonly sessions: Set<S>;
  /** Guests by their numbers, counted from 1. A free number is used again. */
  readonly numbered: (S | undefined)[];
  /** The last id before the guest was alone with the name; undefined while there are several. */
  aloneSince: number | undefined;
}

/** What is known of a room beyond the state. */
interface RoomPresence<S> {
  readonly guests: Set<S>;
  /** When it was first seen without members, in milliseconds of the monotonic clock. */
  emptySince: number | undefined;
  /** A session spells it differently. */
  isRespelt: boolean;
}

const ACCOUNT: SenderMark = { role: "account" }, OPERATOR: SenderMark = { role: "operator" };

/**
 * Periods remembered for one guest, the latest ones. A search of its private history looks through each, at up to 3
 * ms.
 */
const PERIODS = 8;

/** Names of departed guests that are remembered, to answer "gone" and not "unknown". */
const REMEMBERED = 10_000;

export class Chat<S extends Session> {
  readonly rules: Rules;
  readonly state: State;
  readonly tokens: SessionTokens<S>;
  readonly features: Features<S>;
  /** The sessions of other servers. */
  readonly elsewhere: Elsewhere;
  /** Sessions that have shown the server's token. */
  readonly #trusted = new WeakSet<S>();
  /** By side. */
  readonly #present = new Map<string, PresentSide<S>>();
  readonly #presentInOrder = new Sorted<PresentSide<S>>();
  readonly #presence = new WeakMap<Room, RoomPresence<S>>();
  /** The periods in which each guest was alone with an earlier name, or with its present one. */
  readonly #guestPeriods = new Map<S, GuestPeriod[]>();
  /** Keys of the names of departed guests. */
  readonly #leftNames = new Set<string>();

  constructor(rules: Rules, state: State, features = new Features<S>(), elsewhere = NOWHERE) {
    this.rules = rules;
    this.features = features;
    this.state = state;
    this.elsewhere = elsewhere;
    this.tokens = new SessionTokens(rules.sessionDays, state);
  }

  /** The account with a name: of exactly that spelling, else the first with its key. */
  account(name: string): Account | undefined {
    return this.state.account(name);
  }

  /** The room with a name: of exactly that spelling, else the first with its key. */
  room(name: string): Room | undefined {
    return this.state.room(name);
  }

  /** The mute in force for a session: of its name, or of the name that it had when it was muted. */
  muteOf({ mutedKey: muted }: S, now: number): Ban | undefined {
    return muted === undefined ? undefined : this.state.ban("mute", muted, now);
  }

  /** Guests with a name or with one that looks like it. It checks each guest, at about 1 µs. */
  guestsLike(name: string): S[] {
    const side = guestSide(name), looks = new Set(skeletons(name));
    const isLike = (session: S) => session.side === side || skeletons(session.name!).some((each) => looks.has(each));
    return [...this.sessions()].filter((session) => session.account === undefined && isLike(session));
  }

  /** The rooms that have been empty for so many milliseconds, as far as earlier calls have seen. */
  emptyFor(milliseconds: number, now: number): Room[] {
    return this.state.rooms().filter((room) => {
      const attendance = this.#presenceIn(room);
      if (room.members.size > 0 || attendance.guests.size > 0) return false;
      return now - (attendance.emptySince ??= now) >= milliseconds;
    });
  }

  /** Notes that an account has become a member of a room: it is not empty. */
  noteMember(room: Room): void {
    this.#presenceIn(room).emptySince = undefined;
  }

  /** Adds a guest to a room, until it leaves or disconnects. */
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

  /** Removes all guests from a room that was deleted. */
  removeGuests(room: Room): void {
    for (const guest of [...this.#presenceIn(room).guests]) {
      this.removeGuest(guest, room);
      guest.spellings?.delete(room);
    }
  }

  isMember(session: S, room: Room): boolean {
    return this.membership(session).rooms.has(room);
  }

  /** Notes how a session spells a room: home-made programs compare names byte by byte. */
  spell(session: S, room: Room, spelling: string): void {
    (session.spellings ??= new Map()).set(room, spelling);
    if (spelling !== room.name) this.#presenceIn(room).isRespelt = true;
  }

  /** How a session spells a room: as when it joined or first used it, else as its account does on another device. */
  spelling(session: S, room: Room): string {
    return session.spellings?.get(room) ?? this.membership(session).rooms.get(room) ?? room.name;
  }

  /** Whether readers spell a room differently. */
  isRespelt(room: Room): boolean {
    return room.respelt || this.#presenceIn(room).isRespelt;
  }

  /** The side with a name: that of its account, else that of all guests with it. */
  sideOf(name: string): string {
    return this.state.account(name)?.side ?? guestSide(name);
  }

  /** The sessions of one side, perhaps none. Guests may share a name: home-made clients all use Guest. */
  sessionsOf(side: string): ReadonlySet<S> {
    return this.#present.get(side)?.sessions ?? NO_SESSIONS;
  }

  /** The spelling of a side in lists and notices; undefined if none of it is connected. */
  shownName(side: string): string | undefined {
    return this.#present.get(side)?.name;
  }

  /** The sessions with a name. */
  sessionsNamed(name: string): ReadonlySet<S> {
    return this.sessionsOf(this.sideOf(name));
  }

  /** The sessions with a name of that key. In an old database several accounts may have it. */
  sessionsAlike(name: string): S[] {
    return [...this.state.accountsAlike(name).map(({ side }) => side), guestSide(name)].flatMap((
      side,
    ) => [...this.sessionsOf(side)]);
  }

  /** The sessions from a banned address or range. */
  *sessionsFrom(address: string): Iterable<S> {
    for (const session of this.sessions()) if (isBannedBy(address, session.host)) yield session;
  }

  /** All connected sides, by name: guests with one name are one side. */
  presentSides(): readonly PresentSide<S>[] {
    return this.#presentInOrder.all;
  }

  /** The connected sides of a room, by name. */
  presentSidesIn(room: Room): readonly PresentSide<S>[] {
    const sides = new Set<PresentSide<S>>();
    for (const { side } of this.sessionsIn(room)) sides.add(this.#present.get(side!)!);
    return [...sides].sort((one, other) => one.name < other.name ? -1 : 1);
  }

  /** All sessions in the chat. */
  *sessions(): Iterable<S> {
    for (const { sessions } of this.#present.values()) yield* sessions;
  }

  /** Whether a guest with that name was connected before. */
  hasGuestLeft(name: string): boolean {
    return this.#leftNames.has(nameKey(name));
  }

  /**
   * The periods in which this guest was alone with its name, for each name that it had. Private messages of such a
   * period are its own. The last one has no end yet.
   */
  guestPeriods(session: S): GuestPeriod[] {
    const { account, side, name } = session, before = this.#guestPeriods.get(session) ?? [];
    const after = account === undefined && side !== undefined ? this.#present.get(side)?.aloneSince : undefined;
    return after === undefined ? [...before] : [...before, { name: name!, after }];
  }

  /**
   * Gives a session a name, its first or another one.
   *
   * @param account the account that it is logged in to; its name is shown as it was registered
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

  /** Lets a session moderate: it has shown the server's token. */
  trust(session: S): void {
    this.#trusted.add(session);
  }

  isTrusted(session: S): boolean {
    return this.#trusted.has(session);
  }

  /** Removes a session. It keeps its name, which its last messages need. */
  leave(session: S, lastId: number): void {
    this.#removeName(session, lastId);
    this.#forgetGuest(session);
    this.features.delete(session);
  }

  /** The rooms and contacts of a session. Those of a guest end with the connection. */
  membership(session: S): Membership {
    if (session.account !== undefined) return session.account;
    return { operator: false, rooms: session.rooms ?? NONE, contacts: session.contacts ?? NONE };
  }

  /** The connected sessions of a room. */
  *sessionsIn(room: Room): Iterable<S> {
    yield* this.#presenceIn(room).guests;
    for (const { side } of room.members) yield* this.sessionsOf(side);
  }

  /** Whether a session of a side is in a room. */
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

  /** Forgets what a guest had: its connection has ended, or it has logged in. */
  #forgetGuest(session: S): void {
    for (const room of session.rooms?.keys() ?? []) this.#presenceIn(room).guests.delete(session);
    session.rooms = session.contacts = session.spellings = undefined;
    this.#guestPeriods.delete(session);
  }

  /** Numbers guests with one name, while there are several. */
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

  /** Ends the period in which a guest was alone with its name, if any message was sent in it. */
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
    this.#leftNames.delete(key); // moves it to the end of the set
    this.#leftNames.add(key);
    if (this.#leftNames.size > REMEMBERED) this.#leftNames.delete(this.#leftNames.values().next().value!);
  }
}

/** The mark of sessions that are logged in to an account. */
export function markOf({ operator }: Account): SenderMark {
  return operator ? OPERATOR : ACCOUNT;
}

const NO_SESSIONS: ReadonlySet<never> = new Set();
// deno-lint-ignore no-explicit-any -- empty, it is a map of anything
const NONE: ReadonlyMap<any, any> = new Map();
