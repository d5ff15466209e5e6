/** Questions of a dialog whose answers nothing else needs: hooks, bots, a transcript. The model sends them; a promise has the answer. */
import type { Answer, ServerEvent } from "../jim/client/event.ts";
import type { Fields } from "../jim/client/fields.ts";

/** The answer to a question, with the rows of a list as they were sent; or why there is none, in the server's words: empty without a connection. */
export type QueryResult =
  | { readonly isDone: true; readonly answer: Answer; readonly rows: readonly Fields[] }
  | { readonly isDone: false; readonly why: string };

/** Asks the server. */
export type Ask = (object: Fields) => Promise<QueryResult>;

/** No answer will come: there is no connection, or it has ended. */
export const UNANSWERED: QueryResult = { isDone: false, why: "" };

/** What the server says to a question. */
export function resultOf(answer: Answer, rows: readonly ServerEvent[] = []): QueryResult {
  if (answer.refused) return { isDone: false, why: answer.words };
  return { isDone: true, answer, rows: rows.flatMap((row) => row.kind === "unknown" ? [row.fields] : []) };
}

/** The row of a question's list, which is not read: it may be of any kind. */
export function unreadRow(fields: Fields): ServerEvent {
  return { kind: "unknown", action: "", id: undefined, fields };
}

/** The questions that wait, by their numbers. */
export class Queries {
  readonly #send: (number: number, object: Fields) => void;
  readonly #waiting = new Map<number, (result: QueryResult) => void>();
  #last = 0;

  constructor(send: (number: number, object: Fields) => void) {
    this.#send = send;
  }

  readonly ask: Ask = (object) => {
    const number = ++this.#last;
    const { promise, resolve } = Promise.withResolvers<QueryResult>();
    this.#waiting.set(number, resolve);
    this.#send(number, object);
    return promise;
  };

  answered(number: number, result: QueryResult): void {
    this.#waiting.get(number)?.(result);
    this.#waiting.delete(number);
  }
}
