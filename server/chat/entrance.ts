/** Coming in, by a name that anybody may take or by one that is proved, and going. */
import {
  type Answer,
  type Authenticate,
  DEFAULT_LIMITS,
  type Logout,
  nameKey,
  ok,
  type Presence,
  quote,
  type Register,
  type Resume,
} from "../../jim/mod.ts";
import type { AccountRecord } from "../journal/records.ts";
import type { Account, Chat } from "./chat.ts";
import { guestSide } from "../journal/conversation.ts";
import { isDefaultName } from "./lookalike.ts";
import { meantBySlip } from "./meant.ts";
import { missed } from "./past.ts";
import { deny, denyFailed, denyLogged, hasMadeTooMany, isMuted, noted, roleOf, until } from "./replies.ts";
import { announceJoin, announceLeave, newRooms, roomsOf } from "./room_notices.ts";
import { endOf } from "./session_tokens.ts";
import { issue, putOutHolders, use } from "./token_use.ts";
import type { Job, JobResult, Person, Scene } from "./voice.ts";

/** Shorter passwords are guessed. */
const SHORTEST = 8;
const GOODBYE = "goodbye";

export function presence<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Presence): void {
  const { status } = said.user, asked = said.user.account_name ?? who.name;
  if (asked === undefined) return denyLogged(scene, who, undefined, 400, "noname", meantBySlip(scene));
  if (!refreshed(chat, scene, who) || isBanned(chat, scene, who, asked)) return;
  const { account } = who;
  if (account !== undefined) {
    if (nameKey(asked) !== account.key) {
      return denyLogged(scene, who, asked, 401, "account", { got: quote(account.name) });
    }
  } else if (!isGuestsName(chat, scene, who, asked)) return;
  const name = account?.name ?? asked;
  const words = who.name === undefined ? `welcome, ${name}` : name === who.name ? "ok" : `you are ${name} now`;
  come(chat, scene, who, said, asked, account, noted(scene, words, said.time), status);
}

export function authenticate<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Authenticate): void {
  const { account_name: name, password } = said.user;
  if (!refreshed(chat, scene, who) || isBanned(chat, scene, who, name)) return;
  const known = chat.account(name);
  if (known === undefined && chat.rules.guests) {
    const { account } = who;
    if (account !== undefined) return denyLogged(scene, who, name, 401, "account", { got: quote(account.name) });
    if (!isGuestsName(chat, scene, who, name)) return;
    const words = noted(scene, `welcome, ${name}; the name is not registered, so anybody may use it`, said.time);
    return come(chat, scene, who, said, name, undefined, words, "");
  }
  const check = { kind: "check", password, name, account: known?.id } as const, revision = known?.revision;
  afterWait(chat, scene, who, name, check, (scene, right) => {
    const account = known === undefined ? undefined : chat.state.accountById(known.id);
    if (!right || account === undefined || account.revision !== revision) {
      return denyLogged(scene, who, name, 402, "login", { got: quote(name) });
    }
    if (!mayConnect(chat, scene, who, account)) return;
    scene.voice.granted(who, `logs in to ${quote(account.name)}`);
    withToken(chat, scene, who, account, said, (scene, token) => {
      come(chat, scene, who, said, name, account, noted(scene, `welcome, ${account.name}`, said.time), "", 200, token);
      if (!who.over) missed(chat, scene, who);
    });
  });
}

/**
 * Logs in with a session token. A right one is answered at once, so that a flood of wrong ones locks nobody out; a wrong one
 * waits in the queue of passwords, and is charged to its network, as a wrong password is.
 */
export function resume<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Resume): void {
  if (!refreshed(chat, scene, who)) return;
  const token = chat.tokens.find(said.token, scene.now);
  if (isBanned(chat, scene, who, token?.account.name)) return;
  if (token === undefined) return refuseToken(scene, who);
  const { account } = token;
  if (!mayConnect(chat, scene, who, account)) return;
  scene.voice.granted(who, `logs in to ${quote(account.name)} by a session token`);
  use(chat, scene, who, token);
  come(chat, scene, who, said, undefined, account, noted(scene, `welcome, ${account.name}`, said.time), "");
  if (!who.over) missed(chat, scene, who);
}

