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
import { askDeferred, deferAsked } from "./deferred.ts";
import { finish } from "./keeping_up.ts";
import { askBans, breakOrder } from "./moderation.ts";
import { goOn } from "./past.ts";
import { join, who } from "./places.ts";
import { isKept, type Me, newState, type Way } from "./state.ts";
import { ask, change, type Turn } from "./turn.ts";
import { doubt, unsent } from "./waiting.ts";

/** Somebody wants to come in. */
export function enter(turn: Turn, me: Me): void {
  const { state } = turn;
  // Another name has other conversations.
  if (state.me !== undefined && state.me.name !== me.name) Object.assign(state, newState(state.salt, state.ignored));
  state.me = me;
  state.stage = "coming";
  state.refusal = undefined;
  state.isLoginOver = false;
  state.unsent = 0;
  turn.effects.push({ do: "connect" });
}

/** The connection is there: says who we are. */
export function knock(turn: Turn): void {
  const { state } = turn;
  const { name, way, password, token } = state.me!;
  broken(turn);
  state.farewell = undefined;
  if (way === "guest") ask(turn, { ask: "enter", way }, presence(name));
  else if (way === "register") ask(turn, { ask: "enter", way }, registration(name, password));
  else if (token !== undefined) ask(turn, { ask: "enter", way, token }, { action: "authenticate", token });
  else {
    const user = { account_name: name, password };
    ask(turn, { ask: "enter", way }, { action: "authenticate", user, token: true });
  }
}

/** The server has let us in, and may have given us a token. */
export function welcome(turn: Turn, way: Way, token: string | undefined): void {
  const { state } = turn;
  state.stage = "in";
  hold(turn, token);
  if (way === "guest") return settle(turn, false);
  if (way === "register") state.me = { ...state.me!, way: "login" };
  ask(turn, { ask: "presence" }, presence(undefined));
  if (way === "register" || state.me!.token !== undefined) return settle(turn, true);
  // Who logs in by a name that is nobody's is let in as a guest; only an account may ask for this.
  ask(turn, { ask: "account" }, { action: "history", with: state.me!.name, limit: 1 });
}

/** It is known what we are. */
export function settle(turn: Turn, account: boolean): void {
  const { state } = turn;
  state.ready = true;
  state.account = account;
  askDeferred(turn);
  goOn(turn);
  ask(turn, { ask: "rooms" }, { action: "rooms" });
  ask(turn, { ask: "who", room: undefined }, { action: "who_online" });
  if (account) ask(turn, { ask: "contacts" }, { action: "get_contacts" });
  askBans(turn);
  for (const { key } of state.conversations.values()) {
    if (isRoom(key) && key !== COMMON_ROOM) join(turn, key);
    else if (!isKept(state, key)) finish(turn, key, {});
  }
  if (isRoom(state.open) && state.open !== COMMON_ROOM) who(turn);
}

/**
 * The name is an account now, and the next connection logs in. An account may be in other rooms than the guest was: so what
 * is open is joined again, and caught up with as after a break.
 */
export function registered(turn: Turn, password: string, token: string | undefined): void {
  const { state } = turn;
  state.me = { ...state.me!, way: "login", password };
  hold(turn, token);
  interrupt(turn);
  settle(turn, true);
}

/** Keeps the session token, which replaces the password from now on. */
function hold({ state, effects }: Turn, token: string | undefined): void {
  if (token === undefined) return;
  const { isAlone, ...me } = state.me!;
  state.me = { ...me, password: "", token };
  if (isAlone !== true) effects.push({ do: "remember", name: me.name, token });
}

/** The server refuses our session token, which has ended. All else is kept for the next login. */
export function outdated(turn: Turn, token: string, refusal: string): void {
  const { state } = turn;
  turn.effects.push({ do: "forget", token });
  leave(turn, refusal);
  state.me = { name: state.me!.name, way: "login", password: "" };
  state.isLoginOver = true;
}

/** The connection is gone. */
export function down(turn: Turn): void {
  const { state } = turn;
  doubt(turn);
  broken(turn);
  // Put out, or kept out: to come again at once would be rude, and of no use.
  if (state.farewell?.code === 403) leave(turn, state.farewell.words);
}

/** Out of the chat: by the reader's own wish, or with the server's refusal. */
export function leave(turn: Turn, refusal: string | undefined): void {
  const { state, effects, now } = turn;
  // A login that is cancelled before its answer ends no token.
  const token = refusal === undefined && state.stage === "in" ? state.me?.token : undefined;
  const logout = { action: "logout", token, time: Math.floor(now) / 1000 };
  if (state.ready) effects.push({ do: "send", object: token === undefined ? { action: "quit" } : logout });
  if (token !== undefined) effects.push({ do: "forget", token });
  effects.push({ do: state.ready ? "closeGracefully" : "disconnect" });
  broken(turn);
  // Who did not want to go finds all as it was on coming in again by the same name.
  if (refusal === undefined) Object.assign(state, { ...newState(state.salt, state.ignored), unsent: unsent(state) });
  state.stage = "out";
  state.refusal = refusal;
}

/** No answer will come, and from now on something may be missed. */
function broken(turn: Turn): void {
  const { state } = turn;
  deferAsked(turn);
  breakOrder(turn);
  Object.assign(state, { pending: NOTHING_PENDING, ready: false, doubt: undefined });
  for (const { key, outgoing } of state.conversations.values()) {
    change(turn, key, { outgoing: withUnknownFate(outgoing) });
  }
  interrupt(turn);
}

/** In each conversation something may be missed, until it is caught up with. */
function interrupt(turn: Turn): void {
  for (const { key, oldSegment } of turn.state.conversations.values()) {
    const isMember = key === COMMON_ROOM || !isRoom(key);
    change(turn, key, {
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
