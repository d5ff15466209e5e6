/**
 * What lasts of a chat: accounts, rooms and their members, contacts, sessions, bans, the greeting. It is changed by
 * {@linkcode State.apply} only, which is given the records of the journal in their order. That looks at the state and the
 * record and at nothing else (no clock, no connection), so all servers of a journal come to the same state, and to the same
 * verdict on a record that another one has preceded.
 */
import { nameKey } from "../../jim/mod.ts";
import type { Journal } from "../journal/contract.ts";
import type {
  AccountRecord,
  BanRecord,
  ContactRecord,
  CursorRecord,
  GuestPeriod,
  MemberRecord,
  NameRecord,
  OperatorRecord,
  PasswordRecord,
  RemovalRecord,
  RoomRecord,
  SessionRecord,
  StateRecord,
  TopicRecord,
} from "../journal/records.ts";
import { type Ban, Bans } from "./bans.ts";
import { ByName } from "./by_name.ts";
import { accountSide } from "../journal/conversation.ts";
import { skeletons } from "./lookalike.ts";
import { Sorted } from "./sorted.ts";

/** What is known of an account. Only the state writes its fields. */
export interface Account {
  /** That of its record, and never another account's. */
  readonly id: number;
  /** The spelling that is shown. */
  name: string;
  key: string;
  /** In the names of conversations. */
  readonly side: string;
  /** Salt and hash. */
  password: string;
  /** How often its password has been changed since this process was started: a check of the old one must not succeed. */
  revision: number;
  operator: boolean;
  /** The last id there was when it was made. */
  readonly since: number;
  /** The last id that was sent to it. */
  cursor: number;
  /** If a guest registered it: when that was the only guest by each of its names. */
  readonly guestPeriods: readonly Required<GuestPeriod>[];
  /** Each room, and how the account spells it. */
  readonly rooms: Map<Room, string>;
  /** Each contact by its key, and the spelling that is shown. */
  readonly contacts: Map<string, string>;
  /** Session tokens by their hashes; when each was given and last used, in Unix seconds. */
  readonly tokens: Map<string, { readonly since: number; readonly used: number }>;
}

/** A room. Only the state writes its fields. */
export interface Room {
  readonly id: number;
  /** The spelling of the one that has made it. */
  readonly name: string;
  /** What is said there; a room that is made anew by the same name has another one. */
  readonly conversation: string;
  readonly members: Set<Account>;
  /** A member spells it otherwise: each reader's own spelling must be looked up. */
  respelt: boolean;
  /** The last one that was set; nobody has set one, if it is missing. */
  topic: Topic | undefined;
}

/** What a room is about (nothing, if it is empty), the name that set it, and when, in Unix seconds. */
export type Topic = Pick<TopicRecord, "text" | "by" | "time">;

/** A session token, by its hash; times in Unix seconds. */
export interface SessionToken {
  readonly account: Account;
  readonly hash: string;
  /** When it was given, and when it was last used. */
  readonly since: number;
  readonly used: number;
}

/** What a record has changed. */
export type StateChange =
  | { readonly kind: "registered"; readonly account: Account }
  | { readonly kind: "removed"; readonly account: Account }
  | { readonly kind: "renamed"; readonly account: Account; readonly before: string }
  | { readonly kind: "password"; readonly account: Account }
  | { readonly kind: "operator"; readonly account: Account }
  | { readonly kind: "cursor"; readonly account: Account }
  | { readonly kind: "contact"; readonly account: Account; readonly name: string; readonly is: boolean }
  | { readonly kind: "session"; readonly account: Account; readonly hash: string; readonly is: boolean }
  | { readonly kind: "created"; readonly room: Room; readonly by: Account | undefined }
  | { readonly kind: "emptied"; readonly room: Room }
  | {
    readonly kind: "member";
    readonly account: Account;
    readonly room: Room;
    readonly is: boolean;
    readonly isNew: boolean;
  }
  | { readonly kind: "ban"; readonly ban: Ban; readonly is: boolean }
  | { readonly kind: "motd" }
  | { readonly kind: "topic"; readonly room: Room };

/** Nothing has changed: an earlier record stands in the way, or it is about nothing. The journal need not keep such a record. */
export type Lost = "lost";

