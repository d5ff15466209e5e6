/**
 * The lasting state of a chat: accounts, rooms and members, contacts, session tokens, bans, the greeting. Only
 * {@linkcode State.apply} changes it, with the records of the journal in order. It depends on the state and the
 * record alone (no clock, no connection). So all servers of a journal reach the same state, and the same verdict on
 * each record.
 */
import { COMMON_ROOM } from "../../jim/mod.ts";
import { guestSide, roomConversation, roomIdOf } from "../journal/conversation.ts";
import type {
  AccountRecord,
  BanRecord,
  ClearingRecord,
  EnterRecord,
  EventRecord,
  GroupRecord,
  HookRecord,
  KickRecord,
  MotdRecord,
  NameRecord,
  OperatorRecord,
  PasswordRecord,
  PinRecord,
  Recorded,
  RemovalRecord,
  RoomNameRecord,
  RoomRecord,
  SessionRecord,
  SettingsRecord,
  StateRecord,
} from "../journal/records.ts";
import {
  changeContact,
  forgetPlace,
  markRead,
  moveCursor,
  newAccount,
  setLevel,
  setStatus,
} from "./account_changes.ts";
import { AccountIndex } from "./account_index.ts";
import { type Ban, Bans } from "./bans.ts";
import type { Account, Hook, Pin, Room, SessionToken } from "./model.ts";
import {
  admit,
  changeRank,
  configure,
  forgetIn,
  groupOf,
  invite,
  isTooLate,
  moveMember,
  newRoom,
  pinned,
  restrain,
  setTopic,
} from "./room_changes.ts";
import { RemovedRooms } from "./removed_rooms.ts";
import { leadsTo, RoomNames } from "./room_names.ts";
import { levelIn, OWNER } from "./room_rights.ts";
import { Roster } from "./roster.ts";
import { Sorted } from "./sorted.ts";
import type { Lost, StateChange } from "./state_change.ts";

export type { Account, Hook, Room, SessionToken, Topic } from "./model.ts";

/** The records that a state takes. */
type AppliedRecord = StateRecord | EventRecord;

