/** Announces that a side goes online or offline, to the watchers. */
import { nameKey } from "../../jim/mod.ts";
import type { Account, Chat } from "./chat.ts";
import { roleOf } from "./replies.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** Announces a presence to the watchers. A status is free text, and is never taken for the state itself. */
export function announce<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  session: S,
  { name, account }: { readonly name: string; readonly account: Account | undefined },
  state: "online" | "offline",
  text = "",
): void {
  const status = text === "" || nameKey(text) === "offline" ? state : text;
  const user = { account_name: name, status };
  const notice = { action: "presence", time: now, type: "status", user, state, role: roleOf(account) };
  effects.announce(session, chat.features.all("watch"), notice);
}
