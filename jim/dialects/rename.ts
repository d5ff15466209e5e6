/** How a dialect's words become JIM's: copies with other names, the original is never changed. @module */
import type { Fields } from "./dialect.ts";

/** The object with its action and its fields called as JIM calls them. A field that is there already stays. */
export function renameFields(
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

/** Whether the object has its `user`'s name under another word. */
export function hasUserField(fields: Fields, theirs: string): boolean {
  return typeof fields.user === "object" && fields.user !== null && theirs in fields.user;
}

/** The object with its `user`'s name under `account_name`, where it was under another word. */
export function renameUserField(fields: Fields, theirs: string): Fields {
  if (!hasUserField(fields, theirs)) return fields;
  const user = fields.user as Fields;
  return { ...fields, user: { account_name: user[theirs], ...user } };
}
