// Entering the chat under a name, as a guest or by a password; and what follows a refusal.

import { UNDERSTOOD } from "../protocol/understood.ts";
import { isName } from "../../jim/mod.ts";
import { presence } from "../../jim/client/objects.ts";
import { FAST, PRESENCE } from "../../jim/client/pace.ts";
import { safe } from "../safe.ts";
import { disconnected } from "./disconnect.ts";
import type { ChatState } from "./chat_state.ts";
import type { Command } from "./command.ts";
import { readName, writeName } from "./names.ts";
import { askForNewPassword } from "./new_password.ts";
import { beginShutdown } from "./shutdown.ts";
import type { Reply } from "../../jim/client/requests.ts";
import { resync, resyncPlain } from "./resync.ts";

/** Milliseconds that a password may take: a server looks at those of one address one by one. */
const LOGIN = 60_000;

/** How the list of the account's sessions names this client. */
const DEVICE = "Hanita, terminal";

/** Another name for a guest. */
interface Rename {
  readonly do: "name";
  readonly name: string;
}
/** Without a name: by one's own. */
interface Account<A extends "login" | "register"> {
  readonly do: A;
  readonly name: string | undefined;
}

export const loginCommands = {
  name: {
    read(rest) {
      const found = readName(rest, true);
      return found?.rest === "" && isName(found.name) ? { do: "name", name: found.name } : undefined;
    },
    execute: (chat, { name }, now) => rename(chat, name, now),
  } satisfies Command<Rename>,
  login: account("login", login),
  register: account("register", register),
};

/** A name that is one's own, or is to be: only what is in quotes may have spaces, as behind one a password may stand. */
function account<A extends "login" | "register">(action: A, execute: typeof login): Command<Account<A>> {
  return {
    takes: { name: "person" },
    read(rest) {
      if (rest === "") return { do: action, name: undefined };
      const found = readName(rest, false);
      return found?.rest === "" && isName(found.name) ? { do: action, name: found.name } : undefined;
    },
    execute: (chat, { name }, now) => execute(chat, name ?? chat.me.name, now),
  };
}

/**
 * Comes in on a new connection, by a password if there is one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * enter(chat, 0);
 * assert.match(new TextDecoder().decode(chat.link.requests.take(0)), /"presence"/);
 * ```
 */
export function enter(chat: ChatState, now: number): void {
  const { name, password, newPassword } = chat.me;
  chat.state = "joining";
  if (password !== undefined) return authenticate(chat, name, password, now, newPassword);
  const then = (reply: Reply | undefined, now: number) => entered(chat, reply, now);
  const patience = chat.speaksJim ? FAST.patience : PRESENCE;
  chat.link.requests.enqueue({ object: presence(name, chat.wall(now)), patience, then });
}

/** Asks for a password, and proves by it that a name is one's own. */
function login(chat: ChatState, name: string, now: number): void {
  if (chat.cannot("/login", now)) return;
  chat.typing.ask(chat.texts.password(name), (password, now) => {
    if (password === undefined) return chat.showNotice(chat.texts.notLoggedIn, now);
    if (chat.cannot("/login", now)) return;
    authenticate(chat, name, password, now);
  });
}

/** Takes another name, as a guest: an account's is its own. */
function rename(chat: ChatState, name: string, now: number): void {
  chat.request(`/name ${writeName(name)}`, { object: presence(name, chat.wall(now)) }, now, (reply, now) => {
    chat.setUser(name, undefined, false, reply);
    chat.showNotice(chat.texts.renamed(chat.me.name), now);
    if (chat.speaksJim) resync(chat, now);
  });
}

/** Asks for a new password, and makes a name one's own by it. */
function register(chat: ChatState, name: string, now: number): void {
  if (chat.cannot("/register", now)) return;
  askForNewPassword(chat, name, (password, now) => {
    if (password === undefined) return chat.showNotice(chat.texts.notRegistered, now);
    makeAccount(chat, name, password, now);
  });
}

function makeAccount(chat: ChatState, name: string, password: string, now: number): void {
  const user = { account_name: name, password };
  const object = { action: "register", time: chat.time(now), user, device: DEVICE };
  chat.request(`/register ${writeName(name)}`, { object, patience: LOGIN }, now, (reply, now) => {
    chat.setUser(name, password, true, reply);
    chat.showNotice(chat.texts.registered(name), now);
    resync(chat, now);
  });
}

