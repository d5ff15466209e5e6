/**
 * Rooms that a session has not left, but is not in any more: it was put out, the room was removed, or it may not come back. A program
 * that does not know the feature `rooms` still shows such a room. It leaves the room when its user does, and can join it again then.
 */
import { nameKey } from "../../jim/mod.ts";
import type { Room } from "./model.ts";

export class LostRooms<S extends WeakKey> {
  /** The keys of their names. */
  readonly #keys = new WeakMap<S, Set<string>>();

  /** Notes a room by its name, and by those that it had. */
  add(session: S, { name, former }: Pick<Room, "name" | "former">): void {
    const keys = this.#keys.getOrInsertComputed(session, () => new Set());
    for (const each of [name, ...former]) keys.add(nameKey(each));
  }

  /** Whether a session has lost a room of that name; it is forgotten then. */
  take(session: S, name: string): boolean {
    return this.#keys.get(session)?.delete(nameKey(name)) === true;
  }
}
