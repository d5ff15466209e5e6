/**
 * Renames guests with a name that now belongs to an account, or looks like it: `teacher` becomes `teacher (guest)`.
 * They keep their rooms.
 */
import { DEFAULT_LIMITS, isName, ok, quote, refuse } from "../../jim/mod.ts";
import { type Account, type Chat, localSession } from "./chat.ts";
import { announceChange } from "./presence_notices.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

export function renameGuests<S extends Session>(chat: Chat<S>, context: RequestContext<S>, account: Account): void {
  for (const member of chat.guestsLike(account.name)) {
    const guest = localSession<S>(member);
    if (guest !== undefined && !chat.isRegistrant(guest)) renameGuest(chat, context, guest, account);
  }
}

function renameGuest<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  guest: S,
  account: Account,
): void {
  const before = guest.name!, name = spareName(chat, before);
  context.effects.propose(undefined, chat.entrance(guest, name, undefined), (context, outcome) => {
    const { effects, now } = context;
    if (!chat.isOpen(guest)) return;
    const isUp = chat.roster.isIn(guest);
    if (outcome === "lost" && isUp && guest.account === undefined) return renameGuest(chat, context, guest, account);
    if (outcome === "failed" || (outcome === "lost" && !isUp)) { // it must not keep the name of an account
      return effects.refuseAndClose(guest, refuse(effects.failureReason, { code: 500 }));
    }
    if (typeof outcome === "string" || outcome.kind !== "presence") return;
    effects.updateSubscription(guest);
    const words = `${quote(before)} is taken by the account ${quote(account.name)} now, so you are ${name}`;
    effects.notify(guest, { ...ok(now, 101, words), role: "guest", account_name: name });
    announceChange(chat, context, outcome);
  });
}

/** A free name that looks like no account's. Guests with one name get the same new one. */
function spareName<S extends Session>(chat: Chat<S>, name: string): string {
  for (let n = 1;; n++) {
    const suffix = n === 1 ? " (guest)" : ` (guest ${n})`;
    const found = [...name].slice(0, DEFAULT_LIMITS.name - suffix.length).join("").trimEnd() + suffix;
    if (isName(found) && chat.account(found) === undefined && chat.state.lookalike(found) === undefined) return found;
    if (n === 1000) name = "Guest"; // no number makes it valid
  }
}
