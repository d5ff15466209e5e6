/** The contacts of an account, or of a guest as long as it is connected. */
import { type ContactRequest, nameKey, ok, quote } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { statusIn } from "./status.ts";
import { suggestPerson } from "./suggestions.ts";
import { answerList, deny, denyNotStored, withRemarks } from "./answers.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** Contacts of one account or guest: all are kept and listed. */
const MOST = 1_000;

export function getContacts<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S): void {
  const names = [...chat.membership(session).contacts.values()].sort();
  const row = (user_id: string) => ({
    action: "contact_list",
    user_id,
    ...statusIn(chat, session, chat.account(user_id), context.now),
  });
  answerList(context, session, names.values().map(row), names.length);
}

export function addContact<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: ContactRequest,
): void {
  const { user_id } = request, key = nameKey(user_id);
  const { contacts } = chat.membership(session), { account } = session;
  const name = chat.knownName(user_id);
  if (name === undefined) {
    return deny(context, session, 404, "nobody", {
      at: "user_id",
      got: quote(user_id),
      ...suggestPerson(chat, user_id),
    });
  }
  if (contacts.has(key)) return accept(context, session, request);
  if (contacts.size >= MOST) return deny(context, session, 403, "contacts", { limit: MOST });
  if (account === undefined) {
    (session.contacts ??= new Map()).set(key, name);
    return accept(context, session, request);
  }
  context.effects.propose(session, { kind: "contact", account: account.id, name, is: true }, (context, outcome) => {
    if (outcome === "failed") denyNotStored(context, session);
    else accept(context, session, request);
  });
}

export function deleteContact<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: ContactRequest,
): void {
  const { user_id } = request, key = nameKey(user_id);
  const { account } = session, name = chat.membership(session).contacts.get(key);
  if (name === undefined) return deny(context, session, 404, "stranger", { got: quote(user_id) });
  if (account === undefined) {
    session.contacts?.delete(key);
    return accept(context, session, request);
  }
  context.effects.propose(session, { kind: "contact", account: account.id, name, is: false }, (context, outcome) => {
    if (outcome === "failed") denyNotStored(context, session);
    else if (outcome === "lost") deleteContact(chat, context, session, request); // on another device
    else accept(context, session, request);
  });
}

/** Answers a request after its change was made, or if it had been made already. */
function accept<S extends Session>(context: RequestContext<S>, session: S, { time }: ContactRequest): void {
  context.effects.answer(session, ok(context.now, 200, withRemarks(context, "ok", time)));
}
