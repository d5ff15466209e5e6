/**
 * The lasting state of a chat: accounts, rooms and members, contacts, session tokens, bans, the greeting. Only
 * {@linkcode State.apply} changes it, with the records of the journal in order. It depends on the state and the
 * record alone (no clock, no connection). So all servers of a journal reach the same state, and the same verdict on
 * each record.
 */
import { COMMON_ROOM, type Level, nameKey } from "../../jim/mod.ts";
import type { Journal } from "../journal/contract.ts";
import { isPresence } from "../journal/record_kinds.ts";
import type {
  AccountRecord,
  BanRecord,
  ClearingRecord,
  ContactRecord,
  CursorRecord,
  EnterRecord,
  EventRecord,
  GroupRecord,
  HookRecord,
  KickRecord,
  LevelRecord,
  MemberRecord,
  NameRecord,
  OperatorRecord,
  PasswordRecord,
  PinRecord,
  RankRecord,
  ReadRecord,
  RemovalRecord,
  RoomNameRecord,
  RoomRecord,
  SessionRecord,
  StateRecord,
  StatusRecord,
  TopicRecord,
} from "../journal/records.ts";
import { type Ban, Bans } from "./bans.ts";
import { ByName } from "./by_name.ts";
import { accountSide, guestSide, roomConversation, roomIdOf } from "../journal/conversation.ts";
import { skeletons } from "./lookalike.ts";
import type { AttendanceChange, PresenceChange, ServerChange } from "./presence_changes.ts";
import { RemovedRooms } from "./removed_rooms.ts";
import { Roster } from "./roster.ts";
import type { Account, Hook, Pin, Room, SessionToken } from "./model.ts";
import { changeRank, configure, forgetIn, invite, newRoom, pinned, restrain, type RoomChange } from "./room_changes.ts";
import { leadsTo, RoomNames } from "./room_names.ts";
import { levelIn, OWNER } from "./room_rights.ts";
import { Sorted } from "./sorted.ts";

export type { Account, Hook, Room, SessionToken, Topic } from "./model.ts";

/** The change that a record has made. */
export type StateChange =
  | { readonly kind: "registered"; readonly account: Account }
  | { readonly kind: "removed"; readonly account: Account }
  | { readonly kind: "renamed"; readonly account: Account; readonly before: string }
  | { readonly kind: "password"; readonly account: Account }
  | { readonly kind: "operator"; readonly account: Account; readonly by: number | undefined }
  | { readonly kind: "cursor"; readonly account: Account }
  | { readonly kind: "contact"; readonly account: Account; readonly name: string; readonly is: boolean }
  | { readonly kind: "session"; readonly account: Account; readonly hash: string; readonly is: boolean }
  | { readonly kind: "read"; readonly account: Account; readonly place: string; readonly last: number }
  | { readonly kind: "level"; readonly account: Account; readonly place: string; readonly level: Level }
  | { readonly kind: "status"; readonly account: Account }
  /** A direct group begins with `others`. */
  | {
    readonly kind: "created";
    readonly room: Room;
    readonly by: Account | undefined;
    readonly others: readonly Account[];
  }
  /** `by` is the owner that has removed it. */
  | { readonly kind: "emptied"; readonly room: Room; readonly by: string | undefined }
  | {
    readonly kind: "member";
    readonly account: Account;
    readonly room: Room;
    readonly is: boolean;
    readonly isNew: boolean;
    /** If somebody else has put it out: the name that has ordered it, and why. */
    readonly by: string | undefined;
    readonly reason: string | undefined;
  }
  | RoomChange
  | { readonly kind: "ban"; readonly ban: Ban; readonly is: boolean }
  | { readonly kind: "hook"; readonly hook: Hook; readonly is: boolean }
  | { readonly kind: "motd" }
  /** It is kept with the messages, and changes nothing of the state. */
  | { readonly kind: "event"; readonly event: EventRecord }
  | { readonly kind: "topic"; readonly room: Room }
  | PresenceChange
  | AttendanceChange
  | ServerChange
  | { readonly kind: "kick"; readonly name: string; readonly reason: string | undefined };

/** A record with its place in the log. */
type Proposed<Proposal> = { readonly id: number } & Proposal;

/**
 * The record has no effect: an earlier one stands in the way, or its subject does not exist. The journal need not
 * keep it.
 */
export type Lost = "lost";

/** Hooks of one room, at most. */
export const MAX_HOOKS = 10;

