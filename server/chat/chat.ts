/**
 * The connected sessions of this server and their features, and all that is asked of the {@linkcode State}: accounts, rooms and
 * members, and who is in the chat on which server. Only records change the state. Names and rooms are found by their canonical
 * form (`nameKey`), and shown as they were first spelt.
 */
import type { AttendRecord, EnterRecord, GuestPeriod, LeaveRecord } from "../journal/records.ts";
import { nameKey } from "../../jim/mod.ts";
import { type Ban, isBannedBy } from "./bans.ts";
import { guestSide } from "../journal/conversation.ts";
import type { HookRates } from "./hook_rates.ts";
import { Features } from "./features.ts";
import { LateReplays } from "./late_replays.ts";
import { LostRooms } from "./lost_rooms.ts";
import { skeletons } from "./lookalike.ts";
import { ReadMarks } from "./read_marks.ts";
import { SessionTokens, type TokenRules } from "./session_tokens.ts";
import type { ShownSide } from "./presence_changes.ts";
import { type Member, type PresentSide, RemoteSession } from "./present_side.ts";
import type { Roster } from "./roster.ts";
import { peerOf } from "./server_id.ts";
import type { Account, Room, State } from "./state.ts";
import { TypingLimits } from "./typing_limits.ts";
import { OwnReactions } from "./own_reactions.ts";
import type { Session } from "./session.ts";

export { markOf } from "./roster.ts";
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

/** The rules of files. */
export interface FileRules {
  /** Bytes that a file may have. */
  readonly limit: number;
  /** Where the files of this server are for a plain client, such as `http://192.168.1.5:7777`. */
  readonly origin: string;
}

/** The rules that an operator sets. */
export interface Rules extends TokenRules {
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
  /** Minutes for which an own message can be edited and deleted; 0: it cannot. */
  readonly editMinutes: number;
  /** Undefined: there are no files. */
  readonly files?: FileRules | undefined;
}

/** What is known of a room beyond the state. */
interface RoomUse {
  /** When it was first seen without members, in milliseconds of the monotonic clock. */
  emptySince: number | undefined;
  /** A session spells it differently. */
  isRespelt: boolean;
}

export class Chat<S extends Session> {
  readonly rules: Rules;
  readonly state: State;
  readonly tokens: SessionTokens<S>;
  readonly features: Features<S>;
  readonly reads: ReadMarks;
  readonly lateReplays = new LateReplays<S>();
  readonly typing = new TypingLimits<S>();
  readonly ownReactions = new OwnReactions<S>();
  readonly lostRooms = new LostRooms<S>();
  /** The last login by a password of each session, and how its program names itself or its device. Times in Unix seconds. */
  readonly logins = new WeakMap<S, { readonly since: number; readonly device: string | undefined }>();
  /** How often each hook, by its hash, has said something; made with the first message. */
  hookRates: HookRates | undefined;
  /** The removals of rooms, by their records, that each session was told of when it joined such a room. */
  readonly #toldRemovals = new WeakMap<S, Set<number>>();
  /** Sessions that a change of their own account is not to end. */
  readonly #spared = new WeakSet<S>();
  /** Sessions that have shown the server's token. */
  readonly #trusted = new WeakSet<S>();
  /** Sessions that have made an account, and enter with it as soon as the journal allows. */
  readonly #registrants = new WeakSet<S>();
  readonly #rooms = new WeakMap<Room, RoomUse>();

  constructor(rules: Rules, state: State, features = new Features<S>()) {
    this.rules = rules;
    this.features = features;
    this.state = state;
    this.reads = new ReadMarks(state);
    this.tokens = new SessionTokens(rules, state);
  }

  /** Who is in the chat, on all servers. */
  get roster(): Roster {
    return this.state.roster;
  }

  /** The account with a name: of exactly that spelling, else the first with its key. */
  account(name: string): Account | undefined {
    return this.state.account(name);
  }

  /** The room that a name means to a session; undefined if the session does not see it. */
  findRoom(session: S, name: string): Room | undefined {
    return this.state.room(name, session.account, this.membership(session).rooms);
  }

