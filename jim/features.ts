/**
 * What a client may say that it understands beyond plain JIM: an extension, in the way of IRCv3's capabilities. A server
 * sends nothing of a feature to a connection that has not named it.
 * @module
 */

/**
 * The features there are, and this is the only list of them. `watch`: notices of people who come, go, enter a room and
 * leave it. `id`: the answer to a message has the `id` under which it was relayed. `rules`: the answer to a presence or a
 * login has the `rules` of the server. `topic`: what a room is about, on joining it, in the list of rooms, and when it changes.
 * `move`: a notice that the server stops and that other servers of the chat go on.
 * `replies`: a reply has the id of the message that it answers; without the feature its text begins with a quote.
 * `edits`: edits and deletions; without the feature an edit is a message that begins with a pencil, and a deletion is not sent.
 * `reactions`: the reactions to messages, as they come and in the history.
 * `bots`: which accounts in the lists of people are programs.
 * `read`: up to where the account has read a conversation on another device. `typing`: who is writing a message. `status`: who is
 * away, and what people say of themselves, in lists and when it changes.
 * `notify`: of which messages the account is told in a conversation, in the list of unread ones and when it changes.
 * `files`: a message with a file has it as a field; without the feature its text ends with a link.
 * `rooms`: what changes in a room beside its topic: ranks, for example; and more fields in the list of rooms.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const wanted = ["id", "video"].filter((name) => (FEATURES as readonly string[]).includes(name));
 * assert.deepEqual(wanted, ["id"]);
 * ```
 */
export const FEATURES = [
  "watch",
  "id",
  "rules",
  "topic",
  "move",
  "replies",
  "edits",
  "reactions",
  "read",
  "typing",
  "status",
  "rooms",
  "files",
  "bots",
  "notify",
] as const;

/**
 * The name of one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const feature: Feature = "id";
 * assert.equal(FEATURES.includes(feature), true);
 * ```
 */
export type Feature = typeof FEATURES[number];

/**
 * Those features that a list names. Names that are not known are ignored, so that a newer client may name more.
 *
 * @param value the field `features` of an object, as it was sent
 * @returns each once, in the order of {@linkcode FEATURES}; `undefined` when it is not a list of strings
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseFeatures(["id", "video", "id"]), ["id"]);
 * assert.equal(parseFeatures("id"), undefined);
 * ```
 */
export function parseFeatures(value: unknown): Feature[] | undefined {
  if (!Array.isArray(value) || !value.every((name) => typeof name === "string")) return undefined;
  return FEATURES.filter((feature) => value.includes(feature));
}
