// What a person wants, and who sees to it: one table from the wishes that come of keys to the files that grant them.

import { usages } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { login, register, rename } from "./entrance.ts";
import { ignore, listIgnored, unignore } from "./ignored.ts";
import { changeContacts, listContacts, listPeople, listPlaces, listRooms, lookForRooms, showPast } from "./lists.ts";
import { go, join, part } from "./moving.ts";
import { typed } from "./names.ts";
import { giveOrder, greet, listBans } from "./orders.ts";
import { leave } from "./parting.ts";
import { say } from "./say.ts";
import { setTopic, showTopic } from "./topic.ts";
import type { Wish } from "./typing.ts";

/** Messages that `/search` shows. */
const FOUND = 15;

/**
 * Grants a wish, or says why it cannot be granted.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Desk } from "./desk.ts";
 * import { plain } from "./paint.ts";
 * const desk = new Desk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * grant(desk, { do: "help" }, 0);
 * assert.match(desk.window.out, /\/join #room/);
 * ```
 */
export function grant(desk: Desk, wish: Wish, now: number): void {
  const { places, transcript, window, link, me, texts } = desk;
  switch (wish.do) {
    case "nothing":
      return link.tryNow(now);
    case "say":
      return say(desk, places.front, wish.text, now);
    case "msg":
      return say(desk, wish.to, wish.text, now);
    case "paste":
      return wish.lines.forEach((line) => say(desk, places.front, line, now));
    case "drop":
      return desk.note(texts.nothingSent, now);
    case "answer":
      return wish.answer(wish.text, now);
    case "choose":
      return transcript.choices(wish.choices.map((choice) => described(desk, choice)));
    case "look":
      return lookForRooms(desk, now);
    case "clear":
      return window.clear();
    case "mistake":
      return desk.warn(wish.words, now);
    case "help":
      return transcript.table([...usages(wish.about, texts), ...wish.about === undefined ? texts.keys : []]);
    case "quit":
      return leave(desk, now);
    case "room":
      return wish.place === undefined ? listPlaces(desk, now) : go(desk, wish.place, now);
    case "join":
      return join(desk, wish.room, now);
    case "leave":
      return part(desk, wish.room ?? places.front, now);
    case "rooms":
      return listRooms(desk, now);
    case "who":
      return listPeople(desk, now);
    case "order":
      return giveOrder(desk, wish.order, now);
    case "motd":
      return greet(desk, wish.text, now);
    case "bans":
      return listBans(desk, now);
    case "topic":
      return wish.text === undefined ? showTopic(desk, now) : setTopic(desk, wish.text, now);
    case "history":
      return showPast(desk, "/history", { action: "history", limit: wish.count }, now);
    case "search":
      return showPast(desk, "/search", { action: "search", text: wish.text, limit: FOUND }, now);
    case "contacts":
      if (wish.change === undefined) return listContacts(desk, now);
      return changeContacts(desk, wish.change.name, wish.change.add, now);
    case "ignore":
      return wish.name === undefined ? listIgnored(desk, now) : ignore(desk, wish.name, now);
    case "unignore":
      return unignore(desk, wish.name, now);
    case "name":
      return rename(desk, wish.name, now);
    case "login":
      return login(desk, wish.name ?? me.name, now);
    case "register":
      return register(desk, wish.name ?? me.name, now);
  }
}

/** What a word could be made of, with what that person is. */
function described(desk: Desk, choice: string): string {
  const name = [...desk.roles.keys()].find((name) => choice === typed(name) || choice === `@${name}`);
  return name === undefined ? choice : `${choice} (${desk.texts.roles[desk.roles.get(name)!]})`;
}
