/**
 * Who is in the chat, on which server. Only records change it, so that it is the same on every server: the names that are
 * shown, the numbers of guests, and the guests in each room. Its own server's sessions are in it as themselves, those of other
 * servers as {@linkcode RemoteSession}.
 */
import { nameKey } from "../../jim/mod.ts";
import { guestSide } from "../journal/conversation.ts";
import type {
  AttendRecord,
  EnterRecord,
  GuestPeriod,
  LeaveRecord,
  Recorded,
  ServerRecord,
} from "../journal/records.ts";
import type { SenderMark, Session } from "./session.ts";
import type { AttendanceChange, PresenceChange, ServerChange, ShownSide, SideChange } from "./presence_changes.ts";
import { LeftNames } from "./left_names.ts";
import { NumberedSessions } from "./numbered_sessions.ts";
import { hasMember, type Member, membersOf, type PresentSide, RemoteSession, sizeOf } from "./present_side.ts";
import { restraintOf } from "./room_rights.ts";
import { Sorted } from "./sorted.ts";
import type { Account, Room } from "./model.ts";

/** A session with its side and rooms before a change. */
interface SideBefore extends ShownSide {
  readonly side: string;
  readonly rooms: readonly Room[];
}

/** A server that is up. */
export interface Server {
  readonly name: string;
  /** Its data folder, by a number. */
  readonly home: number | undefined;
  /** Its sessions by their numbers; empty for this server itself. */
  readonly sessions: Map<number, RemoteSession>;
}

/** What a session had in the chat: its number as a guest, and its rooms with its spellings. */
export interface Listing {
  readonly guest: number | undefined;
  readonly rooms: readonly (readonly [Room, string])[];
}

/** The server of an embedded journal. It is always up, and in no record. */
const ALONE = "";

/** Periods remembered for one guest, the latest ones. A search of its private history looks through each, at up to 3 ms. */
const PERIODS = 8;

export class Roster {
  /** The id of this server. */
  self = ALONE;
  /** This server stops: one record removes all its sessions. */
  isStopping = false;
  /** The sessions of this server, also those that have not entered yet. */
  readonly own = new NumberedSessions();
  readonly #servers = new Map<string, Server>();
  /** By side. */
  readonly #sides = new Map<string, PresentSide>();
  readonly #inOrder = new Sorted<PresentSide>();
  readonly #guests = new WeakMap<Room, Set<Member>>();
  /** Sessions of this server that were in the chat when it was taken for gone. */
  readonly #unlisted = new Map<Member, Listing>();
  /** The periods in which each guest of this server was alone with an earlier name, or with its present one. */
  readonly #guestPeriods = new Map<Member, GuestPeriod[]>();
  readonly #leftNames = new LeftNames();

  /**
   * Notes that the connection of a session is closed. Returns its number; undefined if no record has to remove it, since it has
   * never asked to enter or all leave at once.
   */
  close(session: Member): number | undefined {
    const number = this.own.close(session);
    if (number === undefined) return undefined;
    this.#unlisted.delete(session);
    return this.isStopping ? undefined : number;
  }

  /** Sessions of this server that are to be put into the chat again: it was taken for gone, and lives. */
  get unlisted(): ReadonlyMap<Member, Listing> {
    return this.#unlisted;
  }

  /** Whether the log has this server. */
  get isUp(): boolean {
    return this.self === ALONE || this.#servers.has(this.self);
  }

  /** The servers that are up, without that of an embedded journal. */
  get servers(): ReadonlyMap<string, Server> {
    return this.#servers;
  }

  /** How many other servers are up. */
  get peers(): number {
    return this.#servers.size - (this.#servers.has(this.self) ? 1 : 0);
  }

  /** A side of which any session is connected. */
  side(side: string): PresentSide | undefined {
    return this.#sides.get(side);
  }

  /** All connected sides, by name. The array never changes. */
  get sides(): readonly PresentSide[] {
    return this.#inOrder.all;
  }

