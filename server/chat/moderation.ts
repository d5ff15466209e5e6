/** What operators may do: put somebody out, keep somebody out, silence somebody, list all that, and say what everybody is greeted with. */
import { type Ask, explain, type Inspect, type Moderate, type Motd, no, ok, quote, refuse } from "../../jim/mod.ts";
import { banKey, type Chat, isBannedBy, shownAddress } from "./chat.ts";
import { because, deny, list, noted, until } from "./replies.ts";
import type { Ban, Person, Scene } from "./voice.ts";

export function moderate<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Moderate): void {
  const { action, user_id: name, address, reason } = said;
  if (!isOperator(chat, who)) return deny(scene, who, 403, "operator", { got: quote(action) });
  const kind = action.endsWith("mute") ? "mute" : address === undefined ? "name" : "address";
  const whom = address ?? name!, key = banKey(kind, whom);
  const end = said.for === undefined ? said.until ?? Infinity : Math.ceil(scene.now) + said.for;
  const cannot = obstacle(chat, scene, who, said, { kind, who: key, until: end });
  const at = { at: address === undefined ? "user_id" : "address", got: quote(whom) };
  if (cannot !== undefined) {
    return deny(scene, who, cannot === "nobody" || cannot === "unbanned" ? 404 : 400, cannot, at);
  }
  if (end <= scene.now && isPut(action)) return deny(scene, who, 400, "over", { got: quote(end) });
  const ban = { kind, who: key, until: end, by: who.name, reason, since: scene.now } as const;
  if (action !== "kick" && !put(chat, scene, ban, isPut(action))) return deny(scene, who, 500, "store");
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", said.time)));
  const words = [end === Infinity ? "" : ` until ${end}`, reason === undefined ? "" : `: ${quote(reason)}`];
  scene.voice.logged(who, `${action} ${quote(whom)}${words.join("")}`);
  if (action === "kick") putOut(chat.alike(whom), scene, who, reason);
  else if (action === "ban") putOut(kind === "name" ? chat.alike(whom) : chat.from(whom), scene, who, reason);
  else if (action === "mute") silence(chat.alike(whom), scene, ban);
  else if (action === "unmute") {
    for (const person of chat.alike(whom)) {
      person.muted = undefined;
      scene.voice.arrived(person);
    }
  }
}

/** Lists what is forbidden now. A row has the fields by which it can be taken back. */
export function bans<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Ask): void {
  if (!isOperator(chat, who)) return deny(scene, who, 403, "operator", { got: quote(said.action) });
  const rows = chat.bans(scene.now).map(({ kind, who, until, by, reason, since }) => ({
    action: "ban_list",
    kind: kind === "mute" ? "mute" : "ban",
    ...(kind === "address" ? { address: shownAddress(who) } : { user_id: who }),
    ...(until === Infinity ? {} : { until }),
    by,
    reason,
    since,
  }));
  list(scene, who, rows, rows.length);
}

/** Why an order cannot take effect: nobody is here to be put out, nothing is there to be taken back, or it is about its own giver. */
function obstacle<P extends Person>(
  chat: Chat<P>,
  { now }: Scene<P>,
  who: P,
  { action, user_id: name, address }: Moderate,
  { kind, who: key }: Ban,
): "nobody" | "unbanned" | "yourself" | undefined {
  if (action === "unban" || action === "unmute") {
    const isMuted = ({ muted }: P) => muted !== undefined && chat.banOf("mute", muted, now) !== undefined;
    const isThere = chat.banOf(kind, key, now) !== undefined ||
      (action === "unmute" && chat.alike(name!).some(isMuted));
    return isThere ? undefined : "unbanned";
  }
  const isOwn = address === undefined ? key === who.account?.key : isBannedBy(address, who.host);
  if (isOwn) return "yourself";
  return action === "kick" && chat.alike(name!).length === 0 ? "nobody" : undefined;
}

function isPut(action: Moderate["action"]): boolean {
  return action === "ban" || action === "mute";
}

export function motd<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Motd): void {
  if (!isOperator(chat, who)) return deny(scene, who, 403, "operator", { got: quote(said.action) });
  if (!scene.voice.keep({ kind: "motd", text: said.text })) return deny(scene, who, 500, "store");
  chat.motd = said.text;
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", said.time)));
  scene.voice.logged(who, `motd ${quote(said.text)}`);
}

/** Streams all traffic to an operator, or to a program that has the server's token. */
export function inspect<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Inspect): void {
  if (isOperator(chat, who)) return beginInspection(scene, who, said);
  if (said.token === undefined) return deny(scene, who, 403, "inspect");
  scene.voice.errand(who, { kind: "token", token: said.token }, (scene, right) => {
    if (right !== true) return deny(scene, who, 401, "token");
    beginInspection(scene, who, said);
  });
}

function beginInspection<P extends Person>(scene: Scene<P>, who: P, said: Inspect): void {
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", said.time)));
  scene.voice.logged(who, "inspect");
  scene.voice.shows(who);
}

function isOperator<P extends Person>(chat: Chat<P>, who: P): boolean {
  return who.proved && chat.membership(who).operator;
}

function put<P extends Person>(chat: Chat<P>, { voice }: Scene<P>, ban: Ban, is: boolean): boolean {
  if (!voice.keep({ kind: "ban", ban, is })) return false;
  if (is) chat.putBan(ban);
  else chat.removeBan(ban);
  return true;
}

/** Each is told why, and goes. */
function putOut<P extends Person>(people: Iterable<P>, scene: Scene<P>, by: P, reason: string | undefined): void {
  for (const person of [...people]) {
    if (person === by) continue;
    const refusal = refuse("kicked", { code: 403, ...because(reason) });
    scene.voice.answer(person, { ...no(refusal, scene.now, scene.language), kicked: true });
    scene.voice.goes(person, "is put out");
  }
}

/** Each may write no more, by whatever name. It is told at once where there is a reason to tell, else when it writes. */
function silence<P extends Person>(people: Iterable<P>, scene: Scene<P>, ban: Ban): void {
  for (const person of people) {
    person.muted = ban.who;
    scene.voice.arrived(person);
    if (ban.reason === undefined) continue;
    const words = explain(refuse("muted", { code: 403, ...until(ban) }), scene.language);
    scene.voice.notify(person, ok(scene.now, 100, words));
  }
}
