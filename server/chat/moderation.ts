/**
 * What operators may do: kick, ban and mute, take that back and list it, appoint other operators, and set the greeting. A
 * connection that has inspected with the server's token may do all but the last two. Each order first takes in what the
 * account tool has changed, so that an operator that was just demoted or removed gives none.
 */
import {
  explain,
  type Inspect,
  isoTime,
  type Moderate,
  type Motd,
  nameKey,
  ok,
  type Query,
  quote,
  refuse,
  refused,
  remark,
  untilField,
} from "../../jim/mod.ts";
import { type Ban, banKey, banRecord, isBannedBy, shownAddress } from "./bans.ts";
import { type Chat, markOf } from "./chat.ts";
import { refreshed } from "./entrance.ts";
import { because, deny, denyFailed, denyLogged, isMuted, list, noted, until } from "./replies.ts";
import { endOf, tokensOf } from "./session_tokens.ts";
import type { Person, Scene } from "./voice.ts";

/** What stands for the operator's name in a ban that was ordered with the server's token. No name begins so. */
const TOKEN = "#token";

const KINDS: readonly Ban["kind"][] = ["name", "address", "mute"];

export function moderate<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Moderate): void {
  const { action, user_id: name, address, reason } = said;
  if (!refreshed(chat, scene, who)) return;
  if (!mayModerate(chat, who)) return denyOrder(scene, who, action);
  const kind = action.endsWith("mute") ? "mute" : address === undefined ? "name" : "address";
  const whom = address ?? name!, key = banKey(kind, whom);
  const end = said.for === undefined ? said.until ?? Infinity : Math.ceil(scene.now) + said.for;
  const cannot = obstacle(chat, scene, who, said, { kind, who: key, until: end });
  const at = { at: address === undefined ? "user_id" : "address", got: quote(whom) };
  const own = cannot === undefined && action === "ban" && address !== undefined && ownSession(chat, who, address);
  if (own) return deny(scene, who, 400, "ownsession", { ...at, like: own.host });
  const all = cannot === undefined && action === "ban" && address !== undefined && allOperators(chat, who, address);
  if (all) return deny(scene, who, 400, "alloperators", { ...at, like: all.map(quote).join(", ") });
  if (cannot !== undefined) {
    return deny(scene, who, cannot === "nobody" || cannot === "unbanned" ? 404 : 400, cannot, at);
  }
  if (end <= scene.now && isPut(action)) return deny(scene, who, 400, "over", { got: quote(end) });
  const ban = { kind, who: key, until: end, by: who.name ?? TOKEN, reason, since: scene.now } as const;
  const done = (scene: Scene<P>) => {
    scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", said.time)));
    const words = [
      end === Infinity ? "" : ` until ${isoTime(end) ?? end}`,
      reason === undefined ? "" : `: ${quote(reason)}`,
    ];
    scene.voice.logged(who, `${action} ${quote(whom)}${words.join("")}`);
    if (action === "kick") putOut(chat.alike(whom), scene, who, reason);
    else enforce(chat, scene, ban, isPut(action), who);
  };
  if (action === "kick") return done(scene);
  // After its ban a login needs the password.
  const tokens = action === "ban" && kind === "name" ? chat.state.accountsAlike(whom).flatMap(tokensOf) : [];
  scene.voice.propose(who, banRecord(ban, isPut(action)), (scene, outcome) => {
    if (outcome === "failed") denyFailed(scene, who);
    else done(scene); // of a mute that is over there is nothing to be lifted but what its sessions know of it
  }, tokens.map(endOf));
}

/** What a ban, or its end, means for those who are here, except for the connection that has ordered it. */
export function enforce<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  ban: Ban,
  is: boolean,
  by?: P,
): void {
  const { kind, who, reason } = ban;
  if (kind === "mute" && is) silence(chat.alike(who), scene, ban);
  else if (kind === "mute") unsilence(chat.alike(who), scene);
  else if (is) putOut(kind === "name" ? chat.alike(who) : chat.from(shownAddress(who)), scene, by, reason);
}

