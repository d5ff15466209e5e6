/**
 * What is done with a message after it was sent: an edit, a deletion, a reaction. A change has a number of its own in
 * the order of the messages, so that it is caught up like one.
 * @module
 */
import type { About, Reaction } from "../jim/client/event.ts";
import type { Change, ChatMessage } from "./conversation.ts";

/** The most names of a reaction that are kept, as many as the history has. */
const NAMES = 10;

/** Converts a change from the server; `undefined` without a number, since it has no place then. */
export function toChange({ id, action, from, guest, of, text, is, time = 0 }: About): Change | undefined {
  if (id === undefined) return undefined;
  return { id, action, from, of, text, is, time, ...(guest === undefined ? {} : { guest }) };
}

/** Whether it is a change, and not a message. */
export function isChange(either: ChatMessage | Change): either is Change {
  return "of" in either;
}

/**
 * Applies a change to the message that it is about, if that is among them; nothing changes a deleted one. Applying a
 * change a second time changes nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const messages = [{ id: 1, from: "ann", text: "hi", time: 10 }];
 * const party = { id: 2, action: "reaction", from: "bob", of: 1, text: "🎉", is: true, time: 11 } as const;
 * const [message] = withChange(withChange(messages, party), party);
 * assert.deepEqual(message?.reactions, [{ emoji: "🎉", count: 1, names: ["bob"] }]);
 * assert.equal(withChange(messages, { ...party, of: 7 }), messages);
 * ```
 */
export function withChange(messages: readonly ChatMessage[], change: Change): readonly ChatMessage[] {
  const at = messages.findLastIndex(({ id }) => id === change.of);
  if (at < 0) return messages;
  const changed = changedBy(messages[at]!, change);
  return changed === messages[at] ? messages : messages.with(at, changed);
}

/** Applies changes in their order. */
export function withChanges(messages: readonly ChatMessage[], changes: readonly Change[]): readonly ChatMessage[] {
  return changes.reduce(withChange, messages);
}

/** The message as it is after a change. */
export function changedBy(message: ChatMessage, change: Change): ChatMessage {
  if (message.isDeleted) return message;
  const { reactions, edited: _, ...rest } = message;
  switch (change.action) {
    case "edit":
      return { ...message, text: change.text, edited: change.time };
    case "delete": {
      const { replyTo: __, file: ___, ...bare } = rest;
      return { ...bare, text: "", isDeleted: true };
    }
    case "reaction": {
      const changed = withReaction(reactions ?? [], change);
      if (changed === reactions) return message;
      const edited = message.edited === undefined ? {} : { edited: message.edited };
      return { ...rest, ...edited, ...(changed.length === 0 ? {} : { reactions: changed }) };
    }
  }
}

/** Of more people than are named, the server alone knows who has reacted; it tells only what changes something. */
function withReaction(reactions: readonly Reaction[], { text: emoji, from, guest, is }: Change): readonly Reaction[] {
  const at = reactions.findIndex((each) => each.emoji === emoji);
  const { count, names }: Reaction = reactions[at] ?? { emoji, count: 0, names: [] };
  const isNamed = guest === undefined && names.includes(from);
  if (is && isNamed) return reactions;
  if (!is && !names.includes(from) && count <= names.length) return reactions;
  const named = is ? [...names, from].slice(0, NAMES) : without(names, from);
  const changed = { emoji, count: count + (is ? 1 : -1), names: named };
  if (at < 0) return [...reactions, changed];
  return changed.count > 0 ? reactions.with(at, changed) : reactions.toSpliced(at, 1);
}

/** Without the first of these names. */
function without(names: readonly string[], name: string): readonly string[] {
  const at = names.indexOf(name);
  return at < 0 ? names : names.toSpliced(at, 1);
}
