/** How a dialect's words become JIM's: copies with other names, the original is never changed. @module */
import type { Fields } from "./dialect.ts";

/** The object with its action and its fields called as JIM calls them. A field that is there already stays. */
export function renamed(
  fields: Fields,
  actions: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>>,
): Fields {
  const copy: Record<string, unknown> = { ...fields };
  const { action } = fields;
  if (typeof action === "string" && Object.hasOwn(actions, action)) copy.action = actions[action];
  for (const [theirs, ours] of Object.entries(names)) {
    if (theirs in fields && !(ours in fields)) copy[ours] = fields[theirs];
  }
  return copy;
}

/** The object with its `user`'s name under `account_name`. */
export function nested(fields: Fields, theirs: string): Fields {
  const user = fields.user as Fields;
  return { ...fields, user: { account_name: user[theirs], ...user } };
}
