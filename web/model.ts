/**
 * What the page makes of what happens: a state and an event give the next state, and what is to be done, as data. It
 * knows no socket, no clock and no screen.
 *
 * The folder beside it has the data, and what happens to it, one idea in a file; each imports only those above it here:
 *
 *     state       what the page knows, what can happen, what is to be done
 *     turn        a step under way
 *     moderation  orders of an operator, and the names that the reader ignores
 *     unread      what is unread, until it is looked at
 *     past        going back in a conversation
 *     waiting     what we write, until it is acknowledged
 *     keeping_up  what is said, and what was missed
 *     places      opening a conversation, joining a room
 *     deferred    what waits for a connection: leaving a room, contacts, making the name one's own
 *     entrance    coming in, again after every break, and going
 *     server_events  each answer, put to what it answers; and what was not asked for
 * @module
 */
import { closeConversation, sendOrDefer } from "./model/deferred.ts";
import { disconnected, leave, sendLogin, startLogin } from "./model/session.ts";
import { handle } from "./model/server_events.ts";
import { catchUp } from "./model/catch_up.ts";
import { ignore, requestBans, requestGreeting, sendOrder } from "./model/moderation.ts";
import { fillGap, jumpTo, loadOlder, searchMore, startSearch } from "./model/history.ts";
import { openConversation, requestPeople } from "./model/conversations.ts";
import type { Effect, Event, State } from "./model/state.ts";
import { changeConversation, sendRequest, type Step } from "./model/step.ts";
import { markRead } from "./model/unread.ts";
import { discard, queueMessage, resend, sendQueued } from "./model/outgoing.ts";

/**
 * One step.
 *
 * @param now milliseconds since 1970
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { newState } from "./model/state.ts";
 * let { state, effects } = update(newState(7), { on: "enter", me: { name: "ann", method: "guest", password: "" } }, 0);
 * assert.deepEqual(effects, [{ do: "connect" }]);
 * ({ state, effects } = update(state, { on: "up" }, 0));
 * const user = { account_name: "ann", status: "" };
 * const presence = { action: "presence", user, features: ["watch", "id", "rules", "topic"], time: 0 };
 * assert.deepEqual(effects, [{ do: "send", object: presence }]);
 * ```
 */
export function update(before: State, event: Event, now: number): { state: State; effects: readonly Effect[] } {
  const step: Step = { state: { ...before }, effects: [], now };
  apply(step, event);
  catchUp(step);
  sendQueued(step);
  return step;
}

function apply(step: Step, event: Event): void {
  const { state } = step;
  switch (event.on) {
    case "enter":
      return startLogin(step, event.me);
    case "up":
      return sendLogin(step);
    case "down":
      return disconnected(step);
    case "received":
      return handle(step, event.object);
    case "idle":
      if (state.isReady) sendRequest(step, { ask: "probe" }, { action: "probe" });
      return;
    case "quit":
      return leave(step, undefined);
    case "send":
      return queueMessage(step, event.text);
    case "draft":
      return changeConversation(step, state.open, { draft: event.text });
    case "open":
      return openConversation(step, event.key);
    case "close":
      return closeConversation(step, event.key);
    case "endVisible":
      state.isEndVisible = event.is;
      return markRead(step);
    case "loadOlder":
      return loadOlder(step);
    case "jumpTo":
      return jumpTo(step, event.id);
    case "fillGap":
      return fillGap(step, event.side);
    case "searchMore":
      return searchMore(step);
    case "jumped":
      state.target = undefined;
      return;
    case "refreshLists":
      if (!state.isReady) return;
      sendRequest(step, { ask: "rooms" }, { action: "rooms" });
      return requestPeople(step);
    case "search":
      return startSearch(step, event.text);
    case "endSearch":
      state.search = undefined;
      return;
    case "resend":
      return resend(step, event.key, event.time);
    case "discard":
      return discard(step, event.key, event.time);
    case "contact":
      return sendOrDefer(step, { ask: "contact", name: event.name, add: event.add });
    case "register":
      return sendOrDefer(step, { ask: "register", password: event.password });
    case "order":
      return sendOrder(step, event.order);
    case "bans":
      return requestBans(step);
    case "greeting":
      return requestGreeting(step);
    case "dismissOrder":
      state.ordered = undefined;
      return;
    case "ignore":
      return ignore(step, event.name, event.is);
    case "dismissNotice":
      state.notice = undefined;
  }
}
