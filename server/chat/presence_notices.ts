/** Announces that a side goes online or offline, and joins or leaves rooms with that, to this server's watchers. */
import { nameKey } from "../../jim/mod.ts";
import { type Account, type Chat, localSession } from "./chat.ts";
import { roleOf } from "./replies.ts";
import { announceJoin, announceLeave } from "./room_notices.ts";
import type { RequestContext } from "./effects.ts";
import type { PresenceChange } from "./roster.ts";
import type { Session } from "./session.ts";

/**
 * Announces that a session has entered, has another name or has left: its old side as offline or out of its rooms, the new one
 * as online and in its rooms.
 */
export function announceChange<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { member, old, oldRooms, now }: PresenceChange,
): void {
  const by = localSession<S>(member);
  if (old !== undefined && chat.shownName(old.side) !== old.name) announce(chat, context, by, old, "offline");
  if (old !== undefined && old.side !== now?.side) announceLeave(chat, context, by, old, oldRooms);
  if (now === undefined) return;
  const isRespelt = chat.shownName(now.side) !== now.shownName, { side, account, rooms, status } = now;
  if (isRespelt) announce(chat, context, by, { name: member.name!, account }, "online", status);
  announceJoin(chat, context, by, { side, account }, isRespelt ? chat.roster.roomsOf(member) : rooms);
}

/** Announces a presence to the watchers. A status is free text, and is never taken for the state itself. */
function announce<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  by: S | undefined,
  { name, account }: { readonly name: string; readonly account: Account | undefined },
  state: "online" | "offline",
  text = "",
): void {
  const status = text === "" || nameKey(text) === "offline" ? state : text;
  const user = { account_name: name, status };
  const notice = { action: "presence", time: now, type: "status", user, state, role: roleOf(account) };
  effects.announce(by, chat.features.all("watch"), notice);
}
