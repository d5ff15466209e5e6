// Objects that no server should send: every field that a client reads, with any JSON value in it.

import fc from "fast-check";

/** The fields that a client reads. */
const FIELDS = [
  ...["action", "response", "error", "alert", "message", "mess_text", "message_text", "from", "sender", "to", "time"],
  ...["id", "user", "account_name", "user_id", "room", "member", "quantity", "jim", "role", "guest", "guests", "topic"],
  ...["by", "text", "token", "rules", "kicked", "until", "kind", "reason", "address", "state", "status", "replayed"],
];
/** Values that mean something in one of them, and values that break careless code. */
const usual = fc.constantFrom<unknown>(
  ...["msg", "message", "probe", "presence", "online_list", "room_list", "contact_list", "ban_list", "topic", "join"],
  ...["leave", "#all", "#cats", "ann", "bob", "offline", "operator", "mute"],
  ...[100, 200, 202, 400, 0, 1, 2, 5, -1, 0.5, 1e300, -1e300, 2 ** 53, 8.64e12, 8.64e12 + 1, true, null, "", "NaN"],
  ...["\ud800", "\u202e", "\x1b[2J", { toString: "" }, { valueOf: null }, { account_name: "eve", status: "online" }],
  ...[{ account_name: { toString: "" }, status: [] }, { registration: true, guests: 0 }, [], {}],
);

/** An object with any JSON value in any field. */
export const anyObject: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(
  fc.constantFrom(...FIELDS),
  fc.oneof({ weight: 3, arbitrary: usual }, fc.jsonValue() as fc.Arbitrary<unknown>),
);

/** Arrays inside each other, deeper than some engines' `JSON.stringify` can write. */
export function nestedArray(depth = 100_000): string {
  return "[".repeat(depth) + "]".repeat(depth);
}
