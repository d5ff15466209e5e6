// What is done with a message: it is answered, gets another text or none, or an emoji. A command is about the last message of a
// person in the current conversation; and what others have done so is told.

import type { About } from "../../jim/client/event.ts";
import { withEmoji } from "../emoji/program_table.ts";
import type { ChatState } from "./chat_state.ts";
import { type Command, NONE, personOf } from "./command.ts";
import { personNamed, readName, writeName } from "./names.ts";
import type { RecentMessage } from "./recent.ts";
import { sendText } from "./send.ts";

interface Reply {
  readonly do: "reply";
  readonly name: string;
  readonly text: string;
}
interface EditLast {
  readonly do: "edit";
  readonly text: string;
}
/** Without a name: one's own message. */
interface DeleteLast {
  readonly do: "delete";
  readonly name: string | undefined;
}
interface React {
  readonly do: "react";
  readonly name: string;
  readonly emoji: string;
  readonly is: boolean;
}

/** What an edit begins with. */
const PENCIL = "\u270e ";

export const messageCommands = {
  reply: {
    takes: { name: "person" },
    read(rest, find) {
      const found = readName(rest, false), name = found && personNamed(found, find);
      return found === undefined || name === undefined || found.rest === ""
        ? undefined
        : { do: "reply", name, text: found.rest };
    },
    execute(chat, { name, text }, now) {
      const { current } = chat.conversations, message = lastOf(chat, "/reply", name, now);
      if (message !== undefined) sendText(chat, current, text, now, message.id);
    },
  } satisfies Command<Reply>,
  edit: {
    read: (rest, _, { noText }) => rest === "" ? { do: "invalid", words: noText } : { do: "edit", text: rest },
    execute: (chat, { text }, now) => editLast(chat, text, now),
  } satisfies Command<EditLast>,
  delete: {
    takes: { name: "person", isLast: true },
    read(rest, find) {
      if (rest === "") return { do: "delete", name: undefined };
      const name = personOf(rest, find);
      return name === undefined ? undefined : { do: "delete", name };
    },
    execute: (chat, { name }, now) => deleteLast(chat, name, now),
  } satisfies Command<DeleteLast>,
  react: {
    takes: { name: "person" },
    read(rest, find) {
      const found = readName(rest, false), name = found && personNamed(found, find);
      const [, emoji, end] = /^(\S+)(?:\s+(\S+))?$/.exec(found?.rest ?? "") ?? [];
      if (name === undefined || emoji === undefined || (end !== undefined && end !== NONE)) return undefined;
      return { do: "react", name, emoji: withEmoji(emoji), is: end === undefined };
    },
    execute: (chat, asked, now) => react(chat, asked, now),
  } satisfies Command<React>,
};

function editLast(chat: ChatState, text: string, now: number): void {
  const { current } = chat.conversations, message = lastOf(chat, "/edit", undefined, now);
  if (message === undefined) return;
  const object = { action: "edit", time: chat.time(now), to: current, id: message.id, message: text };
  chat.request("/edit", { object }, now, (_, now) => {
    chat.recent.add(current, { ...message, text });
    const role = chat.roles.get(chat.me.name);
    const said = { id: undefined, from: chat.me.name, text: `${PENCIL}${text}`, time: chat.wall(now) };
    chat.transcript.said(current, { ...said, ...(role === undefined ? {} : { role }) });
  });
}

function deleteLast(chat: ChatState, name: string | undefined, now: number): void {
  const { current } = chat.conversations, message = lastOf(chat, "/delete", name, now);
  if (message === undefined) return;
  const words = chat.recent.words(current, message.id)!;
  const object = { action: "delete", time: chat.time(now), to: current, id: message.id };
  chat.request("/delete", { object }, now, (_, now) => {
    chat.recent.remove(current, message.id);
    chat.showNotice(chat.texts.deleted(words), now);
  });
}

function react(chat: ChatState, { name, emoji, is }: React, now: number): void {
  const { current } = chat.conversations, message = lastOf(chat, "/react", name, now);
  if (message === undefined) return;
  const words = chat.recent.words(current, message.id)!;
  const object = { action: "react", time: chat.time(now), to: current, id: message.id, emoji, is };
  chat.request("/react", { object }, now, (_, now) => {
    chat.showNotice((is ? chat.texts.reaction : chat.texts.noReaction)(writeName(chat.me.name), emoji, words), now);
  });
}

/** The last message of a person, or one's own, in the current conversation; the user is told if there is none. */
export function lastOf(
  chat: ChatState,
  label: string,
  name: string | undefined,
  now: number,
): RecentMessage | undefined {
  if (chat.cannot(label, now)) return undefined;
  const { current } = chat.conversations, isFrom = (from: string) => chat.isSame(from, name ?? chat.me.name);
  const message = chat.recent.last(current, isFrom);
  if (message === undefined) chat.warn(chat.texts.noMessageOf(writeName(name ?? chat.me.name), current), now);
  return message;
}

/** Tells of an edit, a deletion or a reaction. */
export function tellAbout(chat: ChatState, where: string, about: About, now: number): void {
  const { action, from, of, text, is, role, guest } = about, { recent, texts } = chat;
  if (chat.ignored.has(from)) return;
  const words = recent.words(where, of) ?? texts.earlierMessage, who = chat.person(from, role);
  if (action === "edit") {
    const former = recent.get(where, of);
    if (former !== undefined) recent.add(where, { ...former, text });
    const standing = { ...(role === undefined ? {} : { role }), ...(guest === undefined ? {} : { guest }) };
    const said = { id: undefined, from, text: `${PENCIL}${text}`, time: chat.wall(now), ...standing };
    return chat.transcript.said(where, said, false, false);
  }
  if (action === "delete") {
    recent.remove(where, of);
    chat.conversations.deleteUnread(where, of);
  }
  if (!isShown(chat, where)) return;
  if (action === "delete") chat.showNotice(texts.deletedBy(who, words), now);
  else chat.showNotice((is ? texts.reaction : texts.noReaction)(who, text, words), now);
}

/** A private conversation is shown wherever one is; a room is when it is the current one. */
function isShown({ conversations }: ChatState, where: string): boolean {
  return !where.startsWith("#") || where === conversations.current;
}
