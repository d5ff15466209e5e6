// Coming into the chat under a name: as a guest, or by a password that proves whose it is; and what becomes of who is turned
// away at the door.

import { presence } from "../protocol/objects.ts";
import { safe } from "../safe.ts";
import { lost } from "./away.ts";
import type { Desk } from "./desk.ts";
import { typed } from "./names.ts";
import { leave } from "./parting.ts";
import type { Reply } from "../protocol/requests.ts";
import { settle, settleAtOnce } from "./settle.ts";

/** Characters of the shortest password that Hanita takes. Shorter ones are refused before they are typed twice. */
const SHORTEST = 8;
/** Milliseconds that a password may take: a server looks at those of one address one by one. */
const LOGIN = 60_000;

/**
 * Comes in on a new connection, by a password if there is one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Desk } from "./desk.ts";
 * import { plain } from "./paint.ts";
 * const desk = new Desk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * enter(desk, 0);
 * assert.match(new TextDecoder().decode(desk.link.requests.take(0)), /"presence"/);
 * ```
 */
export function enter(desk: Desk, now: number): void {
  const { name, password } = desk.me;
  desk.state = "joining";
  if (password !== undefined) return authenticate(desk, name, password, now);
  const then = (reply: Reply | undefined, now: number) => entered(desk, reply, now);
  desk.link.requests.ask({ object: presence(name, desk.wall(now)), then });
}

/** Asks for a password, and proves by it that a name is one's own. */
export function login(desk: Desk, name: string, now: number): void {
  if (desk.cannot("/login", now)) return;
  desk.typing.ask(desk.texts.password(name), (password, now) => {
    if (password === undefined) return desk.note(desk.texts.notLoggedIn, now);
    if (desk.cannot("/login", now)) return;
    authenticate(desk, name, password, now);
  });
}

/** Takes another name, as a guest: an account's is its own. */
export function rename(desk: Desk, name: string, now: number): void {
  desk.ask(`/name ${typed(name)}`, { object: presence(name, desk.wall(now)) }, now, (reply, now) => {
    desk.become(name, undefined, false, reply);
    desk.note(desk.texts.renamed(desk.me.name), now);
    if (desk.jim) settle(desk, now);
  });
}

/**
 * Asks for a new password, twice, and makes a name one's own. A password that is no good is asked for again at once: one
 * that is typed out of habit would be a message to everybody otherwise. An empty one ends it.
 */
export function register(desk: Desk, name: string, now: number): void {
  if (desk.cannot("/register", now)) return;
  desk.typing.ask(desk.texts.newPassword(name), (password, now) => {
    if (password === undefined) return desk.note(desk.texts.notRegistered, now);
    const { length } = [...password];
    if (length < SHORTEST) {
      desk.warn(desk.texts.shortPassword(SHORTEST, length), now);
      return register(desk, name, now);
    }
    desk.typing.ask(desk.texts.onceMore, (again, now) => {
      if (again === undefined) return desk.note(desk.texts.notRegistered, now);
      if (again === password) return makeAccount(desk, name, password, now);
      desk.warn(desk.texts.otherPassword, now);
      register(desk, name, now);
    });
  });
}

function makeAccount(desk: Desk, name: string, password: string, now: number): void {
  const object = { action: "register", time: desk.time(now), user: { account_name: name, password } };
  desk.ask(`/register ${typed(name)}`, { object, patience: LOGIN }, now, (reply, now) => {
    desk.become(name, password, true, reply);
    desk.note(desk.texts.registered(name), now);
    settle(desk, now);
  });
}

function authenticate(desk: Desk, name: string, password: string, now: number): void {
  const object = { action: "authenticate", time: desk.time(now), user: { account_name: name, password } };
  const isEntering = desk.state === "joining";
  const then = (reply: Reply | undefined, now: number) => {
    if (reply !== undefined && !reply.refused) desk.become(name, password, true, reply);
    if (desk.state === "joining") return entered(desk, reply, now);
    if (reply === undefined || reply.refused) {
      desk.refused(`/login ${typed(name)}`, reply, now);
      if (reply?.code === 402) login(desk, name, now); // the next try must not be typed in sight
      return;
    }
    desk.note(desk.texts.nowLoggedIn(desk.me.name, reply.words), now); // a guest's name has no password
    settle(desk, now);
  };
  // On coming in, the next connection does it again.
  const lost = (now: number) => desk.been && !isEntering && desk.unanswered(`/login ${typed(name)}`, now);
  desk.link.requests.ask({ object, patience: LOGIN, then, lost });
}

function entered(desk: Desk, reply: Reply | undefined, now: number): void {
  if (reply?.refused) return turnedAway(desk, reply, now);
  desk.jim ||= reply?.jim ?? false;
  desk.become(desk.me.name, desk.me.password, desk.me.proved, reply);
  const { joined, joinedUnanswered } = desk.texts;
  if (!desk.been && reply === undefined) desk.warn(joinedUnanswered(desk.peer), now);
  else if (!desk.been) desk.note(joined(desk.peer, desk.me.name), now);
  if (desk.jim) settle(desk, now);
  else settleAtOnce(desk, now);
}

/** A name that is somebody's needs a password. Whatever else there is against us may be over soon, if we were here before. */
function turnedAway(desk: Desk, { code, words }: Reply, now: number): void {
  const { name } = desk.me;
  const reason = desk.texts.turnedAway(desk.peer, name, safe(words));
  if (code !== 401 && code !== 402) {
    return desk.been && code !== 403 ? lost(desk, now, words) : leave(desk, now, reason);
  }
  const hadPassword = desk.me.password !== undefined;
  desk.me = { ...desk.me, password: undefined };
  // Nothing has failed where no password was given yet.
  if (code === 401 && !hadPassword) desk.note(desk.texts.needsPassword(name), now);
  else desk.warn(desk.texts.refuses(`"${name}"`, words), now);
  if (desk.typing.asks) return;
  desk.typing.ask(desk.texts.password(name), (password, now) => {
    if (password === undefined) return leave(desk, now, reason);
    desk.me = { ...desk.me, password };
    if (desk.link.open) enter(desk, now);
    else desk.link.retryAt = now;
  });
}
