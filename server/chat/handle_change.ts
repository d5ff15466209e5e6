/**
 * Handles a change of the state, by this server, the account tool or another server: tells the connected sessions
 * that it concerns. The handler of a request only answers its own sender.
 */
import { quote, refuse } from "../../jim/mod.ts";
import { type Account, type Chat, localSession, markOf, type Room } from "./chat.ts";
import { announceEvent } from "./announce_event.ts";
import { announceChange } from "./presence_notices.ts";
import { renameGuests } from "./rename_guests.ts";
import { announceInRooms } from "./room_notices.ts";
import {
  announceClearing,
  announceGroup,
  announceInvitation,
  announceName,
  announcePin,
  announceRemoval,
  announceSettings,
} from "./room_events.ts";
import { announceRank, handleAttendance, tellMuted, tellPutOut } from "./rank_notices.ts";
import { disconnectAll, enforce, notifyAppointed } from "./moderation.ts";
import type { PresenceChange } from "./presence_changes.ts";
import { announceRead } from "./read.ts";
import { announceStatus } from "./status.ts";
import { announceTopic } from "./topic.ts";
import { disconnectHolders } from "./token_use.ts";
import type { StateChange } from "./state.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** @param isOwn a request of this server proposed it, and its handler does the rest */
export function handleChange<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  change: StateChange,
  isOwn: boolean,
): void {
  switch (change.kind) {
    case "registered":
      return renameGuests(chat, context, change.account);
    case "removed":
      return sendAway("removed", quote(change.account.name));
    case "renamed": {
      const { account, before } = change; // other clients show the old name
      sendAway("renamed", quote(before), quote(account.name));
      return renameGuests(chat, context, account);
    }
    case "password":
      return sendAway("changed", quote(change.account.name)); // they logged in with the old one
    case "operator":
      for (const session of chat.sessionsOf(change.account.side)) {
        session.mark = markOf(change.account);
        if (!change.account.operator) context.effects.stopInspection(session); // an operator may have inspected
      }
      // The account tool has no operator to name, and tells nobody.
      return isOwn || change.by === undefined ? undefined : notifyAppointed(chat, context, change.account);
    case "session":
      return change.is || isOwn ? undefined : disconnectHolders(chat, context, change);
    case "created":
      if (change.others.length > 0) announceGroup(chat, context, change.room, change.others, change.by?.name ?? "");
      return isOwn || change.by === undefined ? undefined : announceMember(change.by, change.room, true);
    case "member":
      if (change.is) chat.noteMember(change.room);
      if (change.by !== undefined && change.is) announceGroup(chat, context, change.room, [change.account], change.by);
      else if (change.by !== undefined) tellPutOut(chat, context, change.room, change.account.side, change);
      else if (isOwn || !change.isNew) return;
      return announceMember(change.account, change.room, change.is);
    case "rank":
      return announceRank(chat, context, change);
    case "settings":
      return announceSettings(chat, context, change);
    case "invitation":
      return announceInvitation(chat, context, change);
    case "roomname":
      return announceName(chat, context, change);
    case "clearing":
      return announceClearing(chat, context, change);
    case "pin":
      return announcePin(chat, context, change);
    case "restraint":
      return tellMuted(chat, context, change);
    case "event":
      return isOwn ? undefined : announceEvent(chat, context, undefined, change.event);
    case "read":
      return isOwn || change.last === 0
        ? undefined
        : announceRead(chat, context, undefined, change.account, change.place, change.last);
    case "status":
      return isOwn ? undefined : announceStatus(chat, context, undefined, change.account);
    case "topic":
      return isOwn ? undefined : announceTopic(chat, context, undefined, change.room);
    case "presence":
      return isOwn ? undefined : settleAlone(chat, context, change);
    case "attendance":
      if (change.is) chat.noteMember(change.room);
      return isOwn ? undefined : handleAttendance(chat, context, change);
    case "server":
      if (!isOwn) { for (const each of change.left) announceChange(chat, context, each); }
      return;
    case "kick":
      return isOwn ? undefined : disconnectAll(chat.sessionsAlike(change.name), context, undefined, change.reason);
    case "emptied":
      if (change.by !== undefined) announceRemoval(chat, context, change.room, change.by);
      return chat.removeGuests(change.room);
    case "ban":
      return isOwn ? undefined : enforce(chat, context, change.ban, change.is);
  }

  /** An account has joined or left a room on another server. */
  function announceMember(account: Account, room: Room, is: boolean): void {
    if (!chat.isPresent(account.side)) return;
    announceInRooms(chat, context, undefined, { name: account.name, account }, [room], is ? "join" : "leave");
  }

  function sendAway(reason: "removed" | "renamed" | "changed", got: string, like?: string): void {
    if (!("account" in change) || change.account === undefined) return;
    const refusal = refuse(reason, { code: 401, got, ...(like === undefined ? {} : { like }) });
    for (const session of [...chat.sessionsOf(change.account.side)]) {
      if (!chat.takeSpared(session)) context.effects.refuseAndClose(session, refusal);
    }
  }
}

/** Whether a change is about who is in the chat, and not about what lasts. */
export function isPresenceChange({ kind }: StateChange): boolean {
  return kind === "presence" || kind === "attendance" || kind === "server" || kind === "kick";
}

/** No request waits for this entrance or departure: it is of another server, or the session is closed or was told an error. */
function settleAlone<S extends Session>(chat: Chat<S>, context: RequestContext<S>, change: PresenceChange): void {
  const session = localSession<S>(change.member);
  if (session !== undefined && chat.isOpen(session)) context.effects.updateSubscription(session);
  if (session !== undefined && change.isEnded) {
    context.effects.refuseAndClose(session, refuse("revoked", { code: 401, got: quote(session.account?.name) }));
  }
  announceChange(chat, context, change);
}
