/** Checks whether a session may enter the chat: bans, names, devices. Each check refuses the request if not. */
import { DEFAULT_LIMITS, HOOK_MARK, nameKey, quote } from "../../jim/mod.ts";
import type { Account, Chat } from "./chat.ts";
import { isDefaultName } from "./lookalike.ts";
import { banDetails, denyLogged } from "./answers.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** Whether the name, if there is one, or the address is banned; refuses the request if so. */
export function isBanned<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string | undefined,
): boolean {
  const ban = (name === undefined ? undefined : chat.state.ban("name", name, context.now)) ??
    chat.state.ban("address", session.host, context.now);
  if (ban !== undefined) denyLogged(context, session, name, 403, "banned", banDetails(ban));
  return ban !== undefined;
}

/** Whether an account may have another connection; refuses it if not. */
export function mayConnect<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { name, side }: Account,
): boolean {
  const here = chat.openSessionsOf(side).filter((each) => each !== session);
  const others = here.length + chat.countElsewhere(side);
  const limit = chat.rules.devices;
  if (others >= limit) denyLogged(context, session, name, 409, "devices", { got: quote(name), limit });
  return others < limit;
}

/** Whether a guest may use a name; refuses the request if not. */
export function mayUseGuestName<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
): boolean {
  const got = quote(name), like = chat.state.lookalike(name);
  if (chat.account(name) !== undefined) denyLogged(context, session, name, 401, "reserved", { got });
  else if (!chat.rules.guests) denyLogged(context, session, name, 401, "members", { got });
  else if (isHookName(name)) denyLogged(context, session, name, 401, "hookname", { got });
  else if (looksLikeARoom(name)) {
    denyLogged(context, session, name, 400, "name", { at: "user.account_name", got, limit: DEFAULT_LIMITS.name });
  } else if (like !== undefined) denyLogged(context, session, name, 401, "lookalike", { got, like: quote(like.name) });
  else return true;
  return false;
}

/**
 * Whether a session may register a name; refuses the request if not. A name is taken by an account, or by a connected
 * guest, who would lose it.
 */
export function mayRegister<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
): boolean {
  const got = quote(name), like = chat.state.lookalike(name);
  if (session.account !== undefined) {
    denyLogged(context, session, name, 409, "account", { got: quote(session.account.name) });
  } else if (chat.account(name) !== undefined) denyLogged(context, session, name, 409, "taken", { got });
  else if (looksLikeARoom(name)) {
    denyLogged(context, session, name, 400, "name", { at: "user.account_name", got, limit: DEFAULT_LIMITS.name });
  } else if (isHookName(name)) denyLogged(context, session, name, 403, "hookname", { got });
  else if (isDefaultName(name)) denyLogged(context, session, name, 403, "default", { got });
  else if (chat.sessionsNamed(name).some((each) => each !== session) || chat.isElsewhere(name)) {
    denyLogged(context, session, name, 409, "taken", { got });
  } else if (like !== undefined) denyLogged(context, session, name, 409, "lookalike", { got, like: quote(like.name) });
  else return true;
  return false;
}

/** Whether a name is of hooks, or looks like a room's. */
export function isReserved(name: string): boolean {
  return isHookName(name) || looksLikeARoom(name);
}

/** Whether a name ends as those of hooks do, however it is written. */
function isHookName(name: string): boolean {
  return nameKey(name).endsWith(nameKey(HOOK_MARK));
}

/** A `#` of another width or shape, as in `＃all` or `＃server`. */
function looksLikeARoom(name: string): boolean {
  return name.normalize("NFKC").startsWith("#");
}
