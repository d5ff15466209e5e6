// Resynchronization after each login: rooms are joined again, lists are asked for, the past is read. When all of that is
// answered, messages that waited are sent; so are those that were sent before and are not in the past: they have not arrived.

import { UNDERSTOOD } from "../protocol/understood.ts";
import { COMMON_ROOM, MAX_PAGE } from "../../jim/mod.ts";
import type { ChatState } from "./chat_state.ts";
import type { Conversation } from "./conversations.ts";
import { caughtUp, interrupted, isLastPage, missingFrom, pageRead, pastPage } from "../../jim/client/catch_up.ts";
import { isTrouble } from "../../jim/client/errors.ts";
import { conversationFields } from "../../jim/client/objects.ts";
import { disconnected } from "./disconnect.ts";
import { countsReceived } from "./read_marks.ts";
import { remember } from "./status.ts";
import type { Reply, Request } from "../../jim/client/requests.ts";
import { sendMessage } from "./send.ts";

/** Messages shown of what was said before one came. */
const BEFORE = 15;

/**
 * Reads what there is to know of a server that knows more than the handout.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * resync(chat, 0);
 * assert.equal(chat.state, "resyncing");
 * assert.equal(chat.resyncRound.pending, 4); // the features, the people, the rooms, and the history of one
 * ```
 */
export function resync(chat: ChatState, now: number): void {
  chat.state = "resyncing";
  chat.resyncRound = { pending: 0, read: new Set() };
  const time = chat.time(now);
  for (const conversation of chat.conversations) conversation.progress = interrupted(conversation.progress);
  requestForResync(chat, { object: { action: "presence", time, features: UNDERSTOOD } }, (reply) => {
    chat.withheld = new Set(reply?.rules?.registration === false ? ["register"] : []);
  });
  requestForResync(chat, { object: { action: "who_online", time }, rows: "row" }, (reply, now) => {
    // A second guest by one name is let in like any other: nothing else tells it so.
    const { guests = 1 } = reply?.listed.find(({ name }) => chat.isMe(name)) ?? {};
    if (guests > 1 && !chat.hasJoinedBefore) chat.showNotice(chat.texts.namesakes(chat.me.name, guests), now);
    chat.names.clear();
    if (reply?.listed.some(({ role }) => role !== undefined)) chat.roles.clear();
    chat.statuses.clear();
    for (const { name, role, status } of reply?.listed ?? []) {
      chat.addPerson(name, role);
      remember(chat, name, status);
    }
  });
  rejoin(chat, now);
  requestForResync(chat, { object: { action: "rooms", time }, rows: "row" }, (reply, now) => {
    for (const { name, member } of reply?.listed ?? []) {
      chat.rooms.add(name);
      if (member) conversationOf(chat, chat.spelling(name), now);
    }
  });
  for (const conversation of chat.conversations) readHistory(chat, conversation, now);
  if (!chat.me.proved) return;
  requestForResync(chat, { object: { action: "unread", time }, rows: "row" }, (reply, now) => {
    countsReceived(chat, reply, (name) => conversationOf(chat, name, now));
  });
}

/** The same for a server that has no more than the handout: there is nothing to read. */
export function resyncPlain(chat: ChatState, now: number): void {
  rejoin(chat, now);
  resynced(chat, now);
}

/** The conversation of a name; a new one that turns up while resyncing has a past to be read. */
export function conversationOf(chat: ChatState, name: string, now: number): Conversation {
  const isNew = !chat.conversations.has(name);
  const conversation = chat.conversations.open(name);
  if (isNew && chat.state === "resyncing") {
    conversation.progress = interrupted(conversation.progress);
    readHistory(chat, conversation, now);
  }
  return conversation;
}