export class State {
  /** The greeting of the server. */
  motd = "";
  /** Pinned messages of everybody's room, by their ids. */
  pins: ReadonlyMap<number, Pin> = new Map();
  /** Who is in the chat. */
  readonly roster = new Roster();
  readonly removedRooms = new RemovedRooms();
  readonly #accounts = new Map<number, Account>();
  readonly #accountsByName = new ByName<Account>(({ operator }) => operator);
  /** By skeleton: accounts whose names look alike. */
  readonly #accountsLike = new Map<string, Set<Account>>();
  /** The records that gave accounts another name. */
  readonly #renamed = new WeakMap<Account, number>();
  readonly #rooms = new Map<number, Room>();
  readonly #roomNames = new RoomNames();
  readonly #roomsInOrder = new Sorted<Room>();
  readonly #bans = new Bans();
  /** The messages of a room were deleted since the start, or the room was. */
  #hasCleared = false;
  /** By their hashes. */
  readonly #hooks = new Map<string, Hook>();
  /** The accounts of session tokens, by their hashes. */
  readonly #sessions = new Map<string, Account>();

  /**
   * Applies a record.
   *
   * @param stands it was judged before, perhaps on records that are deleted by now: it always takes effect
   */
  apply(record: StateRecord | EventRecord, stands = false): StateChange | Lost {
    switch (record.kind) {
      case "edit":
      case "deletion":
      case "reaction":
        return { kind: "event", event: record };
      case "account":
        return this.#register(record, stands);
      case "removal":
        return this.#remove(record, stands);
      case "name":
        return this.#rename(record, stands);
      case "password":
        return this.#changePassword(record);
      case "operator":
        return this.#appoint(record, stands);
      case "cursor":
        return this.#moveCursor(record);
      case "room":
        return this.#create(record, stands);
      case "member":
        return this.#moveMember(record);
      case "contact":
        return this.#changeContact(record);
      case "session":
        return this.#changeSession(record);
      case "read":
        return this.#markRead(record);
      case "level":
        return this.#setLevel(record);
      case "status":
        return this.#setStatus(record);
      case "ban":
        return this.#changeBan(record);
      case "hook":
        return this.#changeHook(record, stands);
      case "motd":
        this.motd = record.text;
        return { kind: "motd" };
      case "topic":
        return this.#setTopic(record);
      case "group":
        return this.#createPrivate(record, stands);
      case "roomname":
        return this.#renameRoom(record, stands);
      case "clearing":
        return this.#clear(record, stands);
      case "pin":
        return this.#pin(record);
      case "settings": {
        const room = this.#rooms.get(record.room);
        if (room === undefined || (!stands && !this.#isOwner(room, record.by))) return "lost";
        return configure(room, record, this.#roomNames.isTaken(room.name, room), stands);
      }
      case "invitation": {
        const account = this.#accounts.get(record.account), room = this.#rooms.get(record.room);
        return account === undefined || room === undefined ? "lost" : invite(room, account, record);
      }
      case "rank":
        return this.#changeRank(record, stands);
      case "restraint": {
        const room = this.#rooms.get(record.room);
        return room === undefined ? "lost" : restrain(room, record);
      }
      case "server":
        return this.roster.changeServer(record);
      case "enter":
        return this.#enter(record, stands);
      case "leave":
        return this.roster.leave(record);
      case "attend": {
        const room = this.#rooms.get(record.room);
        return room === undefined ? "lost" : this.roster.attend(record, room);
      }
      case "kick":
        return this.#kick(record);
    }
  }

  accounts(): Iterable<Account> {
    return this.#accounts.values();
  }

  accountById(id: number): Account | undefined {
    return this.#accounts.get(id);
  }

  /** The account with a name: of exactly that spelling, else an operator's, else the oldest. */
  account(name: string): Account | undefined {
    return this.#accountsByName.find(name);
  }

  /** All accounts with the key of a name: several only in an old database. */
  accountsAlike(name: string): readonly Account[] {
    return this.#accountsByName.alike(name);
  }

  /** The sides with a name of that key: guests, and in an old database perhaps several accounts. */
  sidesAlike(name: string): string[] {
    return [...this.accountsAlike(name).map(({ side }) => side), guestSide(name)];
  }

  /** An account whose name differs from a name and looks like it. */
  lookalike(name: string): Account | undefined {
    const key = nameKey(name);
    return skeletons(name).flatMap((each) => [...this.#accountsLike.get(each) ?? []]).find((each) => each.key !== key);
  }

  /** Every room but the common one, by name. */
  rooms(): readonly Room[] {
    return this.#roomsInOrder.all;
  }

  roomById(id: number): Room | undefined {
    return this.#rooms.get(id);
  }

  /**
   * The room that a name means to an account, or to a guest or anybody: see {@linkcode RoomNames.find}.
   *
   * @param own the rooms that it is in
   */
  room(name: string, account?: Account, own?: { has(room: Room): boolean }): Room | undefined {
    return this.#roomNames.find(name, account, own);
  }

  /**
   * Whether a conversation is that of a room from before its messages were deleted, or the room was: another server had not known of
   * it yet. It costs nothing where nothing was deleted.
   */
  isCleared(conversation: string): boolean {
    if (!this.#hasCleared || !conversation.startsWith("#") || conversation === COMMON_ROOM) return false;
    return this.#rooms.get(roomIdOf(conversation))?.conversation !== conversation;
  }

  /** All bans, expired ones too. */
  bans(): Iterable<Ban> {
    return this.#bans.all();
  }

  /** The ban of exactly that name, address or range; it may have expired. */
  banOf(kind: Ban["kind"], who: string): Ban | undefined {
    return this.#bans.get(kind, who);
  }

  /** The ban in force at `now`, in Unix seconds; for an address also that of its range. */
  ban(kind: Ban["kind"], who: string, now: number): Ban | undefined {
    return this.#bans.find(kind, who, now);
  }

  /** The hook with that hash. */
  hook(hash: string): Hook | undefined {
    return this.#hooks.get(hash);
  }

  /** The hooks of a room, the oldest first; of everybody's room without one. */
  hooksOf(room: Room | undefined): Hook[] {
    return [...this.#hooks.values()].filter((hook) => hook.room === room);
  }

  /** The session token with that hash. */
  token(hash: string): SessionToken | undefined {
    const account = this.#sessions.get(hash), session = account?.tokens.get(hash);
    return account && session && { account, hash, ...session };
  }

  /** Names of accounts, and of rooms, with equal keys. */
  get collisions(): string[][] {
    return [...this.#accountsByName.collisions, ...this.#roomNames.collisions];
  }

  #register(record: Proposed<AccountRecord>, stands: boolean): StateChange | Lost {
    const {
      id,
      name,
      password,
      oneTime = false,
      operator,
      bot = false,
      since = id,
      seen = id,
      guestPeriods = [],
      rooms = [],
      contacts = [],
    } = record;
    if (!stands && this.account(name) !== undefined) return "lost";
    const account: Account = {
      id,
      name,
      key: nameKey(name),
      side: accountSide(id),
      password,
      hasOneTimePassword: oneTime,
      revision: 0,
      passwordSince: id,
      operator,
      isBot: bot,
      since,
      cursor: seen,
      guestPeriods: guestPeriods.map(({ last = id, ...period }) => ({ ...period, last })),
      rooms: new Map(),
      contacts: new Map(contacts.map((contact) => [nameKey(contact), contact])),
      tokens: new Map(),
      reads: undefined,
      levels: undefined,
      status: undefined,
    };
    this.#accounts.set(id, account);
    this.#addName(account);
    for (const { room: id, spelling } of rooms) {
      const room = this.#rooms.get(id);
      if (room !== undefined) admit(account, room, spelling);
    }
    return { kind: "registered", account };
  }

  #remove(record: Proposed<RemovalRecord>, stands: boolean): StateChange | Lost {
    const { of, isOwn, by } = record;
    const account = this.#accounts.get(of), room = this.#rooms.get(of);
    if (account !== undefined) {
      if (isOwn && !stands && account.operator && !this.#hasOtherOperator(account)) return "lost";
      this.#removeAccount(account);
      return { kind: "removed", account };
    }
    // Of a snapshot, which has no room any more that was removed, the name is needed.
    if (room === undefined && stands) this.removedRooms.add(record);
    if (room === undefined || (by !== undefined && !stands && !this.#isOwner(room, by))) return "lost";
    this.removedRooms.add(record);
    for (const member of room.members) member.rooms.delete(room);
    for (const { hash } of this.hooksOf(room)) this.#hooks.delete(hash);
    this.#hasCleared = true;
    this.#rooms.delete(of);
    this.#roomNames.delete(room);
    this.#roomsInOrder.delete(room);
    for (const account of this.#accounts.values()) {
      forgetMark(account, roomConversation(room.id));
      forgetLevel(account, roomConversation(room.id));
    }
    return { kind: "emptied", room, by };
  }

  #hasOtherOperator(account: Account): boolean {
    for (const other of this.#accounts.values()) if (other.operator && other !== account) return true;
    return false;
  }

  #removeAccount(account: Account): void {
    for (const room of account.rooms.keys()) room.members.delete(account);
    for (const room of this.#rooms.values()) forgetIn(room, account);
    for (const hash of account.tokens.keys()) this.#sessions.delete(hash);
    this.#accounts.delete(account.id);
    this.#deleteName(account);
  }

  #rename({ id: record, account: id, name }: Proposed<NameRecord>, stands: boolean): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined || account.name === name) return "lost";
    if (!stands && this.accountsAlike(name).some((other) => other !== account)) return "lost";
    const { name: before } = account;
    this.#deleteName(account);
    account.name = name;
    account.key = nameKey(name);
    this.#renamed.set(account, record);
    this.#addName(account);
    return { kind: "renamed", account, before };
  }

  /** The record since which an account has its name. */
  nameSince(account: Account): number {
    return this.#renamed.get(account) ?? account.id;
  }

  #addName(account: Account): void {
    this.#accountsByName.add(account);
    for (const skeleton of skeletons(account.name)) {
      const others = this.#accountsLike.get(skeleton);
      if (others === undefined) this.#accountsLike.set(skeleton, new Set([account]));
      else others.add(account);
    }
  }

  #deleteName(account: Account): void {
    this.#accountsByName.delete(account);
    for (const skeleton of skeletons(account.name)) {
      const others = this.#accountsLike.get(skeleton)!;
      others.delete(account);
      if (others.size === 0) this.#accountsLike.delete(skeleton);
    }
  }

  #changePassword(
    { id: since, account: id, password, oneTime = false }: Proposed<PasswordRecord>,
  ): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined) return "lost";
    account.password = password;
    account.hasOneTimePassword = oneTime;
    account.revision++;
    account.passwordSince = since;
    for (const hash of account.tokens.keys()) this.#sessions.delete(hash);
    account.tokens.clear();
    return { kind: "password", account };
  }

  /** Two operators may demote each other at once: then the giver of the second order is no operator. */
  #appoint({ account: id, is, by, keepsOne }: OperatorRecord, stands: boolean): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined || account.operator === is) return "lost";
    if (!stands && by !== undefined && this.#accounts.get(by)?.operator !== true) return "lost";
    if (!stands && keepsOne && !is && !this.#hasOtherOperator(account)) return "lost";
    account.operator = is;
    return { kind: "operator", account, by };
  }

  #moveCursor({ account: id, last }: CursorRecord): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined || account.cursor >= last) return "lost";
    account.cursor = last;
    return { kind: "cursor", account };
  }

  #create({ id, name, by: maker, owner }: Proposed<RoomRecord>, stands: boolean): StateChange | Lost {
    const by = maker === undefined ? undefined : this.#accounts.get(maker);
    if (!stands && this.room(name, by) !== undefined) return "lost";
    const room = newRoom({ id, name, owner: owner === true ? by?.id : undefined });
    this.removedRooms.forget(name);
    this.#addRoom(room);
    if (by !== undefined) admit(by, room, name);
    return { kind: "created", room, by, others: [] };
  }

  #createPrivate({ id, name, by: maker, users }: Proposed<GroupRecord>, stands: boolean): StateChange | Lost {
    const by = this.#accounts.get(maker), isGroup = name === undefined;
    if (!stands && (by === undefined || (!isGroup && this.room(name, by) !== undefined))) return "lost";
    const room = newRoom(
      { id, name: name ?? `#group-${id.toString(36)}`, owner: isGroup ? undefined : by?.id },
      true,
      isGroup,
    );
    this.#addRoom(room);
    const members = users.flatMap((user) => this.#accounts.get(user) ?? []);
    for (const account of members) admit(account, room, room.name);
    return { kind: "created", room, by, others: members.filter((each) => each !== by) };
  }

  #addRoom(room: Room): void {
    this.#rooms.set(room.id, room);
    this.#roomNames.add(room);
    this.#roomsInOrder.add(room);
  }

  #isOwner(room: Room, name: string): boolean {
    return levelIn(room, this.account(name)) >= OWNER;
  }