  /** The mute in force for a session: of its name, or of the name that it had when it was muted. */
  muteOf({ mutedKey: muted }: S, now: number): Ban | undefined {
    return muted === undefined ? undefined : this.state.ban("mute", muted, now);
  }

  /** Guests of all servers, without closed ones, with a name or with one that looks like it. It checks each guest, at about 1 µs. */
  guestsLike(name: string): Member[] {
    const side = guestSide(name), looks = new Set(skeletons(name));
    const isLike = (guest: Member) => guest.side === side || skeletons(guest.name!).some((each) => looks.has(each));
    const isGuest = (member: Member) => member.account === undefined && !this.roster.own.isLeaving(member);
    return [...this.roster.members()].filter((member) => isGuest(member) && isLike(member));
  }

  /** The rooms that have been empty for so many milliseconds, as far as earlier calls have seen. */
  emptyFor(milliseconds: number, now: number): Room[] {
    return this.state.rooms().filter((room) => {
      if (room.members.size > 0 || this.roster.guestsIn(room).size > 0) return false;
      return now - (this.#useOf(room).emptySince ??= now) >= milliseconds;
    });
  }

  /** Notes that somebody has entered a room: it is not empty. */
  noteMember(room: Room): void {
    this.#useOf(room).emptySince = undefined;
  }

  /**
   * The record of a guest that enters or leaves a room.
   *
   * @param time of a join that the guest asks for, in Unix seconds
   */
  attendance(guest: S, room: Room, is: boolean, spelling?: string, time?: number): AttendRecord {
    return {
      kind: "attend",
      server: this.roster.self,
      session: this.roster.own.numberOf(guest),
      room: room.id,
      is,
      ...(spelling === undefined || spelling === room.name ? {} : { spelling }),
      ...(time === undefined ? {} : { time }),
    };
  }

  /** Removes all guests from a room that was deleted. */
  removeGuests(room: Room): void {
    for (const guest of this.roster.removeGuests(room)) localSession<S>(guest)?.spellings?.delete(room);
  }

  /** Notes that a session is not in a room any more, which it has not left. */
  loseRoom(session: S, room: Room): void {
    session.spellings?.delete(room);
    if (!this.features.has(session, "rooms")) this.lostRooms.add(session, room);
  }

  isMember(session: S, room: Room): boolean {
    return this.membership(session).rooms.has(room);
  }

  /** Notes how a session spells a room: home-made programs compare names byte by byte. */
  spell(session: S, room: Room, spelling: string): void {
    // What it has sent before it was told of another name changes nothing.
    if (this.#isFormer(session, room, spelling)) return;
    (session.spellings ??= new Map()).set(room, spelling);
    if (spelling !== room.name) this.#useOf(room).isRespelt = true;
  }

  /** How a session spells a room: as when it joined or first used it, else as its account does on another device. */
  spelling(session: S, room: Room): string {
    const spelling = session.spellings?.get(room) ?? this.membership(session).rooms.get(room) ?? room.name;
    return this.#isFormer(session, room, spelling) ? room.name : spelling;
  }

  /** Whether a spelling is of a former name, to a program that is told when a room has another name. */
  #isFormer(session: S, room: Room, spelling: string): boolean {
    if (room.former.length === 0 || nameKey(spelling) === nameKey(room.name)) return false;
    return this.features.has(session, "rooms");
  }

  /**
   * Why a session may not make a room: it was in one of that name, which was removed or which it is not in any more, and its program
   * does not know the feature `rooms`. It is told once; if it joins again, it wants a new room.
   *
   * @param now in Unix seconds
   */
  roomGone(session: S, name: string, now: number): "roomremoved" | "roomleft" | undefined {
    const removal = this.state.removedRooms.find(name, session.account, now);
    if (removal === undefined || this.features.has(session, "rooms")) return undefined;
    const told = this.#toldRemovals.getOrInsertComputed(session, () => new Set());
    const isNew = !told.has(removal.id);
    told.add(removal.id);
    return !isNew ? undefined : removal.cause === "left" ? "roomleft" : "roomremoved";
  }

  /** Whether readers spell a room differently. */
  isRespelt(room: Room): boolean {
    return room.respelt || this.#useOf(room).isRespelt;
  }

  /** The side with a name: that of its account, else that of all guests with it. */
  sideOf(name: string): string {
    return this.state.account(name)?.side ?? guestSide(name);
  }

  /** This server's sessions of one side, perhaps none. Guests may share a name: home-made clients all use Guest. */
  sessionsOf(side: string): ReadonlySet<S> {
    const here = (this.roster.side(side)?.here ?? NO_SESSIONS) as ReadonlySet<S>, { unlisted } = this.roster;
    if (unlisted.size === 0) return here;
    return here.union(new Set([...unlisted.keys()].filter((session) => session.side === side) as S[]));
  }

  /**
   * Those of them with an open connection. With a shared journal a session that has closed is in the chat until its record
   * is back.
   */
  openSessionsOf(side: string): S[] {
    return [...this.sessionsOf(side)].filter((session) => this.isOpen(session));
  }

  /** How many sessions of one side other servers have. */
  countElsewhere(side: string): number {
    return this.roster.side(side)?.elsewhere.size ?? 0;
  }

  /** Whether a session of a side is connected, to any server. */
  isPresent(side: string): boolean {
    return this.roster.side(side) !== undefined;
  }

  /** The spelling of a side in lists and notices; undefined if none of it is connected. */
  shownName(side: string): string | undefined {
    return this.roster.side(side)?.name;
  }

  /** A session in the chat as others see it. */
  shownAs({ side, name, account }: S): ShownSide {
    return { name: this.shownName(side!) ?? name!, account };
  }

  /** The other servers with a session of one side that reads messages, by their names among peers. */
  serversReading(side: string): string[] {
    const readers = [...this.roster.side(side)?.elsewhere ?? []].filter(({ receivesRelays }) => receivesRelays);
    return [...new Set(readers.map(({ server }) => peerOf(server)))];
  }

  /** This server's sessions with a name and an open connection. */
  sessionsNamed(name: string): S[] {
    return this.openSessionsOf(this.sideOf(name));
  }

  /** Whether another server has a session with a name. */
  isElsewhere(name: string): boolean {
    return this.countElsewhere(this.sideOf(name)) > 0;
  }

  /** The name that is shown for any spelling of an account's or a connected guest's; undefined for an unknown one. */
  knownName(name: string): string | undefined {
    return this.account(name)?.name ?? this.shownName(guestSide(name));
  }

  /** This server's sessions with a name of that key. In an old database several accounts may have it. */
  sessionsAlike(name: string): S[] {
    return this.state.sidesAlike(name).flatMap((side) => [...this.sessionsOf(side)]);
  }

  /** Whether a session with a name of that key is connected, to any server. */
  isPresentAlike(name: string): boolean {
    return this.state.sidesAlike(name).some((side) => this.isPresent(side));
  }

  /** This server's sessions from a banned address or range. */
  *sessionsFrom(address: string): Iterable<S> {
    for (const session of this.sessions()) if (isBannedBy(address, session.host)) yield session;
  }

  /** All connected sides, by name: guests with one name are one side. */
  presentSides(): readonly PresentSide[] {
    return this.roster.sides;
  }

  /** The connected sides of a room, by name. */
  presentSidesIn(room: Room): readonly PresentSide[] {
    const sides = new Set<PresentSide>();
    for (const { side } of this.roster.guestsIn(room)) sides.add(this.roster.side(side!)!);
    for (const { side } of room.members) {
      const present = this.roster.side(side);
      if (present !== undefined) sides.add(present);
    }
    return [...sides].sort((one, other) => one.name < other.name ? -1 : 1);
  }

  /** This server's sessions in the chat. */
  *sessions(): Iterable<S> {
    yield* this.roster.here() as Iterable<S>;
    yield* this.roster.unlisted.keys() as Iterable<S>;
  }

  /** Whether a guest with that name was connected before. */
  hasGuestLeft(name: string): boolean {
    return this.roster.hasGuestLeft(name);
  }

  /** The periods in which this guest was alone with its name; see {@linkcode Roster.guestPeriods}. */
  guestPeriods(session: S): GuestPeriod[] {
    return this.roster.guestPeriods(session);
  }

  /**
   * The record of a session that enters, or takes another name.
   *
   * @param account the account that it is logged in to; its name is shown as it was registered
   */
  entrance(session: S, name: string, account: Account | undefined, status = ""): EnterRecord {
    const { roster, rules: { devices } } = this, side = account?.side ?? guestSide(name);
    const login = account === undefined ? undefined : this.tokens.nameOf(session);
    return {
      kind: "enter",
      server: roster.self,
      session: roster.own.numberOf(session),
      name,
      ...roster.expected(session, side, account),
      ...account === undefined ? {} : { account: account.id, password: account.passwordSince, devices },
      ...login === undefined ? {} : { login },
      ...session.receivesRelays ? {} : { isWriteOnly: true },
      ...status === "" ? {} : { status },
    };
  }

  /** Whether a session that has a name is still in the chat: its connection is not closed. */
  isOpen(session: S): boolean {
    return this.roster.own.isOpen(session);
  }

  /** Forgets a session that is closed. Returns the record that removes it, unless it has never entered. */
  departure(session: S): LeaveRecord | undefined {
    const number = this.roster.close(session);
    this.features.delete(session);
    return number === undefined ? undefined : this.departureOf(number);
  }

  /** The records of the closed sessions of one side, of which none has come back: the log may not have taken them. */
  departuresOf(side: string): LeaveRecord[] {
    return this.roster.own.leavingOf(side).map((number) => this.departureOf(number));
  }

  /** The record that removes the session with a number. */
  departureOf(session: number): LeaveRecord {
    return { kind: "leave", server: this.roster.self, session };
  }

  /** A session has made an account and is still a guest with its name, until the journal has its new entrance. */
  noteRegistrant(session: S, is: boolean): void {
    if (is) this.#registrants.add(session);
    else this.#registrants.delete(session);
  }

  isRegistrant(session: S): boolean {
    return this.#registrants.has(session);
  }

  /** The next change of its account ends all sessions of the account but this one, which has asked for it. */
  spare(session: S): void {
    this.#spared.add(session);
  }

  /** Whether a session is spared by the change that is being told, and by no later one. */
  takeSpared(session: S): boolean {
    return this.#spared.delete(session);
  }

  /** Lets a session moderate: it has shown the server's token. */
  trust(session: S): void {
    this.#trusted.add(session);
  }

  isTrusted(session: S): boolean {
    return this.#trusted.has(session);
  }

  /** The rooms and contacts of a session. Those of a guest end with the connection. */
  membership(session: S): Membership {
    if (session.account !== undefined) return session.account;
    return { operator: false, rooms: session.rooms ?? NONE, contacts: session.contacts ?? NONE };
  }

  /** This server's sessions in a room, also those that are to be put into it again. */
  *sessionsIn(room: Room): Iterable<S> {
    const { unlisted } = this.roster;
    for (const guest of this.roster.guestsIn(room)) if (!(guest instanceof RemoteSession)) yield guest as S;
    for (const each of unlisted.keys()) if (each.account === undefined && each.rooms?.has(room)) yield each as S;
    for (const { side } of room.members) yield* this.sessionsOf(side);
  }

  /** Whether a session of a side is in a room. */
  isSideIn(side: string, room: Room): boolean {
    return this.roster.isSideIn(side, room);
  }

  #useOf(room: Room): RoomUse {
    let use = this.#rooms.get(room);
    if (use === undefined) this.#rooms.set(room, use = { emptySince: undefined, isRespelt: false });
    return use;
  }
}

/** A member of the roster that is connected to this server; undefined for one of another server. */
export function localSession<S extends Session>(member: Member): S | undefined {
  return member instanceof RemoteSession ? undefined : member as S;
}

const NO_SESSIONS: ReadonlySet<never> = new Set();
// deno-lint-ignore no-explicit-any -- empty, it is a map of anything
const NONE: ReadonlyMap<any, any> = new Map();
