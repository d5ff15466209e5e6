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
import { close, wish } from "./model/deferred.ts";
import { down, enter, knock, leave } from "./model/entrance.ts";
import { handle } from "./model/server_events.ts";
import { catchUp } from "./model/keeping_up.ts";
import { askBans, askGreeting, ignore, order } from "./model/moderation.ts";
import { fill, older, reach, search, searchOn } from "./model/past.ts";
import { open, who } from "./model/places.ts";
import type { Effect, Event, State } from "./model/state.ts";
import { ask, change, type Turn } from "./model/turn.ts";
import { see } from "./model/unread.ts";
import { again, drop, send, write } from "./model/waiting.ts";

/**
 * One step.
 *
 * @param now milliseconds since 1970
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { newState } from "./model/state.ts";
 * let { state, effects } = step(newState(7), { on: "enter", me: { name: "ann", way: "guest", password: "" } }, 0);
 * assert.deepEqual(effects, [{ do: "connect" }]);
 * ({ state, effects } = step(state, { on: "up" }, 0));
 * const user = { account_name: "ann", status: "" };
 * const presence = { action: "presence", user, features: ["watch", "id", "rules", "topic"], time: 0 };
 * assert.deepEqual(effects, [{ do: "send", object: presence }]);
 * ```
 */
export function step(before: State, event: Event, now: number): { state: State; effects: readonly Effect[] } {
  const turn: Turn = { state: { ...before }, effects: [], now };
  dispatch(turn, event);
  catchUp(turn);
  send(turn);
  return turn;
}

function dispatch(turn: Turn, event: Event): void {
  const { state } = turn;
  switch (event.on) {
    case "enter":
      return enter(turn, event.me);
    case "up":
      return knock(turn);
    case "down":
      return down(turn);
    case "heard":
      return handle(turn, event.object);
    case "quiet":
      if (state.ready) ask(turn, { ask: "probe" }, { action: "probe" });
      return;
    case "quit":
      return leave(turn, undefined);
    case "send":
      return write(turn, event.text);
    case "draft":
      return change(turn, state.open, { draft: event.text });
    case "open":
      return open(turn, event.key);
    case "close":
      return close(turn, event.key);
    case "seen":
      state.seen = event.is;
      return see(turn);
    case "older":
      return older(turn);
    case "reach":
      return reach(turn, event.id);
    case "fill":
      return fill(turn, event.side);
    case "more":
      return searchOn(turn);
    case "reached":
      state.target = undefined;
      return;
    case "look":
      if (!state.ready) return;
      ask(turn, { ask: "rooms" }, { action: "rooms" });
      return who(turn);
    case "search":
      return search(turn, event.text);
    case "unsearch":
      state.search = undefined;
      return;
    case "again":
      return again(turn, event.key, event.time);
    case "drop":
      return drop(turn, event.key, event.time);
    case "contact":
      return wish(turn, { ask: "contact", name: event.name, add: event.add });
    case "register":
      return wish(turn, { ask: "register", password: event.password });
    case "order":
      return order(turn, event.order);
    case "bans":
      return askBans(turn);
    case "greeting":
      return askGreeting(turn);
    case "told":
      state.ordered = undefined;
      return;
    case "ignore":
      return ignore(turn, event.name, event.is);
    case "dismiss":
      state.notice = undefined;
  }
}
