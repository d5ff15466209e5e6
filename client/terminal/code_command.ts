// `/code`: the code of a message, with nothing before its lines, so that the mouse copies it alone.

import { linesOf } from "../protocol/code.ts";
import type { ChatState } from "./chat_state.ts";
import { type Command, personOf } from "./command.ts";
import { writeName } from "./names.ts";

/** Without a name: whatever sender it has. */
interface ShowCode {
  readonly do: "code";
  readonly name: string | undefined;
}

export const codeCommands = {
  code: {
    takes: { name: "person", isLast: true },
    read(rest, find) {
      if (rest === "") return { do: "code", name: undefined };
      const name = personOf(rest, find);
      return name === undefined ? undefined : { do: "code", name };
    },
    execute: (chat, { name }, now) => showCode(chat, name, now),
  } satisfies Command<ShowCode>,
};

/** Shows the code of the last message that has some, in the current conversation. */
function showCode(chat: ChatState, name: string | undefined, now: number): void {
  const { conversations: { current }, recent, texts, transcript } = chat;
  const isMeant = (from: string) => name === undefined ? !chat.ignored.has(from) : chat.isSame(from, name);
  const message = recent.last(current, isMeant, (text) => codeIn(text) !== "");
  if (message === undefined) {
    return chat.warn(texts.noCode(name === undefined ? undefined : writeName(name), current), now);
  }
  transcript.code(texts.codeOf(writeName(message.from)), codeIn(message.text), now);
}

/** The code of all blocks of a text. */
function codeIn(text: string): string {
  return linesOf(text).filter(({ kind }) => kind === "code").map((line) => line.text).join("\n");
}