/** Reads what was said in a conversation since, page by page, or the latest if it is a new one. */
export function readHistory(chat: ChatState, asked: Conversation, now: number): void {
  // A guest has no past with anybody.
  if (!asked.name.startsWith("#") && !chat.me.proved) return finish(chat, asked);
  asked.progress = interrupted(asked.progress);
  const after = missingFrom(asked.progress), isFresh = after === undefined;
  const limit = isFresh ? BEFORE : MAX_PAGE, range = isFresh ? { limit } : { after, limit };
  const object = { action: "history", time: chat.time(now), ...conversationFields(asked.name), ...range };
  requestForResync(chat, { object, rows: "message" }, (reply, now) => {
    // It may have got another name since, or have been left.
    const conversation = chat.conversations.get(asked.name);
    if (conversation === undefined || (isFresh && conversation.progress.upTo !== undefined)) return;
    const { name } = conversation;
    if (!isFresh && isTrouble(reply?.code)) return disconnected(chat, now, reply!.words); // and asked for again
    if (reply === undefined || reply.refused) {
      finish(chat, conversation, !isFresh);
      // Where nothing is known yet, the next time begins with the latest messages again, and not with the first one of all.
      if (conversation.progress.upTo === 0) conversation.progress = { ...conversation.progress, upTo: after };
      return;
    }
    chat.skip(reply.skipped, now);
    const page = pastPage(reply.rows, (row) => chat.conversations.record(row, chat.wall(now)));
    // Of a conversation that is new, a message that may have arrived can be before the latest ones.
    if (!isFresh || page.size < limit) chat.resyncRound.read.add(name);
    const { progress, ready } = pageRead(conversation.progress, page);
    conversation.progress = progress;
    for (const said of ready) chat.showMessage(name, said, { ring: !isFresh });
    if (isLastPage(page, after, limit)) finish(chat, conversation, !isFresh);
    else readHistory(chat, conversation, now);
  });
}

/** Nothing is held any more. */
function finish(chat: ChatState, conversation: Conversation, ring = true): void {
  const { progress, ready } = caughtUp(conversation.progress);
  conversation.progress = progress;
  for (const said of ready) chat.showMessage(conversation.name, said, { ring });
}

/** Asks for something that must be answered before the resync is complete. */
function requestForResync(
  chat: ChatState,
  request: Request,
  then?: (reply: Reply | undefined, now: number) => void,
): void {
  const { resyncRound } = chat;
  resyncRound.pending++;
  chat.link.requests.enqueue({
    ...request,
    then: (reply, now) => {
      then?.(reply, now);
      if (resyncRound === chat.resyncRound && --resyncRound.pending === 0 && chat.state === "resyncing") {
        resynced(chat, now);
      }
    },
  });
}

function rejoin(chat: ChatState, now: number): void {
  for (const room of chat.conversations.rooms.filter((room) => room !== COMMON_ROOM)) {
    chat.link.requests.enqueue({
      // An account is in its rooms still. One that was removed, or is hidden from it by now, is not made anew in its name.
      object: { action: "join", time: chat.time(now), room, ...(chat.me.proved ? { create: false } : {}) },
      then: (reply, now) => {
        if (reply === undefined) return;
        if (isTrouble(reply.code)) return disconnected(chat, now, reply.words);
        if (reply.room !== undefined) return chat.renameRoom(room, reply.room); // while there was no connection
        chat.conversations.setLost(room, reply.refused);
        if (reply.refused) chat.warnAndLog(chat.texts.notInAnyMore(room, reply.words), now);
      },
    });
  }
}

/** Says what had to wait, and again what has not arrived. */
function resynced(chat: ChatState, now: number): void {
  chat.state = "here";
  chat.hasJoinedBefore = true;
  chat.resyncedAt = now;
  const { send: ready, unknown } = chat.sent.release(chat.resyncRound.read);
  for (const { text } of unknown) chat.warnAndLog(chat.texts.unknown(text), now);
  for (const mine of ready) sendMessage(chat, mine);
  if (chat.lostAt === undefined) return;
  chat.showNotice(
    chat.texts.back(Math.ceil((now - chat.lostAt) / 1000), ready.length, chat.link.hasOthers ? chat.peer : undefined),
    now,
  );
  chat.lostAt = undefined;
}
