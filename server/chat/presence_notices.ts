/** Announces changes of presence to this server's watchers: who is online and offline, and in which rooms. */
import { nameKey } from "../../jim/mod.ts";
import { type Chat, localSession } from "./chat.ts";
import { roleOf } from "./answers.ts";
import { announceInRooms } from "./room_notices.ts";
import type { RequestContext } from "./effects.ts";
import type { AttendanceChange, PresenceChange, ShownSide } from "./presence_changes.ts";
import type { Session } from "./session.ts";

/**
 * Announces that a session has entered, has another name or has left: its old side as offline or out of its rooms, the new one
 * as online and in its rooms.
 */
export function announceChange<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { member, old, now }: PresenceChange,
): void {
  const by = localSession<S>(member);
  if (old?.isSeen) announce(chat, context, by, old, "offline");
  if (old !== undefined) announceInRooms(chat, context, by, old, old.rooms, "leave");
  if (now?.isSeen) announce(chat, context, by, now, "online", now.status);
  if (now !== undefined) announceInRooms(chat, context, by, now, now.rooms, "join");
}

/** Announces that a guest has entered or left a room, unless another guest of its name is in it. */
export function announceAttendance<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { member, side, room, is, isSeen }: AttendanceChange,
): void {
  if (isSeen) announceInRooms(chat, context, localSession<S>(member), side, [room], is ? "join" : "leave");
}

/** Announces a presence to the watchers. A status is free text, and is never taken for the state itself. */
function announce<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  by: S | undefined,
  { name, account }: ShownSide,
  state: "online" | "offline",
  text = "",
): void {
  const status = text === "" || nameKey(text) === "offline" ? state : text;
  const user = { account_name: name, status };
  const notice = { action: "presence", time: now, type: "status", user, state, role: roleOf(account) };
  effects.announce(by, chat.features.all("watch"), notice);
}