  /** The sessions of this server in the chat. */
  *here(): Iterable<Member> {
    for (const { here } of this.#sides.values()) yield* here;
  }

  /** All sessions in the chat. */
  *members(): Iterable<Member> {
    for (const each of this.#sides.values()) yield* membersOf(each);
  }

  /** The guests in a room. */
  guestsIn(room: Room): ReadonlySet<Member> {
    return this.#guests.get(room) ?? NO_MEMBERS;
  }

  /** The sessions of a side that other servers have, and that read messages. */
  readersElsewhere(side: string): readonly RemoteSession[] {
    return readersOf(this.#sides.get(side)?.elsewhere ?? NO_REMOTE);
  }

  /** Whether any session of a side is in a room. */
  isSideIn(side: string, room: Room): boolean {
    const present = this.#sides.get(side);
    if (present === undefined) return false;
    if (present.account !== undefined) return room.members.has(present.account);
    const guests = this.guestsIn(room);
    for (const member of present.here) if (guests.has(member)) return true;
    for (const member of present.elsewhere) if (guests.has(member)) return true;
    return false;
  }

  /** Whether a guest with that name was connected before. */
  hasGuestLeft(name: string): boolean {
    return this.#leftNames.has(name);
  }

  /**
   * The periods in which a guest of this server was alone with its name, for each name that it had. Private messages of such a
   * period are its own. The last one has no end yet.
   */
  guestPeriods(session: Member): GuestPeriod[] {
    const { account, side, name } = session, before = this.#guestPeriods.get(session) ?? [];
    const after = account === undefined && side !== undefined ? this.#sides.get(side)?.aloneSince : undefined;
    return after === undefined ? [...before] : [...before, { name: name!, after }];
  }

  /**
   * What a record says of a session that is to enter: how its side is shown, and its number as a guest. The records of closed
   * sessions precede it.
   */
  expected(session: Member, side: string, account: Account | undefined): Pick<EnterRecord, "shown" | "guest"> {
    const present = this.#sides.get(side);
    if (present === undefined) return account === undefined ? { guest: 1 } : {};
    const stays = (member: Member) => member !== session && !this.own.isLeaving(member);
    const shown = membersOf(present).some(stays) ? present.name : undefined;
    if (account !== undefined) return { shown };
    const { numbered } = present, free = numbered.findIndex((member) => member === undefined || !stays(member));
    return { shown, guest: (free < 0 ? numbered.length : free) + 1 };
  }

  /** A server comes up, or is gone with its sessions. */
  changeServer(record: Recorded<ServerRecord>): ServerChange | "lost" {
    const { id, server, is, name = "", home } = record;
    if (is === this.#servers.has(server)) return "lost";
    if (is) {
      this.#servers.set(server, { name, home, sessions: new Map() });
      return { kind: "server", server, is, left: [] };
    }
    const members = server === this.self ? this.#unlist() : [...this.#servers.get(server)!.sessions.values()];
    this.#servers.delete(server);
    return { kind: "server", server, is, left: members.flatMap((member) => this.#remove(member, id) ?? []) };
  }

  /**
   * A session enters, or has another name.
   *
   * @param stands it was judged before: what it expects is not checked
   */
  enter(
    record: Recorded<EnterRecord>,
    account: Account | undefined,
    stands: boolean,
  ): PresenceChange | "lost" {
    const { id, status = "" } = record, member = this.#memberFor(record);
    if (member === undefined) return "lost";
    const name = account?.name ?? record.name, side = account?.side ?? guestSide(name);
    if (!stands && !this.#isAsExpected(record, member, side)) return "lost";
    const before = this.#sideOf(member),
      newRooms = this.#newRooms(member, side, account),
      present = this.#sides.get(side);
    const shownName = present?.name, elsewhere = this.readersElsewhere(side);
    this.#removeName(member, id);
    if (account !== member.account) this.#forgetGuest(member);
    member.account = account;
    member.name = name;
    member.side = side;
    if (member instanceof RemoteSession) {
      member.login = record.login;
      member.since = id;
    }
    this.#unlisted.delete(member);
    this.#addName(member, record, id);
    const shown = this.#sides.get(side)!.name, isSeen = shown !== shownName;
    const rooms = isSeen ? this.roomsOf(member) : newRooms;
    const old = this.#changeOf(before, side);
    return { kind: "presence", member, old, now: { name: shown, account, isSeen, rooms, elsewhere, status } };
  }

  /** A session leaves. It keeps its name, which its last messages need. */
  leave(record: Recorded<LeaveRecord>): PresenceChange | "lost" {
    const { id, server, session: number } = record, member = this.#member(server, number);
    const isOpen = member !== undefined && server === this.self && this.own.isOpen(member);
    if (server === this.self) this.own.delete(number);
    else this.#servers.get(server)?.sessions.delete(number);
    const left = member === undefined ? undefined : this.#remove(member, id);
    return left === undefined ? "lost" : isOpen ? { ...left, isEnded: true } : left;
  }

  /**
   * A guest enters or leaves a room.
   *
   * @param stands it was judged before: that the room is private by now, or the name banned there, is not checked
   */
  attend(record: AttendRecord, room: Room, stands: boolean): AttendanceChange | "lost" {
    const { server, session, is, spelling, by, reason, time } = record;
    const member = this.#member(server, session), guests = this.#guestsIn(room);
    if (member === undefined || !this.isIn(member) || member.account !== undefined) return "lost";
    if (member.side === undefined || is === guests.has(member)) return "lost";
    const isAsked = is && !stands && time !== undefined;
    if (isAsked && (room.isPrivate || restraintOf(room, "ban", member.name!, time) !== undefined)) return "lost";
    const wasSeen = this.isSideIn(member.side, room), { name } = this.#sides.get(member.side)!;
    if (is) {
      guests.add(member);
      (member.rooms ??= new Map()).set(room, spelling ?? room.name);
    } else {
      guests.delete(member);
      member.rooms?.delete(room);
    }
    const isSeen = is ? !wasSeen : !this.isSideIn(member.side, room);
    return { kind: "attendance", member, side: { name, account: undefined }, room, is, isSeen, by, reason };
  }

  /** The records that put the guests with a name out of a room. */
  putOut(room: Room, name: string, by: string, reason: string | undefined): AttendRecord[] {
    const key = nameKey(name);
    return [...this.guestsIn(room)].filter((each) => nameKey(each.name!) === key).map((member) => {
      const [server, session] = member instanceof RemoteSession
        ? [member.server, member.number]
        : [this.self, this.own.numberOf(member)];
      return { kind: "attend", server, session, room: room.id, is: false, by, reason };
    });
  }

  /** Takes a room from the guests with a name that are to be put into it again, and returns these. No record puts them out. */
  dropUnlisted(room: Room, key: string): Member[] {
    const dropped: Member[] = [];
    for (const [member, listing] of this.#unlisted) {
      if (member.account !== undefined || nameKey(member.name!) !== key || !member.rooms?.delete(room)) continue;
      this.#unlisted.set(member, { ...listing, rooms: listing.rooms.filter(([each]) => each !== room) });
      dropped.push(member);
    }
    return dropped;
  }

  /** Removes the guests from a room that was deleted, and returns them. */
  removeGuests(room: Room): Member[] {
    const guests = [...this.guestsIn(room)];
    for (const guest of guests) guest.rooms?.delete(room);
    this.#guests.delete(room);
    return guests;
  }

  /** The rooms of a session. */
  roomsOf({ account, rooms }: Pick<Member, "account" | "rooms">): Room[] {
    return [...(account?.rooms ?? rooms)?.keys() ?? []];
  }

  /** The rooms that a session has under another name, and in which that side is not seen yet. */
  #newRooms(member: Member, side: string, account: Account | undefined): Room[] {
    // A guest with a new name keeps its rooms. It loses them when it logs in.
    const rooms = account !== undefined ? account.rooms : member.account === undefined ? member.rooms : undefined;
    return [...rooms?.keys() ?? []].filter((room) => !this.isSideIn(side, room));
  }

  /** This server is taken for gone: its sessions are to be put into the chat again, unless they are closed. */
  #unlist(): Member[] {
    const members = [...this.own.all()].filter((member) => this.isIn(member));
    for (const member of members) {
      if (!this.own.isOpen(member)) continue;
      const index = this.#sides.get(member.side!)!.numbered.indexOf(member);
      this.#unlisted.set(member, { guest: index < 0 ? undefined : index + 1, rooms: [...member.rooms ?? []] });
    }
    for (const number of this.own.leaving) this.own.delete(number);
    return members;
  }

  #member(server: string, number: number): Member | undefined {
    return server === this.self ? this.own.get(number) : this.#servers.get(server)?.sessions.get(number);
  }

  /** The session of a record; one of another server is new with its first record. Undefined if its server is not up. */
  #memberFor({ server, session: number, isWriteOnly = false }: EnterRecord): Member | undefined {
    const there = this.#servers.get(server);
    if (there === undefined && server !== ALONE) return undefined;
    let member = this.#member(server, number);
    if (member !== undefined || there === undefined) return member;
    member = new RemoteSession(server, number, !isWriteOnly);
    if (server === this.self) { // it closed before its record came back
      this.own.addClosed(number, member);
    } else there.sessions.set(number, member as RemoteSession);
    return member;
  }

  /** Whether nothing has changed since the record was written. Then each server gives the same numbers and shows the same names. */
  #isAsExpected({ shown, guest, devices }: EnterRecord, member: Member, side: string): boolean {
    const present = this.#sides.get(side);
    if (present === undefined) return shown === undefined;
    const others = sizeOf(present) - (hasMember(present, member) ? 1 : 0);
    if (shown !== (others === 0 ? undefined : present.name)) return false;
    if (present.account !== undefined) return devices === undefined || others < devices;
    const holder = present.numbered[(guest ?? 0) - 1];
    return guest !== undefined && (holder === undefined || holder === member);
  }

  /** Whether a session is in the chat. */
  isIn(member: Member): boolean {
    const present = member.side === undefined ? undefined : this.#sides.get(member.side);
    return present !== undefined && hasMember(present, member);
  }

  /** Removes a session; undefined if it is not in the chat. */
  #remove(member: Member, id: number): PresenceChange | undefined {
    if (!this.isIn(member)) return undefined;
    const before = this.#sideOf(member);
    this.#removeName(member, id);
    if (this.#unlisted.has(member)) {
      for (const room of member.rooms?.keys() ?? []) {
        this.#guestsIn(room).delete(member);
      }
    } else this.#forgetGuest(member);
    return { kind: "presence", member, old: this.#changeOf(before), now: undefined };
  }

  /** What others see of a session before a change; undefined if it is not in the chat. */
  #sideOf(member: Member): SideBefore | undefined {
    const { side, account } = member, name = side === undefined ? undefined : this.#sides.get(side)?.name;
    if (side === undefined || name === undefined) return undefined;
    return { side, name, account, rooms: this.roomsOf(member) };
  }

  /** What others see after the change of the side that a session had before. */
  #changeOf(before: SideBefore | undefined, sideNow?: string): SideChange | undefined {
    if (before === undefined) return undefined;
    const { side, name, account } = before, isSeen = this.#sides.get(side)?.name !== name;
    const rooms = isSeen || side === sideNow ? [] : before.rooms.filter((room) => !this.isSideIn(side, room));
    return { name, account, isSeen, rooms };
  }

