// Asks for a new password, twice, for whatever it is needed.

import { MIN_PASSWORD } from "../../jim/mod.ts";
import type { ChatState } from "./chat_state.ts";

/**
 * Asks until both are the same. One that is no good is asked for again at once: typed later, out of habit, it would be a
 * message to everybody.
 *
 * @param name the account
 * @param then takes the password; `undefined` after an empty one, by which the user gives up
 */
export function askForNewPassword(
  chat: ChatState,
  name: string,
  then: (password: string | undefined, now: number) => void,
): void {
  const { typing, texts } = chat;
  typing.ask(texts.newPassword(name), (password, now) => {
    if (password === undefined) return then(undefined, now);
    const { length } = [...password];
    // Refused before it is typed twice.
    if (length < MIN_PASSWORD) {
      chat.warn(texts.shortPassword(MIN_PASSWORD, length), now);
      return askForNewPassword(chat, name, then);
    }
    typing.ask(texts.onceMore, (again, now) => {
      if (again === undefined || again === password) return then(again, now);
      chat.warn(texts.otherPassword, now);
      askForNewPassword(chat, name, then);
    });
  });
}
