/**
 * The original Hanita's homework programs. A writer reads one answer to each message and nothing else: a relay that it
 * has not asked for arrives glued to its next answer and kills it. Some misspell the name of the name, as others do; the
 * late ones authenticate with an empty password, even as guests.
 * @module
 */
import type { Dialect, Fields } from "./dialect.ts";
import { plain } from "./plain.ts";
import { hasUserField } from "./rename.ts";

export const seed: Dialect = {
  ...plain,
  name: "seed",
  matches: (fields, bare) =>
    bare && (hasUserField(fields, "accaunt_name") || fields.type === "status" || common(fields.to) || late(fields)),
  writersReadRelays: false,
};

function late({ action, user }: Fields): boolean {
  return action === "authenticate" && typeof user === "object" && user !== null && "password" in user &&
    (user as Fields).password === "";
}

function common(to: unknown): boolean {
  return typeof to === "string" && /^#(all|chat)$/i.test(to);
}
