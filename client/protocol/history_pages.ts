/** Reads the history of a conversation from an id on, page by page. */
import { whole } from "../../jim/client/fields.ts";
import { conversationFields } from "../../jim/client/objects.ts";
import { MAX_PAGE } from "../../jim/limits.ts";
import type { Ask, QueryResult } from "./query.ts";

/** The pages in their order; a refusal, or a connection that ends, is the last one. */
export async function* historyPages(ask: Ask, key: string, from = 0): AsyncGenerator<QueryResult> {
  for (let after = Math.max(0, from), isWhole = false; !isWhole;) {
    const result = await ask({ action: "history", ...conversationFields(key), after, limit: MAX_PAGE });
    yield result;
    if (!result.isDone) return;
    const last = Math.max(after, ...result.rows.map(({ id }) => whole(id) ?? 0));
    isWhole = result.rows.length < MAX_PAGE || last === after; // a page that leads no further would be asked for forever
    after = last;
  }
}
