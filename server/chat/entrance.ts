/** Entering the chat as a guest or with an account, registering, and leaving. */
import {
  type Answer,
  type Authenticate,
  DEFAULT_LIMITS,
  type Logout,
  MIN_PASSWORD,
  nameKey,
  ok,
  type Presence,
  quote,
  type Register,
  type Resume,
} from "../../jim/mod.ts";
import type { AccountRecord } from "../journal/records.ts";
import type { Account, Chat } from "./chat.ts";
import { guestSide } from "../journal/conversation.ts";
import { isDefaultName } from "./lookalike.ts";
import { suggestField } from "./suggestions.ts";
import { sendMissed } from "./history.ts";
import {
  banDetails,
  deny,
  denyLogged,
  denyNotStored,
  exceedsCreationLimit,
  isMuted,
  roleOf,
  withRemarks,
} from "./replies.ts";
import { announceJoin, announceLeave, newRooms, roomsOf } from "./room_notices.ts";
import { endRecord } from "./session_tokens.ts";
import { disconnectHolders, issueToken, useToken } from "./token_use.ts";
import type { RequestContext } from "./effects.ts";
import type { Job, JobResult } from "./jobs.ts";
import type { Session } from "./session.ts";

const GOODBYE = "goodbye";

export function presence<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Presence,
): void {
  const { status } = request.user, asked = request.user.account_name ?? session.name;
  if (asked === undefined) return denyLogged(context, session, undefined, 400, "noname", suggestField(context));
  if (!refreshAndCheck(chat, context, session) || isBanned(chat, context, session, asked)) return;
  const { account } = session;
  if (account !== undefined) {
    if (nameKey(asked) !== account.key) {
      return denyLogged(context, session, asked, 401, "account", { got: quote(account.name) });
    }
  } else if (!mayUseGuestName(chat, context, session, asked)) return;
  const name = account?.name ?? asked;
  const words = session.name === undefined ? `welcome, ${name}` : name === session.name ? "ok" : `you are ${name} now`;
  enter(chat, context, session, request, asked, account, withRemarks(context, words, request.time), status);
}

export function authenticate<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Authenticate,
): void {
  const { account_name: name, password } = request.user;
  if (!refreshAndCheck(chat, context, session) || isBanned(chat, context, session, name)) return;
  const known = chat.account(name);
  if (known === undefined && chat.rules.guests) {
    const { account } = session;
    if (account !== undefined) return denyLogged(context, session, name, 401, "account", { got: quote(account.name) });
    if (!mayUseGuestName(chat, context, session, name)) return;
    const words = withRemarks(
      context,
      `welcome, ${name}; the name is not registered, so anybody may use it`,
      request.time,
    );
    return enter(chat, context, session, request, name, undefined, words, "");
  }
  const check = { kind: "check", password, name, account: known?.id } as const, revision = known?.revision;
  afterWait(chat, context, session, name, check, (context, right) => {
    const account = known === undefined ? undefined : chat.state.accountById(known.id);
    if (!right || account === undefined || account.revision !== revision) {
      return denyLogged(context, session, name, 402, "login", { got: quote(name) });
    }
    if (!mayConnect(chat, context, session, account)) return;
    context.effects.logLogin(session, `logs in to ${quote(account.name)}`);
    withToken(chat, context, session, account, request, (context, token) => {
      enter(
        chat,
        context,
        session,
        request,
        name,
        account,
        withRemarks(context, `welcome, ${account.name}`, request.time),
        "",
        200,
        token,
      );
      if (!session.isInputDone) sendMissed(chat, context, session);
    });
  });
}

/**
 * Logs in with a session token. A valid one is answered at once, so that a flood of invalid ones delays no login. An
 * invalid one waits in the queue of passwords, and is charged to its network.
 */