/** @param fresh the password from then on, if it is another one */
function authenticate(chat: ChatState, name: string, password: string, now: number, fresh?: string): void {
  const user = { account_name: name, password }, changed = fresh === undefined ? {} : { new_password: fresh };
  // What was missed arrives behind the answer, with the present names of rooms for those that know the feature.
  const features = chat.speaksJim ? { features: UNDERSTOOD } : {};
  const object = { action: "authenticate", time: chat.time(now), user, ...changed, device: DEVICE, ...features };
  const isEntering = chat.state === "joining";
  const then = (reply: Reply | undefined, now: number) => {
    if (reply !== undefined && !reply.refused) chat.setUser(name, fresh ?? password, true, reply);
    if (chat.state === "joining") return entered(chat, reply, now);
    if (reply?.isOneTime) return chooseOwn(chat, name, password, now);
    if (reply === undefined || reply.refused) {
      chat.refused(`/login ${writeName(name)}`, reply, now);
      if (reply?.code === 402) login(chat, name, now); // the next try must not be typed in sight
      return;
    }
    chat.showNotice(chat.texts.nowLoggedIn(chat.me.name, reply.words), now); // a guest's name has no password
    resync(chat, now);
  };
  // On coming in, the next connection does it again.
  const lost = (now: number) =>
    chat.hasJoinedBefore && !isEntering && chat.unanswered(`/login ${writeName(name)}`, now);
  chat.link.requests.enqueue({ object, patience: LOGIN, then, lost });
}

/** The password is for the first login only: asks for one that takes its place. */
function chooseOwn(chat: ChatState, name: string, password: string, now: number): void {
  chat.showNotice(chat.texts.oneTimePassword(name), now);
  askForNewPassword(chat, name, (fresh, now) => {
    if (fresh === undefined) return chat.showNotice(chat.texts.notLoggedIn, now);
    if (!chat.cannot("/login", now)) authenticate(chat, name, password, now, fresh);
  });
}

function entered(chat: ChatState, reply: Reply | undefined, now: number): void {
  if (reply?.refused) return turnedAway(chat, reply, now);
  chat.speaksJim ||= reply?.jim ?? false;
  chat.setUser(chat.me.name, chat.me.password, chat.me.proved, reply);
  const { joined, joinedUnanswered } = chat.texts;
  if (!chat.hasJoinedBefore && reply === undefined) chat.warn(joinedUnanswered(chat.peer), now);
  else if (!chat.hasJoinedBefore) chat.showNotice(joined(chat.peer, chat.me.name), now);
  if (chat.speaksJim) resync(chat, now);
  else resyncPlain(chat, now);
}

/** A name that is somebody's needs a password. Whatever else there is against us may be over soon, if we were here before. */
function turnedAway(chat: ChatState, { code, words, isOneTime }: Reply, now: number): void {
  const { name, password: given, newPassword } = chat.me, { texts, typing } = chat;
  const reason = texts.turnedAway(chat.peer, name, safe(words));
  const isNoGood = code === 400 && newPassword !== undefined; // such as the one-time password once more
  if (isOneTime || isNoGood) {
    if (isNoGood) chat.warn(texts.refuses(`"${name}"`, words), now);
    else chat.showNotice(texts.oneTimePassword(name), now);
    if (typing.asks) return;
    return askForNewPassword(chat, name, (fresh, now) => {
      if (fresh === undefined) return beginShutdown(chat, now, reason);
      enterBy(chat, given!, fresh, now);
    });
  }
  // The answer to the login that has set the new one may have been lost.
  if (code === 402 && newPassword !== undefined) return enterBy(chat, newPassword, undefined, now);
  if (code !== 401 && code !== 402) {
    return chat.hasJoinedBefore && code !== 403 ? disconnected(chat, now, words) : beginShutdown(chat, now, reason);
  }
  chat.me = { name, password: undefined, proved: chat.me.proved };
  // Nothing has failed where no password was given yet.
  if (code === 401 && given === undefined) chat.showNotice(texts.needsPassword(name), now);
  else chat.warn(texts.refuses(`"${name}"`, words), now);
  if (typing.asks) return;
  typing.ask(texts.password(name), (password, now) => {
    if (password === undefined) return beginShutdown(chat, now, reason);
    enterBy(chat, password, undefined, now);
  });
}

/** Comes in by a password, on this connection or the next one. */
function enterBy(chat: ChatState, password: string, fresh: string | undefined, now: number): void {
  const { name, proved } = chat.me;
  chat.me = { name, password, proved, ...(fresh === undefined ? {} : { newPassword: fresh }) };
  if (chat.link.open) enter(chat, now);
  else chat.link.retryAt = now;
}
