// Executes what was typed: a command of the table, a text, or a key that belongs to the line being typed.

import { countCodePoints, isLongerThan } from "../../jim/length.ts";
import { DEFAULT_LIMITS } from "../../jim/mod.ts";
import type { Command } from "./command.ts";
import type { ChatState } from "./chat_state.ts";
import { readCommand, type TypedCommand } from "./commands.ts";
import { complete } from "./complete.ts";
import { commands } from "./features.ts";
import { lookForRooms } from "./lists.ts";
import { writeName } from "./names.ts";
import { sendText } from "./send.ts";
import type { Asked, Edit, Reader } from "./typing.ts";

/** How the lines of a chat are read and completed, with the people and rooms that are known by now. */
export function readerOf(chat: ChatState): Reader<TypedCommand> {
  const { knownNames, texts } = chat;
  return {
    read: (line) => readCommand(line, knownNames.find, texts),
    complete: (text, at) => complete(text, at, knownNames),
  };
}

/**
 * Does what was asked for, or says why it cannot be done.
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
export function execute(chat: ChatState, asked: TypedCommand | Edit, now: number): void {
  const { conversations, transcript, window, link, texts } = chat;
  switch (asked.do) {
    case "nothing":
      return link.tryNow(now);
    case "say":
      return sendText(chat, conversations.current, asked.text, now);
    case "invalid":
      return chat.warn(asked.words, now);
    case "paste":
      return asked.lines.forEach((line) => sendText(chat, conversations.current, line, now));
    case "block":
      return sendBlock(chat, asked.text, now);
    case "drop":
      return chat.showNotice(texts.nothingSent, now);
    case "answer":
      return asked.answer(asked.text, now);
    case "choose":
      return transcript.choices(asked.choices.map((choice) => described(chat, choice)));
    case "look":
      return lookForRooms(chat, now);
    case "clear":
      return window.clear();
    default: {
      const command: Command<Asked> = commands[asked.do === "order" ? asked.order.action : asked.do];
      return command.execute(chat, asked, now);
    }
  }
}

/** A block that is too long is not put back on the line, which has no line ends. */
function sendBlock(chat: ChatState, text: string, now: number): void {
  const { text: most } = DEFAULT_LIMITS;
  if (isLongerThan(text, most)) return chat.warn(chat.texts.tooLong(most, countCodePoints(text)), now);
  sendText(chat, chat.conversations.current, text, now);
}

/** What a word could be made of, with what that person is. */
function described(chat: ChatState, choice: string): string {
  const name = [...chat.roles.keys()].find((name) => choice === writeName(name) || choice === `@${name}`);
  return name === undefined ? choice : `${choice} (${chat.texts.roles[chat.roles.get(name)!]})`;
}
