/** Whom somebody knows: kept for an account, a guest's as long as the connection. */
import { type ContactRequest, nameKey, ok, quote } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { meantPerson } from "./meant.ts";
import { deny, denyFailed, list, noted } from "./replies.ts";
import type { Person, Scene } from "./voice.ts";

/** Contacts of one account or guest: each is kept, and all are listed. */
const MOST = 1_000;

export function getContacts<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P): void {
  const names = [...chat.membership(who).contacts.values()].sort();
  list(scene, who, names.values().map((user_id) => ({ action: "contact_list", user_id })), names.length);
}

export function addContact<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: ContactRequest): void {
  const { user_id, time } = said, key = nameKey(user_id);
  const { contacts } = chat.membership(who), { account } = who;
  const [here] = chat.named(user_id), name = chat.account(user_id)?.name ?? here?.name;
  if (name === undefined) {
    return deny(scene, who, 404, "nobody", { at: "user_id", got: quote(user_id), ...meantPerson(chat, user_id) });
  }
  const answer = (scene: Scene<P>) => scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", time)));
  if (contacts.has(key)) return answer(scene);
  if (contacts.size >= MOST) return deny(scene, who, 403, "contacts", { limit: MOST });
  if (account === undefined) {
    (who.contacts ??= new Map()).set(key, name);
    return answer(scene);
  }
  scene.voice.propose(who, { kind: "contact", account: account.id, name, is: true }, (scene, outcome) => {
    if (outcome === "failed") denyFailed(scene, who);
    else answer(scene);
  });
}

export function deleteContact<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: ContactRequest): void {
  const { user_id, time } = said, key = nameKey(user_id);
  const { account } = who, name = chat.membership(who).contacts.get(key);
  if (name === undefined) return deny(scene, who, 404, "stranger", { got: quote(user_id) });
  const answer = (scene: Scene<P>) => scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", time)));
  if (account === undefined) {
    who.contacts?.delete(key);
    return answer(scene);
  }
  scene.voice.propose(who, { kind: "contact", account: account.id, name, is: false }, (scene, outcome) => {
    if (outcome === "failed") denyFailed(scene, who);
    else if (outcome === "lost") deleteContact(chat, scene, who, said); // on another device
    else answer(scene);
  });
}
