// What people say of themselves, and whether they are away: set by the user, told when it changes, and listed.

import type { PersonStatus, ServerEvent } from "../../jim/client/event.ts";
import { asEmoji } from "../../jim/mod.ts";
import { safe } from "../safe.ts";
import type { ChatState } from "./chat_state.ts";
import { type Command, NONE } from "./command.ts";
import { writeName } from "./names.ts";

const graphemes = new Intl.Segmenter();

/** Without anything: the user is neither away nor says anything. */
interface SetStatus {
  readonly do: "away" | "status";
  readonly emoji: string;
  readonly text: string;
  readonly isCleared: boolean;
}

export const statusCommands = {
  away: {
    read: (rest) => ({ do: "away", emoji: "", text: rest === NONE ? "" : rest, isCleared: rest === NONE }),
    execute: setStatus,
  } satisfies Command<SetStatus>,
  status: {
    read(rest) {
      if (rest === "") return undefined;
      if (rest === NONE) return { do: "status", emoji: "", text: "", isCleared: true };
      const { segment = "" } = graphemes.segment(rest).containing(0) ?? {}, emoji = asEmoji(segment);
      const text = emoji === undefined ? rest : rest.slice(segment.length).trimStart();
      return { do: "status", emoji: emoji ?? "", text, isCleared: false };
    },
    execute: setStatus,
  } satisfies Command<SetStatus>,
};

function setStatus(chat: ChatState, { do: name, emoji, text, isCleared }: SetStatus, now: number): void {
  const away = name === "away" && !isCleared;
  const object = { action: "status", time: chat.time(now), away, ...(emoji === "" ? {} : { emoji }), status: text };
  chat.request(`/${name}`, { object }, now, (_, now) => {
    const status = { away, emoji, text };
    remember(chat, chat.me.name, status);
    chat.showNotice(isCleared ? chat.texts.noStatus : chat.texts.yourStatus(words(chat, status)), now);
  });
}

/** Tells what somebody says of itself, which may be the user on another device. */
export function tellStatus(chat: ChatState, { name, status }: ServerEvent & { kind: "status" }, now: number): void {
  remember(chat, name, status);
  if (chat.ignored.has(name) || chat.isMe(name)) return;
  const said = words(chat, status), who = writeName(name);
  chat.showNotice(said === "" ? chat.texts.backAgain(who) : chat.texts.status(who, said), now);
}

/** What somebody says of itself, as a row of a list has it. */
export function remember(chat: ChatState, name: string, status: PersonStatus | undefined): void {
  if (status === undefined || words(chat, status) === "") chat.statuses.delete(name);
  else chat.statuses.set(name, status);
}

/** A line for each person that says anything of itself, in the order of the names. */
export function statusLines(chat: ChatState, names: readonly string[]): string[] {
  return names.filter((name) => chat.statuses.has(name)).map((name) =>
    chat.texts.status(writeName(name), words(chat, chat.statuses.get(name)!))
  );
}

function words({ texts }: ChatState, { away, emoji, text }: PersonStatus): string {
  return [away ? texts.away : "", [emoji, text].filter((each) => each !== "").map(safe).join(" ")]
    .filter((each) => each !== "").join(", ");
}
