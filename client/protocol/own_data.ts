/** One's own data: all that the server keeps about the account, its private conversations, and what it has said in rooms. */
import { text } from "../../jim/client/fields.ts";
import { COMMON_ROOM } from "../../jim/message.ts";
import { historyPages } from "./history_pages.ts";
import type { Ask } from "./query.ts";
import type { Refusal } from "./refusal.ts";

/** Lines of JSON; or why there are none. */
export type OwnData = { readonly lines: readonly string[] } | { readonly why: Refusal };

/**
 * Reads it.
 *
 * @param name the name of the account
 * @param told is called with the number of messages that are read
 */
export async function readOwnData(ask: Ask, name: string, told: (count: number) => void): Promise<OwnData> {
  const about = await ask({ action: "export" });
  if (!about.isDone) return { why: about.why };
  const lines = about.rows.map((row) => `${JSON.stringify(row)}\n`);
  const places = about.rows.flatMap(({ action, room, with: person }) =>
    action === "room_list" ? [text(room)] : action === "conversation_list" ? [text(person)] : []
  );
  let count = 0;
  for (const place of [COMMON_ROOM, ...places]) {
    for await (const page of historyPages(ask, place)) {
      if (!page.isDone) return { why: page.why };
      const own = place.startsWith("#") ? page.rows.filter(({ from }) => from === name) : page.rows;
      for (const row of own) lines.push(`${JSON.stringify(row)}\n`);
      told(count += page.rows.length);
    }
  }
  return { lines };
}
