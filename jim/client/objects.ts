/** The objects that a client says to any server, home-made ones too. @module */
import { COMMON_ROOM } from "../message.ts";

/**
 * "I am here", nested and flat: there are servers that look for the name here, and servers that look there.
 *
 * @param now milliseconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(JSON.stringify(presence("ann", 1000)), /"time":1,.*"account_name":"ann"/);
 * ```
 */
export function presence(name: string, now: number): object {
  const user = { account_name: name, status: "online" };
  return { action: "presence", time: now / 1000, type: "status", account_name: name, user };
}

/**
 * A text as a message. The fields are in this order, so that Hanita relays the bytes as they are.
 *
 * @param now milliseconds
 * @param to a room with its `#`, or a person's name
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(JSON.stringify(message("ann", "hi", 1000)), /"to":"#all","from":"ann","encoding":"utf-8","message":"hi"/);
 * ```
 */
export function message(name: string, text: string, now: number, to: string = COMMON_ROOM): object {
  return { action: "msg", time: now / 1000, to, from: name, encoding: "utf-8", message: text };
}

/**
 * The field that says which history a request is about: a room's, or a private conversation's.
 *
 * @param place a room with its `#`, or a name
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([conversationFields("#cats"), conversationFields("bob")], [{ room: "#cats" }, { with: "bob" }]);
 * ```
 */
export function conversationFields(place: string): { readonly room: string } | { readonly with: string } {
  return place.startsWith("#") ? { room: place } : { with: place };
}
