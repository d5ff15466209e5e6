/**
 * Handles what the server sends: matches answers to requests, reads lists when their last row has arrived, and applies
 * other events. Unknown objects are skipped and counted.
 * @module
 */
import { type PastPage, pastPage } from "../../jim/client/catch_up.ts";
import { isTrouble } from "../../jim/client/errors.ts";
import type { Answer, Role, ServerEvent } from "../../jim/client/event.ts";
import { readEvent, unreadRow } from "../../jim/client/read_event.ts";
import type { Fields } from "../../jim/client/fields.ts";
import { type Matched, receive } from "../../jim/client/pending.ts";
import { toChange } from "../changes.ts";
import { resultOf } from "../../client/protocol/query.ts";
import { type Change, type ChatMessage, isPerson, isRoom, toChatMessage } from "../conversation.ts";
import {
  accountRegistered,
  becomeReady,
  leave,
  leaveServer,
  loginAccepted,
  oneTimeRefused,
  retryWithNewPassword,
  tokenRefused,
  tryLater,
} from "./session.ts";
import { finishCatchUp, messageReceived, missedPageReceived } from "./catch_up.ts";
import { changeAccepted, changeReceived, changeRefused, withLatestChanges } from "./changes.ts";
import { threadReceived } from "./threads.ts";
import { queryAnswered } from "./queries.ts";
import { quoteReceived } from "./quotes.ts";
import { accountAnswered, accountRefused, sessionsReceived } from "./own_account.ts";
import { bansReceived, greetingRefused, orderAnswered } from "./moderation.ts";
import {
  found,
  gapReceived,
  gapRefused,
  olderReceived,
  olderRefused,
  searchRefused,
  targetMissing,
  targetReceived,
} from "./history.ts";
import {
  membersReceived,
  membersRefused,
  pinsReceived,
  removeCleared,
  renameConversation,
  requestMembers,
  roomChanged,
  roomOrderAnswered,
} from "./rooms.ts";
import { checkRooms, joined, joinRefused, left, rejoinRoom } from "./conversations.ts";
import { pauseReading } from "./segments.ts";
import { levelReceived } from "./levels.ts";
import { countAlone, countsReceived, readElsewhere } from "./read_marks.ts";
import { knownSpelling, type PendingRequest, type PersonInfo, type State } from "./state.ts";
import { changeConversation, sendRequest, setRoles, type Step } from "./step.ts";
import { acknowledge, messageRefused } from "./outgoing.ts";
import { setStatus } from "./status.ts";
import { uploadAccepted, uploadFailed } from "./uploads.ts";
import { endAllWriting, writing } from "./writers.ts";

/** Handles one object from the server. */
export function handle(step: Step, object: Fields): void {
  const { state } = step;
  state.lastRefused = undefined;
  const isRow = state.pending.list?.request.ask === "query" && object.response === undefined;
  const { pending, matched, event } = receive(state.pending, isRow ? unreadRow(object) : readEvent(object, true));
  state.pending = pending;
  for (const each of matched) handleAnswer(step, each);
  if (event !== undefined) handleUnsolicited(step, event);
  if (state.isLeaving) leaveServer(step);
}

/** Handles an object that answers no request. */
function handleUnsolicited(step: Step, event: ServerEvent): void {
  const { state } = step;
  switch (event.kind) {
    case "message": {
      const said = toChatMessage(event);
      if (said !== undefined) return messageReceived(step, said, event.to ?? "");
      break;
    }
    case "about": {
      const change = toChange(event);
      if (change !== undefined && isPerson(change.from)) return changeReceived(step, change, event.to ?? "");
      break;
    }
    case "presence":
      if (isPerson(event.name)) return presenceChanged(step, event);
      break;
    case "membership":
      if (isPerson(event.name) && event.room !== "") return membershipChanged(step, event);
      break;
    case "topic":
      return topicChanged(step, event);
    case "room":
      return roomChanged(step, event);
    case "notify":
      return levelReceived(step, event.to, event.level);
    case "read":
      return readElsewhere(step, event);
    case "typing":
      return writing(step, event);
    case "status":
      return setStatus(step, event.name, event.status);
    case "answer":
      updateSelf(step, event);
      state.lastUnsolicited = { code: event.code!, words: event.words };
      return;
    case "notice":
      updateSelf(step, event);
      if (event.move === true) state.isLeaving = true;
      else if (event.words !== "") state.notice = { words: event.words };
      return;
    case "probe":
      return sendRequest(step, { ask: "presence" }, { action: "presence" });
  }
  state.skipped++;
}

/** A person has come online or gone offline. */
function presenceChanged(step: Step, { name, gone, role }: ServerEvent & { kind: "presence" }): void {
  const { state } = step;
  state.online = gone ? without(state.online, name) : new Set([...state.online, name]);
  if (gone) endAllWriting(step, name);
  if (gone) state.members = without(state.members, name);
  else setRoles(step, [[name, standing(role)]]);
}

