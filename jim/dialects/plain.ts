/** JIM as the handout writes it, which is also what every line speaker gets. @module */
import type { Dialect } from "./dialect.ts";

/**
 * Plain JIM, and what any other dialect is a change of. Its relay is the object that {@linkcode canonicalEnd} looks for.
 * A dialect that awaits no answers sends `message`: a program that sends `msg` does not speak it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const relay = plain.formatRelay({ time: 1764000000, to: "#all", from: "ann", message: "hello", id: 1764000000000007 }, "bob");
 * assert.deepEqual(relay, {
 *   action: "msg",
 *   time: 1764000000,
 *   to: "#all",
 *   from: "ann",
 *   encoding: "utf-8",
 *   message: "hello",
 *   id: 1764000000000007,
 * });
 * ```
 */
export const plain: Dialect = {
  name: "plain",
  matches: (fields, _bare, before) => fields.action === "msg" && !before.awaitsAnswers,
  normalize: (fields) => fields,
  formatRelay({ time, to, from, message, id, role, guest, reply_to, file, edited, deleted, reactions }) {
    const relay: Record<string, unknown> = file === undefined
      ? { action: "msg", time, to, from, encoding: "utf-8", message, id }
      : { action: "msg", time, to, from, encoding: "utf-8", message, file, id }; // the id is near the end, where it is looked for
    if (role !== undefined) relay.role = role; // no spread: in a room this is done for each reader
    if (guest !== undefined) relay.guest = guest;
    if (reply_to !== undefined) relay.reply_to = reply_to;
    if (edited !== undefined) relay.edited = edited;
    if (deleted !== undefined) relay.deleted = deleted;
    if (reactions !== undefined) relay.reactions = reactions;
    return relay;
  },
  formatAnswer: (answer) => answer,
  awaitsAnswers: true,
  writersReadRelays: true,
};
