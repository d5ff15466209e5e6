/**
 * The sentences for people: one catalogue, so that a rule is explained in one place and a language is one more column.
 * Each says what was wrong, where, and what would be right.
 * @module
 */
import type { Reason, Refusal } from "./refusal.ts";

/**
 * The presence to send as an example: a learner can paste it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(JSON.parse(EXAMPLE_PRESENCE).user.account_name, "ann");
 * ```
 */
export const EXAMPLE_PRESENCE = '{"action":"presence","time":1764000000,"user":{"account_name":"ann","status":""}}';
const EXAMPLE_MSG = '{"action":"msg","time":1764000000,"to":"#all","message":"hello"}';

const english: Record<Reason, (refusal: Refusal) => string> = {
  garbage: (r) => `Expected a JSON object that begins with {, such as ${EXAMPLE_PRESENCE}, got ${r.got}`,
  broken: (r) => `Expected the object to be closed by } before anything new begins, got ${r.got}`,
  big: (r) => `Expected an object of at most ${r.limit} bytes, got a larger one, which was left out`,
  deep: (r) => `Expected at most ${r.limit} brackets inside each other, got more; the object was left out`,
  endless: (r) => `Expected the large object to end within another ${r.limit} bytes; the connection is closed`,
  json: (r) => `Expected valid JSON in UTF-8, such as ${EXAMPLE_MSG}, got ${r.got}`,
  object: (r) => `Expected a JSON object, such as ${EXAMPLE_PRESENCE}, got ${r.got}`,
  size: (r) => `Expected an object of at most ${r.limit} characters, got ${r.got}`,
  action: (r) => `action: expected a string such as "presence", "msg" or "quit", got ${r.got}`,
  unknown: (r) => `action: expected one of presence, msg, probe, quit, got ${r.got}, which is no action of JIM`,
  unbuilt: (r) => `action: ${r.got} is an action of JIM that this server does not perform yet`,
  user: (r) => `user: expected an object with account_name, such as {"account_name":"ann"}, got ${r.got}`,
  time: (r) => `time: expected Unix seconds as a number, got ${r.got}`,
  name: (r) => `${r.at}: expected a name of 1 to ${r.limit} characters that does not begin with #, got ${r.got}`,
  letters: (r) => `${r.at}: expected visible characters and plain spaces, got ${r.got}`,
  room: (r) => `${r.at}: expected a room such as "#cats", of 1 to ${r.limit} characters after the #, got ${r.got}`,
  to: (r) => `to: expected "#all", a "#room" or a name, got ${r.got}`,
  text: (r) => `message: expected a text, such as "hello", got ${r.got}`,
  long: (r) => `${r.at}: expected at most ${r.limit} characters, got ${r.got}`,
  string: (r) => `${r.at}: expected a string, got ${r.got}`,
  presence: () => `Expected a presence before anything else, such as ${EXAMPLE_PRESENCE}`,
  nobody: (r) => `to: nobody here has the name ${r.got}`,
};

/**
 * Says a refusal in words.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { refuse } from "./refusal.ts";
 * assert.equal(
 *   explain(refuse("time", { at: "time", got: '"12:03"' })),
 *   'time: expected Unix seconds as a number, got "12:03"',
 * );
 * ```
 */
export function explain(refusal: Refusal): string {
  return english[refusal.reason](refusal);
}