/** A person has entered a room, or left it. */
function membershipChanged(step: Step, { room, name, entered, role }: ServerEvent & { kind: "membership" }): void {
  const { state } = step;
  const key = knownSpelling(state, room);
  if (entered) setRoles(step, [[name, standing(role)]]);
  if (key === state.details?.room && state.isReady) requestMembers(step, key);
  if (key !== state.open) return;
  state.members = entered ? new Set([...state.members, name]) : without(state.members, name);
}

/** A room has another topic, or none; only conversations in the list show one. */
function topicChanged(step: Step, { room, topic: text, by }: ServerEvent & { kind: "topic" }): void {
  const key = knownSpelling(step.state, room);
  if (step.state.conversations.has(key)) {
    changeConversation(step, key, { topic: text === "" ? undefined : { text, by } });
  }
}

function handleAnswer(step: Step, { request, answer, rows }: Matched<PendingRequest>): void {
  if (!answer.refused) updateSelf(step, answer);
  if (request.ask === "query") queryAnswered(step, request.number, resultOf(answer, rows));
  else if (answer.refused) refused(step, request, answer);
  else if (rows === undefined) accepted(step, request, answer);
  else listed(step, request, rows);
}

/** The server may send our name in the account's spelling, or rename a guest whose name becomes an account. */
function updateSelf(
  step: Step,
  { name, role, fileLimit }: { readonly name?: string; readonly role?: Role; readonly fileLimit?: number },
): void {
  const { state } = step;
  if (fileLimit !== undefined) state.fileLimit = fileLimit;
  if (state.me === undefined) return;
  if (name !== undefined && isPerson(name)) state.me = { ...state.me, name };
  if (role !== undefined) setRoles(step, [[state.me.name, { role }]]);
}

function accepted(
  step: Step,
  asked: PendingRequest,
  { code, words, token, id, text, file, upload, room }: Answer,
): void {
  const { state } = step;
  switch (asked.ask) {
    case "login":
      return loginAccepted(step, asked.method, token);
    case "register":
      accountRegistered(step, asked.password, token);
      state.notice = { words };
      return;
    case "message":
      return acknowledge(step, asked.key, asked.time, { later: code === 202, id, file });
    case "upload":
      return uploadAccepted(step, asked.number, upload);
    case "change":
      return changeAccepted(step, asked.key, asked.change, id);
    case "join": // by the former name of a room that was renamed while the page was away
      if (room !== undefined) renameConversation(step, asked.key, room);
      return joined(step, room ?? asked.key, code === 201);
    case "leave":
      return left(step, asked.key);
    case "status":
      return setStatus(step, state.me!.name, asked.status);
    case "ownAccount":
      return accountAnswered(step, asked.request, token);
    case "order":
      return orderAnswered(step, asked.order);
    case "roomOrder":
      return roomOrderAnswered(step, asked.room);
    case "greeting":
      state.greeting = text ?? "";
      return;
    case "contact":
      state.contacts = asked.add ? new Set([...state.contacts, asked.name]) : without(state.contacts, asked.name);
  }
}

function loginRefused(
  step: Step,
  { method, token }: PendingRequest & { readonly ask: "login" },
  { code, words, isOneTime }: Answer,
): void {
  const { state } = step;
  // Too many connections of this name: the server may not have noticed yet that one of them is dead.
  if ((code === 409 || isTrouble(code)) && state.stage === "in") return tryLater(step);
  if (isOneTime === true && method === "login") return oneTimeRefused(step);
  if (code === 402 && retryWithNewPassword(step)) return;
  if (code === 401 && token !== undefined) return tokenRefused(step, token, words);
  leave(step, words);
  state.needsNewPassword = code === 400 && state.me?.newPassword !== undefined; // that one will not do
}

function refused(step: Step, asked: PendingRequest, answer: Answer): void {
  const { state } = step, { code, words } = answer;
  switch (asked.ask) {
    case "login":
      return loginRefused(step, asked, answer);
    case "rooms":
      if (!asked.isLogin) break;
      return isTrouble(code) ? tryLater(step) : checkRooms(step, new Map(), true);
    case "account": // the name has no account: we are a guest
      return isTrouble(code) ? tryLater(step) : becomeReady(step, false);
    case "message":
      return messageRefused(step, asked.key, asked.time, words);
    case "join":
      return joinRefused(step, asked.key, words, isTrouble(code));
    case "missed":
      return isTrouble(code) ? tryLater(step) : finishCatchUp(step, asked.key, words);
    case "older":
      return olderRefused(step, asked, isTrouble(code));
    case "gap":
      return gapRefused(step, asked.key);
    case "target":
      return targetMissing(step, asked, isTrouble(code) ? words : undefined);
    case "quote":
      return isTrouble(code) ? pauseReading(step) : quoteReceived(step, asked.key, asked.id, []);
    case "upload":
      return uploadFailed(step, asked.number, { words });
    case "change":
      return changeRefused(step, asked.change, { words });
    case "search":
      return searchRefused(step, asked, words);
    case "ownAccount":
      return accountRefused(step, asked.request, { words });
    case "order":
      return orderAnswered(step, asked.order, { words });
    case "roomOrder":
      return roomOrderAnswered(step, asked.room, { words });
    case "members":
      return membersRefused(step, asked.room, { words });
    case "pins": // we are not in the room any more
      return;
    case "typing":
      state.hasNoTyping ||= code === 400; // an older server
      return;
    case "unread": // an older server
      return countAlone(step);
    case "notify":
    case "read": // of a room that we are in no more
    case "people":
    case "bans": // we are no operator any more
      return;
    case "greeting":
      return greetingRefused(step, { words });
    case "leave": // a room that was closed without a connection is left already
      if (state.conversations.has(asked.key)) state.notice = { words };
      return;
  }
  state.notice = { words };
}

