/**
 * How a conversation is called, where messages are kept. A room's has the room's id, `#7`, and behind it the record by which its
 * messages were deleted, `#7.9`; everybody's room is `#all`. That of two people is made of their two sides, each with a tag before
 * it: `@7` for the account with the id 7, `~zoe` for a guest by that name. A tag is never a part of a name and an account's side
 * holds no text at all, so nothing that a peer can be called is taken for anybody else's side.
 */
import { nameKey } from "../../jim/mod.ts";

/** A conversation as the view of messages calls it: `#all`, `#ID` of a room, or two sides as `between` writes them. */
export type Conversation = string;

/**
 * An account's side. Its id is never given to another account, so the next owner of a removed account's name reads
 * nothing of what the first one said.
 */
export function accountSide(id: number): string {
  return `@${id}`;
}

/** The side of all guests by a name, however each spells it. */
export function guestSide(name: string): string {
  return `~${nameKey(name)}`;
}

/**
 * The conversation of two people, the same from both sides. `\u0000` is in no name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(between(guestSide("Zoe"), accountSide(7)), "@7\u0000~zoe");
 * assert.equal(between(accountSide(7), guestSide("ZOE")), "@7\u0000~zoe");
 * ```
 */
export function between(one: string, other: string): string {
  return one < other ? `${one}\u0000${other}` : `${other}\u0000${one}`;
}

/** The two sides of a conversation of two people. */
export function sidesOf(conversation: string): readonly string[] {
  return conversation.split("\u0000");
}

/** The conversation of a room, from its beginning or since its messages were deleted by a record. */
export function roomConversation(id: number, clearing?: number): string {
  return clearing === undefined ? `#${id}` : `#${id}.${clearing}`;
}

/**
 * The id of the room of a conversation; `NaN` of a name that has none, as `#all`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([roomConversation(7), roomConversation(7, 9)].map(roomIdOf), [7, 7]);
 * ```
 */
export function roomIdOf(conversation: string): number {
  return Number.parseInt(conversation.slice(1), 10);
}

/**
 * The id up to which the messages of a room were deleted, by its conversation.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([roomConversation(7), roomConversation(7, 9)].map(clearingOf), [undefined, 9]);
 * ```
 */
export function clearingOf(conversation: string): number | undefined {
  const [, clearing] = conversation.split(".");
  return clearing === undefined ? undefined : Number(clearing);
}

/** Whether a side is one of guests. */
export function isGuestSide(side: string): boolean {
  return side.startsWith("~");
}
