/** What records change in a room beside its members and its topic, and how the state applies them. */
import type { RankRecord, RestraintRecord } from "../journal/records.ts";
import type { Account, Room } from "./model.ts";
import { levelIn, OWNER, restraintKey } from "./room_rights.ts";

/** A change of a room. `by` is the name that has ordered it. */
export type RoomChange =
  | {
    readonly kind: "rank";
    readonly room: Room;
    readonly account: Account;
    readonly rank: RankRecord["rank"];
    readonly by: string;
  }
  | { readonly kind: "restraint"; readonly room: Room; readonly restraint: RestraintRecord };

/**
 * Two owners may take each other's rank at once: then the giver of the second order is no owner.
 *
 * @param giver the account that has ordered it; undefined if it is gone
 */
export function changeRank(
  room: Room,
  account: Account,
  { rank, by }: RankRecord,
  giver: Account | undefined,
  stands: boolean,
): RoomChange | "lost" {
  if ((room.ranks.get(account.id) ?? "member") === rank) return "lost";
  if (!stands && levelIn(room, giver) < OWNER) return "lost";
  if (!stands && rank !== "member" && !room.members.has(account)) return "lost";
  const ranks = new Map(room.ranks);
  if (rank === "member") ranks.delete(account.id);
  else ranks.set(account.id, rank);
  room.ranks = ranks;
  return { kind: "rank", room, account, rank, by };
}

export function restrain(room: Room, record: RestraintRecord): RoomChange | "lost" {
  const { kind: _, room: __, is, ...restraint } = record, key = restraintKey(record);
  if (!is && !room.restraints.has(key)) return "lost";
  const restraints = new Map(room.restraints);
  if (is) restraints.set(key, restraint);
  else restraints.delete(key);
  room.restraints = restraints;
  return { kind: "restraint", room, restraint: record };
}

/** Takes all that an account has in a room. */
export function forgetIn(room: Room, { id }: Account): void {
  if (room.ranks.has(id)) room.ranks = new Map([...room.ranks].filter(([each]) => each !== id));
}
