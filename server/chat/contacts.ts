/** Whom somebody knows: kept for an account, a guest's as long as the connection. */
import { type Contact, ok, quote } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { deny, list, noted } from "./replies.ts";
import type { Person, Scene } from "./voice.ts";

export function getContacts<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P): void {
  const names = [...chat.membership(who).contacts].sort();
  list(scene, who, names.map((user_id) => ({ action: "contact_list", user_id })));
}

export function addContact<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Contact): void {
  const { user_id: name, time } = said;
  const { contacts } = chat.membership(who);
  if (!chat.accounts.has(name) && chat.named(name).size === 0) {
    return deny(scene, who, 404, "nobody", { at: "user_id", got: quote(name) });
  }
  if (!contacts.has(name) && !keep(scene, who, name, true)) return deny(scene, who, 500, "store");
  contacts.add(name);
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", time)));
}

export function deleteContact<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Contact): void {
  const { user_id: name, time } = said;
  const { contacts } = chat.membership(who);
  if (!contacts.has(name)) return deny(scene, who, 404, "stranger", { got: quote(name) });
  if (!keep(scene, who, name, false)) return deny(scene, who, 500, "store");
  contacts.delete(name);
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", time)));
}

function keep<P extends Person>({ voice }: Scene<P>, who: P, name: string, is: boolean): boolean {
  return !who.proved || voice.keep({ kind: "contact", owner: who.name!, name, is });
}
