/** Whom somebody knows: kept for an account, a guest's as long as the connection. */
import { type Contact, nameKey, ok, quote } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { meantPerson } from "./meant.ts";
import { deny, list, noted } from "./replies.ts";
import type { Person, Scene } from "./voice.ts";

/** Contacts of one account or guest: each is kept, and all are listed. */
const MOST = 1_000;

export function getContacts<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P): void {
  const names = [...chat.membership(who).contacts.values()].sort();
  list(scene, who, names.values().map((user_id) => ({ action: "contact_list", user_id })), names.length);
}

export function addContact<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Contact): void {
  const { user_id, time } = said, key = nameKey(user_id);
  const { contacts } = chat.membership(who);
  const [here] = chat.named(user_id), name = chat.account(user_id)?.name ?? here?.name;
  if (name === undefined) {
    return deny(scene, who, 404, "nobody", { at: "user_id", got: quote(user_id), ...meantPerson(chat, user_id) });
  }
  if (!contacts.has(key)) {
    if (contacts.size >= MOST) return deny(scene, who, 403, "contacts", { limit: MOST });
    if (!keep(scene, who, name, true)) return deny(scene, who, 500, "store");
    contacts.set(key, name);
  }
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", time)));
}

export function deleteContact<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Contact): void {
  const { user_id, time } = said, key = nameKey(user_id);
  const { contacts } = chat.membership(who);
  const name = contacts.get(key);
  if (name === undefined) return deny(scene, who, 404, "stranger", { got: quote(user_id) });
  if (!keep(scene, who, name, false)) return deny(scene, who, 500, "store");
  contacts.delete(key);
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", time)));
}

function keep<P extends Person>({ voice }: Scene<P>, { account }: P, name: string, is: boolean): boolean {
  return account === undefined || voice.keep({ kind: "contact", owner: account.id, name, is });
}
