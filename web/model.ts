/**
 * The model of the page: a state and an event give the next state, and effects as data. It uses no socket, no clock and
 * no screen.
 *
 * The folder `model/` has one idea in each file; a file imports only those above it here:
 *
 *     state          the state, the events, the effects
 *     step           one update under way
 *     moderation     orders of an operator, and ignored names
 *     read_marks     what is read, on all devices of an account
 *     levels         of which messages the account is told
 *     unread         unread messages and mentions
 *     changes        edits, deletions and reactions
 *     quotes         messages that replies quote
 *     writers        who is writing
 *     status         what people say of themselves
 *     threads        a message and the replies to it
 *     history        older messages, search, and jumps to an old message
 *     outgoing       messages of our own until they are acknowledged
 *     uploads        files on their way
 *     catch_up       received messages, and what was missed
 *     conversations  opens conversations, joins rooms
 *     rooms          ranks, invitations, settings and pins of rooms
 *     deferred       requests that wait for a connection
 *     session        logs in, logs in again after a failure, and logs out
 *     queries        questions of a dialog, whose answers nothing else needs
 *     own_account    another password, sessions, the account's end
 *     server_events  matches answers to requests, and handles everything else
 * @module
 */
import { closeConversation, sendOrDefer } from "./model/deferred.ts";
import { sendAccountRequest } from "./model/own_account.ts";
import { disconnected, leave, sendLogin, startLogin } from "./model/session.ts";
import { handle } from "./model/server_events.ts";
import { catchUp } from "./model/catch_up.ts";
import { ignore, requestBans, requestGreeting, sendOrder } from "./model/moderation.ts";
import { fillGap, loadOlder, searchMore, startSearch } from "./model/history.ts";
import { jump } from "./model/jump.ts";
import { checkServer, openConversation, requestPeople } from "./model/conversations.ts";
import type { Effect, Event, State } from "./model/state.ts";
import { changeConversation, sendRequest, type Step } from "./model/step.ts";
import { marksDue, sendMarks } from "./model/read_marks.ts";
import { sendStatus } from "./model/status.ts";
import { sendLevel } from "./model/levels.ts";
import { markRead } from "./model/unread.ts";
import { requestDetails, sendRoomOrder } from "./model/rooms.ts";
import { editLast, requestChange, startEdit } from "./model/changes.ts";
import { openThread, requestThread } from "./model/threads.ts";
import { requestQuote } from "./model/quotes.ts";
import { query } from "./model/queries.ts";
import { expireWriters, tellTyping, writersDue } from "./model/writers.ts";
import { discard, queueMessage, resend, sendQueued } from "./model/outgoing.ts";
import {
  addUpload,
  announceUploads,
  cancelUpload,
  retryUpload,
  uploadDone,
  uploadFailed,
  uploadProgress,
} from "./model/uploads.ts";

/**
 * Makes one step.
 *
 * @param now milliseconds since 1970
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { UNDERSTOOD } from "../client/protocol/understood.ts";
 * import { newState } from "./model/state.ts";
 * let { state, effects } = update(newState(7), { on: "enter", me: { name: "ann", method: "guest", password: "" } }, 0);
 * assert.deepEqual(effects, [{ do: "connect" }]);
 * ({ state, effects } = update(state, { on: "up" }, 0));
 * const user = { account_name: "ann", status: "" };
 * const presence = { action: "presence", user, features: UNDERSTOOD, time: 0 };
 * assert.deepEqual(effects, [{ do: "send", object: presence }]);
 * ```
 */
export function update(before: State, event: Event, now: number): { state: State; effects: readonly Effect[] } {
  const step: Step = { state: { ...before }, effects: [], now };
  apply(step, event);
  catchUp(step);
  announceUploads(step);
  sendQueued(step);
  requestQuote(step);
  sendMarks(step);
  return step;
}

/** When an event `tick` is due, in milliseconds since 1970; `undefined` if nothing waits for a moment. */
export function tickDue(state: State): number | undefined {
  const dues = [marksDue(state), writersDue(state)].filter((due) => due !== undefined);
  return dues.length === 0 ? undefined : Math.min(...dues);
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
      return checkServer(step);
    case "quit":
      return leave(step, undefined);
    case "send":
      return queueMessage(step, event.text, event.replyTo);
    case "upload":
      return addUpload(step, event.file);
    case "uploadProgress":
      return uploadProgress(step, event.number, event.sent);
    case "uploadDone":
      return uploadDone(step, event.number);
    case "uploadFailed":
      return uploadFailed(step, event.number, event.reason);
    case "cancelUpload":
      return cancelUpload(step, event.number);
    case "retryUpload":
      return retryUpload(step, event.number);
    case "draft":
      changeConversation(step, state.open, { draft: event.text });
      return tellTyping(step, event.text);
    case "account":
      return sendAccountRequest(step, event.request);
    case "status":
      return sendStatus(step, event.status);
    case "tick":
      return expireWriters(step);
    case "replyTo":
      return changeConversation(step, state.open, { replyTo: event.id });
    case "startEdit":
      return startEdit(step, event.id);
    case "editLast":
      return editLast(step);
    case "thread":
      return openThread(step, event.id);
    case "moreOfThread":
      return requestThread(step);
    case "change":
      return requestChange(step, event.change);
    case "dismissChange":
      state.change = undefined;
      return;
    case "open":
      return openConversation(step, event.key);
    case "notify":
      return sendLevel(step, event.key, event.level);
    case "room":
      return requestDetails(step, event.room);
    case "roomOrder":
      return sendRoomOrder(step, event.object);
    case "query":
      return query(step, event.number, event.object);
    case "close":
      return closeConversation(step, event.key);
    case "endVisible":
      state.isEndVisible = event.is;
      return markRead(step);
    case "loadOlder":
      return loadOlder(step);
    case "jumpTo":
      return jump(step, event.id, event.place);
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
      return startSearch(step, event.text, event.isEverywhere);
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
      state.notice = state.roomNotice = undefined;
  }
}