/** Ends a session token, and the connections that have logged in with it. */
export function logout<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Logout): void {
  const token = said.token === undefined ? chat.tokens.heldBy(who) : chat.tokens.find(said.token, scene.now);
  if (token === undefined && said.token !== undefined) return refuseToken(scene, who);
  if (token === undefined) return quit(scene, who, noted(scene, GOODBYE, said.time));
  scene.voice.propose(who, endOf(token), (scene, outcome) => {
    if (outcome === "failed") return denyFailed(scene, who);
    quit(scene, who, noted(scene, GOODBYE, said.time));
    putOutHolders(chat, scene, token, who);
  });
}

/** A guest keeps its rooms and contacts, and its past with accounts under each name that it has had in this connection. */
export function register<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Register): void {
  const { account_name: name, password } = said.user;
  if (!chat.rules.registration) return denyLogged(scene, who, name, 403, "closed");
  if (isMuted(chat, scene, who, "user.account_name")) return;
  if (!refreshed(chat, scene, who) || isBanned(chat, scene, who, name) || !isFree(chat, scene, who, name)) return;
  if ([...password].length < SHORTEST) return denyLogged(scene, who, name, 400, "password", { limit: SHORTEST });
  if (hasMadeTooMany(scene, who, "account", name)) return;
  afterWait(chat, scene, who, name, { kind: "hash", password, name }, (scene, hash) => {
    // Its peer may be gone: TCP tells an ended stream from a closed socket only when something is written to it.
    if (who.over) return deny(scene, who, 400, "ended");
    if (!isFree(chat, scene, who, name)) return; // somebody may have been quicker while it was hashed
    // Every guest is looked at, so not before each attempt has cost its sender the time of a hash.
    if (chat.guestsLike(name).some((each) => each !== who)) {
      return denyLogged(scene, who, name, 409, "taken", { got: quote(name) });
    }
    if (hasMadeTooMany(scene, who, "account", name)) return; // several of one network may have been hashed one after the other
    scene.voice.made("account", who);
    scene.voice.propose(who, accountOf(chat, scene, who, name, hash), (scene, outcome) => {
      if (outcome === "failed") return denyFailed(scene, who);
      if (outcome === "lost" || outcome.kind !== "registered") {
        return denyLogged(scene, who, name, 409, "taken", { got: quote(name) });
      }
      const { account } = outcome;
      scene.voice.granted(who, `registers ${quote(name)}`);
      withToken(chat, scene, who, account, said, (scene, token) => {
        come(
          chat,
          scene,
          who,
          said,
          name,
          account,
          noted(scene, `created; welcome, ${name}`, said.time),
          "",
          201,
          token,
        );
      });
    });
  });
}

/** An account for a connection, with what the connection has already. */
function accountOf<P extends Person>(
  chat: Chat<P>,
  { voice }: Scene<P>,
  who: P,
  name: string,
  password: string,
): AccountRecord {
  return {
    kind: "account",
    name,
    password,
    operator: false,
    seen: voice.lastId, // what was said before was not said to it
    guestPeriods: chat.guestPeriods(who),
    rooms: [...who.rooms ?? []].map(([room, spelling]) => ({ room: room.id, spelling })),
    contacts: [...who.contacts?.values() ?? []],
  };
}

export function quit<P extends Person>({ voice, now }: Scene<P>, who: P, words = GOODBYE): void {
  voice.answer(who, ok(now, 200, words));
  voice.goes(who, "quits");
}

/** Says that somebody has gone; called when its connection ends. */
export function departed<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P): void {
  const { side, account } = who, name = side === undefined ? undefined : chat.shownName(side);
  const rooms = roomsOf(chat, who);
  chat.leave(who, scene.voice.lastId);
  if (name === undefined) return;
  if (chat.at(side!).size === 0) announce(chat, scene, who, { name, account }, "offline");
  else announceLeave(chat, scene, who, { side: side!, account }, rooms);
}

