/** A message: to all, to a room, to a person. */
import { COMMON_ROOM, type Msg, ok, quote, type RefusalReason } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { between } from "../journal/conversation.ts";
import { refreshed } from "./entrance.ts";
import { meantByName } from "./meant.ts";
import { noted, undelivered, until } from "./replies.ts";
import { entered } from "./entered_room.ts";
import type { Person, Scene } from "./voice.ts";

/**
 * Milliseconds for which a look at the accounts is good enough. A private message is for today's owner of the name: for an
 * account made a moment ago, and not for a guest that used the name.
 */
const FRESH = 20;

export function msg<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Msg): void {
  const { to } = said;
  const mute = chat.muteOf(who, scene.now);
  if (mute !== undefined) return undelivered(scene, who, 403, "muted", until(mute));
  if (to === COMMON_ROOM) {
    if (isOverQuota(scene, who)) return;
    return scene.voice.toAll(who, said, ok(scene.now, 200, noted(scene, "ok", said.time)));
  }
  if (to.startsWith("#")) return toRoom(chat, scene, who, said);
  toPerson(chat, scene, who, said);
}

function toRoom<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Msg): void {
  const room = entered(chat, scene, who, said.to, "to", undelivered);
  if (room === undefined || isOverQuota(scene, who)) return;
  const answer = ok(scene.now, 200, noted(scene, "ok", said.time));
  const spelling = chat.isRespelt(room) ? (reader: P) => chat.spelling(reader, room) : undefined;
  scene.voice.toSome(who, chat.online(room), { ...said, to: room.name }, room.conversation, answer, spelling);
}

function toPerson<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Msg): void {
  if (!refreshed(chat, scene, who, FRESH)) return;
  const { to } = said, account = chat.account(to), side = chat.sideOf(to), named = chat.at(side);
  const hearers = [...named].filter((each) => each !== who && each.listens);
  const own = account !== undefined && who.account === account;
  if (hearers.length === 0 && account === undefined) {
    const [code, reason] = why(chat, who, to);
    return undelivered(scene, who, code, reason, {
      at: "to",
      got: quote(to),
      ...reason === "nobody" ? meantByName(chat, to) : {},
    });
  }
  // A person's other devices see what it wrote on this one; guests of one name may be several people.
  const devices = who.proved && !own ? chat.at(who.side!) : [];
  const conversation = account !== undefined || who.proved ? between(who.side!, side) : undefined;
  if (conversation !== undefined && isOverQuota(scene, who)) return;
  const later = `accepted; ${to} ${named.size > 0 ? "reads no messages now" : "is offline"} and will get it later`;
  const answer = hearers.length > 0 || own
    ? ok(scene.now, 200, noted(scene, "ok", said.time))
    : ok(scene.now, 202, noted(scene, later, said.time));
  // Each guest spells the name its own way; all others see one spelling.
  const shown = account?.name ?? hearers[0]!.name!;
  const spelling = hearers.some(({ name }) => name !== shown)
    ? (reader: P) => reader.side === side ? reader.name! : shown
    : undefined;
  scene.voice.toSome(who, [...hearers, ...devices], { ...said, to: shown }, conversation, answer, spelling);
}

/** Whether no message of that person can be kept now; then it is told. Operators have no such limit. */
function isOverQuota<P extends Person>(scene: Scene<P>, who: P): boolean {
  const quota = who.account?.operator === true ? undefined : scene.voice.quota(who);
  if (quota === undefined) return false;
  const { whose, limit, seconds } = quota;
  undelivered(scene, who, 403, `${whose}quota`, { limit, got: String(seconds) });
  return true;
}

/** Why no guest of that name hears anything. */
function why<P extends Person>(chat: Chat<P>, who: P, name: string): [code: number, reason: RefusalReason] {
  const named = chat.named(name);
  if (named.size === 0) return chat.hasLeft(name) ? [410, "gone"] : [404, "nobody"];
  return named.size === 1 && named.has(who) ? [404, "self"] : [410, "deaf"];
}