  /** Of two owners that rename a room at once the first one does. */
  #renameRoom({ room: id, name, before, former, by }: RoomNameRecord, stands: boolean): StateChange | Lost {
    const room = this.#rooms.get(id);
    if (room === undefined || room.isGroup) return "lost";
    const found = stands ? undefined : this.room(name, this.account(by));
    if (!stands && (room.name !== before || (found !== undefined && found !== room) || !this.#isOwner(room, by))) {
      return "lost";
    }
    const old = room.name;
    this.#roomNames.delete(room);
    this.#roomsInOrder.delete(room);
    room.name = name;
    room.former = former;
    this.#roomNames.add(room);
    this.#roomsInOrder.add(room);
    room.respelt = true;
    for (const { rooms } of [...room.members, ...this.roster.guestsIn(room)]) {
      if (!leadsTo(room, rooms?.get(room) ?? name)) rooms?.set(room, name);
    }
    return { kind: "roomname", room, before: old, by };
  }

  #clear({ id, room: of, by }: Proposed<ClearingRecord>, stands: boolean): StateChange | Lost {
    const room = this.#rooms.get(of);
    if (room === undefined || (!stands && !this.#isOwner(room, by))) return "lost";
    const before = room.conversation;
    room.conversation = roomConversation(of, id);
    room.pins = new Map();
    this.#hasCleared = true;
    return { kind: "clearing", room, before, by };
  }

  #pin(record: PinRecord): StateChange | Lost {
    const room = record.room === undefined ? undefined : this.#rooms.get(record.room);
    if (record.room !== undefined && room === undefined) return "lost";
    const pins = pinned((room ?? this).pins, record);
    if (pins === undefined) return "lost";
    (room ?? this).pins = pins;
    return { kind: "pin", room, pin: record };
  }