export function resume<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Resume,
): void {
  if (!refreshAndCheck(chat, context, session)) return;
  const token = chat.tokens.find(request.token, context.now);
  if (isBanned(chat, context, session, token?.account.name)) return;
  if (token === undefined) return refuseToken(context, session);
  const { account } = token;
  if (!mayConnect(chat, context, session, account)) return;
  context.effects.logLogin(session, `logs in to ${quote(account.name)} by a session token`);
  useToken(chat, context, session, token);
  enter(
    chat,
    context,
    session,
    request,
    undefined,
    account,
    withRemarks(context, `welcome, ${account.name}`, request.time),
    "",
  );
  if (!session.isInputDone) sendMissed(chat, context, session);
}

/** Ends a session token, and closes the connections that logged in with it. */
export function logout<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Logout,
): void {
  const token = request.token === undefined
    ? chat.tokens.heldBy(session)
    : chat.tokens.find(request.token, context.now);
  if (token === undefined && request.token !== undefined) return refuseToken(context, session);
  if (token === undefined) return quit(context, session, withRemarks(context, GOODBYE, request.time));
  context.effects.propose(session, endRecord(token), (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    quit(context, session, withRemarks(context, GOODBYE, request.time));
    disconnectHolders(chat, context, token, session);
  });
}

/** Registers a guest. It keeps its rooms and contacts, and its private history under each name of this connection. */
export function register<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Register,
): void {
  const { account_name: name, password } = request.user;
  if (!chat.rules.registration) return denyLogged(context, session, name, 403, "closed");
  if (isMuted(chat, context, session, "user.account_name")) return;
  if (
    !refreshAndCheck(chat, context, session) || isBanned(chat, context, session, name) ||
    !mayRegister(chat, context, session, name)
  ) return;
  if ([...password].length < MIN_PASSWORD) {
    return denyLogged(context, session, name, 400, "password", { limit: MIN_PASSWORD });
  }
  if (exceedsCreationLimit(context, session, "account", name)) return;
  afterWait(chat, context, session, name, { kind: "hash", password, name }, (context, hash) => {
    // The peer may have closed. TCP tells a half-close from a close only when something is written.
    if (session.isInputDone) return deny(context, session, 400, "ended");
    if (!mayRegister(chat, context, session, name)) return; // the name may have been taken during the hash
    // This checks every guest, so it runs only after the sender has paid for a hash.
    if (chat.guestsLike(name).some((each) => each !== session)) {
      return denyLogged(context, session, name, 409, "taken", { got: quote(name) });
    }
    if (exceedsCreationLimit(context, session, "account", name)) return; // several attempts of one network may have been hashed meanwhile
    context.effects.countCreation("account", session);
    context.effects.propose(session, accountOf(chat, context, session, name, hash), (context, outcome) => {
      if (outcome === "failed") return denyNotStored(context, session);
      if (outcome === "lost" || outcome.kind !== "registered") {
        return denyLogged(context, session, name, 409, "taken", { got: quote(name) });
      }
      const { account } = outcome;
      context.effects.logLogin(session, `registers ${quote(name)}`);
      withToken(chat, context, session, account, request, (context, token) => {
        enter(
          chat,
          context,
          session,
          request,
          name,
          account,
          withRemarks(context, `created; welcome, ${name}`, request.time),
          "",
          201,
          token,
        );
      });
    });
  });
}

/** The record of a new account, with the rooms and contacts of the guest. */
function accountOf<S extends Session>(
  chat: Chat<S>,
  { effects }: RequestContext<S>,
  session: S,
  name: string,
  password: string,
): AccountRecord {
  return {
    kind: "account",
    name,
    password,
    operator: false,
    seen: effects.lastId, // earlier messages were not sent to it
    guestPeriods: chat.guestPeriods(session),
    rooms: [...session.rooms ?? []].map(([room, spelling]) => ({ room: room.id, spelling })),
    contacts: [...session.contacts?.values() ?? []],
  };
}

export function quit<S extends Session>({ effects, now }: RequestContext<S>, session: S, words = GOODBYE): void {
  effects.answer(session, ok(now, 200, words));
  effects.disconnect(session, "quits");
}

/** Removes a session when its connection closes, and tells others. */
export function leaveChat<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S): void {
  const { side, account } = session, name = side === undefined ? undefined : chat.shownName(side);
  const rooms = roomsOf(chat, session);
  chat.leave(session, context.effects.lastId);
  if (name === undefined) return;
  if (chat.sessionsOf(side!).size === 0) announce(chat, context, session, { name, account }, "offline");
  else announceLeave(chat, context, session, { side: side!, account }, rooms);
}

