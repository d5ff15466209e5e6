// Entering the chat under a name, as a guest or by a password; and what follows a refusal.

import { isName, MIN_PASSWORD } from "../../jim/mod.ts";
import { presence } from "../../jim/client/objects.ts";
import { FAST, PRESENCE } from "../../jim/client/pace.ts";
import { safe } from "../safe.ts";
import { disconnected } from "./disconnect.ts";
import type { ChatState } from "./chat_state.ts";
import type { Command } from "./command.ts";
import { readName, writeName } from "./names.ts";
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
  const { name, password } = chat.me;
  chat.state = "joining";
  if (password !== undefined) return authenticate(chat, name, password, now);
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

/**
 * Asks for a new password, twice, and makes a name one's own. A password that is no good is asked for again at once: one
 * that is typed out of habit would be a message to everybody otherwise. An empty one ends it.
 */
function register(chat: ChatState, name: string, now: number): void {
  if (chat.cannot("/register", now)) return;
  chat.typing.ask(chat.texts.newPassword(name), (password, now) => {
    if (password === undefined) return chat.showNotice(chat.texts.notRegistered, now);
    const { length } = [...password];
    // Refused before it is typed twice.
    if (length < MIN_PASSWORD) {
      chat.warn(chat.texts.shortPassword(MIN_PASSWORD, length), now);
      return register(chat, name, now);
    }
    chat.typing.ask(chat.texts.onceMore, (again, now) => {
      if (again === undefined) return chat.showNotice(chat.texts.notRegistered, now);
      if (again === password) return makeAccount(chat, name, password, now);
      chat.warn(chat.texts.otherPassword, now);
      register(chat, name, now);
    });
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

function authenticate(chat: ChatState, name: string, password: string, now: number): void {
  const user = { account_name: name, password };
  const object = { action: "authenticate", time: chat.time(now), user, device: DEVICE };
  const isEntering = chat.state === "joining";
  const then = (reply: Reply | undefined, now: number) => {
    if (reply !== undefined && !reply.refused) chat.setUser(name, password, true, reply);
    if (chat.state === "joining") return entered(chat, reply, now);
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
function turnedAway(chat: ChatState, { code, words }: Reply, now: number): void {
  const { name } = chat.me;
  const reason = chat.texts.turnedAway(chat.peer, name, safe(words));
  if (code !== 401 && code !== 402) {
    return chat.hasJoinedBefore && code !== 403 ? disconnected(chat, now, words) : beginShutdown(chat, now, reason);
  }
  const hadPassword = chat.me.password !== undefined;
  chat.me = { ...chat.me, password: undefined };
  // Nothing has failed where no password was given yet.
  if (code === 401 && !hadPassword) chat.showNotice(chat.texts.needsPassword(name), now);
  else chat.warn(chat.texts.refuses(`"${name}"`, words), now);
  if (chat.typing.asks) return;
  chat.typing.ask(chat.texts.password(name), (password, now) => {
    if (password === undefined) return beginShutdown(chat, now, reason);
    chat.me = { ...chat.me, password };
    if (chat.link.open) enter(chat, now);
    else chat.link.retryAt = now;
  });
}