  #changeRank(record: Proposed<RankRecord>, stands: boolean): StateChange | Lost {
    const account = this.#accounts.get(record.account), room = this.#rooms.get(record.room);
    if (account === undefined || room === undefined) return "lost";
    return changeRank(room, account, record, this.account(record.by), stands);
  }

  #setTopic({ room: of, text, by, time }: TopicRecord): StateChange | Lost {
    const room = this.#rooms.get(of);
    if (room === undefined) return "lost";
    room.topic = { text, by, time };
    return { kind: "topic", room };
  }

  #moveMember({ account: id, room: of, is, spelling, by, reason }: MemberRecord): StateChange | Lost {
    const account = this.#accounts.get(id), room = this.#rooms.get(of);
    if (account === undefined || room === undefined) return "lost";
    const isNew = is !== room.members.has(account);
    if (!is && !isNew) return "lost";
    if (is) admit(account, room, spelling ?? room.name);
    else {
      account.rooms.delete(room);
      room.members.delete(account);
    }
    return { kind: "member", account, room, is, isNew, by, reason };
  }

  #changeContact({ account: id, name, is }: ContactRecord): StateChange | Lost {
    const account = this.#accounts.get(id), key = nameKey(name);
    if (account === undefined) return "lost";
    if (is) account.contacts.set(key, name);
    else if (!account.contacts.delete(key)) return "lost";
    return { kind: "contact", account, name, is };
  }

  #changeSession({ account: id, hash, is, since, used, device }: SessionRecord): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined) return "lost";
    if (is) {
      account.tokens.set(hash, { since, used, ...device === undefined ? {} : { device } });
      this.#sessions.set(hash, account);
    } else if (!account.tokens.delete(hash)) return "lost";
    else this.#sessions.delete(hash);
    return { kind: "session", account, hash, is };
  }

  /** What is read stays read, in whatever order two devices say it. */
  #markRead({ account: id, place, last }: ReadRecord): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined) return "lost";
    if (this.#isRemoved(place)) return "lost";
    const former = account.reads?.get(place);
    if (last === 0 && place !== "") {
      if (!forgetMark(account, place)) return "lost";
    } else if (former !== undefined && former >= last) return "lost";
    else (account.reads ??= new Map()).set(place, last);
    return { kind: "read", account, place, last };
  }

  #setLevel({ account: id, place, level }: LevelRecord): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined || this.#isRemoved(place)) return "lost";
    if (level !== "default") (account.levels ??= new Map()).set(place, level);
    else if (!forgetLevel(account, place)) return "lost";
    return { kind: "level", account, place, level };
  }

  /** Whether a place was a room. */
  #isRemoved(place: string): boolean {
    return place.startsWith("#") && place !== COMMON_ROOM && !this.#rooms.has(roomIdOf(place));
  }

  #setStatus({ account: id, away, emoji, text }: StatusRecord): StateChange | Lost {
    const account = this.#accounts.get(id), isSet = away || emoji !== undefined || text !== "";
    if (account === undefined || (!isSet && account.status === undefined)) return "lost";
    account.status = isSet ? { away, text, ...(emoji === undefined ? {} : { emoji }) } : undefined;
    return { kind: "status", account };
  }

  /** A guest must not have a name that became an account's meanwhile, nor an account another password. */
  #enter(record: Proposed<EnterRecord>, stands: boolean): StateChange | Lost {
    const { name, account: id, password } = record, account = id === undefined ? undefined : this.#accounts.get(id);
    if (id !== undefined && (account === undefined || (!stands && account.passwordSince !== password))) return "lost";
    if (id === undefined && !stands && (this.account(name) ?? this.lookalike(name)) !== undefined) return "lost";
    return this.roster.enter(record, account, stands);
  }

  #kick({ name, reason }: KickRecord): StateChange | Lost {
    const isHere = this.sidesAlike(name).some((side) => this.roster.side(side) !== undefined);
    return isHere ? { kind: "kick", name, reason } : "lost";
  }

  #changeHook({ room: of, is, kind: _, id: __, ...fields }: Proposed<HookRecord>, stands: boolean): StateChange | Lost {
    const room = of === 0 ? undefined : this.#rooms.get(of), hook: Hook = { ...fields, room };
    if (of !== 0 && room === undefined) return "lost";
    if (!is) return this.#hooks.delete(hook.hash) ? { kind: "hook", hook, is } : "lost";
    if (!stands && this.hooksOf(room).length >= MAX_HOOKS) return "lost";
    this.#hooks.set(hook.hash, hook);
    return { kind: "hook", hook, is };
  }

  #changeBan({ what, who, is, until = Infinity, by, reason, since }: BanRecord): StateChange | Lost {
    const ban: Ban = { kind: what, who, until, by, reason, since };
    if (is) this.#bans.put(ban);
    else if (!this.#bans.delete(ban)) return "lost";
    return { kind: "ban", ban, is };
  }
}