/** Lists what is forbidden now. A row has the fields by which it can be taken back. */
export function bans<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Query): void {
  if (!refreshed(chat, scene, who)) return;
  if (!mayModerate(chat, who)) return denyOrder(scene, who, said.action);
  const now = [...chat.state.bans()].filter(({ until }) => scene.now < until).sort(byKind);
  const rows = now.map(({ kind, who, until, by, reason, since }) => ({
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
): "nobody" | "unbanned" | "yourself" | "lastoperator" | undefined {
  if (action === "unban" || action === "unmute") {
    const isInForce = (kind: Ban["kind"], key: string) => now < (chat.state.banOf(kind, key)?.until ?? 0);
    const isMuted = ({ muted }: P) => muted !== undefined && isInForce("mute", muted);
    const isThere = isInForce(kind, key) ||
      (action === "unmute" && chat.alike(name!).some(isMuted));
    return isThere ? undefined : "unbanned";
  }
  const isOwn = address === undefined
    ? who.name !== undefined && key === nameKey(who.name)
    : isBannedBy(address, who.host);
  if (isOwn) return "yourself";
  // An order by an operator leaves that operator; one with the token may leave none.
  if (action === "ban" && kind === "name" && !isOperator(chat, who) && isLastOperator(chat, key, now)) {
    return "lastoperator";
  }
  return action === "kick" && chat.alike(name!).length === 0 ? "nobody" : undefined;
}

/** Another session of the giver's account that a ban of an address would put out. */
function ownSession<P extends Person>(chat: Chat<P>, { account }: P, address: string): P | undefined {
  return account && [...chat.at(account.side)].find(({ host }) => isBannedBy(address, host));
}

/**
 * The operators that are connected, if a ban of an address that was ordered with the token would put all of them out: the one
 * at the server's own machine would have nobody left but itself to lift it.
 */
function allOperators<P extends Person>(chat: Chat<P>, who: P, address: string): string[] | undefined {
  if (isOperator(chat, who)) return undefined;
  const sessions = [...chat.here()].filter((each) => isOperator(chat, each));
  if (sessions.length === 0 || !sessions.every(({ host }) => isBannedBy(address, host))) return undefined;
  return [...new Set(sessions.map(({ name }) => name!))];
}

function isPut(action: Moderate["action"]): boolean {
  return action === "ban" || action === "mute";
}

/** Makes an account an operator's, or takes that back: its sessions are told, and see no more of what passes. */
export function appoint<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Moderate): void {
  const { action, user_id: name } = said, got = quote(name!);
  if (!refreshed(chat, scene, who)) return;
  if (!isOperator(chat, who)) return denyOrder(scene, who, action);
  const account = chat.account(name!), is = action === "promote", at = { at: "user_id", got };
  if (account === undefined) return deny(scene, who, 404, "noaccount", at);
  if (account === who.account) return deny(scene, who, 400, "yourself", at);
  if (account.operator === is) return deny(scene, who, 409, is ? "appointed" : "unappointed", at);
  const operator = { kind: "operator", account: account.id, is, by: who.account!.id } as const;
  scene.voice.propose(who, operator, (scene, outcome) => {
    if (outcome === "failed") return denyFailed(scene, who);
    if (outcome === "lost") return appoint(chat, scene, who, said); // the giver or the account is no more what it was
    const { voice, now, language } = scene;
    voice.answer(who, ok(now, 200, noted(scene, "ok", said.time)));
    voice.logged(who, `${action} ${got}`);
    const notice = { ...ok(now, 100, remark(is ? "promoted" : "demoted", language)), role: markOf(account).role! };
    for (const session of chat.at(account.side)) voice.notify(session, notice);
  });
}

export function motd<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Motd): void {
  if (!refreshed(chat, scene, who)) return;
  if (!isOperator(chat, who)) return denyOrder(scene, who, said.action);
  const { text } = said, done = (scene: Scene<P>) => ok(scene.now, 200, noted(scene, "ok", said.time));
  if (text === undefined) return scene.voice.answer(who, { ...done(scene), text: chat.state.motd });
  if (isMuted(chat, scene, who, "text")) return;
  scene.voice.propose(who, { kind: "motd", text }, (scene, outcome) => {
    if (outcome === "failed") return denyFailed(scene, who);
    scene.voice.answer(who, done(scene));
    scene.voice.logged(who, `motd ${quote(text)}`);
  });
}

/** Streams all traffic to an operator, or to a program that has the server's token. */
export function inspect<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Inspect): void {
  if (!refreshed(chat, scene, who)) return;
  if (isOperator(chat, who)) return beginInspection(scene, who, said);
  if (said.token === undefined) return deny(scene, who, 403, "inspect");
  scene.voice.job(who, { kind: "token", token: said.token }, (scene, right) => {
    if (right !== true) return denyLogged(scene, who, undefined, 401, "token");
    chat.trust(who);
    beginInspection(scene, who, said);
  });
}

function beginInspection<P extends Person>(scene: Scene<P>, who: P, said: Inspect): void {
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", said.time)));
  scene.voice.logged(who, "inspect");
  scene.voice.shows(who);
}

/** Whether it is an operator or has shown the server's token, which only a user with access to the data folder can read. */
function mayModerate<P extends Person>(chat: Chat<P>, who: P): boolean {
  return isOperator(chat, who) || chat.isTrusted(who);
}

function denyOrder<P extends Person>(scene: Scene<P>, who: P, action: string): void {
  if (who.name === undefined) deny(scene, who, 401, "presence");
  else deny(scene, who, 403, "operator", { got: quote(action) });
}

/** Whether a name is that of an operator, and every other operator is banned. */
function isLastOperator<P extends Person>(chat: Chat<P>, key: string, now: number): boolean {
  if (chat.account(key)?.operator !== true) return false;
  const others = [...chat.state.accounts()].filter((each) => each.operator && each.key !== key);
  return others.every(({ name }) => chat.state.ban("name", name, now) !== undefined);
}

function isOperator<P extends Person>(chat: Chat<P>, who: P): boolean {
  return who.proved && chat.membership(who).operator;
}

/** Names before addresses before mutes, each in the order in which they were put. */
function byKind(one: Ban, other: Ban): number {
  return KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind);
}

/** Each is told why, and goes. */
function putOut<P extends Person>(
  people: Iterable<P>,
  scene: Scene<P>,
  by: P | undefined,
  reason: string | undefined,
): void {
  for (const person of [...people]) {
    if (person === by) continue;
    const refusal = refuse("kicked", { code: 403, ...because(reason) });
    scene.voice.answer(person, { ...refused(refusal, scene.now, scene.language), kicked: true });
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
    scene.voice.notify(person, { ...ok(scene.now, 100, words), ...untilField(ban.until) });
  }
}

/** Each may write again, by whatever name it was silenced. */
function unsilence<P extends Person>(people: Iterable<P>, { voice }: Scene<P>): void {
  for (const person of people) {
    person.muted = undefined;
    voice.arrived(person);
  }
}
