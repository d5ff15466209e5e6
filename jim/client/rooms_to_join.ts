/**
 * The rooms that a chat is to be in: it joins them after each login.
 * @module
 */
import { nameKey } from "../name.ts";

/** A room to be in. */
export class RoomToJoin {
  name: string;
  /** It has been joined before. */
  isJoined = false;
  /** Its former canonical names, since the chat is in it. The server knows it by these, too. */
  readonly formerKeys = new Set<string>();
  /** Joins of it on this connection that have no answer yet. */
  asked = 0;
  #waiting: { resolve(): void; reject(error: Error): void }[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Settles when the chat is in the room, or cannot be. */
  joined(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** It is the same room as another one, by another name. */
  merge(other: RoomToJoin): void {
    this.#waiting.push(...other.#waiting.splice(0));
    for (const key of other.formerKeys) this.formerKeys.add(key);
  }

  /** The chat is in it. */
  enter(): void {
    this.isJoined = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** The chat cannot be in it. Returns whether a program waits for that. */
  refuse(error: Error): boolean {
    const waiting = this.#waiting.splice(0);
    for (const { reject } of waiting) reject(error);
    return waiting.length > 0;
  }
}

/**
 * The rooms by their canonical names.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const rooms = new RoomsToJoin(["#cats"]);
 * assert.equal(rooms.get("#CATS"), rooms.get("#cats"));
 * rooms.rename("#Cats", "#dogs");
 * assert.deepEqual([...rooms].map(({ name }) => name), ["#dogs"]);
 * assert.deepEqual([rooms.delete("#cats")?.name, rooms.delete("#dogs")], ["#dogs", undefined]);
 * ```
 */
export class RoomsToJoin {
  readonly #all = new Map<string, RoomToJoin>();

  constructor(names: readonly string[]) {
    for (const name of names) this.get(name);
  }

  [Symbol.iterator](): Iterator<RoomToJoin> {
    return this.#all.values();
  }

  /** The room; one that is not known is to be joined from now on. */
  get(name: string): RoomToJoin {
    const key = nameKey(name), room = this.#all.get(key) ?? new RoomToJoin(name);
    this.#all.set(key, room);
    return room;
  }

  /**
   * The room, if it is to be joined.
   *
   * @param name its name; or a former one, unless another room has that now
   */
  find(name: string): RoomToJoin | undefined {
    const key = nameKey(name);
    return this.#all.get(key) ?? [...this.#all.values()].find(({ formerKeys }) => formerKeys.has(key));
  }

  /** A room, which {@linkcode find} finds, is not joined again. Returns it; undefined if it was not to be joined. */
  delete(name: string): RoomToJoin | undefined {
    const room = this.find(name);
    if (room !== undefined) this.#all.delete(nameKey(room.name));
    return room;
  }

  /** It has another name from now on. */
  rename(from: string, to: string): void {
    const room = this.#all.get(nameKey(from)), other = this.#all.get(nameKey(to));
    if (room === undefined || room === other) return;
    if (other !== undefined) room.merge(other);
    this.delete(from);
    room.formerKeys.add(nameKey(from));
    room.name = to;
    this.#all.set(nameKey(to), room);
  }
}
