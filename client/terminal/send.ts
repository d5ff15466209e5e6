// Sends what the user types. The text is shown at once, and queued until there is a connection. `/msg NAME` without a text
// opens the conversation with that person.

import { countCodePoints, isLongerThan, truncate } from "../../jim/length.ts";
import { DEFAULT_LIMITS, MAX_QUOTE } from "../../jim/mod.ts";
import { message } from "../../jim/client/objects.ts";
import type { ChatState } from "./chat_state.ts";
import type { Command, GoTo } from "./command.ts";
import { personNamed, readName } from "./names.ts";
import type { SentFile } from "../../jim/client/requests.ts";
import type { SentMessage } from "../../jim/client/sent_messages.ts";

interface Say {
  readonly do: "msg";
  readonly to: string;
  readonly text: string;
}

export const sayCommands = {
  msg: {
    takes: { name: "person" },
    read(rest, find) {
      const found = readName(rest, false);
      const name = found && personNamed(found, find);
      if (found === undefined || name === undefined) return undefined;
      return found.rest === "" ? { do: "room", place: name } : { do: "msg", to: name, text: found.rest };
    },
    execute: (chat, { to, text }, now) => sendText(chat, to, text, now),
  } satisfies Command<Say, Say | GoTo>,
};

/**
 * Shows a text and sends it.
 *
 * @param to a room with its `#`, or a person's name
 * @param replyTo the id of the message that it answers, if it answers one
 * @param file a file that comes with it
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * sendText(chat, "#all", "hello", 0);
 * assert.match(chat.window.out, /ann › hello/);
 * assert.equal(chat.sent.waiting, 1);
 * ```
 */
export function sendText(
  chat: ChatState,
  to: string,
  text: string,
  now: number,
  replyTo?: number,
  file?: SentFile,
): void {
  const { conversations, sent, transcript, typing, me: { name } } = chat;
  if (isLongerThan(text, DEFAULT_LIMITS.text)) {
    typing.giveBack(text);
    return chat.warn(chat.texts.tooLong(DEFAULT_LIMITS.text, countCodePoints(text)), now);
  }
  chat.writers.sent();
  const time = chat.wall(now), mine = sent.add(name, to, text, time, replyTo, file);
  if (!conversations.has(to)) conversations.open(to, conversations.latestId);
  const role = chat.roles.get(name);
  const said = { id: undefined, from: name, text, time, ...(role === undefined ? {} : { role }) };
  const more = { ...(replyTo === undefined ? {} : { replyTo }), ...(file === undefined ? {} : { file }) };
  transcript.said(to, chat.shown(to, { ...said, ...more }));
  if (chat.state === "here") sendMessage(chat, mine);
  else sent.wait(mine);
}

/** Sends a message that is shown already: a new one, or one that has waited for a connection. */
export function sendMessage(chat: ChatState, mine: SentMessage): void {
  const { from, to, text, time, replyTo, file } = mine;
  const answers = replyTo === undefined ? {} : { reply_to: replyTo },
    files = file === undefined ? {} : { file: file.upload };
  chat.link.requests.enqueue({
    object: { ...message(from, text, time, to), ...answers, ...files },
    message: mine,
    then: (reply, now) => {
      if (reply === undefined) return; // the connection was lost: resync finds out whether the message has arrived
      const { to } = mine; // the room may have got another name
      if (reply.id !== undefined && !reply.refused) chat.recent.add(to, { id: reply.id, from, text });
      if (reply.file !== undefined) chat.files.set(to, reply.file);
      if (reply.id !== undefined && chat.conversations.acknowledge(to, reply.id)) chat.sent.forget(mine);
      const start = text.length > MAX_QUOTE ? `${truncate(text, MAX_QUOTE)}…` : text;
      if (reply.refused) chat.warnAndLog(chat.texts.refuses(`"${start}"`, chat.recognized(to, reply.words)), now);
      else if (reply.code === 202) chat.showNotice(reply.words, now);
    },
  });
}