export class State {
  /** The words that everybody is greeted with. */
  motd = "";
  readonly #accounts = new Map<number, Account>();
  readonly #accountsByName = new ByName<Account>(({ operator }) => operator);
  /** By skeleton: those that look alike. */
  readonly #accountsLike = new Map<string, Set<Account>>();
  readonly #rooms = new Map<number, Room>();
  readonly #roomsByName = new ByName<Room>();
  readonly #roomsInOrder = new Sorted<Room>();
  readonly #bans = new Bans();
  /** The accounts of session tokens, by their hashes. */
  readonly #sessions = new Map<string, Account>();

  /**
   * Applies a record.
   *
   * @param stands it was judged before, on records that may be gone by now: nothing stands in its way
   */
  apply(record: StateRecord, stands = false): StateChange | Lost {
    switch (record.kind) {
      case "account":
        return this.#register(record, stands);
      case "removal":
        return this.#remove(record);
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
      case "ban":
        return this.#changeBan(record);
      case "motd":
        this.motd = record.text;
        return { kind: "motd" };
      case "topic":
        return this.#setTopic(record);
    }
  }

  accounts(): Iterable<Account> {
    return this.#accounts.values();
  }

  accountById(id: number): Account | undefined {
    return this.#accounts.get(id);
  }

  /** The account that a name belongs to: the one of exactly that spelling, else an operator's, else the oldest. */
  account(name: string): Account | undefined {
    return this.#accountsByName.find(name);
  }

  /** All accounts with the key of a name: several only in a database from before names had one. */
  accountsAlike(name: string): readonly Account[] {
    return this.#accountsByName.alike(name);
  }

  /** An account that a name is not the same as, but looks like. */
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

  /** The room by that name: the one of exactly that spelling, else the oldest. */
  room(name: string): Room | undefined {
    return this.#roomsByName.find(name);
  }

  /** Every ban, those that are over too. */
  bans(): Iterable<Ban> {
    return this.#bans.all();
  }

  /** The ban of exactly that name, address or range; it may be over. */
  banOf(kind: Ban["kind"], who: string): Ban | undefined {
    return this.#bans.get(kind, who);
  }

  /** The ban that is in force now, in Unix seconds, if there is one; that of an address may be of its range. */
  ban(kind: Ban["kind"], who: string, now: number): Ban | undefined {
    return this.#bans.find(kind, who, now);
  }

  /** The session token with that hash. */
  token(hash: string): SessionToken | undefined {
    const account = this.#sessions.get(hash), session = account?.tokens.get(hash);
    return account && session && { account, hash, ...session };
  }

  /** Names of accounts, and of rooms, that are the same by their key. */
  get collisions(): string[][] {
    return [...this.#accountsByName.collisions, ...this.#roomsByName.collisions];
  }

  #register(record: { readonly id: number } & AccountRecord, stands: boolean): StateChange | Lost {
    const { id, name, password, operator, since = id, seen = id, guestPeriods = [], rooms = [], contacts = [] } =
      record;
    if (!stands && this.account(name) !== undefined) return "lost";
    const account: Account = {
      id,
      name,
      key: nameKey(name),
      side: accountSide(id),
      password,
      revision: 0,
      operator,
      since,
      cursor: seen,
      guestPeriods: guestPeriods.map(({ last = id, ...period }) => ({ ...period, last })),
      rooms: new Map(),
      contacts: new Map(contacts.map((contact) => [nameKey(contact), contact])),
      tokens: new Map(),
    };
    this.#accounts.set(id, account);
    this.#addName(account);
    for (const { room: id, spelling } of rooms) {
      const room = this.#rooms.get(id);
      if (room !== undefined) admit(account, room, spelling);
    }
    return { kind: "registered", account };
  }

