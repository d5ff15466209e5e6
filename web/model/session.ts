/** Logs in as a guest or with an account, logs in again after every failure of the connection, and logs out. @module */
import { UNDERSTOOD } from "../../client/protocol/understood.ts";
import { COMMON_ROOM } from "../../jim/message.ts";
import { nameKey } from "../../jim/name.ts";
import type { Fields } from "../../jim/client/fields.ts";
import { NOTHING_PENDING } from "../../jim/client/pending.ts";
import { isRoom, withUnknownFate } from "../conversation.ts";
import { changeUnanswered } from "./changes.ts";
import { deferPending, sendDeferred } from "./deferred.ts";
import { finishCatchUp } from "./catch_up.ts";
import { orderUnanswered, requestBans, resumeGreeting } from "./moderation.ts";
import { resume } from "./history.ts";
import { countAlone, requestUnread } from "./read_marks.ts";
import { queriesUnanswered } from "./queries.ts";
import { resumeDetails, roomOrdersUnanswered } from "./rooms.ts";
import { rejoinRoom, requestPeople } from "./conversations.ts";
import { type Credentials, hasServerHistory, type LoginMethod, newState } from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";
import { countUnsent, undoLastRefusal } from "./outgoing.ts";
import { statusUnanswered } from "./status.ts";
import { cancelUploads, uploadsUnanswered } from "./uploads.ts";

/** The user enters a name. */
export function startLogin(step: Step, me: Credentials): void {
  const { state } = step;
  // Another name has other conversations.
  if (state.me !== undefined && !isSameUser(state, me)) {
    cancelUploads(step, state.uploads);
    Object.assign(state, newState(state.timeSuffix, state.ignored));
  }
  state.me = me;
  state.stage = "entering";
  state.refusal = undefined;
  state.isLoginOver = false;
  state.needsNewPassword = false;
  state.unsent = 0;
  step.effects.push({ do: "connect" });
}

/** An account has its name in any spelling. */
function isSameUser({ me: before, hasAccount }: Step["state"], { name, method }: Credentials): boolean {
  if (before?.name === name) return true;
  return hasAccount && method === "login" && nameKey(before?.name ?? "") === nameKey(name);
}

/** The connection is open: sends the name and its proof. */
export function sendLogin(step: Step): void {
  const { state } = step;
  const { name, method, password, newPassword, token } = state.me!;
  dropPending(step);
  state.lastUnsolicited = undefined;
  if (method === "guest") sendRequest(step, { ask: "login", method }, presence(name));
  else if (method === "register") {
    sendRequest(step, { ask: "login", method }, { ...registration(name, password), ...deviceIn(state) });
  } else if (token !== undefined) sendRequest(step, { ask: "login", method, token }, { action: "authenticate", token });
  else {
    const fresh = newPassword === undefined ? {} : { new_password: newPassword };
    const login = { action: "authenticate", user: { account_name: name, password }, ...fresh, token: true };
    sendRequest(step, { ask: "login", method }, { ...login, ...deviceIn(state) });
  }
}

/** The name of the device for a new session. */
function deviceIn({ device }: Step["state"]): Fields {
  return device === undefined ? {} : { device };
}

/** The server accepts the login, and may send a session token. */
export function loginAccepted(step: Step, method: LoginMethod, token: string | undefined): void {
  const { state } = step;
  state.stage = "in";
  useNewPassword(step);
  keepToken(step, token);
  if (method === "guest") return becomeReady(step, false);
  state.isUncounted = true;
  if (method === "register") state.me = { ...state.me!, method: "login" };
  sendRequest(step, { ask: "presence" }, presence(undefined));
  if (method === "register" || state.me!.token !== undefined) return becomeReady(step, true);
  // A login by a name without an account is accepted as a guest; only an account may send this request.
  sendRequest(step, { ask: "account" }, { action: "history", with: state.me!.name, limit: 1 });
}

/** The server asks for a password of the user's own. Everything else is kept for the next login. */
export function oneTimeRefused(step: Step): void {
  leave(step, "");
  step.state.needsNewPassword = true;
}

/** An answer that was lost may have set the new password: the login is tried with that one. Returns whether it is. */
export function retryWithNewPassword(step: Step): boolean {
  if (!useNewPassword(step)) return false;
  sendLogin(step);
  return true;
}

function useNewPassword({ state }: Step): boolean {
  const { newPassword, ...me } = state.me!;
  if (newPassword === undefined) return false;
  state.me = { ...me, password: newPassword };
  return true;
}

/**
 * The server has said whether the name is an account: sends everything that waits.
 *
 * @param isNew the account was registered just now
 */
export function becomeReady(step: Step, account: boolean, isNew = false): void {
  const { state } = step;
  state.isReady = true;
  state.hasAccount = account;
  sendDeferred(step);
  resume(step);
  sendRequest(step, { ask: "rooms", isLogin: true }, { action: "rooms" });
  sendRequest(step, { ask: "people", room: undefined }, { action: "who_online" });
  if (account) {
    sendRequest(step, { ask: "contacts" }, { action: "get_contacts" });
    requestUnread(step); // before the first page of the past, which it tells apart into read and unread
  } else countAlone(step);
  requestBans(step);
  resumeGreeting(step);
  resumeSessions(step);
  for (const { key, wasMember } of state.conversations.values()) {
    if (isRoom(key) && key !== COMMON_ROOM) {
      // Whether an account is in its rooms still, the list of rooms says.
      if (!account || isNew || !wasMember) rejoinRoom(step, key);
    } else if (!hasServerHistory(state, key)) finishCatchUp(step, key);
  }
  if (isRoom(state.open) && state.open !== COMMON_ROOM) requestPeople(step);
  resumeDetails(step); // a guest is in the rooms again
}

