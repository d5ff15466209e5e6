/** The questions of dialogs to the server. The model sends them; a promise has the answer. */
import type { Fields } from "../jim/client/fields.ts";
import type { Ask, QueryResult } from "../client/protocol/query.ts";

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
