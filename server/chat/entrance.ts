/** Coming in, by a name that anybody may take or by one that is proved, and going. */
import { type Authenticate, ok, type Presence, quote, type Register } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { missed } from "./past.ts";
import { deny, noted, until } from "./replies.ts";
import type { Errand, Findings, Person, Scene } from "./voice.ts";

/** Shorter passwords are guessed. */
const SHORTEST = 8;

export function presence<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Presence): void {
  const name = said.user.account_name ?? who.name;
  if (name === undefined) return deny(scene, who, 400, "noname");
  if (isBanned(chat, scene, who, name)) return;
  if (who.proved && name !== who.name) return deny(scene, who, 401, "account", { got: quote(who.name) });
  if (!who.proved && chat.accounts.has(name)) return deny(scene, who, 401, "reserved", { got: quote(name) });
  if (!who.proved && !chat.rules.guests) return deny(scene, who, 401, "members", { got: quote(name) });
  const words = who.name === undefined ? `welcome, ${name}` : name === who.name ? "ok" : `you are ${name} now`;
  come(chat, scene, who, name, who.proved, noted(scene, words, said.time), said.user.status);
  if (said.watch) chat.watchers.add(who);
}

export function authenticate<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Authenticate): void {
  const { account_name: name, password } = said.user;
  if (isBanned(chat, scene, who, name)) return;
  const known = chat.accounts.has(name);
  if (!known && chat.rules.guests) {
    const words = noted(scene, `welcome, ${name}; the name is not registered, so anybody may use it`, said.time);
    return come(chat, scene, who, name, false, words, "");
  }
  const check = { kind: "check", password, account: known ? name : undefined } as const;
  afterWait(chat, scene, who, name, check, (scene, right) => {
    if (!right || !chat.accounts.has(name)) return deny(scene, who, 402, "login", { got: quote(name) });
    const others = [...chat.named(name)].filter((each) => each !== who).length;
    if (others >= chat.rules.devices) {
      return deny(scene, who, 409, "devices", { got: quote(name), limit: chat.rules.devices });
    }
    come(chat, scene, who, name, true, noted(scene, `welcome, ${name}`, said.time), "");
    if (!who.over) missed(chat, scene, who);
  });
}

export function register<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Register): void {
  const { account_name: name, password } = said.user;
  if (!chat.rules.registration) return deny(scene, who, 403, "closed");
  if (isBanned(chat, scene, who, name)) return;
  if (isTaken(chat, who, name)) return deny(scene, who, 409, "taken", { got: quote(name) });
  if ([...password].length < SHORTEST) return deny(scene, who, 400, "password", { limit: SHORTEST });
  afterWait(chat, scene, who, name, { kind: "hash", password }, (scene, hash) => {
    // Somebody may have been quicker while it was hashed.
    if (isTaken(chat, who, name)) return deny(scene, who, 409, "taken", { got: quote(name) });
    if (!scene.voice.keep({ kind: "account", name, password: hash })) {
      return deny(scene, who, 500, "store");
    }
    chat.addAccount(name);
    come(chat, scene, who, name, true, noted(scene, `created; welcome, ${name}`, said.time), "", 201);
  });
}

export function quit<P extends Person>({ voice, now }: Scene<P>, who: P): void {
  voice.answer(who, ok(now, 200, "goodbye"));
  voice.goes(who, "quits");
}

/** Says that somebody has gone; called when its connection ends. */
export function departed<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P): void {
  const { name } = who;
  chat.leave(who);
  if (name !== undefined && chat.named(name).size === 0) announce(chat, scene, who, name, "offline");
}

/**
 * Runs an errand for a connection that enters by a name. A wait may be long: the bans are checked again after it, and each
 * continuation checks again what else it relies on. It is not called for a connection that has left meanwhile.
 */
function afterWait<P extends Person, K extends "check" | "hash">(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  name: string,
  errand: Extract<Errand, { kind: K }>,
  then: (scene: Scene<P>, found: Findings[K]) => void,
): void {
  scene.voice.errand<K>(who, errand, (scene, found) => {
    if (isBanned(chat, scene, who, name)) return;
    if (found === undefined) return deny(scene, who, 500, "store");
    then(scene, found);
  });
}

function come<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  name: string,
  proved: boolean,
  words: string,
  status: string,
  code = 200,
): void {
  if (who.over) return scene.voice.answer(who, ok(scene.now, code, words)); // no ghost: it would enter only to leave
  const before = who.name, isNew = before !== name || who.proved !== proved;
  const first = isNew && chat.named(name).size === 0;
  if (isNew) chat.enter(who, name, proved);
  who.muted = chat.ban("mute", name, scene.now) !== undefined;
  scene.voice.answer(who, { ...ok(scene.now, code, words), jim: 1 });
  if (!isNew) return;
  scene.voice.arrived(who);
  // A bare program would take a notice for an answer.
  if (before === undefined && chat.motd !== "" && !who.bare) scene.voice.answer(who, ok(scene.now, 100, chat.motd));
  if (before !== undefined && chat.named(before).size === 0) announce(chat, scene, who, before, "offline");
  if (first) announce(chat, scene, who, name, status || "online");
}

/** Told so, if the name or the address may not come in. */
function isBanned<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, name: string): boolean {
  const ban = chat.ban("name", name, scene.now) ?? chat.ban("address", who.host, scene.now);
  if (ban !== undefined) deny(scene, who, 403, "banned", until(ban));
  return ban !== undefined;
}

/** A name is somebody else's when it has an account, or a guest goes by it now: it would be taken from under that guest. */
function isTaken<P extends Person>(chat: Chat<P>, who: P, name: string): boolean {
  return chat.accounts.has(name) || [...chat.named(name)].some((each) => each !== who);
}

function announce<P extends Person>(
  chat: Chat<P>,
  { voice, now }: Scene<P>,
  who: P,
  account_name: string,
  status: string,
): void {
  for (const watcher of chat.watchers) {
    if (watcher === who || watcher.bare) continue;
    voice.tell(watcher, { action: "presence", time: now, type: "status", user: { account_name, status } });
  }
}
