/** Entering the chat as a guest or with an account, or with another name: the answer, and the notices to others. */
import { type Answer, type Feature, nameKey, ok, quote } from "../../jim/mod.ts";
import { guestSide } from "../journal/conversation.ts";
import { isBanned, mayConnect, mayUseGuestName } from "./admission.ts";
import type { Account, Chat } from "./chat.ts";
import { announceChange } from "./presence_notices.ts";
import { renameGuests } from "./rename_guests.ts";
import { deny, denyLogged, denyNotStored, revoked, roleOf } from "./answers.ts";
import type { RequestContext } from "./effects.ts";
import type { PresenceChange } from "./presence_changes.ts";
import type { RemoteSession } from "./present_side.ts";
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

/**
 * Enters the chat, and answers the request.
 *
 * @param then called when the session has entered; not if an earlier answer said so, and not if its input is done: it would enter
 *   only to leave. `elsewhere`: the sessions of its side that other servers had before, and that read messages
 */
export function enter<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  entry: Entry,
  then?: (context: RequestContext<S>, elsewhere: readonly RemoteSession[]) => void,
): void {
  const { account, asked } = entry, name = account?.name ?? asked!;
  if (session.isInputDone) return context.effects.answer(session, answerOf(chat, context, session, name, entry));
  const isNew = session.name !== name || session.account !== account;
  if (isNew) return proposeEntrance(chat, context, session, name, entry, then);
  welcome(chat, context, session, name, entry);
  if (then === undefined || !chat.lateReplays.takeDoubt(session)) return;
  then(context, chat.roster.readersElsewhere(session.side!)); // it has entered behind an answer that this was not known
}

/**
 * The record has lost if something has changed since it was proposed: the checks are repeated, and perhaps the proposal. With
 * an embedded journal that does not happen.
 */
function proposeEntrance<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  entry: Entry,
  then: ((context: RequestContext<S>, elsewhere: readonly RemoteSession[]) => void) | undefined,
  password = entry.account?.passwordSince,
): void {
  const { now } = context, { account } = entry, isFirst = session.name === undefined;
  const isMuted = (chat.muteOf(session, now) ?? chat.state.ban("mute", name, now)) !== undefined;
  const record = chat.entrance(session, name, account, isMuted ? "" : entry.status);
  context.effects.propose(session, record, (context, outcome) => {
    // A server that the others have taken for gone has no sessions until it is up again, about a second later.
    const isUp = chat.roster.isUp;
    if (outcome === "lost" && isUp && mayStillEnter(chat, context, session, name, account, password)) {
      context.effects.record(chat.departuresOf(account?.side ?? guestSide(name)));
      return proposeEntrance(chat, context, session, name, entry, then, password);
    }
    chat.noteRegistrant(session, false);
    if (outcome === "lost" && !isUp) deny(context, session, 503, "unready");
    if (outcome === "failed") {
      if (account !== undefined && context.effects.failureReason === "undecided") chat.lateReplays.doubt(session);
      denyNotStored(context, session);
    }
    if (typeof outcome !== "string" && outcome.kind === "presence") {
      chat.lateReplays.takeDoubt(session);
      welcome(chat, context, session, name, entry, outcome, isFirst);
      then?.(context, outcome.now?.elsewhere ?? []);
    } else if (account !== undefined && session.account === undefined) renameGuests(chat, context, account); // it has registered
  });
}

/** Whether a session may enter after its record has lost; refuses the request if not. */
function mayStillEnter<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  account: Account | undefined,
  password: number | undefined,
): boolean {
  if (account === undefined) return mayUseGuestName(chat, context, session, name);
  if (chat.state.accountById(account.id) === account && account.passwordSince === password) {
    return mayConnect(chat, context, session, account);
  }
  denyLogged(context, session, name, 402, "login", { got: quote(name) });
  return false;
}

/**
 * Answers a session that is in the chat.
 *
 * @param change what others see of that; undefined if it had this name before
 * @param isFirst it had no name before
 */
function welcome<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  entry: Entry,
  change?: PresenceChange,
  isFirst = false,
): void {
  const { effects, now } = context, { features = [] } = entry;
  if (!mayStay(chat, context, session, name, change)) return;
  effects.answer(session, answerOf(chat, context, session, name, entry));
  if (change !== undefined) {
    effects.updateSubscription(session);
    // A bare program would take a notice for an answer.
    if (isFirst && chat.state.motd !== "" && !session.bare) effects.answer(session, ok(now, 100, chat.state.motd));
    announceChange(chat, context, change);
  }
  if (features.length > 0) {
    chat.features.add(session, features); // last, so that it gets no notice about itself
    effects.updateSubscription(session); // its messages may need other answers now
  }
  if (session.account !== undefined && chat.features.has(session, "read")) chat.reads.begin(session.account);
}

/**
 * Notes a mute of the name under which a session has entered. Returns false, and closes it, if its name or address was banned since
 * that was proposed, or the token that it has logged in with has ended.
 */
export function mayStay<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  change: PresenceChange | undefined,
): boolean {
  if (chat.state.ban("mute", name, context.now) !== undefined) session.mutedKey = nameKey(name);
  if (change === undefined) return true;
  const isPutOut = isBanned(chat, context, session, name);
  if (!isPutOut && !chat.tokens.hasEnded(session)) return true;
  announceChange(chat, context, change);
  if (isPutOut) context.effects.disconnect(session, "is put out");
  else context.effects.refuseAndClose(session, revoked(session.account));
  return false;
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
    ...features.includes("files") ? { file_limit: chat.rules.files?.limit ?? 0 } : {},
  };
}

/** The rules, as an answer shows them. */
function rulesOf<S extends Session>({ rules: { registration, guests } }: Chat<S>): Pick<Answer, "rules"> {
  return { rules: { registration, guests } };
}