  #remove({ of }: RemovalRecord): StateChange | Lost {
    const account = this.#accounts.get(of), room = this.#rooms.get(of);
    if (account !== undefined) {
      this.#removeAccount(account);
      return { kind: "removed", account };
    }
    if (room === undefined) return "lost";
    for (const member of room.members) member.rooms.delete(room);
    this.#rooms.delete(of);
    this.#roomsByName.delete(room);
    this.#roomsInOrder.delete(room);
    return { kind: "emptied", room };
  }

  #removeAccount(account: Account): void {
    for (const room of account.rooms.keys()) room.members.delete(account);
    for (const hash of account.tokens.keys()) this.#sessions.delete(hash);
    this.#accounts.delete(account.id);
    this.#deleteName(account);
  }

  #rename({ account: id, name }: NameRecord, stands: boolean): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined || account.name === name) return "lost";
    if (!stands && this.accountsAlike(name).some((other) => other !== account)) return "lost";
    const { name: before } = account;
    this.#deleteName(account);
    account.name = name;
    account.key = nameKey(name);
    this.#addName(account);
    return { kind: "renamed", account, before };
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

  #changePassword({ account: id, password }: PasswordRecord): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined) return "lost";
    account.password = password;
    account.revision++;
    for (const hash of account.tokens.keys()) this.#sessions.delete(hash);
    account.tokens.clear();
    return { kind: "password", account };
  }

  /** Two operators may demote each other at one moment: the second order is then that of no operator. */
  #appoint({ account: id, is, by }: OperatorRecord, stands: boolean): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined || account.operator === is) return "lost";
    if (!stands && by !== undefined && this.#accounts.get(by)?.operator !== true) return "lost";
    account.operator = is;
    return { kind: "operator", account };
  }

  #moveCursor({ account: id, last }: CursorRecord): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined || account.cursor >= last) return "lost";
    account.cursor = last;
    return { kind: "cursor", account };
  }

  #create(record: { readonly id: number } & RoomRecord, stands: boolean): StateChange | Lost {
    const { id, name } = record, by = record.by === undefined ? undefined : this.#accounts.get(record.by);
    if (!stands && this.room(name) !== undefined) return "lost";
    const room: Room = { id, name, conversation: `#${id}`, members: new Set(), respelt: false, topic: undefined };
    this.#rooms.set(id, room);
    this.#roomsByName.add(room);
    this.#roomsInOrder.add(room);
    if (by !== undefined) admit(by, room, name);
    return { kind: "created", room, by };
  }

  #setTopic({ room: of, text, by, time }: TopicRecord): StateChange | Lost {
    const room = this.#rooms.get(of);
    if (room === undefined) return "lost";
    room.topic = { text, by, time };
    return { kind: "topic", room };
  }

  #moveMember({ account: id, room: of, is, spelling }: MemberRecord): StateChange | Lost {
    const account = this.#accounts.get(id), room = this.#rooms.get(of);
    if (account === undefined || room === undefined) return "lost";
    const isNew = is !== room.members.has(account);
    if (!is && !isNew) return "lost";
    if (is) admit(account, room, spelling ?? room.name);
    else {
      account.rooms.delete(room);
      room.members.delete(account);
    }
    return { kind: "member", account, room, is, isNew };
  }

  #changeContact({ account: id, name, is }: ContactRecord): StateChange | Lost {
    const account = this.#accounts.get(id), key = nameKey(name);
    if (account === undefined) return "lost";
    if (is) account.contacts.set(key, name);
    else if (!account.contacts.delete(key)) return "lost";
    return { kind: "contact", account, name, is };
  }

  #changeSession({ account: id, hash, is, since, used }: SessionRecord): StateChange | Lost {
    const account = this.#accounts.get(id);
    if (account === undefined) return "lost";
    if (is) {
      account.tokens.set(hash, { since, used });
      this.#sessions.set(hash, account);
    } else if (!account.tokens.delete(hash)) return "lost";
    else this.#sessions.delete(hash);
    return { kind: "session", account, hash, is };
  }

  #changeBan({ what, who, is, until = Infinity, by, reason, since }: BanRecord): StateChange | Lost {
    const ban: Ban = { kind: what, who, until, by, reason, since };
    if (is) this.#bans.put(ban);
    else if (!this.#bans.delete(ban)) return "lost";
    return { kind: "ban", ban, is };
  }
}

/** The state that a journal has left: it is asked for once, before anything else is done with the journal. */
export function readState(journal: Journal): State {
  const state = new State(), idle: number[] = [], lost: number[] = [];
  for (const record of journal.snapshot()) if (state.apply(record, true) === "lost") idle.push(record.id);
  const { damaged, unknown } = journal.skipped;
  // What a process that was killed had appended, and had not judged.
  for (const committed of journal.take()) {
    if (committed.outcome !== "kept") continue;
    for (const record of committed.records) {
      if (record.kind !== "message" && state.apply(record, committed.stands) === "lost") lost.push(record.id);
    }
  }
  // What ends something that is gone, such as a session, has no effect any more: there would be more and more of it. If some
  // records cannot be read, it may be about them, and a newer version, or a backup, may have them again.
  journal.discard(damaged + unknown === 0 ? [...idle, ...lost] : lost);
  return state;
}

function admit(account: Account, room: Room, spelling: string): void {
  room.members.add(account);
  account.rooms.set(room, spelling);
  room.respelt ||= spelling !== room.name;
}
