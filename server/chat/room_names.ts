/**
 * Rooms by their names, and by those that they had. A private room takes no name: others that do not see it may make a room by the
 * same name, as if it did not exist. So what a name means depends on the reader.
 */
import { nameKey } from "../../jim/mod.ts";
import type { Account, Room } from "./model.ts";
import { isVisible } from "./room_rights.ts";

/** How well a room fits a name; 0 is not at all. A room of one's own is before one that is only open. */
const OWN = 16, INVITED = 8, PRESENT = 4, EXACT = 2, PRIVATE = 1;

export class RoomNames {
  readonly #present = new Map<string, Room[]>();
  readonly #former = new Map<string, Room[]>();

  /**
   * The room that a name means to an account or a guest: one that it is in, else one that it is invited into, else an open one;
   * of exactly that spelling, else the oldest.
   *
   * @param own the rooms that it is in
   */
  find(
    name: string,
    account: Account | undefined,
    own: { has(room: Room): boolean } | undefined = account?.rooms,
  ): Room | undefined {
    const key = nameKey(name);
    let present: readonly Room[] = this.#present.get(key) ?? [];
    const former = this.#former.size === 0 ? undefined : this.#former.get(key);
    if (former === undefined && present.length === 1 && !present[0]!.isPrivate) return present[0];
    // Open rooms with equal keys are from an old database: the exact spelling means that one, and not one that the reader is in.
    const exact = present.length > 1 && present.find((room) => room.name === name && !room.isPrivate);
    if (exact && !own?.has(exact)) present = present.filter((room) => room === exact || room.isPrivate);
    let found: Room | undefined, best = 0;
    for (const [rooms, fit] of [[present, PRESENT], [former ?? [], 1]] as const) {
      for (const room of rooms) {
        const isOwn = own?.has(room) === true;
        if (!isOwn && !isVisible(room, account)) continue;
        const mine = isOwn ? OWN : room.isPrivate ? INVITED : 0;
        const fits = fit + mine + (room.name === name ? EXACT : 0) + (room.isPrivate ? PRIVATE : 0);
        if (fits > best) [found, best] = [room, fits];
      }
    }
    return found;
  }

  /** Whether another open room has a name. */
  isTaken(name: string, by: Room): boolean {
    return this.#present.get(nameKey(name))?.some((each) => each !== by && !each.isPrivate) === true;
  }

  add(room: Room): void {
    put(this.#present, room.name, room);
    for (const name of room.former) put(this.#former, name, room);
  }

  delete(room: Room): void {
    take(this.#present, room.name, room);
    for (const name of room.former) take(this.#former, name, room);
  }

  /** The names of open rooms with equal keys, which exist only in an old database. */
  get collisions(): string[][] {
    const open = [...this.#present.values()].map((rooms) => rooms.filter(({ isPrivate }) => !isPrivate));
    return open.filter(({ length }) => length > 1).map((rooms) => rooms.map(({ name }) => name));
  }
}

/** Whether a room has a name, or had it and is still found by it. Case does not matter. */
export function leadsTo(room: Room, name: string): boolean {
  const key = nameKey(name);
  return nameKey(room.name) === key || room.former.some((each) => nameKey(each) === key);
}

function put(rooms: Map<string, Room[]>, name: string, room: Room): void {
  const key = nameKey(name), alike = rooms.get(key);
  if (alike === undefined) rooms.set(key, [room]);
  else alike.push(room);
}

function take(rooms: Map<string, Room[]>, name: string, room: Room): void {
  const key = nameKey(name), others = (rooms.get(key) ?? []).filter((each) => each !== room);
  if (others.length > 0) rooms.set(key, others);
  else rooms.delete(key);
}
