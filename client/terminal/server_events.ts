// What the server sends without being asked: a message goes to its conversation, people who enter or leave are told of, a probe
// is answered. A refusal that answers no request, and bytes that are no JIM, are shown.

import { COMMON_ROOM, isCommonRoom, quoteBytes } from "../../jim/mod.ts";
import type { Message, ServerEvent } from "../../jim/client/event.ts";
import { readEvent, unreadRow } from "../../jim/client/read_event.ts";
import { read } from "../../jim/client/fields.ts";
import { arrived } from "../../jim/client/catch_up.ts";
import { presence } from "../../jim/client/objects.ts";
import { safe } from "../safe.ts";
import { disconnected } from "./disconnect.ts";
import { byTheClock } from "./clock.ts";
import type { ChatState } from "./chat_state.ts";
import { handleFeature } from "./features.ts";
import { tellAbout } from "./message_commands.ts";
import { beginShutdown } from "./shutdown.ts";
import { conversationOf } from "./resync.ts";
import { tellWriting } from "./typing_notices.ts";

/** Milliseconds after one came in which others' comings are not told: after a restart of the server all come at once. */
const RUSH = 5_000;

const decoder = new TextDecoder();

/**
 * Handles all that was read into the framer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * chat.link.begin();
 * chat.link.framer.push(new TextEncoder().encode('{"action":"msg","from":"bob","message":"hi","time":0}'));
 * receive(chat, 1);
 * assert.match(chat.window.out, /bob │ hi\r\n/);
 * ```
 */
export function receive(chat: ChatState, now: number): void {
  const { framer } = chat.link;
  for (let next = framer.next(); next !== undefined && chat.link.open; next = framer.next()) {
    if (typeof next !== "string") handleObject(chat, decoder.decode(next), now);
    else handleNoise(chat, next === "endless", safe(quoteBytes(framer.excerpt)), now);
  }
}

function handleNoise(chat: ChatState, isEndless: boolean, excerpt: string, now: number): void {
  if (!chat.hasJoinedBefore) beginShutdown(chat, now, chat.texts.notJim(chat.peer, excerpt));
  else if (isEndless) disconnected(chat, now, chat.texts.endless);
  else chat.warnAndLog(chat.texts.noise(excerpt), now);
}

function handleObject(chat: ChatState, json: string, now: number): void {
  const fields = read(json), { requests } = chat.link;
  const isRow = requests.takesAsIs && fields.response === undefined;
  const event = isRow ? unreadRow(fields) : localTimes(readEvent(fields, requests.isFast), chat.wall(now));
  if (event.kind === "answer" && event.kicked) {
    return beginShutdown(chat, now, chat.texts.serverSays(safe(event.words)));
  }
  const loose = chat.link.requests.receive(event, now);
  switch (loose?.kind) {
    case "probe":
      return answerProbe(chat, now);
    case "notice":
      return showNotice(chat, loose, now);
    case "message":
      return handleMessage(chat, loose, now);
    case "about":
      return tellAbout(chat, whereIs(chat, loose), loose, now);
    case "typing":
      return tellWriting(chat, whereIs(chat, loose), loose, now);
    case "presence":
      return showPresence(chat, loose, now);
    case "unknown":
      return chat.skip([loose], now);
    case "answer":
      if (loose.refused) chat.warnAndLog(chat.texts.serverSays(loose.words), now);
      return;
    default:
      if (loose !== undefined) handleFeature(chat, loose, now);
  }
}

/** A server's words about an end, with its time in the user's time zone. */
function localTimes(event: ServerEvent, wall: number): ServerEvent {
  if (event.kind !== "answer" && event.kind !== "notice") return event;
  return { ...event, words: byTheClock(event.words, wall) };
}

/** The server may have given us another name: an account by ours was made. Or it stops, which is shown when it is left. */
function showNotice(chat: ChatState, { words, name, move }: ServerEvent & { kind: "notice" }, now: number): void {
  if (move === true) return chat.link.leave(now);
  if (name !== undefined && chat.state !== "away") chat.setUser(name, undefined, false, { role: "guest" });
  chat.warn(words, now);
}

function answerProbe(chat: ChatState, now: number): void {
  chat.link.requests.enqueueFirst({ object: presence(chat.me.name, chat.wall(now)) });
}

function handleMessage(chat: ChatState, row: Message, now: number): void {
  const name = whereIs(chat, row);
  chat.writers.delete(name, row.from);
  // It opens no conversation either. In an open one it still moves the place up to which messages are known.
  if (chat.ignored.has(row.from) && !chat.conversations.has(name)) return;
  const conversation = conversationOf(chat, name, now), isLive = conversation.progress.live;
  if (chat.speaksJim) conversation.isLost = false; // another device may have joined the room
  // A row of the past may be from a person whose role has changed since. A new message tells the role of now.
  const isNow = isLive && chat.roles.has(chat.me.name);
  if (row.from !== "") chat.addPerson(row.from, isNow ? row.role ?? "guest" : undefined);
  // What is said now is shown with the time by our clock: that of others may be wrong by years.
  const wall = chat.wall(now), at = isLive ? wall : undefined;
  const { progress, ready } = arrived(conversation.progress, chat.conversations.record(row, wall));
  conversation.progress = progress;
  for (const each of ready) chat.showMessage(name, each, { at });
}

/** The conversation that a message belongs to. A handout's server sends rooms' messages to those who never joined one. */
function whereIs(chat: ChatState, { to, from }: Pick<Message, "to" | "from">): string {
  if (to === undefined || isCommonRoom(to)) return COMMON_ROOM;
  if (to.startsWith("#")) return chat.speaksJim || chat.conversations.has(to) ? chat.spelling(to) : COMMON_ROOM;
  if (chat.isMe(from)) return chat.spelling(to);
  return chat.isMe(to) && /^[^#]/.test(from) ? chat.spelling(from) : COMMON_ROOM;
}

function showPresence(chat: ChatState, event: ServerEvent & { kind: "presence" }, now: number): void {
  const { name, status, gone, role } = event;
  chat.addPerson(name, role);
  if (gone) chat.names.delete(name);
  if (gone) chat.writers.leave(name);
  if (gone && role === "guest") chat.roles.delete(name); // somebody else may come by it
  if (now - chat.resyncedAt < RUSH || chat.state !== "here" || chat.ignored.has(name)) return;
  const more = gone || status === "online" || status === "offline" || status === "" ? "" : `: ${status}`;
  const { came, left } = chat.texts;
  chat.showNotice(`${(gone ? left : came)(chat.person(name, role))}${more}`, now);
}
