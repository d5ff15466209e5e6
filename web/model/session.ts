/**
 * Coming in, by a name that anybody may take or by one that is proved, and going; and coming in again after every break
 * of the connection, which is no going.
 * @module
 */
import { FEATURES } from "../../jim/features.ts";
import { COMMON_ROOM } from "../../jim/message.ts";
import type { Fields } from "../../client/protocol/fields.ts";
import { NOTHING_PENDING } from "../../client/protocol/pending.ts";
import { isRoom, withUnknownFate } from "../conversation.ts";
import { deferPending, sendDeferred } from "./deferred.ts";
import { finishCatchUp } from "./catch_up.ts";
import { orderUnanswered, requestBans } from "./moderation.ts";
import { resume } from "./history.ts";
import { joinRoom, requestPeople } from "./conversations.ts";
import { type Credentials, hasServerHistory, type LoginMethod, newState } from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";
import { countUnsent, undoLastRefusal } from "./outgoing.ts";

/** Somebody wants to come in. */
export function startLogin(step: Step, me: Credentials): void {
  const { state } = step;
  // Another name has other conversations.
  if (state.me !== undefined && state.me.name !== me.name) {
    Object.assign(state, newState(state.timeSuffix, state.ignored));
  }
  state.me = me;
  state.stage = "entering";
  state.refusal = undefined;
  state.isLoginOver = false;
  state.unsent = 0;
  step.effects.push({ do: "connect" });
}

/** The connection is there: says who we are. */
export function sendLogin(step: Step): void {
  const { state } = step;
  const { name, method, password, token } = state.me!;
  dropPending(step);
  state.lastUnsolicited = undefined;
  if (method === "guest") sendRequest(step, { ask: "login", method }, presence(name));
  else if (method === "register") sendRequest(step, { ask: "login", method }, registration(name, password));
  else if (token !== undefined) sendRequest(step, { ask: "login", method, token }, { action: "authenticate", token });
  else {
    const user = { account_name: name, password };
    sendRequest(step, { ask: "login", method }, { action: "authenticate", user, token: true });
  }
}

/** The server has let us in, and may have given us a token. */
export function loginAccepted(step: Step, method: LoginMethod, token: string | undefined): void {
  const { state } = step;
  state.stage = "in";
  keepToken(step, token);
  if (method === "guest") return becomeReady(step, false);
  if (method === "register") state.me = { ...state.me!, method: "login" };
  sendRequest(step, { ask: "presence" }, presence(undefined));
  if (method === "register" || state.me!.token !== undefined) return becomeReady(step, true);
  // Who logs in by a name that is nobody's is let in as a guest; only an account may ask for this.
  sendRequest(step, { ask: "account" }, { action: "history", with: state.me!.name, limit: 1 });
}

/** It is known what we are. */
export function becomeReady(step: Step, account: boolean): void {
  const { state } = step;
  state.isReady = true;
  state.hasAccount = account;
  sendDeferred(step);
  resume(step);
  sendRequest(step, { ask: "rooms" }, { action: "rooms" });
  sendRequest(step, { ask: "people", room: undefined }, { action: "who_online" });
  if (account) sendRequest(step, { ask: "contacts" }, { action: "get_contacts" });
  requestBans(step);
  for (const { key } of state.conversations.values()) {
    if (isRoom(key) && key !== COMMON_ROOM) joinRoom(step, key);
    else if (!hasServerHistory(state, key)) finishCatchUp(step, key, {});
  }
  if (isRoom(state.open) && state.open !== COMMON_ROOM) requestPeople(step);
}

/**
 * The name is an account now, and the next connection logs in. An account may be in other rooms than the guest was: so what
 * is open is joined again, and caught up with as after a break.
 */
export function accountRegistered(step: Step, password: string, token: string | undefined): void {
  const { state } = step;
  state.me = { ...state.me!, method: "login", password };
  keepToken(step, token);
  interruptConversations(step);
  becomeReady(step, true);
}

/** Keeps the session token, which replaces the password from now on. */
function keepToken({ state, effects }: Step, token: string | undefined): void {
  if (token === undefined) return;
  const { isThisTabOnly, ...me } = state.me!;
  state.me = { ...me, password: "", token };
  if (isThisTabOnly !== true) effects.push({ do: "saveLogin", name: me.name, token });
}

/** The server refuses our session token, which has ended. All else is kept for the next login. */
export function tokenRefused(step: Step, token: string, refusal: string): void {
  const { state } = step;
  step.effects.push({ do: "removeLogin", token });
  leave(step, refusal);
  state.me = { name: state.me!.name, method: "login", password: "" };
  state.isLoginOver = true;
}

/** The connection is gone. */
export function disconnected(step: Step): void {
  const { state } = step;
  undoLastRefusal(step);
  dropPending(step);
  // Put out, or kept out: to come again at once would be rude, and of no use.
  if (state.lastUnsolicited?.code === 403) leave(step, state.lastUnsolicited.words);
}

/** Out of the chat: by the reader's own wish, or with the server's refusal. */
export function leave(step: Step, refusal: string | undefined): void {
  const { state, effects, now } = step;
  // A login that is cancelled before its answer ends no token.
  const token = refusal === undefined && state.stage === "in" ? state.me?.token : undefined;
  const logout = { action: "logout", token, time: Math.floor(now) / 1000 };
  if (state.isReady) effects.push({ do: "send", object: token === undefined ? { action: "quit" } : logout });
  if (token !== undefined) effects.push({ do: "removeLogin", token });
  effects.push({ do: state.isReady ? "closeGracefully" : "disconnect" });
  dropPending(step);
  // Who did not want to go finds all as it was on coming in again by the same name.
  if (refusal === undefined) {
    Object.assign(state, { ...newState(state.timeSuffix, state.ignored), unsent: countUnsent(state) });
  }
  state.stage = "out";
  state.refusal = refusal;
}

/** No answer will come, and from now on something may be missed. */
function dropPending(step: Step): void {
  const { state } = step;
  deferPending(step);
  orderUnanswered(step);
  Object.assign(state, { pending: NOTHING_PENDING, isReady: false, lastRefused: undefined });
  for (const { key, outgoing } of state.conversations.values()) {
    changeConversation(step, key, { outgoing: withUnknownFate(outgoing) });
  }
  interruptConversations(step);
}

/** In each conversation something may be missed, until it is caught up with. */
function interruptConversations(step: Step): void {
  for (const { key, oldSegment } of step.state.conversations.values()) {
    const isMember = key === COMMON_ROOM || !isRoom(key);
    changeConversation(step, key, {
      live: false,
      isLoading: false,
      isMember,
      oldSegment: oldSegment && { ...oldSegment, isLoading: false },
    });
  }
}

function presence(name: string | undefined): Fields {
  const user = name === undefined ? {} : { user: { account_name: name, status: "" } };
  return { action: "presence", ...user, features: FEATURES };
}

function registration(account_name: string, password: string): Fields {
  return { action: "register", user: { account_name, password }, token: true };
}
