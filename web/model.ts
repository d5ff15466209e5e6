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
 *     queries        questions of a dialog; nothing else needs their answers
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
import { checkServer, joinDue, joinsDue, openConversation, requestPeople } from "./model/conversations.ts";
import type { Effect, Event, State } from "./model/state.ts";
import { changeConversation, sendRequest, type Step } from "./model/step.ts";
import { marksDue, sendMarks } from "./model/read_marks.ts";
import { sendStatus } from "./model/status.ts";
import { sendLevel } from "./model/levels.ts";
import { markRead } from "./model/unread.ts";
import { requestDetails, sendRoomOrder } from "./model/rooms.ts";
import { editLast, keepEdit, requestChange, startEdit } from "./model/changes.ts";
import { keepThreadDraft, openThread, requestThread } from "./model/threads.ts";
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
  uploadGone,
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
  const handleEvent = handlers[event.on] as (step: Step, event: Event) => void;
  handleEvent(step, event);
  catchUp(step);
  announceUploads(step);
  sendQueued(step);
  requestQuote(step);
  sendMarks(step);
  return step;
}

/** When an event `tick` is due, in milliseconds since 1970; `undefined` if nothing waits for a moment. */
export function tickDue(state: State): number | undefined {
  const dues = [marksDue(state), writersDue(state), joinsDue(state)].filter((due) => due !== undefined);
  return dues.length === 0 ? undefined : Math.min(...dues);
}

/** The events that may be called so. */
type EventOn<On extends Event["on"], Each extends Event = Event> = Each extends Event
  ? On extends Each["on"] ? Each : never
  : never;

/** What each event does. */
const handlers: { readonly [On in Event["on"]]: (step: Step, event: EventOn<On>) => void } = {
  enter: (step, { me }) => startLogin(step, me),
  up: sendLogin,
  down: disconnected,
  received: (step, { object }) => handle(step, object),
  idle: checkServer,
  tick(step) {
    expireWriters(step);
    joinDue(step);
  },
  quit: (step) => leave(step, undefined),

  send(step, { text, replyTo, key = step.state.open }) {
    queueMessage(step, key, text, replyTo);
    if (replyTo !== undefined) keepThreadDraft(step, key, replyTo, "");
  },
  resend: (step, { key, time }) => resend(step, key, time),
  discard: (step, { key, time }) => discard(step, key, time),
  upload: (step, { file, key = step.state.open }) => addUpload(step, key, file),
  uploadProgress: (step, { number, sent }) => uploadProgress(step, number, sent),
  uploadDone: (step, { number }) => uploadDone(step, number),
  uploadFailed: (step, { number, why }) => uploadFailed(step, number, why),
  uploadGone: (step, { number }) => uploadGone(step, number),
  cancelUpload: (step, { number }) => cancelUpload(step, number),
  retryUpload: (step, { number }) => retryUpload(step, number),
  draft(step, { text, key = step.state.open }) {
    if (!step.state.conversations.has(key)) return;
    changeConversation(step, key, { draft: text });
    if (key === step.state.open) tellTyping(step, text);
  },

  threadDraft: (step, { text, key, root }) => keepThreadDraft(step, key, root, text),
  replyTo: (step, { id }) => changeConversation(step, step.state.open, { replyTo: id }),
  startEdit: (step, { id }) => startEdit(step, id),
  editLast,
  editDraft: (step, { text }) => keepEdit(step, text),
  change: (step, { change }) => requestChange(step, change),
  dismissChange({ state }) {
    state.change = undefined;
  },
  thread: (step, { id }) => openThread(step, id),
  moreOfThread: (step) => requestThread(step),

  open: (step, { key }) => openConversation(step, key),
  close: (step, { key }) => closeConversation(step, key),
  endVisible(step, { is }) {
    step.state.isEndVisible = is;
    markRead(step);
  },
  loadOlder: (step, { first }) => loadOlder(step, first),
  fillGap: (step, { side }) => fillGap(step, side),
  jumpTo: (step, { id, place }) => jump(step, id, place),
  jumped({ state }) {
    state.target = undefined;
  },
  search: (step, { text, isEverywhere }) => startSearch(step, text, isEverywhere),
  searchMore,
  endSearch({ state }) {
    state.search = undefined;
  },

  refreshLists(step) {
    if (!step.state.isReady) return;
    sendRequest(step, { ask: "rooms" }, { action: "rooms" });
    requestPeople(step);
  },
  room: (step, { room }) => requestDetails(step, room),
  roomOrder: (step, { object }) => sendRoomOrder(step, object),
  notify: (step, { key, level }) => sendLevel(step, key, level),
  query: (step, { number, object }) => query(step, number, object),
  dismissNotice({ state }) {
    state.notice = state.roomNotice = undefined;
  },

  account: (step, { request }) => sendAccountRequest(step, request),
  status: (step, { status }) => sendStatus(step, status),
  contact: (step, { name, add }) => sendOrDefer(step, { ask: "contact", name, add }),
  register: (step, { password }) => sendOrDefer(step, { ask: "register", password }),
  order: (step, { order }) => sendOrder(step, order),
  bans: requestBans,
  greeting: requestGreeting,
  dismissOrder({ state }) {
    state.ordered = undefined;
  },
  ignore: (step, { name, is }) => ignore(step, name, is),
};