/**
 * Takes in what other programs have changed. Returns whether the connection is still in the chat, if it was: its own account
 * may have been removed, or its name become another's.
 *
 * @param age milliseconds: what was looked at so long ago is good enough
 */
export function refreshed<P extends Person>(chat: Chat<P>, { voice }: Scene<P>, who: P, age = 0): boolean {
  voice.refresh(age);
  return who.side === undefined || chat.at(who.side).has(who);
}

/**
 * Runs a job for a connection that enters by a name. A wait may be long: what other programs have changed is taken in and
 * the bans are checked again after it, and each continuation checks again what else it relies on. It is not called for a
 * connection that has left meanwhile.
 */
function afterWait<P extends Person, K extends "check" | "hash">(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  name: string,
  job: Extract<Job, { kind: K }>,
  then: (scene: Scene<P>, found: JobResult[K]) => void,
): void {
  const { slip } = scene;
  scene.voice.job<K>(who, job, (later, found) => {
    const scene = slip === undefined ? later : { ...later, slip };
    if (!refreshed(chat, scene, who) || isBanned(chat, scene, who, name)) return;
    if (found === undefined) return deny(scene, who, 500, "store");
    then(scene, found);
  });
}

/**
 * @param features those that the request names, if it does
 * @param asked the name as it was spelt in the request, if it was; an account keeps its own spelling
 */
function come<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  { features = [] }: Pick<Presence, "features">,
  asked: string | undefined,
  account: Account | undefined,
  words: string,
  status: string,
  code = 200,
  token?: string,
): void {
  const name = account?.name ?? asked!, respelt = name === asked ? {} : { account_name: name };
  const given = token === undefined ? {} : { token };
  const answer = {
    ...ok(scene.now, code, words),
    jim: 1,
    role: roleOf(account),
    ...respelt,
    ...given,
    ...features.includes("rules") || chat.features.has(who, "rules") ? rulesOf(chat) : {},
  } as const;
  if (who.over) return scene.voice.answer(who, answer); // no ghost: it would enter only to leave
  const before = who.name, left = who.side, side = account?.side ?? guestSide(name);
  const isNew = before !== name || who.account !== account;
  const [leftAs, thereAs] = [left, side].map((each) => each === undefined ? undefined : chat.shownName(each));
  const { account: leftBy } = who;
  const leftRooms = isNew ? roomsOf(chat, who) : [], rooms = isNew ? newRooms(chat, who, { side, account }) : [];
  if (isNew) chat.enter(who, name, account, scene.voice.lastId);
  if (chat.state.ban("mute", name, scene.now) !== undefined) who.muted = nameKey(name);
  scene.voice.answer(who, answer);
  if (isNew) {
    scene.voice.arrived(who);
    // A bare program would take a notice for an answer.
    if (before === undefined && chat.state.motd !== "" && !who.bare) {
      scene.voice.answer(who, ok(scene.now, 100, chat.state.motd));
    }
    if (leftAs !== undefined && chat.shownName(left!) !== leftAs) {
      announce(chat, scene, who, { name: leftAs, account: leftBy }, "offline");
    }
    if (left !== undefined && left !== side) {
      announceLeave(chat, scene, who, { side: left, account: leftBy }, leftRooms);
    }
    const isRespelt = chat.shownName(side) !== thereAs;
    const shownStatus = chat.muteOf(who, scene.now) === undefined ? status : "";
    if (isRespelt) announce(chat, scene, who, { name, account }, "online", shownStatus);
    announceJoin(chat, scene, who, { side, account }, isRespelt ? roomsOf(chat, who) : rooms);
  }
  if (features.length === 0) return;
  chat.features.add(who, features); // last, so that it is not told of itself
  scene.voice.arrived(who); // its messages may have to be answered in another way
}

/** What everybody may do here. */
function rulesOf<P extends Person>({ rules: { registration, guests } }: Chat<P>): Pick<Answer, "rules"> {
  return { rules: { registration, guests } };
}

