/** Leaving the chat: by `quit`, by `logout`, or with the end of the connection. */
import { type Logout, ok } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { denyNotStored, withRemarks } from "./answers.ts";
import { endRecord } from "./session_tokens.ts";
import { disconnectHolders, refuseToken } from "./token_use.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

const GOODBYE = "goodbye";

export function quit<S extends Session>({ effects, now }: RequestContext<S>, session: S, words = GOODBYE): void {
  effects.answer(session, ok(now, 200, words));
  effects.disconnect(session, "quits");
}

/** Ends a session token, and closes the connections that logged in with it. */
export function logout<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Logout,
): void {
  const token = request.token === undefined
    ? chat.tokens.heldBy(session)
    : chat.tokens.find(request.token, context.now);
  if (token === undefined && request.token !== undefined) return refuseToken(context, session);
  if (token === undefined) return quit(context, session, withRemarks(context, GOODBYE, request.time));
  context.effects.propose(session, endRecord(token), (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    quit(context, session, withRemarks(context, GOODBYE, request.time));
    disconnectHolders(chat, context, token, session);
  });
}

/** Removes a session when its connection closes. Others are told when the record is applied. */
export function leaveChat<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S): void {
  const departure = chat.departure(session);
  if (departure !== undefined) context.effects.record([departure]);
}