/**
 * Applies changes of other programs. Returns false if that has removed the session from the chat: its account was
 * removed, or its name has become another's.
 *
 * @param age milliseconds: does nothing if it was called less than so long ago
 */
export function refreshAndCheck<S extends Session>(
  chat: Chat<S>,
  { effects }: RequestContext<S>,
  session: S,
  age = 0,
): boolean {
  effects.refreshState(age);
  return session.side === undefined || chat.sessionsOf(session.side).has(session);
}

/**
 * Runs a job for a login or registration. The wait may be long, so changes of other programs are applied and bans are
 * checked again after it. `then` checks what else it relies on. It is not called for a closing connection.
 */
function afterWait<S extends Session, K extends "check" | "hash">(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  job: Extract<Job, { kind: K }>,
  then: (context: RequestContext<S>, found: JobResult[K]) => void,
): void {
  const { typo } = context;
  context.effects.startJob<K>(session, job, (later, found) => {
    const context = typo === undefined ? later : { ...later, typo };
    if (!refreshAndCheck(chat, context, session) || isBanned(chat, context, session, name)) return;
    if (found === undefined) return deny(context, session, 500, "store");
    then(context, found);
  });
}

/**
 * Enters the chat, as a guest or with an account, and answers the request.
 *
 * @param features the features that the request names
 * @param asked the name as the request spells it, if it does; an account keeps its own spelling
 */
function enter<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { features = [] }: Pick<Presence, "features">,
  asked: string | undefined,
  account: Account | undefined,
  words: string,
  status: string,
  code = 200,
  token?: string,
): void {
  const name = account?.name ?? asked!, respelt = name === asked ? {} : { account_name: name };
  const given = token === undefined ? {} : { token };
  const answer = {
    ...ok(context.now, code, words),
    jim: 1,
    role: roleOf(account),
    ...respelt,
    ...given,
    ...features.includes("rules") || chat.features.has(session, "rules") ? rulesOf(chat) : {},
  } as const;
  if (session.isInputDone) return context.effects.answer(session, answer); // it would enter only to leave
  const before = session.name, left = session.side, side = account?.side ?? guestSide(name);
  const isNew = before !== name || session.account !== account;
  const [leftAs, thereAs] = [left, side].map((each) => each === undefined ? undefined : chat.shownName(each));
  const { account: leftBy } = session;
  const leftRooms = isNew ? roomsOf(chat, session) : [],
    rooms = isNew ? newRooms(chat, session, { side, account }) : [];
  if (isNew) chat.enter(session, name, account, context.effects.lastId);
  if (chat.state.ban("mute", name, context.now) !== undefined) session.mutedKey = nameKey(name);
  context.effects.answer(session, answer);
  if (isNew) {
    context.effects.updateSubscription(session);
    // A bare program would take a notice for an answer.
    if (before === undefined && chat.state.motd !== "" && !session.bare) {
      context.effects.answer(session, ok(context.now, 100, chat.state.motd));
    }
    if (leftAs !== undefined && chat.shownName(left!) !== leftAs) {
      announce(chat, context, session, { name: leftAs, account: leftBy }, "offline");
    }
    if (left !== undefined && left !== side) {
      announceLeave(chat, context, session, { side: left, account: leftBy }, leftRooms);
    }
    const isRespelt = chat.shownName(side) !== thereAs;
    const shownStatus = chat.muteOf(session, context.now) === undefined ? status : "";
    if (isRespelt) announce(chat, context, session, { name, account }, "online", shownStatus);
    announceJoin(chat, context, session, { side, account }, isRespelt ? roomsOf(chat, session) : rooms);
  }
  if (features.length === 0) return;
  chat.features.add(session, features); // last, so that it gets no notice about itself
  context.effects.updateSubscription(session); // its messages may need other answers now
}

