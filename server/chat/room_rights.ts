/** The rights of an account in a room: operators, the room's owners and moderators, its other members. Who may not come in or write. */
import { nameKey } from "../../jim/mod.ts";
import type { Account, Restraint, Room } from "./model.ts";

/** The levels of rights; each includes those below. */
export const MEMBER = 0, MODERATOR = 1, OWNER = 2, OPERATOR = 3;

/** The level of an account in a room. A rank counts while its account is a member; a guest has none. */
export function levelIn(room: Room, account: Account | undefined): number {
  if (account === undefined) return MEMBER;
  if (account.operator) return OPERATOR;
  const rank = room.members.has(account) ? room.ranks.get(account.id) : undefined;
  return rank === "owner" ? OWNER : rank === "moderator" ? MODERATOR : MEMBER;
}

/**
 * Whether an account, or a guest, sees a room and may join it. To all others a private room looks like one that does not exist. An
 * operator sees all rooms, as an inspection shows them, but no groups.
 */
export function isVisible(room: Room, account: Account | undefined): boolean {
  if (!room.isPrivate) return true;
  if (account === undefined) return false;
  if (room.members.has(account)) return true;
  if (room.isGroup) return false;
  return account.operator || room.invited.has(account.id) || room.ranks.get(account.id) === "owner";
}

/** Whether an account may write in a room of which it is a member. */
export function mayAnnounce(room: Room, account: Account | undefined): boolean {
  return !room.isForAnnouncements || levelIn(room, account) >= OWNER;
}

/** The rank of an account in a room, as rows and notices show it. */
export function rankIn(room: Room, account: Account): "owner" | "moderator" | undefined {
  return room.members.has(account) ? room.ranks.get(account.id) : undefined;
}

/** Whether one level may put out, silence or name another. Operators are equals. */
export function isAbove(giver: number, target: number): boolean {
  return giver === OPERATOR || giver > target;
}

/** The ban or the mute in force in a room for a name. */
export function restraintOf(
  { restraints }: Room,
  what: Restraint["what"],
  name: string,
  now: number,
): Restraint | undefined {
  const found = restraints.size === 0 ? undefined : restraints.get(restraintKey({ what, who: nameKey(name) }));
  return found === undefined || now >= (found.until ?? Infinity) ? undefined : found;
}

/** The key of a restraint in its room. */
export function restraintKey({ what, who }: Pick<Restraint, "what" | "who">): string {
  return `${what}/${who}`;
}
