/**
 * Requests that can wait for a connection and do no harm when they are sent twice: leave a room, change a contact or a level,
 * register. The page shows them as done at once, and sends them when the connection is back.
 */
import { COMMON_ROOM } from "../../jim/message.ts";
import type { Fields } from "../../jim/client/fields.ts";
import { isRoom } from "../conversation.ts";
import { lastAsked, removeConversation } from "./conversations.ts";
import type { DeferredRequest } from "./state.ts";
import { sendRequest, type Step } from "./step.ts";

/** Sends a request now, or when there is a connection. */
export function sendOrDefer(step: Step, wished: DeferredRequest): void {
  if (step.state.isReady) return sendRequest(step, wished, requestObject(step, wished));
  defer(step, [wished]);
}

/**
 * Leaves a room, even if the join still waits for its answer. A private conversation, or a room that refused us, is
 * only removed from the list.
 */
export function closeConversation(step: Step, key: string): void {
  const { conversations, pending: { asked }, isReady } = step.state;
  const conversation = conversations.get(key);
  if (conversation === undefined || key === COMMON_ROOM) return;
  const isComing = asked.some((each) => each.ask === "join" && each.key === key);
  if (isRoom(key) && (conversation.isMember || isComing || !isReady)) sendOrDefer(step, { ask: "leave", key });
  else removeConversation(step, key);
}

/** The connection is gone, and with it the answers to these requests: they are sent again later. */
export function deferPending(step: Step): void {
  const { asked } = step.state.pending;
  defer(step, asked.filter((each) => isDeferred(each)).filter((each) => !isOpenedAgain(step, each)));
}

/** The connection is back. A guest's new connection is in no room, and an account already has its name. */
export function sendDeferred(step: Step): void {
  const { state } = step;
  const { deferred, hasAccount } = state;
  state.deferred = [];
  for (const each of deferred) {
    if (hasAccount !== (each.ask === "register")) sendRequest(step, each, requestObject(step, each));
  }
}

function defer(step: Step, wished: readonly DeferredRequest[]): void {
  const { state } = step;
  state.deferred = [...state.deferred, ...wished];
  for (const each of wished) {
    if (each.ask === "leave") removeConversation(step, each.key);
    else if (each.ask === "contact") {
      const rest = [...state.contacts].filter((name) => name !== each.name);
      state.contacts = new Set(each.add ? [...rest, each.name] : rest);
    } else if (each.ask === "register") { // it may be an account's name by now
      state.me = { ...state.me!, method: "login", password: each.password };
    }
  }
}

/** A room that the user has opened again since is not left. */
function isOpenedAgain({ state }: Step, wished: DeferredRequest): boolean {
  return wished.ask === "leave" && lastAsked(state, wished.key) === "join";
}

function isDeferred(asked: { readonly ask: string }): asked is DeferredRequest {
  return ["leave", "contact", "notify", "register"].includes(asked.ask);
}

function requestObject({ state }: Step, wished: DeferredRequest): Fields {
  switch (wished.ask) {
    case "leave":
      return { action: "leave", room: wished.key };
    case "contact":
      return { action: wished.add ? "add_contact" : "del_contact", user_id: wished.name };
    case "notify":
      return { action: "notify", to: wished.key, level: wished.level };
    case "register":
      return { action: "register", user: { account_name: state.me!.name, password: wished.password }, token: true };
  }
}