/** The rules, as an answer shows them. */
function rulesOf<S extends Session>({ rules: { registration, guests } }: Chat<S>): Pick<Answer, "rules"> {
  return { rules: { registration, guests } };
}

/** Whether an account may have another connection; refuses it if not. */
function mayConnect<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { name, side }: Account,
): boolean {
  const others = [...chat.sessionsOf(side)].filter((each) => each !== session).length, limit = chat.rules.devices;
  if (others >= limit) denyLogged(context, session, name, 409, "devices", { got: quote(name), limit });
  return others < limit;
}

/**
 * Issues a session token if the request asks for one, and goes on. The limit of devices is checked again when the
 * token is stored.
 */
function withToken<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  account: Account,
  { token: isAsked }: Pick<Authenticate, "token">,
  then: (context: RequestContext<S>, token: string | undefined) => void,
): void {
  if (isAsked) {
    return issueToken(chat, context, session, account, (context, token) => {
      if (mayConnect(chat, context, session, account)) then(context, token);
    });
  }
  chat.tokens.setHeld(session, undefined);
  then(context, undefined);
}

/** Refuses a session token, as late as a wrong password is refused. */
function refuseToken<S extends Session>(context: RequestContext<S>, session: S): void {
  context.effects.startJob(
    session,
    { kind: "guess" },
    (context) => denyLogged(context, session, undefined, 401, "session"),
  );
}

/** Whether the name, if there is one, or the address is banned; refuses the request if so. */
function isBanned<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string | undefined,
): boolean {
  const ban = (name === undefined ? undefined : chat.state.ban("name", name, context.now)) ??
    chat.state.ban("address", session.host, context.now);
  if (ban !== undefined) denyLogged(context, session, name, 403, "banned", banDetails(ban));
  return ban !== undefined;
}

/** Whether a guest may use a name; refuses the request if not. */
function mayUseGuestName<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
): boolean {
  const got = quote(name), like = chat.state.lookalike(name);
  if (chat.account(name) !== undefined) denyLogged(context, session, name, 401, "reserved", { got });
  else if (!chat.rules.guests) denyLogged(context, session, name, 401, "members", { got });
  else if (looksLikeARoom(name)) {
    denyLogged(context, session, name, 400, "name", { at: "user.account_name", got, limit: DEFAULT_LIMITS.name });
  } else if (like !== undefined) denyLogged(context, session, name, 401, "lookalike", { got, like: quote(like.name) });
  else return true;
  return false;
}

/** A `#` of another width or shape, as in `＃all` or `＃server`. */
function looksLikeARoom(name: string): boolean {
  return name.normalize("NFKC").startsWith("#");
}

/**
 * Whether a session may register a name; refuses the request if not. A name is taken by an account, or by a connected
 * guest, who would lose it.
 */
function mayRegister<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S, name: string): boolean {
  const got = quote(name), like = chat.state.lookalike(name);
  if (session.account !== undefined) {
    denyLogged(context, session, name, 409, "account", { got: quote(session.account.name) });
  } else if (chat.account(name) !== undefined) denyLogged(context, session, name, 409, "taken", { got });
  else if (looksLikeARoom(name)) {
    denyLogged(context, session, name, 400, "name", { at: "user.account_name", got, limit: DEFAULT_LIMITS.name });
  } else if (isDefaultName(name)) denyLogged(context, session, name, 403, "default", { got });
  else if ([...chat.sessionsNamed(name)].some((each) => each !== session)) {
    denyLogged(context, session, name, 409, "taken", { got });
  } else if (like !== undefined) denyLogged(context, session, name, 409, "lookalike", { got, like: quote(like.name) });
  else return true;
  return false;
}

/** Announces a presence to the watchers. A status is free text, and is never taken for the state itself. */
export function announce<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  session: S,
  { name, account }: { readonly name: string; readonly account: Account | undefined },
  state: "online" | "offline",
  text = "",
): void {
  const status = text === "" || nameKey(text) === "offline" ? state : text;
  const user = { account_name: name, status };
  const notice = { action: "presence", time: now, type: "status", user, state, role: roleOf(account) };
  effects.announce(session, chat.features.all("watch"), notice);
}
