// What a room is about: said by its members, and told to them when it changes.

import { COMMON_ROOM } from "../../jim/mod.ts";
import type { ServerEvent } from "../../jim/client/event.ts";
import type { ChatState } from "./chat_state.ts";
import { type Command, NONE } from "./command.ts";
import { writeName } from "./names.ts";

/** Without a text: says what the room is about; nothing, if the text is empty. */
interface Topic {
  readonly do: "topic";
  readonly text: string | undefined;
}

export const topicCommands = {
  topic: {
    read: (rest) => ({ do: "topic", text: rest === "" ? undefined : rest === NONE ? "" : rest }),
    execute: (chat, { text }, now) => text === undefined ? showTopic(chat, now) : setTopic(chat, text, now),
  } satisfies Command<Topic>,
};

/** Says what the room in front is about; nothing, if the text is empty. */
function setTopic(chat: ChatState, topic: string, now: number): void {
  const room = roomIn(chat, now);
  if (room === undefined) return;
  chat.request("/topic", { object: { action: "topic", time: chat.time(now), room, topic } }, now, (_, now) => {
    note(chat, room, topic, now);
  });
}

/** Shows what the room in front is about. */
function showTopic(chat: ChatState, now: number): void {
  const room = roomIn(chat, now);
  if (room === undefined) return;
  chat.request("/topic", { object: { action: "rooms", time: chat.time(now) }, rows: "row" }, now, ({ listed }, now) => {
    note(chat, room, listed.find(({ name }) => chat.isSame(name, room))?.topic ?? "", now);
  });
}

/** Tells of a topic that is new, or of that of a room which one has just come into. */
export function tellTopic(chat: ChatState, { room, topic, by }: ServerEvent & { kind: "topic" }, now: number): void {
  if (!chat.ignored.has(by)) note(chat, chat.spelling(room), topic, now, by);
}

function note(chat: ChatState, room: string, topic: string, now: number, by = ""): void {
  const { texts } = chat;
  if (topic === "") return chat.showNotice(texts.noTopic(room), now);
  chat.showNotice(by === "" ? texts.topic(room, topic) : texts.topicBy(room, topic, writeName(by)), now);
}

function roomIn(chat: ChatState, now: number): string | undefined {
  const { current } = chat.conversations;
  if (current.startsWith("#") && current !== COMMON_ROOM) return current;
  chat.warn(chat.texts.noTopicsHere(writeName(current)), now);
  return undefined;
}