/** A list is complete. */
function listed(step: Step, asked: PendingRequest, rows: readonly ServerEvent[]): void {
  const { state } = step;
  switch (asked.ask) {
    case "account":
      return becomeReady(step, true);
    case "ownAccount":
      return sessionsReceived(step, rows);
    case "rooms": {
      const rooms = rows.filter((row) => row.kind === "row" && isRoom(row.name)) as (ServerEvent & { kind: "row" })[];
      state.rooms = rooms.map(({ name }) => name);
      state.roomInfo = new Map(rooms.map(({ name, room }) => [knownSpelling(state, name), room ?? {}]));
      state.skipped += rows.length - rooms.length;
      for (const { name, member, room } of rooms) {
        const key = knownSpelling(state, name);
        removeCleared(step, key, room?.cleared);
        if (member && !state.conversations.has(key)) changeConversation(step, key, { isMember: true });
      }
      checkRooms(step, membersIn(state, rooms), asked.isLogin === true);
      return;
    }
    case "join": // of a room that has another name by now
      return rejoinRoom(step, asked.key);
    case "people": {
      const people = peopleIn(step, rows), names = new Set(people.map(([name]) => name));
      setRoles(step, people);
      if (asked.room === undefined) state.online = names;
      else if (asked.room === state.open) state.members = names;
      return;
    }
    case "unread":
      return countsReceived(step, rows);
    case "members":
      return membersReceived(step, asked.room, rows);
    case "pins":
      return pinsReceived(step, asked.room, rows);
    case "bans":
      return bansReceived(step, rows);
    case "contacts":
      state.contacts = new Set(peopleIn(step, rows).map(([name]) => name));
      return;
    case "missed":
      return missedPageReceived(step, asked, pageWithChangesIn(step, rows));
    case "thread":
      return threadReceived(step, asked, pageIn(step, rows));
    case "quote":
      return quoteReceived(step, asked.key, asked.id, pageIn(step, rows).rows);
    case "older":
      return olderReceived(step, asked, pageIn(step, rows));
    case "target":
      return targetReceived(step, asked, pageIn(step, rows));
    case "gap":
      return gapReceived(step, asked, pageIn(step, rows));
    case "search":
      return found(step, asked, pageIn(step, rows.filter((row) => row.kind !== "message" || !row.isContext)), rows);
  }
}

/** A page of messages as they are now. A row of an unknown kind is skipped and counted, and still is a row of it. */
function pageIn(step: Step, rows: readonly ServerEvent[]): PastPage<ChatMessage> {
  const page = pastPage(rows, toChatMessage);
  step.state.skipped += rows.length - page.rows.length;
  return { ...page, rows: withLatestChanges(step, page.rows) };
}

/** A page of messages as they were sent, and of changes. */
function pageWithChangesIn({ state }: Step, rows: readonly ServerEvent[]): PastPage<ChatMessage | Change> {
  const page = pastPage<ChatMessage | Change>(rows, toChatMessage, toChange);
  state.skipped += rows.length - page.rows.length;
  return page;
}

function membersIn(state: State, rooms: readonly (ServerEvent & { kind: "row" })[]): ReadonlyMap<string, boolean> {
  const members = new Map<string, boolean>();
  // A private room may have the name of an open one.
  for (const { name, member } of rooms) {
    const key = knownSpelling(state, name);
    members.set(key, members.get(key) === true || member);
  }
  return members;
}

function peopleIn(step: Step, rows: readonly ServerEvent[]): [name: string, standing: PersonInfo][] {
  const { state } = step;
  for (const row of rows) if (row.kind === "row" && isPerson(row.name)) setStatus(step, row.name, row.status);
  const people = rows.flatMap((row): [string, PersonInfo][] =>
    row.kind === "row" && isPerson(row.name)
      ? [[row.name, {
        ...standing(row.role),
        ...(row.guests === undefined ? {} : { guests: row.guests }),
        ...(row.isBot === undefined ? {} : { isBot: row.isBot }),
      }]]
      : []
  );
  state.skipped += rows.length - people.length;
  return people;
}

function standing(role: Role | undefined): PersonInfo {
  return role === undefined ? {} : { role };
}

function without(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const rest = new Set(names);
  rest.delete(name);
  return rest;
}
