// A page of the past, shown once more: of the history, of a search, or around a message that a search has found.

import type { Message } from "../../jim/client/event.ts";
import { placeOf } from "../protocol/search_query.ts";
import type { ChatState } from "./chat_state.ts";
import { toChatMessage } from "./conversations.ts";
import type { PageMessage } from "./transcript.ts";

/** What is shown. */
export interface PastPage {
  /** The command that has asked for it. */
  readonly label: string;
  readonly title: string;
  /** Where it was said; undefined for everywhere. */
  readonly place: string | undefined;
  /** The action and what belongs to it. */
  readonly asked: object;
  /** The rows are found messages with those before and behind them; the found ones are numbered. */
  readonly isSearch?: boolean;
  /** A message among them that has this number. */
  readonly target?: { readonly id: number; readonly number: number };
}

/** @param then is given the found messages with their places, in the order of their numbers */
export function showPast(
  chat: ChatState,
  { label, title, place, asked, isSearch = false, target }: PastPage,
  now: number,
  then: (found: readonly { readonly where: string; readonly id: number }[]) => void = () => {},
): void {
  const { texts } = chat, object = { ...asked, time: chat.time(now) };
  chat.request(label, { object, rows: "message" }, now, ({ messages }, now) => {
    const shown = messages.filter(({ from }) => !chat.ignored.has(from)), hidden = messages.length - shown.length;
    const wall = chat.wall(now), whereIs = (row: Message) => place ?? placeOf(row, (name) => chat.isMe(name));
    const placed = shown.map((row) => ({ row, where: chat.spelling(whereIs(row)) }));
    for (const { row: { id, from, text, isDeleted }, where } of placed) {
      if (id !== undefined && !isDeleted) chat.recent.add(where, { id, from, text });
    }
    const found = placed.flatMap(({ row: { id, isContext }, where }) =>
      isContext || id === undefined ? [] : [{ where, id }]
    );
    if (shown.length > 0) {
      const page = placed.map(({ row, where }, at): PageMessage => ({
        where,
        said: chat.shown(where, toChatMessage(row, wall)),
        ...row.id !== undefined && row.id === target?.id ? { number: target.number } : {},
        ...isSearch ? searchMarks(row, placed[at - 1]?.row, found.findIndex(({ id }) => id === row.id)) : {},
      }));
      chat.transcript.page(title, page, place === undefined, wall);
    } else if (hidden === 0) chat.showNotice(texts.nothingIn(title), now);
    if (hidden > 0) chat.showNotice(texts.leftOut(hidden, title), now);
    then(found);
  });
}

/** A message behind one that was found ends what belongs together; so does a found one without a message before it. */
function searchMarks(
  { isContext }: Message,
  before: Message | undefined,
  index: number,
): Pick<PageMessage, "number" | "isApart"> {
  const isApart = before !== undefined && before.isContext === true && isContext === true;
  return { number: isContext ? undefined : index + 1, isApart };
}
