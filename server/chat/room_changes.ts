/** What records change in a room, and how the state applies them. */
import type {
  InvitationRecord,
  MemberRecord,
  PinRecord,
  RankRecord,
  RestraintRecord,
  RoomRecord,
  SettingsRecord,
  TopicRecord,
} from "../journal/records.ts";
import { roomConversation } from "../journal/conversation.ts";
import type { Account, Pin, Room } from "./model.ts";
import { isVisible, levelIn, OWNER, restraintKey, restraintOf } from "./room_rights.ts";

/** A change of a room. `by` is the name that has ordered it. */
export type RoomChange =
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
  | { readonly kind: "topic"; readonly room: Room }
  | {
    readonly kind: "rank";
    readonly room: Room;
    readonly account: Account;
    readonly rank: RankRecord["rank"];
    readonly by: string;
  }
  | { readonly kind: "restraint"; readonly room: Room; readonly restraint: RestraintRecord }
  | { readonly kind: "settings"; readonly room: Room; readonly by: string }
  | {
    readonly kind: "invitation";
    readonly room: Room;
    readonly account: Account;
    readonly is: boolean;
    readonly by: string;
  }
  /** `before` is its former name. */
  | { readonly kind: "roomname"; readonly room: Room; readonly before: string; readonly by: string }
  /** `before` is its former conversation. */
  | { readonly kind: "clearing"; readonly room: Room; readonly before: string; readonly by: string }
  /** Without a room the message is in everybody's. */
  | { readonly kind: "pin"; readonly room: Room | undefined; readonly pin: PinRecord };

// deno-lint-ignore no-explicit-any -- empty, it is a map of anything
const NONE: ReadonlyMap<any, any> = new Map();
const NOBODY: ReadonlySet<number> = new Set();

/** A new room, without members. */
export function newRoom(
  { id, name, owner }: { id: number; owner?: number | undefined } & Pick<RoomRecord, "name">,
  isPrivate = false,
  isGroup = false,
): Room {
  return {
    id,
    name,
    former: [],
    conversation: roomConversation(id),
    isPrivate,
    isGroup,
    isForAnnouncements: false,
    members: new Set(),
    respelt: false,
    topic: undefined,
    ranks: owner === undefined ? NONE : new Map([[owner, "owner"]]),
    restraints: NONE,
    invited: NOBODY,
    pins: NONE,
  };
}

/** The direct group of exactly those accounts, of which one is given. */
export function groupOf(one: Account, members: ReadonlySet<Account>): Room | undefined {
  for (const room of one.rooms.keys()) {
    if (room.isGroup && room.members.symmetricDifference(members).size === 0) return room;
  }
  return undefined;
}

/** Makes an account a member of a room, which it spells in its own way. */
export function admit(account: Account, room: Room, spelling: string): void {
  room.members.add(account);
  account.rooms.set(room, spelling);
  room.respelt ||= spelling !== room.name;
}

export function setTopic(room: Room, { text, by, time }: TopicRecord): RoomChange {
  room.topic = { text, by, time };
  return { kind: "topic", room };
}

/**
 * Whether a record comes behind one that it did not know of: behind a ban, a kick, or the order that has made the room private. The
 * ban's end is held to the record's time, since the clocks of servers differ. Records of older servers have neither field: all apply.
 */
export function isTooLate(account: Account, room: Room, { is, time, respells }: MemberRecord): boolean {
  if (!is || room.members.has(account)) return false;
  if (respells) return true;
  if (time === undefined) return false;
  if (!isVisible(room, account)) return true;
  return !account.operator && restraintOf(room, "ban", account.name, time) !== undefined;
}

export function moveMember(
  account: Account,
  room: Room,
  { is, spelling, by, reason }: MemberRecord,
): RoomChange | "lost" {
  const isNew = is !== room.members.has(account);
  if (!is && !isNew) return "lost";
  if (is) admit(account, room, spelling ?? room.name);
  else {
    account.rooms.delete(room);
    room.members.delete(account);
  }
  return { kind: "member", account, room, is, isNew, by, reason };
}

/** @param isTaken whether another open room has its name: then it cannot be opened */
export function configure(room: Room, record: SettingsRecord, isTaken: boolean, stands: boolean): RoomChange | "lost" {
  if (room.isPrivate === record.private && room.isForAnnouncements === record.announcements) return "lost";
  if (room.isGroup || (!stands && room.isPrivate && !record.private && isTaken)) return "lost";
  room.isPrivate = record.private;
  room.isForAnnouncements = record.announcements;
  return { kind: "settings", room, by: record.by };
}

export function invite(room: Room, account: Account, { is, by }: InvitationRecord): RoomChange | "lost" {
  if (room.invited.has(account.id) === is) return "lost";
  const invited = new Set(room.invited);
  if (is) invited.add(account.id);
  else invited.delete(account.id);
  room.invited = invited;
  return { kind: "invitation", room, account, is, by };
}

/** The pins after a record; undefined if it changes none. */
export function pinned(pins: ReadonlyMap<number, Pin>, { of, is, by, time }: PinRecord): Map<number, Pin> | undefined {
  if (pins.has(of) === is) return undefined;
  const now = new Map(pins);
  if (is) now.set(of, { by, time });
  else now.delete(of);
  return now;
}

/**
 * Two owners may take each other's rank at once: then the giver of the second order is no owner.
 *
 * @param giver the account that has ordered it; undefined if it is gone
 */
export function changeRank(
  room: Room,
  account: Account,
  { rank, by }: RankRecord,
  giver: Account | undefined,
  stands: boolean,
): RoomChange | "lost" {
  if ((room.ranks.get(account.id) ?? "member") === rank) return "lost";
  if (!stands && levelIn(room, giver) < OWNER) return "lost";
  if (!stands && rank !== "member" && !room.members.has(account)) return "lost";
  const ranks = new Map(room.ranks);
  if (rank === "member") ranks.delete(account.id);
  else ranks.set(account.id, rank);
  room.ranks = ranks;
  return { kind: "rank", room, account, rank, by };
}

export function restrain(room: Room, record: RestraintRecord): RoomChange | "lost" {
  const { kind: _, room: __, is, ...restraint } = record, key = restraintKey(record);
  if (!is && !room.restraints.has(key)) return "lost";
  const restraints = new Map(room.restraints);
  if (is) restraints.set(key, restraint);
  else restraints.delete(key);
  room.restraints = restraints;
  return { kind: "restraint", room, restraint: record };
}

/** Takes all that an account has in a room. */
export function forgetIn(room: Room, { id }: Account): void {
  if (room.ranks.has(id)) room.ranks = new Map([...room.ranks].filter(([each]) => each !== id));
  if (room.invited.has(id)) room.invited = new Set([...room.invited].filter((each) => each !== id));
}
