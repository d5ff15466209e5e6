/** Questions with answers that nothing else needs: hooks, bots, one's own data, a transcript. A promise has the answer. */
import type { Answer, ServerEvent } from "../../jim/client/event.ts";
import type { Fields } from "../../jim/client/fields.ts";
import { fieldsOf } from "../../jim/client/read_event.ts";
import type { Refusal } from "./refusal.ts";

/** The answer to a question, with the rows of a list as they were sent; or why there is none. */
export type QueryResult =
  | { readonly isDone: true; readonly answer: Answer; readonly rows: readonly Fields[] }
  | { readonly isDone: false; readonly why: Refusal };

/** Asks the server. */
export type Ask = (object: Fields) => Promise<QueryResult>;

/** No answer will come: there is no connection, or it has ended. */
export const UNANSWERED: QueryResult = { isDone: false, why: "offline" };

/** What the server says to a question. */
export function resultOf(answer: Answer, rows: readonly ServerEvent[] = []): QueryResult {
  if (answer.refused) return { isDone: false, why: { words: answer.words } };
  return { isDone: true, answer, rows: fieldsOf(rows) };
}
