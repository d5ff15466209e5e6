/**
 * What each action does: one small function each, found by the action's name. A request comes in checked; what it causes
 * goes to the voice, the answer always before anything else.
 */
import { COMMON, type Message, type Msg, no, ok, type Presence, type Quit, quote, refuse } from "../../jim/mod.ts";
import type { Chat, Person, Voice } from "./chat.ts";

/** Where an action happens. */
export interface Scene<P extends Person> {
  readonly chat: Chat<P>;
  readonly voice: Voice<P>;
  /** Unix seconds. */
  readonly now: number;
}

/** Performs one request. Nobody but presence and quit is heard before presence was said. */
export function act<P extends Person>(scene: Scene<P>, person: P, message: Message): void {
  if (person.name === undefined && message.action !== "presence" && message.action !== "quit") {
    return scene.voice.answer(person, no(refuse("presence", { code: 401 }), scene.now));
  }
  switch (message.action) {
    case "presence":
      return presence(scene, person, message);
    case "msg":
      return msg(scene, person, message);
    case "probe":
      return scene.voice.answer(person, ok(scene.now));
    case "quit":
      return quit(scene, person, message);
  }
}

function presence<P extends Person>({ chat, voice, now }: Scene<P>, person: P, { time, user }: Presence): void {
  const name = user.account_name;
  const greeting = person.name === undefined ? `welcome, ${name}` : `you are ${name} now`;
  chat.enter(person, name);
  voice.answer(person, { ...ok(now, 200, time === null ? `${greeting}; ${UNREADABLE_TIME}` : greeting), jim: 1 });
  voice.arrived(person);
}

function msg<P extends Person>({ chat, voice, now }: Scene<P>, person: P, said: Msg): void {
  const answer = ok(now, 200, said.time === null ? `ok; ${UNREADABLE_TIME}` : "ok");
  if (said.to === COMMON) return voice.toAll(person, said, answer);
  const named = chat.named(said.to);
  if (named.size > 0) return voice.toSome(person, named, said, answer);
  voice.answer(person, no(refuse("nobody", { code: 404, at: "to", got: quote(said.to) }), now));
}

function quit<P extends Person>({ chat, voice, now }: Scene<P>, person: P, _: Quit): void {
  chat.leave(person);
  voice.answer(person, ok(now, 200, "goodbye"));
  voice.goes(person);
}

const UNREADABLE_TIME = "time: expected Unix seconds as a number, so the server's own time is used";
