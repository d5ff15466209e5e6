/**
 * What a server tells of a room beside its messages, its members and its topic: ranks, invitations, its name, its end, pins.
 * @module
 */
import { type Fields, text, whole } from "./fields.ts";

/** The actions of such objects. */
const ACTIONS = [
  "rank",
  "kick",
  "configure",
  "invite",
  "uninvite",
  "group",
  "rename",
  "clear",
  "remove",
  "pin",
] as const;

/** A change of a room. Fields that its action does not have are missing. */
export interface RoomEvent {
  readonly kind: "room";
  readonly action: typeof ACTIONS[number];
  readonly room: string;
  /** The name of the member who did it. */
  readonly by: string;
  /** A rank: the member, and the rank. */
  readonly person?: string;
  readonly rank?: string;
  /** A kick: why. */
  readonly reason?: string;
  /** Another name: which. */
  readonly name?: string;
  /** A group: its members. */
  readonly users?: readonly string[];
  /** Settings. */
  readonly isPrivate?: boolean;
  readonly isForAnnouncements?: boolean;
  /** A pin: the message, and whether it is pinned. */
  readonly of?: number;
  readonly is?: boolean;
}

/** What a row of a list says of a room, or of a member of one. */
export interface RoomFields {
  readonly rank?: string;
  readonly isInvited?: true;
  readonly isPrivate?: true;
  readonly isForAnnouncements?: true;
  /** The members of a group. */
  readonly users?: readonly string[];
  readonly isOnline?: boolean;
  /** The id of a pinned message. */
  readonly pinned?: number;
  /** The id up to which the messages of the room were deleted: a client that was away may have some still. */
  readonly cleared?: number;
}

/**
 * Reads a change of a room; `undefined` if it is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const event = roomEvent({ action: "rename", room: "#cats", name: "#dogs", by: "ann" });
 * assert.deepEqual(event, { kind: "room", action: "rename", room: "#cats", by: "ann", name: "#dogs" });
 * assert.equal(roomEvent({ action: "rename", room: "#cats" }), undefined);
 * ```
 */
export function roomEvent(fields: Fields): RoomEvent | undefined {
  const action = ACTIONS.find((each) => each === fields.action),
    room = text(fields.room ?? fields.to),
    by = text(fields.by);
  if (action === undefined || !room.startsWith("#")) return undefined;
  const event = { kind: "room", action, room, by } as const, reason = text(fields.reason), of = whole(fields.of);
  switch (action) {
    case "rank":
      return text(fields.user_id) === ""
        ? undefined
        : { ...event, person: text(fields.user_id), rank: text(fields.rank) };
    case "kick":
      return reason === "" ? event : { ...event, reason };
    case "configure":
      return { ...event, isPrivate: fields.private === true, isForAnnouncements: fields.announcements === true };
    case "group":
      return { ...event, users: names(fields.users) };
    case "rename":
      return text(fields.name).startsWith("#") ? { ...event, name: text(fields.name) } : undefined;
    case "pin":
      return of === undefined ? undefined : { ...event, of, is: fields.is !== false };
    default:
      return event;
  }
}

/** What a row says of a room or its member. */
export function roomFieldsIn(fields: Fields): { room?: RoomFields } {
  const { rank, invited, online, users } = fields, id = fields.action === "pin_list" ? whole(fields.id) : undefined;
  const cleared = whole(fields.cleared);
  const room: RoomFields = {
    ...(text(rank) === "" ? {} : { rank: text(rank) }),
    ...(invited === true ? { isInvited: true } : {}),
    ...(fields.private === true ? { isPrivate: true } : {}),
    ...(fields.announcements === true ? { isForAnnouncements: true } : {}),
    ...(fields.group === true ? { users: names(users) } : {}),
    ...(typeof online === "boolean" ? { isOnline: online } : {}),
    ...(id === undefined ? {} : { pinned: id }),
    ...(cleared === undefined ? {} : { cleared }),
  };
  return Object.keys(room).length === 0 ? {} : { room };
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
