/**
 * Renames guests with a name that now belongs to an account, or looks like it: `teacher` becomes `teacher (guest)`.
 * They keep their rooms.
 */
import { DEFAULT_LIMITS, isName, ok, quote } from "../../jim/mod.ts";
import type { Account, Chat } from "./chat.ts";
import { announce } from "./presence_notices.ts";
import { announceJoin, announceLeave, newRooms, roomsOf } from "./room_notices.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

export function renameGuests<S extends Session>(chat: Chat<S>, context: RequestContext<S>, account: Account): void {
  for (const guest of chat.guestsLike(account.name)) {
    const before = guest.name!, side = guest.side!, shown = chat.shownName(side)!, name = spareName(chat, before);
    const first = chat.sessionsNamed(name).size === 0, newSide = { side: chat.sideOf(name), account: undefined };
    const rooms = newRooms(chat, guest, newSide);
    chat.enter(guest, name, undefined, context.effects.lastId);
    context.effects.updateSubscription(guest);
    const words = `${quote(before)} is taken by the account ${quote(account.name)} now, so you are ${name}`;
    context.effects.notify(guest, { ...ok(context.now, 101, words), role: "guest", account_name: name });
    if (chat.sessionsOf(side).size === 0) {
      announce(chat, context, guest, { name: shown, account: undefined }, "offline");
    } else announceLeave(chat, context, guest, { side, account: undefined }, roomsOf(chat, guest));
    if (first) announce(chat, context, guest, { name, account: undefined }, "online");
    announceJoin(chat, context, guest, newSide, rooms);
  }
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
