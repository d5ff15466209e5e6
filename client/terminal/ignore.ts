// What the user asks for about ignored people: to ignore somebody, to take that back, to list them.

import type { ChatState } from "./chat_state.ts";
import { type Command, personOf } from "./command.ts";
import { writeName } from "./names.ts";

/** Without a name: lists the ignored people. */
interface Ignore {
  readonly do: "ignore";
  readonly name: string | undefined;
}
interface Unignore {
  readonly do: "unignore";
  readonly name: string;
}

export const ignoreCommands = {
  ignore: {
    takes: { name: "person", isLast: true },
    read(rest, find) {
      const name = personOf(rest, find);
      return rest !== "" && name === undefined ? undefined : { do: "ignore", name };
    },
    execute: (chat, { name }, now) => name === undefined ? listIgnored(chat, now) : ignore(chat, name, now),
  } satisfies Command<Ignore>,
  unignore: {
    takes: { name: "person", isLast: true },
    read(rest, find) {
      const name = personOf(rest, find);
      return name === undefined ? undefined : { do: "unignore", name };
    },
    execute: (chat, { name }, now) => unignore(chat, name, now),
  } satisfies Command<Unignore>,
};

/** Ignores a person. */
function ignore(chat: ChatState, name: string, now: number): void {
  if (chat.isMe(name)) return chat.warn(chat.texts.notYourself, now);
  chat.ignored.add(name);
  chat.conversations.dropUnread((from) => chat.ignored.has(from));
  chat.showNotice(chat.texts.ignored(writeName(name)), now);
}

/** Shows again what a person says. */
function unignore(chat: ChatState, name: string, now: number): void {
  if (chat.ignored.remove(name)) chat.showNotice(chat.texts.unignored(writeName(name)), now);
  else chat.warn(chat.texts.notIgnored(writeName(name)), now);
}

/** Says which people are ignored. */
function listIgnored(chat: ChatState, now: number): void {
  const names = chat.ignored.names.map(writeName).join(", ");
  chat.showNotice(names === "" ? chat.texts.ignoresNobody : chat.texts.ignores(names), now);
}
