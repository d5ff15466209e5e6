// What the server says of its own accord: a message finds its conversation, whoever comes or goes is named, a probe is
// answered; and what is no answer to anything, or not even JIM, is told.

import { COMMON, isCommon, quoteBytes } from "../../jim/mod.ts";
import { type Message, readEvent, type ServerEvent } from "../protocol/event.ts";
import { read } from "../protocol/fields.ts";
import { arrived } from "../protocol/catch_up.ts";
import { presence } from "../protocol/objects.ts";
import { safe } from "../safe.ts";
import { lost } from "./away.ts";
import { byTheClock } from "./clock.ts";
import type { Desk } from "./desk.ts";
import { leave } from "./parting.ts";
import { placeOf } from "./settle.ts";
import { hearTopic } from "./topic.ts";

/** Milliseconds after one came in which others' comings are not told: after a restart of the server all come at once. */
const RUSH = 5_000;

const decoder = new TextDecoder();

/**
 * Hears all that was read into the framer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Desk } from "./desk.ts";
 * import { plain } from "./paint.ts";
 * const desk = new Desk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * desk.link.begin();
 * desk.link.framer.push(new TextEncoder().encode('{"action":"msg","from":"bob","message":"hi","time":0}'));
 * hear(desk, 1);
 * assert.match(desk.window.out, /bob │ hi\r\n/);
 * ```
 */
export function hear(desk: Desk, now: number): void {
  const { framer } = desk.link;
  for (let next = framer.next(); next !== undefined && desk.link.open; next = framer.next()) {
    if (typeof next !== "string") hearObject(desk, decoder.decode(next), now);
    else hearNoise(desk, next === "endless", safe(quoteBytes(framer.excerpt)), now);
  }
}

function hearNoise(desk: Desk, isEndless: boolean, excerpt: string, now: number): void {
  if (!desk.been) leave(desk, now, desk.texts.notJim(desk.peer, excerpt));
  else if (isEndless) lost(desk, now, desk.texts.endless);
  else desk.alarm(desk.texts.noise(excerpt), now);
}

function hearObject(desk: Desk, json: string, now: number): void {
  const event = localTimes(readEvent(read(json), desk.link.requests.fast), desk.wall(now));
  if (event.kind === "answer" && event.kicked) return leave(desk, now, desk.texts.serverSays(safe(event.words)));
  const loose = desk.link.requests.receive(event, now);
  switch (loose?.kind) {
    case "probe":
      return answerProbe(desk, now);
    case "notice":
      return hearNotice(desk, loose, now);
    case "message":
      return hearMessage(desk, loose, now);
    case "presence":
      return hearPresence(desk, loose, now);
    case "topic":
      return hearTopic(desk, loose, now);
    case "unknown":
      return desk.skip([loose], now);
    case "answer":
      if (loose.refused) desk.alarm(desk.texts.serverSays(loose.words), now);
  }
}

/** A server's words about an end, with its time in the user's time zone. */
function localTimes(event: ServerEvent, wall: number): ServerEvent {
  if (event.kind !== "answer" && event.kind !== "notice") return event;
  return { ...event, words: byTheClock(event.words, wall) };
}

/** The server may have given us another name: an account by ours was made. */
function hearNotice(desk: Desk, { words, name }: ServerEvent & { kind: "notice" }, now: number): void {
  if (name !== undefined && desk.state !== "away") desk.become(name, undefined, false, { role: "guest" });
  desk.warn(words, now);
}

function answerProbe(desk: Desk, now: number): void {
  desk.link.requests.askFirst({ object: presence(desk.me.name, desk.wall(now)) });
}

function hearMessage(desk: Desk, row: Message, now: number): void {
  const name = whereIs(desk, row);
  // It opens no conversation either. In an open one it still moves the place up to which messages are known.
  if (desk.ignored.has(row.from) && !desk.places.has(name)) return;
  const place = placeOf(desk, name, now), isLive = place.past.live;
  // A row of the past may be of somebody who is something else by now; what is said now is by who is here.
  const isNow = isLive && desk.roles.has(desk.me.name);
  if (row.from !== "") desk.meet(row.from, isNow ? row.role ?? "guest" : undefined);
  // What is said now is shown with the time by our clock: that of others may be wrong by years.
  const wall = desk.wall(now), at = isLive ? wall : undefined;
  const { progress, ready } = arrived(place.past, desk.places.said(row, wall));
  place.past = progress;
  for (const each of ready) desk.show(name, each, { at });
}

/** The conversation that a message belongs to. A handout's server sends rooms' messages to those who never joined one. */
function whereIs(desk: Desk, { to, from }: Message): string {
  if (to === undefined || isCommon(to)) return COMMON;
  if (to.startsWith("#")) return desk.jim || desk.places.has(to) ? desk.spelling(to) : COMMON;
  if (desk.isMe(from)) return desk.spelling(to);
  return desk.isMe(to) && /^[^#]/.test(from) ? desk.spelling(from) : COMMON;
}

function hearPresence(desk: Desk, event: ServerEvent & { kind: "presence" }, now: number): void {
  const { name, status, gone, role } = event;
  desk.meet(name, role);
  if (gone) desk.names.delete(name);
  if (gone && role === "guest") desk.roles.delete(name); // somebody else may come by it
  if (now - desk.settledAt < RUSH || desk.state !== "here" || desk.ignored.has(name)) return;
  const more = gone || status === "online" || status === "offline" || status === "" ? "" : `: ${status}`;
  const { came, left } = desk.texts;
  desk.note(`${(gone ? left : came)(desk.person(name, role))}${more}`, now);
}
