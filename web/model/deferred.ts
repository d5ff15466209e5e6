/**
 * What is asked for without a connection, or was on its way when one broke, and does no harm when it is done twice: it is
 * shown as done, where that shows, and asked for when the connection is back.
 */
import { COMMON_ROOM } from "../../jim/message.ts";
import type { Fields } from "../../client/protocol/fields.ts";
import { isRoom } from "../conversation.ts";
import { forget } from "./places.ts";
import type { Deferred } from "./state.ts";
import { ask, type Turn } from "./turn.ts";

/** Asks now, or when it can be. */
export function wish(turn: Turn, wished: Deferred): void {
  if (turn.state.ready) return ask(turn, wished, objectOf(turn, wished));
  defer(turn, [wished]);
}

/** Out of a room, which one may be coming into; a conversation with a person, or a room that is closed to us, is put away. */
export function close(turn: Turn, key: string): void {
  const { conversations, pending: { asked }, ready } = turn.state;
  const conversation = conversations.get(key);
  if (conversation === undefined || key === COMMON_ROOM) return;
  const isComing = asked.some((each) => each.ask === "join" && each.key === key);
  if (isRoom(key) && (conversation.isMember || isComing || !ready)) wish(turn, { ask: "leave", key });
  else forget(turn, key);
}

/** The connection is gone, and with it the answers to these. */
export function deferAsked(turn: Turn): void {
  defer(turn, turn.state.pending.asked.filter((each) => isDeferred(each)));
}

/** The connection is back. A guest's new one is in no room, and an account has its name. */
export function askDeferred(turn: Turn): void {
  const { state } = turn;
  const { deferred, account } = state;
  state.deferred = [];
  for (const each of deferred) {
    if (account !== (each.ask === "register")) ask(turn, each, objectOf(turn, each));
  }
}

function defer(turn: Turn, wished: readonly Deferred[]): void {
  const { state } = turn;
  state.deferred = [...state.deferred, ...wished];
  for (const each of wished) {
    if (each.ask === "leave") forget(turn, each.key);
    else if (each.ask === "contact") {
      const rest = [...state.contacts].filter((name) => name !== each.name);
      state.contacts = new Set(each.add ? [...rest, each.name] : rest);
    } else state.me = { ...state.me!, way: "login", password: each.password }; // it may be an account's name by now
  }
}

function isDeferred(asked: { readonly ask: string }): asked is Deferred {
  return asked.ask === "leave" || asked.ask === "contact" || asked.ask === "register";
}

function objectOf({ state }: Turn, wished: Deferred): Fields {
  switch (wished.ask) {
    case "leave":
      return { action: "leave", room: wished.key };
    case "contact":
      return { action: wished.add ? "add_contact" : "del_contact", user_id: wished.name };
    case "register":
      return { action: "register", user: { account_name: state.me!.name, password: wished.password }, token: true };
  }
}
