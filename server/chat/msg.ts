/** A message: to all, to a room, to a person. */
import { COMMON, type Msg, ok, quote, type Reason } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { noted, undelivered, until } from "./replies.ts";
import type { Person, Scene } from "./voice.ts";

export function msg<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Msg): void {
  const { to } = said;
  const mute = who.muted ? chat.ban("mute", who.name!, scene.now) : undefined;
  if (mute !== undefined) return undelivered(scene, who, 403, "muted", until(mute));
  if (to === COMMON) return scene.voice.toAll(who, said, ok(scene.now, 200, noted(scene, "ok", said.time)));
  if (to.startsWith("#")) return toRoom(chat, scene, who, said);
  toPerson(chat, scene, who, said);
}

function toRoom<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Msg): void {
  const { to } = said;
  if (!chat.rooms.has(to)) return undelivered(scene, who, 404, "noroom", { at: "to", got: quote(to) });
  if (!chat.membership(who).rooms.has(to)) return undelivered(scene, who, 403, "outside", { at: "to", got: quote(to) });
  scene.voice.toSome(who, chat.online(to), said, to, ok(scene.now, 200, noted(scene, "ok", said.time)));
}

function toPerson<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Msg): void {
  const { to } = said;
  const named = chat.named(to), account = chat.accounts.has(to);
  const hearers = [...named].filter((each) => each !== who && each.listens);
  const own = who.proved && who.name === to;
  if (hearers.length === 0 && !account) {
    const [code, reason] = why(chat, who, to);
    return undelivered(scene, who, code, reason, { at: "to", got: quote(to) });
  }
  // A person's other devices see what it wrote on this one; guests of one name may be several people.
  const devices = who.proved && !own ? chat.named(who.name!) : [];
  const conversation = account || who.proved ? between(called(who.name!, who.proved), called(to, account)) : undefined;
  const later = `accepted; ${to} ${named.size > 0 ? "reads no messages now" : "is offline"} and will get it later`;
  const answer = hearers.length > 0 || own
    ? ok(scene.now, 200, noted(scene, "ok", said.time))
    : ok(scene.now, 202, noted(scene, later, said.time));
  scene.voice.toSome(who, [...hearers, ...devices], said, conversation, answer);
}

/** Why no guest of that name hears anything. */
function why<P extends Person>(chat: Chat<P>, who: P, name: string): [code: number, reason: Reason] {
  const named = chat.named(name);
  if (named.size === 0) return chat.hasLeft(name) ? [410, "gone"] : [404, "nobody"];
  return named.size === 1 && named.has(who) ? [404, "self"] : [410, "deaf"];
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