/** Applies the records of each kind. */
type Appliers = {
  readonly [Kind in AppliedRecord["kind"]]: (
    record: Extract<AppliedRecord, { readonly kind: Kind }>,
    stands: boolean,
  ) => StateChange | Lost;
};

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
  readonly #accounts = new AccountIndex();
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

  readonly #appliers: Appliers = {
    edit: keptEvent,
    deletion: keptEvent,
    reaction: keptEvent,

    account: (record, stands) => this.#register(record, stands),
    removal: (record, stands) => this.#remove(record, stands),
    name: (record, stands) => this.#rename(record, stands),
    password: (record) => this.#ofAccount(record, (account) => this.#changePassword(account, record)),
    operator: (record, stands) => this.#ofAccount(record, (account) => this.#appoint(account, record, stands)),
    cursor: (record) => this.#ofAccount(record, (account) => moveCursor(account, record)),
    contact: (record) => this.#ofAccount(record, (account) => changeContact(account, record)),
    session: (record, stands) => this.#ofAccount(record, (account) => this.#changeSession(account, record, stands)),
    read: (record) =>
      this.#ofAccount(record, (account) => this.isRemoved(record.place) ? "lost" : markRead(account, record)),
    level: (record) =>
      this.#ofAccount(record, (account) => this.isRemoved(record.place) ? "lost" : setLevel(account, record)),
    status: (record) => this.#ofAccount(record, (account) => setStatus(account, record)),

    room: (record, stands) => this.#create(record, stands),
    group: (record, stands) => this.#createPrivate(record, stands),
    member: (record, stands) =>
      this.#ofMember(record, (account, room) => {
        if (!stands && isTooLate(account, room, record)) return "lost";
        if (!record.is && room.isPrivate && (stands || room.members.has(account))) {
          this.removedRooms.addLeft(record, room, account);
        }
        return moveMember(account, room, record);
      }),
    topic: (record) => this.#inRoom(record, (room) => setTopic(room, record)),
    roomname: (record, stands) => this.#inRoom(record, (room) => this.#renameRoom(room, record, stands)),
    clearing: (record, stands) => this.#inRoom(record, (room) => this.#clear(room, record, stands)),
    pin: (record) => this.#pin(record),
    settings: (record, stands) => this.#inRoom(record, (room) => this.#configure(room, record, stands)),
    invitation: (record) => this.#ofMember(record, (account, room) => invite(room, account, record)),
    rank: (record, stands) =>
      this.#ofMember(record, (account, room) => changeRank(room, account, record, this.account(record.by), stands)),
    restraint: (record) => this.#inRoom(record, (room) => restrain(room, record)),

    ban: (record) => this.#changeBan(record),
    hook: (record, stands) => this.#changeHook(record, stands),
    motd: (record) => this.#greet(record),

    server: (record) => this.roster.changeServer(record),
    enter: (record, stands) => this.#enter(record, stands),
    leave: (record) => this.roster.leave(record),
    attend: (record, stands) => this.#inRoom(record, (room) => this.roster.attend(record, room, stands)),
    kick: (record) => this.#kick(record),
  };

  /**
   * Applies a record.
   *
   * @param stands it was judged before, perhaps on records that are deleted by now: it always takes effect
   */
  apply(record: AppliedRecord, stands = false): StateChange | Lost {
    const applier = this.#appliers[record.kind] as (record: AppliedRecord, stands: boolean) => StateChange | Lost;
    return applier(record, stands);
  }

  accounts(): Iterable<Account> {
    return this.#accounts.all();
  }

  accountById(id: number): Account | undefined {
    return this.#accounts.get(id);
  }

  /** The account with a name: of exactly that spelling, else an operator's, else the oldest. */
  account(name: string): Account | undefined {
    return this.#accounts.find(name);
  }

  /** All accounts with the key of a name: several only in an old database. */
  accountsAlike(name: string): readonly Account[] {
    return this.#accounts.alike(name);
  }

  /** The sides with a name of that key: guests, and in an old database perhaps several accounts. */
  sidesAlike(name: string): string[] {
    return [...this.accountsAlike(name).map(({ side }) => side), guestSide(name)];
  }

  /** An account with another name than this one, which looks like it. */
  lookalike(name: string): Account | undefined {
    return this.#accounts.lookalike(name);
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

  /** Whether the place of a mark or a level was a room. */
  isRemoved(place: string): boolean {
    return place.startsWith("#") && place !== COMMON_ROOM && !this.#rooms.has(roomIdOf(place));
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
    return [...this.#accounts.collisions, ...this.#roomNames.collisions];
  }

  /** The record since which an account has its name. */
  nameSince(account: Account): number {
    return this.#accounts.nameSince(account);
  }

  /** A record about an account that is gone is lost. */
  #ofAccount({ account: id }: { readonly account: number }, change: (account: Account) => StateChange | Lost) {
    const account = this.#accounts.get(id);
    return account === undefined ? "lost" : change(account);
  }

  /** A record about a room that is gone is lost. */
  #inRoom({ room: id }: { readonly room: number }, change: (room: Room) => StateChange | Lost) {
    const room = this.#rooms.get(id);
    return room === undefined ? "lost" : change(room);
  }

  #ofMember(
    record: { readonly account: number; readonly room: number },
    change: (account: Account, room: Room) => StateChange | Lost,
  ) {
    return this.#ofAccount(record, (account) => this.#inRoom(record, (room) => change(account, room)));
  }

  #register(record: Recorded<AccountRecord>, stands: boolean): StateChange | Lost {
    if (!stands && this.account(record.name) !== undefined) return "lost";
    const account = newAccount(record);
    this.#accounts.add(account);
    for (const { room: id, spelling } of record.rooms ?? []) {
      const room = this.#rooms.get(id);
      if (room !== undefined) admit(account, room, spelling);
    }
    return { kind: "registered", account };
  }

  /** An account, or a room: both have ids of one kind. */
  #remove(record: Recorded<RemovalRecord>, stands: boolean): StateChange | Lost {
    const account = this.#accounts.get(record.of), room = this.#rooms.get(record.of);
    if (account !== undefined) return this.#removeAccount(account, record, stands);
    if (room !== undefined) return this.#removeRoom(room, record, stands);
    // Of a snapshot, which has no room any more that was removed, the name is needed.
    if (stands) this.removedRooms.add(record);
    return "lost";
  }

  #removeAccount(account: Account, { isOwn }: RemovalRecord, stands: boolean): StateChange | Lost {
    if (isOwn && !stands && account.operator && !this.#accounts.hasOtherOperator(account)) return "lost";
    for (const room of account.rooms.keys()) room.members.delete(account);
    for (const room of this.#rooms.values()) forgetIn(room, account);
    for (const hash of account.tokens.keys()) this.#sessions.delete(hash);
    this.#accounts.delete(account);
    return { kind: "removed", account };
  }

  #removeRoom(room: Room, record: Recorded<RemovalRecord>, stands: boolean): StateChange | Lost {
    const { by } = record;
    // Without an owner's order it is removed because nobody is in it; a join may be ahead of this record.
    const isEmpty = room.members.size === 0 && this.roster.guestsIn(room).size === 0;
    if (!stands && !(by === undefined ? isEmpty : this.#isOwner(room, by))) return "lost";
    this.removedRooms.add(record);
    for (const member of room.members) member.rooms.delete(room);
    for (const { hash } of this.hooksOf(room)) this.#hooks.delete(hash);
    this.#hasCleared = true;
    this.#rooms.delete(room.id);
    this.#roomNames.delete(room);
    this.#roomsInOrder.delete(room);
    for (const account of this.#accounts.all()) forgetPlace(account, roomConversation(room.id));
    return { kind: "emptied", room, by };
  }

  #rename(record: Recorded<NameRecord>, stands: boolean): StateChange | Lost {
    return this.#ofAccount(record, (account) => {
      const { name: before } = account, { id, name } = record;
      if (before === name) return "lost";
      if (!stands && this.accountsAlike(name).some((other) => other !== account)) return "lost";
      this.#accounts.rename(account, name, id);
      return { kind: "renamed", account, before };
    });
  }

  #changePassword(account: Account, record: Recorded<PasswordRecord>): StateChange {
    account.password = record.password;
    account.hasOneTimePassword = record.oneTime ?? false;
    account.revision++;
    account.passwordSince = record.id;
    for (const hash of account.tokens.keys()) this.#sessions.delete(hash);
    account.tokens.clear();
    return { kind: "password", account };
  }

  /** Two operators may demote each other at once: then the giver of the second order is no operator. */
  #appoint(account: Account, { is, by, keepsOne }: OperatorRecord, stands: boolean): StateChange | Lost {
    if (account.operator === is) return "lost";
    if (!stands && by !== undefined && this.#accounts.get(by)?.operator !== true) return "lost";
    if (!stands && keepsOne && !is && !this.#accounts.hasOtherOperator(account)) return "lost";
    account.operator = is;
    return { kind: "operator", account, by };
  }

  #create({ id, name, by: maker, owner }: Recorded<RoomRecord>, stands: boolean): StateChange | Lost {
    const by = maker === undefined ? undefined : this.#accounts.get(maker);
    if (!stands && this.room(name, by) !== undefined) return "lost";
    const room = newRoom({ id, name, owner: owner === true ? by?.id : undefined });
    this.removedRooms.forget(name);
    this.#addRoom(room);
    if (by !== undefined) admit(by, room, name);
    return { kind: "created", room, by, others: [] };
  }

  #createPrivate(record: Recorded<GroupRecord>, stands: boolean): StateChange | Lost {
    const { id, name, by: maker, users, isOnly } = record;
    const by = this.#accounts.get(maker), isGroup = name === undefined;
    if (!stands && (by === undefined || (!isGroup && this.room(name, by) !== undefined))) return "lost";
    const members = users.flatMap((user) => this.#accounts.get(user) ?? []);
    if (!stands && isGroup && isOnly && by !== undefined && groupOf(by, new Set(members)) !== undefined) return "lost";
    const room = newRoom(
      { id, name: name ?? `#group-${id.toString(36)}`, owner: isGroup ? undefined : by?.id },
      true,
      isGroup,
    );
    this.#addRoom(room);
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
  #renameRoom(room: Room, { name, before, former, by }: RoomNameRecord, stands: boolean): StateChange | Lost {
    if (room.isGroup) return "lost";
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

  #configure(room: Room, record: Recorded<SettingsRecord>, stands: boolean): StateChange | Lost {
    if (!stands && !this.#isOwner(room, record.by)) return "lost";
    const wasPrivate = room.isPrivate,
      change = configure(room, record, this.#roomNames.isTaken(room.name, room), stands);
    if (room.isPrivate && !wasPrivate) this.removedRooms.addHidden(record, room);
    return change;
  }

  #clear(room: Room, { id, by }: Recorded<ClearingRecord>, stands: boolean): StateChange | Lost {
    if (!stands && !this.#isOwner(room, by)) return "lost";
    const before = room.conversation;
    room.conversation = roomConversation(room.id, id);
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

  /** A token is made, used, or ended. Behind its end or another password, a use that was proposed before or a new token is lost. */
  #changeSession(account: Account, record: SessionRecord, stands: boolean): StateChange | Lost {
    const { hash, is, since, used, device, password } = record, isUse = used !== since;
    if (is && !stands && isUse && !account.tokens.has(hash)) return "lost";
    if (is && !stands && password !== undefined && password !== account.passwordSince) return "lost";
    if (is) {
      account.tokens.set(hash, { since, used, ...device === undefined ? {} : { device } });
      this.#sessions.set(hash, account);
    } else if (!account.tokens.delete(hash)) return "lost";
    else this.#sessions.delete(hash);
    return { kind: "session", account, hash, is };
  }

  /** A guest must not have a name that became an account's meanwhile, nor an account another password. */
  #enter(record: Recorded<EnterRecord>, stands: boolean): StateChange | Lost {
    const { name, account: id, password } = record, account = id === undefined ? undefined : this.#accounts.get(id);
    if (id !== undefined && (account === undefined || (!stands && account.passwordSince !== password))) return "lost";
    if (id === undefined && !stands && (this.account(name) ?? this.lookalike(name)) !== undefined) return "lost";
    return this.roster.enter(record, account, stands);
  }

  #greet({ text }: MotdRecord): StateChange {
    this.motd = text;
    return { kind: "motd" };
  }

  #kick({ name, reason }: KickRecord): StateChange | Lost {
    const isHere = this.sidesAlike(name).some((side) => this.roster.side(side) !== undefined);
    return isHere ? { kind: "kick", name, reason } : "lost";
  }

  #changeHook({ room: of, is, kind: _, id: __, ...fields }: Recorded<HookRecord>, stands: boolean): StateChange | Lost {
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

function keptEvent(event: EventRecord): StateChange {
  return { kind: "event", event };
}
