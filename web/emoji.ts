/** Loads the table of emoji when it is needed first: it weighs more than the page. */
import { type EmojiGroup, parseEmoji } from "../client/emoji/table.ts";
import { late, useLate } from "./late.ts";

const table = late<readonly EmojiGroup[]>(async () => {
  const response = await fetch(new URL("emoji.txt", document.baseURI));
  if (!response.ok) throw new Error(`emoji.txt: ${response.status}`);
  return parseEmoji(await response.text());
});

/** The table; `undefined` if it cannot be loaded, and then the next call tries again. */
export const loadEmoji = table.load;

/** The table as soon as it is loaded; a part of the page that uses it is drawn again then. */
export function useEmoji(): readonly EmojiGroup[] | undefined {
  return useLate(table).value;
}
