// `/search`, and `/around`: it goes to a message that was found, and shows what was said around it.

import { conversationFields } from "../../jim/client/objects.ts";
import { readSearch } from "../protocol/search_query.ts";
import type { ChatState } from "./chat_state.ts";
import type { Command } from "./command.ts";
import { go } from "./navigation.ts";
import { showPast } from "./past.ts";

/** Messages that `/search` shows, beside those around each; and messages before and behind one, for `/around`. */
const FOUND = 15, AROUND = 10;

interface Search {
  readonly do: "search";
  readonly text: string;
}
/** By its number in the last search. */
interface Around {
  readonly do: "around";
  readonly number: number;
}

export const searchCommands = {
  search: {
    read: (rest) => rest === "" ? undefined : { do: "search", text: rest },
    execute: (chat, { text }, now) => search(chat, text, now),
  } satisfies Command<Search>,
  around: {
    read: (rest) => /^\d+$/.test(rest) ? { do: "around", number: Number(rest) } : undefined,
    execute: (chat, { number }, now) => showAround(chat, number, now),
  } satisfies Command<Around>,
};

/** Looks for messages where one is, elsewhere or everywhere. */
function search(chat: ChatState, typed: string, now: number): void {
  const { conversations: { current }, texts } = chat, query = readSearch(typed, current);
  if (query === undefined) return chat.warn(texts.nothingSought, now);
  if (typeof query === "string") return chat.warn(texts.noDay(query), now);
  const place = query.place && (chat.knownNames.find(query.place) ?? query.place);
  const asked = { ...query.fields, context: true, limit: FOUND };
  const title = place === undefined ? texts.searchAll : texts.search(place);
  showPast(chat, { label: "/search", title, place, asked, isSearch: true }, now, (found) => chat.found = found);
}

/** Goes to the conversation of a message that was found, and shows what was said before and behind it. */
function showAround(chat: ChatState, number: number, now: number): void {
  const { texts } = chat, target = chat.found[number - 1];
  if (target === undefined) return chat.warn(texts.notFound(number, chat.found.length), now);
  const { where, id } = target, fields = conversationFields(where);
  if (where !== chat.conversations.current) go(chat, where, now);
  if (where !== chat.conversations.current) return; // we are not in the room any more
  const label = `/around ${number}`, before = { action: "history", ...fields, before: id, limit: AROUND };
  // Two pages as one: the last of those before it, and the first of those from it on.
  chat.request(label, { object: { ...before, time: chat.time(now) }, rows: "message" }, now, ({ messages }, now) => {
    const after = (messages[0]?.id ?? id) - 1, limit = messages.length + 1 + AROUND;
    const asked = { action: "history", ...fields, after, limit };
    const title = texts.around(number, where);
    showPast(chat, { label, title, place: where, asked, target: { id, number } }, now);
  });
}