/** Returns whether there was a mark. An account without marks is as one that never had any, as after a restart. */
function forgetMark(account: Account, place: string): boolean {
  const isThere = account.reads?.delete(place) === true;
  if (account.reads?.size === 0) account.reads = undefined;
  return isThere;
}

/** Returns whether there was a level. */
function forgetLevel(account: Account, place: string): boolean {
  const isThere = account.levels?.delete(place) === true;
  if (account.levels?.size === 0) account.levels = undefined;
  return isThere;
}

/** Builds the state from a journal. It is the first use of the journal. */
export function readState(journal: Journal): State {
  const state = new State(), idle: number[] = [], lost: number[] = [];
  for (const record of attendanceLast(journal.snapshot())) {
    // A server that shared its journal before is alone now.
    if (!journal.isShared && isPresence(record)) lost.push(record.id);
    else if (state.apply(record, true) === "lost") idle.push(record.id);
  }
  const { damaged, unknown } = journal.skipped;
  // Records that a killed process had appended and not judged.
  for (const committed of journal.take()) {
    if (committed.outcome !== "kept") continue;
    for (const record of committed.records) {
      if (record.kind !== "message" && state.apply(record, committed.stands) === "lost") lost.push(record.id);
    }
  }
  // Deletes records without effect, such as the end of a session that is gone. Otherwise they would pile up. If some
  // records are unreadable, these may refer to them, and a backup or a newer version may read them: then they stay.
  const needless = [...idle, ...lost].filter((id) => !state.removedRooms.has(id));
  journal.discard(damaged + unknown === 0 ? needless : lost);
  return state;
}

/**
 * Records of a snapshot in the order in which they apply: a guest that has another name now, and so a later record, is in its
 * rooms since before.
 */
export function attendanceLast(records: readonly StateRecord[]): StateRecord[] {
  const { first = [], last = [] } = Object.groupBy(records, ({ kind }) => kind === "attend" ? "last" : "first");
  return [...first, ...last];
}

function admit(account: Account, room: Room, spelling: string): void {
  room.members.add(account);
  account.rooms.set(room, spelling);
  room.respelt ||= spelling !== room.name;
}