  #guestsIn(room: Room): Set<Member> {
    let guests = this.#guests.get(room);
    if (guests === undefined) this.#guests.set(room, guests = new Set());
    return guests;
  }

  /** Forgets what a guest had: its connection has ended, or it has logged in. */
  #forgetGuest(member: Member): void {
    for (const room of member.rooms?.keys() ?? []) this.#guestsIn(room).delete(member);
    member.rooms = undefined;
    this.#guestPeriods.delete(member);
    if (!(member instanceof RemoteSession)) forget(member as Session);
  }

  #addName(member: Member, { guest, shown }: EnterRecord, id: number): void {
    const { account } = member, side = member.side!;
    let present = this.#sides.get(side);
    if (present === undefined) {
      const name = shown ?? member.name!, here = new Set<Member>();
      // An empty array that grows takes room for seventeen at once.
      const numbered = account === undefined && guest === 1 ? [member] : [];
      present = { name, account, here, elsewhere: NO_REMOTE, numbered, aloneSince: undefined };
      this.#sides.set(side, present);
      this.#inOrder.add(present);
    }
    if (!(member instanceof RemoteSession)) present.here.add(member);
    else if (present.elsewhere === NO_REMOTE) present.elsewhere = new Set([member]);
    else (present.elsewhere as Set<RemoteSession>).add(member);
    if (account !== undefined) member.mark = markOf(account);
    else this.#numberGuest(member, present, guest ?? 1, id);
  }

  /** Numbers guests with one name, while there are several. */
  #numberGuest(member: Member, present: PresentSide, number: number, id: number): void {
    const { numbered } = present, count = sizeOf(present);
    while (numbered.length < number) numbered.push(undefined);
    numbered[number - 1] = member;
    member.mark = count === 1 ? undefined : { guest: number };
    if (count > 1) this.#endPeriod(present, id, member);
    else present.aloneSince = id;
    if (count !== 2) return;
    for (const [index, each] of numbered.entries()) if (each !== undefined) each.mark = { guest: index + 1 };
  }

  /** Ends the period in which a guest was alone with its name, if any message was sent in it. */
  #endPeriod(present: PresentSide, id: number, other?: Member): void {
    const after = present.aloneSince;
    present.aloneSince = undefined;
    if (after === undefined || after === id) return;
    const guest = [...membersOf(present)].find((each) => each !== other);
    if (guest === undefined || guest instanceof RemoteSession) return;
    const periods = this.#guestPeriods.get(guest) ?? [];
    this.#guestPeriods.set(guest, [...periods.slice(1 - PERIODS), { name: guest.name!, after, last: id }]);
  }

  #removeName(member: Member, id: number): void {
    const { name, side, account } = member;
    if (name === undefined || side === undefined) return;
    const present = this.#sides.get(side);
    if (present === undefined || !hasMember(present, member)) return;
    const { here, numbered } = present;
    this.#endPeriod(present, id);
    if (member instanceof RemoteSession) (present.elsewhere as Set<RemoteSession>).delete(member);
    else here.delete(member);
    if (account === undefined) numbered[numbered.indexOf(member)] = undefined;
    const count = sizeOf(present);
    if (count === 1 && account === undefined) {
      present.aloneSince = id;
      for (const only of membersOf(present)) only.mark = undefined;
    }
    if (count > 0) return;
    this.#sides.delete(side);
    this.#inOrder.delete(present);
    if (account === undefined) this.#leftNames.add(name);
  }
}

/** The mark of sessions that are logged in to an account. */
export function markOf({ operator }: Account): SenderMark {
  return operator ? OPERATOR : ACCOUNT;
}

/** Those that read messages. */
function readersOf(sessions: ReadonlySet<RemoteSession>): readonly RemoteSession[] {
  return sessions.size === 0 ? NO_READERS : [...sessions].filter(({ receivesRelays }) => receivesRelays);
}

function forget(session: Session): void {
  session.contacts = session.spellings = undefined;
}

const ACCOUNT: SenderMark = { role: "account" }, OPERATOR: SenderMark = { role: "operator" };
const NO_MEMBERS: ReadonlySet<never> = new Set();
const NO_REMOTE: ReadonlySet<RemoteSession> = new Set(), NO_READERS: readonly RemoteSession[] = [];
