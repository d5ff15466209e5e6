/** Entering the chat as a guest or with an account, or with another name: the answer, and the notices to others. */
import { type Answer, type Feature, nameKey, ok } from "../../jim/mod.ts";
import { guestSide } from "../journal/conversation.ts";
import type { Account, Chat, Room } from "./chat.ts";
import { announce } from "./presence_notices.ts";
import { roleOf } from "./replies.ts";
import { announceJoin, announceLeave, newRooms, roomsOf } from "./room_notices.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** As what a session enters, and how its request is answered. */
export interface Entry {
  /** Undefined for a guest. */
  readonly account: Account | undefined;
  /** The name as the request spells it, if it does. An account keeps its own spelling. */
  readonly asked?: string;
  /** The status that others see. */
  readonly status?: string;
  /** The features that the request names. */
  readonly features: readonly Feature[] | undefined;
  /** The code and the text of the answer. */
  readonly code?: number;
  readonly words: string;
  /** A new session token. */
  readonly token?: string | undefined;
}

/** The sides of a session that changes its name, as others see them before the change. */
interface NameChange {
  /** Its side so far, with the name that others see, its account, and its rooms. */
  readonly old: { readonly side: string; readonly name: string; readonly account: Account | undefined } | undefined;
  readonly oldRooms: readonly Room[];
  /** Its side from now on, with the name that others see if another of its sessions is connected. */
  readonly side: string;
  readonly account: Account | undefined;
  readonly shownName: string | undefined;
  /** Rooms in which that side is not seen yet. */
  readonly rooms: readonly Room[];
}

/** Enters the chat, and answers the request. */
export function enter<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  entry: Entry,
): void {
  const { effects, now } = context, { account, asked, status = "", features = [] } = entry;
  const name = account?.name ?? asked!, answer = answerOf(chat, context, session, name, entry);
  if (session.isInputDone) return effects.answer(session, answer); // it would enter only to leave
  const isFirst = session.name === undefined, isNew = session.name !== name || session.account !== account;
  const change = isNew ? nameChange(chat, session, name, account) : undefined;
  if (isNew) chat.enter(session, name, account, effects.lastId);
  if (chat.state.ban("mute", name, now) !== undefined) session.mutedKey = nameKey(name);
  effects.answer(session, answer);
  if (change !== undefined) {
    effects.updateSubscription(session);
    // A bare program would take a notice for an answer.
    if (isFirst && chat.state.motd !== "" && !session.bare) effects.answer(session, ok(now, 100, chat.state.motd));
    announceChange(chat, context, session, change, status);
  }
  if (features.length === 0) return;
  chat.features.add(session, features); // last, so that it gets no notice about itself
  effects.updateSubscription(session); // its messages may need other answers now
}

function answerOf<S extends Session>(
  chat: Chat<S>,
  { now }: RequestContext<S>,
  session: S,
  name: string,
  { account, asked, features = [], code = 200, words, token }: Entry,
): Answer {
  const asksForRules = features.includes("rules") || chat.features.has(session, "rules");
  return {
    ...ok(now, code, words),
    jim: 1,
    role: roleOf(account),
    ...name === asked ? {} : { account_name: name },
    ...token === undefined ? {} : { token },
    ...asksForRules ? rulesOf(chat) : {},
  };
}

/** The rules, as an answer shows them. */
function rulesOf<S extends Session>({ rules: { registration, guests } }: Chat<S>): Pick<Answer, "rules"> {
  return { rules: { registration, guests } };
}

function nameChange<S extends Session>(
  chat: Chat<S>,
  session: S,
  name: string,
  account: Account | undefined,
): NameChange {
  const { side: oldSide } = session, oldName = oldSide === undefined ? undefined : chat.shownName(oldSide);
  const side = account?.side ?? guestSide(name);
  return {
    old: oldName === undefined ? undefined : { side: oldSide!, name: oldName, account: session.account },
    oldRooms: roomsOf(chat, session),
    side,
    account,
    shownName: chat.shownName(side),
    rooms: newRooms(chat, session, { side, account }),
  };
}

/** Announces a change of name: the old side as offline or out of its rooms, the new one as online and in its rooms. */
function announceChange<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { old, oldRooms, side, account, shownName, rooms }: NameChange,
  status: string,
): void {
  if (old !== undefined && chat.shownName(old.side) !== old.name) announce(chat, context, session, old, "offline");
  if (old !== undefined && old.side !== side) announceLeave(chat, context, session, old, oldRooms);
  const isRespelt = chat.shownName(side) !== shownName;
  const shownStatus = chat.muteOf(session, context.now) === undefined ? status : "";
  if (isRespelt) announce(chat, context, session, { name: session.name!, account }, "online", shownStatus);
  announceJoin(chat, context, session, { side, account }, isRespelt ? roomsOf(chat, session) : rooms);
}
