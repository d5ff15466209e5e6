/** Questions of a dialog: the entry point has their answers. @module */
import type { Fields } from "../../jim/client/fields.ts";
import { type QueryResult, UNANSWERED } from "../../client/protocol/query.ts";
import { sendRequest, type Step } from "./step.ts";

/** Asks the server; without a connection there is no answer. */
export function query(step: Step, number: number, object: Fields): void {
  if (step.state.isReady) sendRequest(step, { ask: "query", number }, object);
  else queryAnswered(step, number, UNANSWERED);
}

export function queryAnswered({ effects }: Step, number: number, result: QueryResult): void {
  effects.push({ do: "answer", number, result });
}

/** The connection is gone, and with it the answers. */
export function queriesUnanswered(step: Step): void {
  const { asked, list } = step.state.pending;
  for (const request of list === undefined ? asked : [list.request, ...asked]) {
    if (request.ask === "query") queryAnswered(step, request.number, UNANSWERED);
  }
}
