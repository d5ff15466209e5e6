// Questions of a task to the server, one after the other, and what becomes of a question without an answer.

import type { Fields } from "../../jim/client/fields.ts";
import { type Ask, type QueryResult, resultOf, UNANSWERED } from "../protocol/query.ts";
import type { ChatState } from "./chat_state.ts";

/**
 * Asks the server, with the rows of a list as they were sent.
 *
 * @param act does something with the chat at once: a task has no chat of its own
 */
export function asker(chat: ChatState, act: (act: (now: number) => void) => void): Ask {
  return (object) => {
    const { promise, resolve } = Promise.withResolvers<QueryResult>();
    act((now) => enqueue(chat, object, now, resolve));
    return promise;
  };
}

function enqueue(chat: ChatState, object: Fields, now: number, then: (result: QueryResult) => void): void {
  if (!chat.link.open) return then(UNANSWERED);
  chat.link.requests.enqueue({
    object: { ...object, time: chat.time(now) },
    rows: "unknown",
    lost: () => then(UNANSWERED),
    then: (reply) => then(reply === undefined ? UNANSWERED : resultOf(reply, reply.rows)),
  });
}
