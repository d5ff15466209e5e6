/**
 * Rooms that their owners have removed; those that they have made private; and private rooms that an account is not in any
 * more, of which it cannot know that they are still there. A program that does not know the feature `rooms` joins its rooms
 * again after a break, and would make such a room anew. So the names are kept for a while.
 */
import { nameKey } from "../../jim/mod.ts";
import type { MemberRecord, Recorded, RemovalRecord, SettingsRecord } from "../journal/records.ts";
import type { Account, Room } from "./model.ts";

/** Names are kept for at most so many removed rooms, the latest; for as many hidden ones, and as many times that one was left. */
const MAX_REMOVED = 100;

/** For how long the name of a removed room is kept, in seconds: a program may be away over a weekend. */
const KEPT_FOR = 7 * 24 * 3600;

type Removal = Pick<Recorded<RemovalRecord>, "id" | "names" | "users" | "time"> & {
  /** Why else it is not seen: the account has left it, or was put out; or it was open to all and is private now. */
  readonly cause?: "left" | "hidden";
};

export class RemovedRooms {
  /** By the ids of the records, the oldest first. */
  readonly #removals = new Map<number, Removal>();

  /** Notes a removal, if it says how the room was called. */
  add(removal: Removal): void {
    if (removal.names === undefined) return;
    this.#removals.set(removal.id, removal);
    const alike = [...this.#removals.values()].filter(({ cause }) => cause === removal.cause);
    for (const { id } of alike.slice(0, -MAX_REMOVED)) this.#removals.delete(id);
  }

  /** Notes that an account is not in a private room any more. */
  addLeft(record: Recorded<MemberRecord>, { name, former }: Pick<Room, "name" | "former">, account: Account): void {
    const { id } = record;
    this.add({ id, names: [name, ...former], users: [account.id], time: timeOf(record), cause: "left" });
  }

  /** Notes that a room that everybody saw is private now. Its members still find it, and guests too as long as they are in it. */
  addHidden(record: Recorded<SettingsRecord>, { name, former }: Pick<Room, "name" | "former">): void {
    this.add({ id: record.id, names: [name, ...former], time: timeOf(record), cause: "hidden" });
  }

  /** Whether the record of that id is still needed. */
  has(id: number): boolean {
    return this.#removals.has(id);
  }

  /**
   * The removal of a room that had a name, as far as an account or a guest may know of it: that there was a private room is known
   * to its members alone.
   *
   * @param now in Unix seconds
   */
  find(name: string, account: Account | undefined, now: number): Removal | undefined {
    return [...this.#removals.values()].findLast((removal) => {
      const { users, time = 0 } = removal;
      const isSeen = users === undefined || (account !== undefined && users.includes(account.id));
      return isSeen && now < time + KEPT_FOR && isCalled(removal, name);
    });
  }

  /** An open room of that name is made anew: nothing is to be kept any more. */
  forget(name: string): void {
    for (const removal of this.#removals.values()) {
      if (removal.users === undefined && isCalled(removal, name)) this.#removals.delete(removal.id);
    }
  }
}

/** An old record has no time. Its id is about the time in microseconds, unless it is of several servers. */
function timeOf({ id, time = Math.floor(id / 1e6) }: Recorded<MemberRecord | SettingsRecord>): number {
  return time;
}

function isCalled({ names = [] }: Removal, name: string): boolean {
  const key = nameKey(name);
  return names.some((each) => nameKey(each) === key);
}