/**
 * The name is an account from now on, and the next connection logs in. An account may be in other rooms than the guest
 * was. So the open conversations are joined and read again, as after a failure.
 */
export function accountRegistered(step: Step, password: string, token: string | undefined): void {
  const { state } = step;
  state.me = { ...state.me!, method: "login", password };
  state.isUncounted = true;
  keepToken(step, token);
  interruptConversations(step);
  becomeReady(step, true, true);
}

/** Keeps the session token, which replaces the password from now on. */
export function keepToken({ state, effects }: Step, token: string | undefined): void {
  if (token === undefined) return;
  const { isThisTabOnly, ...me } = state.me!;
  state.me = { ...me, password: "", token };
  if (isThisTabOnly !== true) effects.push({ do: "saveLogin", name: me.name, token });
}

/** The server refuses the session token. Everything else is kept for the next login. */
export function tokenRefused(step: Step, token: string, refusal: string): void {
  const { state } = step;
  step.effects.push({ do: "removeLogin", token });
  leave(step, refusal);
  state.me = { name: state.me!.name, method: "login", password: "" };
  state.isLoginOver = true;
}

/**
 * The server stops, and others of the chat go on: what was sent is answered first, so that nothing has an unknown fate. The
 * server closes after the quit, and the page connects to the next one.
 */
export function leaveServer(step: Step): void {
  const { state, effects } = step, { asked, list } = state.pending;
  state.isReady = false;
  if (asked.length > 0 || list !== undefined) return;
  state.isLeaving = false;
  effects.push({ do: "send", object: { action: "quit" } });
}

/** The server cannot do what each login needs, and may be able to in a while: nothing more is sent until the next connection. */
export function tryLater({ state, effects }: Step): void {
  state.isReady = false;
  effects.push({ do: "retry" });
}

/** The connection is gone. */
export function disconnected(step: Step): void {
  const { state } = step;
  undoLastRefusal(step);
  dropPending(step);
  // Kicked or banned: another attempt would be refused as well.
  if (state.lastUnsolicited?.code === 403) leave(step, state.lastUnsolicited.words);
}

/** Leaves the chat: at the user's request, or with the server's refusal. */
export function leave(step: Step, refusal: string | undefined): void {
  const { state, effects, now } = step;
  // A login that is cancelled before its answer ends no token.
  const token = refusal === undefined && state.stage === "in" ? state.me?.token : undefined;
  const logout = { action: "logout", token, time: Math.floor(now) / 1000 };
  if (state.isReady) effects.push({ do: "send", object: token === undefined ? { action: "quit" } : logout });
  if (token !== undefined) effects.push({ do: "removeLogin", token });
  effects.push({ do: state.isReady ? "closeGracefully" : "disconnect" });
  dropPending(step);
  // After a refusal, the next login by the same name finds everything as it was.
  if (refusal === undefined) {
    cancelUploads(step, state.uploads);
    Object.assign(state, { ...newState(state.timeSuffix, state.ignored), unsent: countUnsent(state) });
  }
  state.stage = "out";
  state.refusal = refusal;
}

/** No answer will come, and messages may be missed from now on. */
function dropPending(step: Step): void {
  const { state } = step;
  deferPending(step);
  uploadsUnanswered(step);
  queriesUnanswered(step);
  orderUnanswered(step);
  roomOrdersUnanswered(step);
  statusUnanswered(step);
  accountUnanswered(step);
  changeUnanswered(step);
  Object.assign(state, {
    pending: NOTHING_PENDING,
    isReady: false,
    isLeaving: false,
    latestChanges: [],
    joinAgain: new Map(),
    lastRefused: undefined,
    hasMarks: false,
    isUncounted: false,
    hasNoTyping: false,
    writers: new Map(),
    told: undefined,
  });
  for (const { key, outgoing } of state.conversations.values()) {
    changeConversation(step, key, { outgoing: withUnknownFate(outgoing) });
  }
  interruptConversations(step);
}

/** What was asked for the own account may be done, or not. */
function accountUnanswered({ state }: Step): void {
  const { sessions, last } = state.ownAccount ?? {};
  if (last?.state === "asked") {
    state.ownAccount = { sessions, last: { action: last.action, state: "refused", why: "offline" } };
  }
}

/** Requests the sessions of the account for its open settings, if they were not there to be had before. */
function resumeSessions(step: Step): void {
  const { hasAccount, ownAccount } = step.state;
  if (!hasAccount || ownAccount === undefined || ownAccount.sessions !== undefined) return;
  sendRequest(step, { ask: "ownAccount", request: { action: "sessions" } }, { action: "sessions" });
}

/** Each conversation may miss messages until it has caught up. */
function interruptConversations(step: Step): void {
  const { state } = step;
  for (const { key, oldSegment, isMember: isIn, wasMember, upTo, early } of state.conversations.values()) {
    const isMember = key === COMMON_ROOM || !isRoom(key);
    changeConversation(step, key, {
      live: false,
      // The latest page, with which a conversation begins, has messages as they are: changes from before it would undo later ones.
      early: upTo === undefined && hasServerHistory(state, key) ? [] : early,
      isLoading: false,
      isMember,
      wasMember: wasMember || isIn,
      oldSegment: oldSegment && { ...oldSegment, isLoading: false },
    });
  }
}

function presence(name: string | undefined): Fields {
  const user = name === undefined ? {} : { user: { account_name: name, status: "" } };
  return { action: "presence", ...user, features: UNDERSTOOD };
}

function registration(account_name: string, password: string): Fields {
  return { action: "register", user: { account_name, password }, token: true };
}
