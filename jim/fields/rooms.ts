/**
 * The fields of requests about rooms.
 * @module
 */
import type { Limits } from "../limits.ts";
import { type Invite, type Rank, RANKS, type RoomOrder } from "../message.ts";
import { flag, line, name, room, wrong } from "../values.ts";
import { target } from "./conversation.ts";
import type { FieldTable, ReadFields } from "./read_fields.ts";

/** The most accounts that a request may name; the server has a lower limit. */
const NAMES = 100;

const order: ReadFields<RoomOrder> = (action, time, fields, limits) => ({
  action,
  time,
  room: room(fields.room, limits),
});

const invitation: ReadFields<Invite> = (action, time, fields, limits) => ({
  action,
  time,
  room: room(fields.room, limits),
  user_id: name(fields.user_id, "user_id", limits),
});

/** Rooms: who is in them, what they are, and what is pinned there. */
export const rooms: FieldTable<
  | "join"
  | "leave"
  | "members"
  | "topic"
  | "rank"
  | "configure"
  | "rename"
  | "group"
  | "pin"
  | Invite["action"]
  | RoomOrder["action"]
> = {
  join: (action, time, fields, limits) => ({
    action,
    time,
    room: room(fields.room, limits),
    ...(flag(fields.create, "create", true) ? {} : { create: false }),
    ...(flag(fields.private, "private", false) ? { private: true } : {}),
  }),
  leave: (action, time, fields, limits) => ({ action, time, room: room(fields.room, limits) }),
  members: (action, time, fields, limits) => ({ action, time, room: room(fields.room, limits) }),
  topic: (action, time, fields, limits) => ({
    action,
    time,
    room: room(fields.room, limits),
    topic: line(fields.topic, "topic"),
  }),
  rank: (action, time, fields, limits) => ({
    action,
    time,
    room: room(fields.room, limits),
    user_id: name(fields.user_id, "user_id", limits),
    rank: rank(fields.rank),
  }),
  configure: (action, time, fields, limits) => ({
    action,
    time,
    room: room(fields.room, limits),
    ...setting(fields.private, "private"),
    ...setting(fields.announcements, "announcements"),
  }),
  rename: (action, time, fields, limits) => ({
    action,
    time,
    room: room(fields.room, limits),
    name: room(fields.name, limits, "name"),
  }),
  group: (action, time, fields, limits) => ({ action, time, users: users(fields.users, limits) }),
  pin: (action, time, fields, limits) => ({
    action,
    time,
    ...target(fields, limits),
    is: flag(fields.is, "is", true),
  }),
  invite: invitation,
  uninvite: invitation,
  clear: order,
  remove: order,
  pins: order,
};

/** A setting that stays as it is if it is not named. */
function setting<At extends string>(value: unknown, at: At): { [at in At]?: boolean } {
  return value === undefined ? {} : { [at]: flag(value, at, false) } as { [at in At]?: boolean };
}

function users(value: unknown, limits: Limits): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > NAMES) throw wrong("users", "users", value);
  return value.map((each) => name(each, "users", limits));
}

function rank(value: unknown): Rank {
  const found = RANKS.find((each) => each === value);
  if (found === undefined) throw wrong("rank", "rank", value);
  return found;
}
