/** Session tokens in use: an account is given one, logs in with it, and is put out when it ends. */
import { quote, refuse, refused } from "../../jim/mod.ts";
import type { StateProposal } from "../journal/records.ts";
import type { Chat } from "./chat.ts";
import { endOf, hashOf, useOf } from "./session_tokens.ts";
import type { Account, TokenSession } from "./state.ts";
import type { Person, Scene } from "./voice.ts";

/** Gives an account a new token, and then goes on: without one where the rules allow none, or the journal fails. */
export function issue<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  account: Account,
  then: (scene: Scene<P>, token: string | undefined) => void,
): void {
  chat.tokens.hold(who, undefined);
  if (chat.rules.sessionDays === 0) return then(scene, undefined);
  const { voice, now } = scene, text = voice.newToken(), hash = hashOf(text);
  const token: StateProposal = { kind: "session", account: account.id, hash, is: true, since: now, used: now };
  voice.propose(who, token, (scene, outcome) => {
    if (typeof outcome === "string") return then(scene, undefined);
    chat.tokens.hold(who, hash);
    then(scene, text);
  }, chat.tokens.surplus(account).map(endOf));
}

/** Notes that a token is in use. A journal that fails is no reason to refuse the login. */
export function use<P extends Person>(chat: Chat<P>, { voice, now }: Scene<P>, who: P, { hash }: TokenSession): void {
  chat.tokens.hold(who, hash);
  voice.record(chat.tokens.inUse([who], now).map((token) => useOf(token, now)));
}

/** Closes the connections that have logged in with a token that has ended, except the one that has ended it. */
export function putOutHolders<P extends Person>(
  chat: Chat<P>,
  { voice, now, language }: Scene<P>,
  { hash, account }: Pick<TokenSession, "hash" | "account">,
  by?: P,
): void {
  for (const person of [...chat.at(account.side)]) {
    if (person === by || !chat.tokens.isHeld(person, hash)) continue;
    voice.answer(person, refused(refuse("revoked", { code: 401, got: quote(account.name) }), now, language));
    voice.goes(person, "is put out");
  }
}
