/** The action `presence`: a guest enters the chat or changes its name; a logged-in session changes its status. */
import { nameKey, type Presence, quote } from "../../jim/mod.ts";
import { isBanned, mayUseGuestName } from "./admission.ts";
import type { Chat } from "./chat.ts";
import { enter } from "./enter.ts";
import { refreshAndCheck } from "./refresh.ts";
import { denyLogged, withRemarks } from "./answers.ts";
import { suggestField } from "./suggestions.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

export function presence<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Presence,
): void {
  const { features } = request, { status } = request.user, asked = request.user.account_name ?? session.name;
  if (asked === undefined) return denyLogged(context, session, undefined, 400, "noname", suggestField(context));
  if (!refreshAndCheck(chat, context, session) || isBanned(chat, context, session, asked)) return;
  const { account } = session;
  if (account !== undefined) {
    if (nameKey(asked) !== account.key) {
      return denyLogged(context, session, asked, 401, "account", { got: quote(account.name) });
    }
  } else if (!mayUseGuestName(chat, context, session, asked)) return;
  const name = account?.name ?? asked;
  const words = session.name === undefined ? `welcome, ${name}` : name === session.name ? "ok" : `you are ${name} now`;
  enter(chat, context, session, {
    account,
    asked,
    status,
    features,
    words: withRemarks(context, words, request.time),
  });
}