/** Whether an account may have another connection; refuses it if not. */
function mayConnect<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, { name, side }: Account): boolean {
  const others = [...chat.at(side)].filter((each) => each !== who).length, limit = chat.rules.devices;
  if (others >= limit) denyLogged(scene, who, name, 409, "devices", { got: quote(name), limit });
  return others < limit;
}

/** Goes on with a session token for a connection that has asked for one. What is relied on is checked again when it is kept. */
function withToken<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  account: Account,
  { token: isAsked }: Pick<Authenticate, "token">,
  then: (scene: Scene<P>, token: string | undefined) => void,
): void {
  if (isAsked) {
    return issue(chat, scene, who, account, (scene, token) => {
      if (mayConnect(chat, scene, who, account)) then(scene, token);
    });
  }
  chat.tokens.hold(who, undefined);
  then(scene, undefined);
}

/** Refuses a session token, as late as a wrong password is refused. */
function refuseToken<P extends Person>(scene: Scene<P>, who: P): void {
  scene.voice.job(who, { kind: "guess" }, (scene) => denyLogged(scene, who, undefined, 401, "session"));
}

/** Whether the name, if there is one, or the address is banned; refuses the request if so. */
function isBanned<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, name: string | undefined): boolean {
  const ban = (name === undefined ? undefined : chat.state.ban("name", name, scene.now)) ??
    chat.state.ban("address", who.host, scene.now);
  if (ban !== undefined) denyLogged(scene, who, name, 403, "banned", until(ban));
  return ban !== undefined;
}

/** Whether a guest may go by a name; else it is told why not. */
function isGuestsName<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, name: string): boolean {
  const got = quote(name), like = chat.state.lookalike(name);
  if (chat.account(name) !== undefined) denyLogged(scene, who, name, 401, "reserved", { got });
  else if (!chat.rules.guests) denyLogged(scene, who, name, 401, "members", { got });
  else if (looksLikeARoom(name)) {
    denyLogged(scene, who, name, 400, "name", { at: "user.account_name", got, limit: DEFAULT_LIMITS.name });
  } else if (like !== undefined) denyLogged(scene, who, name, 401, "lookalike", { got, like: quote(like.name) });
  else return true;
  return false;
}

/** A `#` of another width or shape, as in `＃all` or `＃server`. */
function looksLikeARoom(name: string): boolean {
  return name.normalize("NFKC").startsWith("#");
}

/**
 * Whether a connection may register a name; else it is told why not. A name is taken when it is an account's, or that of a
 * guest who is here, who would lose it.
 */
function isFree<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, name: string): boolean {
  const got = quote(name), like = chat.state.lookalike(name);
  if (who.account !== undefined) denyLogged(scene, who, name, 409, "account", { got: quote(who.account.name) });
  else if (chat.account(name) !== undefined) denyLogged(scene, who, name, 409, "taken", { got });
  else if (looksLikeARoom(name)) {
    denyLogged(scene, who, name, 400, "name", { at: "user.account_name", got, limit: DEFAULT_LIMITS.name });
  } else if (isDefaultName(name)) denyLogged(scene, who, name, 403, "default", { got });
  else if ([...chat.named(name)].some((each) => each !== who)) denyLogged(scene, who, name, 409, "taken", { got });
  else if (like !== undefined) denyLogged(scene, who, name, 409, "lookalike", { got, like: quote(like.name) });
  else return true;
  return false;
}

/** Tells the watchers. What somebody says of its own state is free text, and is never taken for the state itself. */
export function announce<P extends Person>(
  chat: Chat<P>,
  { voice, now }: Scene<P>,
  who: P,
  { name, account }: { readonly name: string; readonly account: Account | undefined },
  state: "online" | "offline",
  text = "",
): void {
  const status = text === "" || nameKey(text) === "offline" ? state : text;
  const user = { account_name: name, status };
  const notice = { action: "presence", time: now, type: "status", user, state, role: roleOf(account) };
  voice.announce(who, chat.features.all("watch"), notice);
}
