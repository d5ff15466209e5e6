/** A message: to all, to a room, to a person. */
import { COMMON, type Msg, ok, quote } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { deny, noted, until } from "./replies.ts";
import type { Person, Scene } from "./voice.ts";

export function msg<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Msg): void {
  const { to } = said;
  const mute = who.muted ? chat.ban("mute", who.name!, scene.now) : undefined;
  if (mute !== undefined) return deny(scene, who, 403, "muted", until(mute));
  if (to === COMMON) return scene.voice.toAll(who, said, ok(scene.now, 200, noted(scene, "ok", said.time)));
  if (to.startsWith("#")) return toRoom(chat, scene, who, said);
  toPerson(chat, scene, who, said);
}

function toRoom<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Msg): void {
  const { to } = said;
  if (!chat.rooms.has(to)) return deny(scene, who, 404, "noroom", { at: "to", got: quote(to) });
  if (!chat.membership(who).rooms.has(to)) return deny(scene, who, 403, "outside", { at: "to", got: quote(to) });
  scene.voice.toSome(who, chat.online(to), said, to, ok(scene.now, 200, noted(scene, "ok", said.time)));
}

function toPerson<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Msg): void {
  const { to } = said;
  const here = chat.named(to), account = chat.accounts.has(to);
  if (here.size === 0 && !account) {
    const left = chat.hasLeft(to);
    return deny(scene, who, left ? 410 : 404, left ? "gone" : "nobody", { at: "to", got: quote(to) });
  }
  // A person's other devices see what it wrote on this one; guests of one name may be several people.
  const own = who.proved && who.name !== to ? chat.named(who.name!) : [];
  const conversation = account || who.proved ? between(called(who.name!, who.proved), called(to, account)) : undefined;
  const answer = here.size > 0
    ? ok(scene.now, 200, noted(scene, "ok", said.time))
    : ok(scene.now, 202, noted(scene, `accepted; ${to} is offline and will get it later`, said.time));
  scene.voice.toSome(who, [...here, ...own], said, conversation, answer);
}

/**
 * Who has no account is written with a `~` in a conversation's name, so that whoever registers a guest's name later does
 * not read what the guest was told.
 */
export function called(name: string, proved: boolean): string {
  return proved ? name : `~${name}`;
}

/** The conversation of two people, the same from both sides. `\u0000` is in no name. */
export function between(one: string, other: string): string {
  return one < other ? `${one}\u0000${other}` : `${other}\u0000${one}`;
}
