/**
 * Reacts to a change of the state, by this server, the account tool or another server: tells the connected sessions
 * that it concerns. The handler of a request only answers its own sender.
 */
import { quote, refuse } from "../../jim/mod.ts";
import { type Chat, markOf } from "./chat.ts";
import { renameGuests } from "./rename_guests.ts";
import { enforce } from "./moderation.ts";
import { disconnectHolders } from "./token_use.ts";
import type { StateChange } from "./state.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** @param isOwn a request of this server proposed it, and its handler does the rest */
export function react<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  change: StateChange,
  isOwn: boolean,
): void {
  switch (change.kind) {
    case "registered":
      return renameGuests(chat, context, change.account);
    case "removed":
      return sendAway("removed", quote(change.account.name));
    case "renamed": {
      const { account, before } = change; // other clients show the old name
      sendAway("renamed", quote(before), quote(account.name));
      return renameGuests(chat, context, account);
    }
    case "password":
      return sendAway("changed", quote(change.account.name)); // they logged in with the old one
    case "operator":
      for (const session of chat.sessionsOf(change.account.side)) {
        session.mark = markOf(change.account);
        if (!change.account.operator) context.effects.stopInspection(session); // an operator may have inspected
      }
      return;
    case "session":
      return change.is || isOwn ? undefined : disconnectHolders(chat, context, change);
    case "member":
      return change.is ? chat.noteMember(change.room) : undefined;
    case "emptied":
      return chat.removeGuests(change.room);
    case "ban":
      return isOwn ? undefined : enforce(chat, context, change.ban, change.is);
  }

  function sendAway(reason: "removed" | "renamed" | "changed", got: string, like?: string): void {
    if (!("account" in change) || change.account === undefined) return;
    const refusal = refuse(reason, { code: 401, got, ...(like === undefined ? {} : { like }) });
    for (const session of [...chat.sessionsOf(change.account.side)]) context.effects.refuseAndClose(session, refusal);
  }
}
