/** Loads the table of emoji when it is needed first: it weighs more than the page. */
import { useEffect, useState } from "preact/hooks";
import { type EmojiGroup, parseEmoji } from "../client/emoji/table.ts";

let table: readonly EmojiGroup[] | undefined;
let loading: Promise<readonly EmojiGroup[] | undefined> | undefined;

/** The table; `undefined` if it cannot be loaded, and then the next call tries again. */
export function loadEmoji(): Promise<readonly EmojiGroup[] | undefined> {
  return loading ??= load();
}

async function load(): Promise<readonly EmojiGroup[] | undefined> {
  try {
    const response = await fetch(new URL("emoji.txt", document.baseURI));
    if (response.ok) return table = parseEmoji(await response.text());
  } catch {
    // no connection
  }
  loading = undefined;
  return undefined;
}

/** The table as soon as it is loaded; a part of the page that uses it is drawn again then. */
export function useEmoji(): readonly EmojiGroup[] | undefined {
  const [groups, setGroups] = useState(table);
  useEffect(() => {
    if (groups === undefined) loadEmoji().then(setGroups);
  }, []);
  return groups;
}
