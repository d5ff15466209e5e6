// Commands: one table from what the user has typed to the functions that do it.

import { usages } from "./commands.ts";
import type { ChatState } from "./chat_state.ts";
import { login, register, rename } from "./login.ts";
import { ignore, listIgnored, unignore } from "./ignore.ts";
import { changeContacts, listContacts, listPeople, listPlaces, listRooms, lookForRooms, showPast } from "./lists.ts";
import { go, join, part } from "./navigation.ts";
import { typed } from "./names.ts";
import { giveOrder, greet, listBans } from "./orders.ts";
import { beginShutdown } from "./shutdown.ts";
import { say } from "./say.ts";
import { setTopic, showTopic } from "./topic.ts";
import type { Command } from "./typing.ts";

/** Messages that `/search` shows. */
const FOUND = 15;

/**
 * Grants a command, or says why it cannot be granted.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * execute(chat, { do: "help" }, 0);
 * assert.match(chat.window.out, /\/join #room/);
 * ```
 */
export function execute(chat: ChatState, command: Command, now: number): void {
  const { places, transcript, window, link, me, texts } = chat;
  switch (command.do) {
    case "nothing":
      return link.tryNow(now);
    case "say":
      return say(chat, places.front, command.text, now);
    case "msg":
      return say(chat, command.to, command.text, now);
    case "paste":
      return command.lines.forEach((line) => say(chat, places.front, line, now));
    case "drop":
      return chat.note(texts.nothingSent, now);
    case "answer":
      return command.answer(command.text, now);
    case "choose":
      return transcript.choices(command.choices.map((choice) => described(chat, choice)));
    case "look":
      return lookForRooms(chat, now);
    case "clear":
      return window.clear();
    case "mistake":
      return chat.warn(command.words, now);
    case "help":
      return transcript.table([
        ...usages(command.about, texts, chat.withheld),
        ...command.about === undefined ? texts.keys : [],
      ]);
    case "quit":
      return beginShutdown(chat, now);
    case "room":
      return command.place === undefined ? listPlaces(chat, now) : go(chat, command.place, now);
    case "join":
      return join(chat, command.room, now);
    case "leave":
      return part(chat, command.room ?? places.front, now);
    case "rooms":
      return listRooms(chat, now);
    case "who":
      return listPeople(chat, now);
    case "order":
      return giveOrder(chat, command.order, now);
    case "motd":
      return greet(chat, command.text, now);
    case "bans":
      return listBans(chat, now);
    case "topic":
      return command.text === undefined ? showTopic(chat, now) : setTopic(chat, command.text, now);
    case "history":
      return showPast(chat, "/history", { action: "history", limit: command.count }, now);
    case "search":
      return showPast(chat, "/search", { action: "search", text: command.text, limit: FOUND }, now);
    case "contacts":
      if (command.change === undefined) return listContacts(chat, now);
      return changeContacts(chat, command.change.name, command.change.add, now);
    case "ignore":
      return command.name === undefined ? listIgnored(chat, now) : ignore(chat, command.name, now);
    case "unignore":
      return unignore(chat, command.name, now);
    case "name":
      return rename(chat, command.name, now);
    case "login":
      return login(chat, command.name ?? me.name, now);
    case "register":
      return register(chat, command.name ?? me.name, now);
  }
}

/** What a word could be made of, with what that person is. */
function described(chat: ChatState, choice: string): string {
  const name = [...chat.roles.keys()].find((name) => choice === typed(name) || choice === `@${name}`);
  return name === undefined ? choice : `${choice} (${chat.texts.roles[chat.roles.get(name)!]})`;
}
