/**
 * Handles a change of the state, by this server, the account tool or another server: tells the connected sessions
 * that it concerns. The handler of a request only answers its own sender.
 */
import { quote, refuse } from "../../jim/mod.ts";
import { type Account, type Chat, localSession, markOf, type Room } from "./chat.ts";
import { revoked } from "./answers.ts";
import { announceEvent } from "./announce_event.ts";
import { mayStay } from "./enter.ts";
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
import { announceRank, handleAttendance, handleRestraint, tellPutOut } from "./rank_notices.ts";
import { disconnectAll, enforce, notifyAppointed } from "./moderation.ts";
import type { PresenceChange } from "./presence_changes.ts";
import { announceLevel } from "./levels.ts";
import { announceRead } from "./read.ts";
import { announceStatus } from "./status.ts";
import { announceTopic } from "./topic.ts";
import { disconnectHolders } from "./token_use.ts";
import type { StateChange } from "./state_change.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

type ChangeOf<Kind extends StateChange["kind"]> = Extract<StateChange, { readonly kind: Kind }>;

/** @param isOwn a request of this server proposed it, and its handler does the rest */
type Handler<Change extends StateChange> = <S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  change: Change,
  isOwn: boolean,
) => void;

const handlers: { readonly [Kind in StateChange["kind"]]: Handler<ChangeOf<Kind>> } = {
  registered: (chat, context, { account }) => renameGuests(chat, context, account),
  removed: (chat, context, { account }) => sendAway(chat, context, account, "removed", account.name),
  renamed: (chat, context, { account, before }) => {
    sendAway(chat, context, account, "renamed", before, account.name); // other clients show the old name
    renameGuests(chat, context, account);
  },
  // They logged in with the old one.
  password: (chat, context, { account }) => sendAway(chat, context, account, "changed", account.name),
  operator: (chat, context, { account, by }, isOwn) => {
    for (const session of chat.sessionsOf(account.side)) {
      session.mark = markOf(account);
      if (!account.operator) context.effects.stopInspection(session); // an operator may have inspected
    }
    // The account tool has no operator to name, and tells nobody.
    if (!isOwn && by !== undefined) notifyAppointed(chat, context, account);
  },
  session: (chat, context, change, isOwn) => {
    if (!change.is && !isOwn) disconnectHolders(chat, context, change);
  },
  cursor: nothing,
  contact: nothing,
  read: (chat, context, { account, place, last }, isOwn) => {
    if (!isOwn && last !== 0) announceRead(chat, context, undefined, account, place, last);
  },
  level: (chat, context, { account, place, level }, isOwn) => {
    if (!isOwn) announceLevel(chat, context, undefined, account, place, level);
  },
  status: (chat, context, { account }, isOwn) => {
    if (!isOwn) announceStatus(chat, context, undefined, account);
  },

  created: (chat, context, { room, by, others }, isOwn) => {
    if (others.length > 0) announceGroup(chat, context, room, others, by?.name ?? "");
    if (!isOwn && by !== undefined) announceMember(chat, context, by, room, true);
  },
  emptied: (chat, context, { room, by }) => {
    if (by !== undefined) announceRemoval(chat, context, room, by);
    chat.removeGuests(room);
  },
  member: (chat, context, change, isOwn) => {
    const { account, room, is, isNew, by } = change;
    if (is) chat.noteMember(room);
    if (by !== undefined && is) announceGroup(chat, context, room, [account], by);
    else if (by !== undefined) tellPutOut(chat, context, room, account.side, change);
    else if (isOwn || !isNew) return;
    announceMember(chat, context, account, room, is);
  },
  rank: announceRank,
  settings: announceSettings,
  invitation: announceInvitation,
  roomname: announceName,
  clearing: announceClearing,
  pin: announcePin,
  restraint: handleRestraint,
  topic: (chat, context, { room }, isOwn) => {
    if (!isOwn) announceTopic(chat, context, undefined, room);
  },
  hook: nothing,

  event: (chat, context, { event }, isOwn) => {
    if (!isOwn) announceEvent(chat, context, undefined, event);
  },
  ban: (chat, context, { ban, is }, isOwn) => {
    if (!isOwn) enforce(chat, context, ban, is);
  },
  motd: nothing,

  presence: (chat, context, change, isOwn) => {
    if (!isOwn) settleAlone(chat, context, change);
  },
  attendance: (chat, context, change, isOwn) => {
    if (change.is) chat.noteMember(change.room);
    if (!isOwn) handleAttendance(chat, context, change);
  },
  server: (chat, context, { left }, isOwn) => {
    if (!isOwn) { for (const each of left) announceChange(chat, context, each); }
  },
  kick: (chat, context, { name, reason }, isOwn) => {
    if (!isOwn) disconnectAll(chat.sessionsAlike(name), context, undefined, reason);
  },
};

/** @param isOwn a request of this server proposed it, and its handler does the rest */
export function handleChange<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  change: StateChange,
  isOwn: boolean,
): void {
  const handle = handlers[change.kind] as Handler<StateChange>;
  handle(chat, context, change, isOwn);
}

/** Nobody is told. */
function nothing(): void {}

/** An account has joined or left a room on another server. */
function announceMember<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  account: Account,
  room: Room,
  is: boolean,
): void {
  if (!chat.isPresent(account.side)) return;
  announceInRooms(chat, context, undefined, { name: account.name, account }, [room], is ? "join" : "leave");
}

/** Ends the sessions of an account. */
function sendAway<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  account: Account,
  reason: "removed" | "renamed" | "changed",
  name: string,
  now?: string,
): void {
  const refusal = refuse(reason, { code: 401, got: quote(name), ...(now === undefined ? {} : { like: quote(now) }) });
  for (const session of [...chat.sessionsOf(account.side)]) {
    if (!chat.takeSpared(session)) context.effects.refuseAndClose(session, refusal);
  }
}

/** Whether a change is about who is in the chat, and not about what lasts. */
export function isPresenceChange({ kind }: StateChange): boolean {
  return kind === "presence" || kind === "attendance" || kind === "server" || kind === "kick";
}

/** No request waits for this entrance or departure: it is of another server, or the session is closed or was told an error. */
function settleAlone<S extends Session>(chat: Chat<S>, context: RequestContext<S>, change: PresenceChange): void {
  const session = localSession<S>(change.member);
  if (session !== undefined && chat.isOpen(session)) {
    if (change.now !== undefined && !mayStay(chat, context, session, session.name!, change)) return;
    context.effects.updateSubscription(session);
  }
  if (session !== undefined && change.isEnded) {
    context.effects.refuseAndClose(session, revoked(session.account));
  }
  announceChange(chat, context, change);
}
