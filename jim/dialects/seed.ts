/**
 * The original Hanita's homework programs. A writer reads one answer to each message and nothing else. If it is sent a
 * relay too, that arrives in one segment with its next answer, and the program ends with an exception. Some misspell the field
 * of the name; the latest ones authenticate with an empty password, even as guests.
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
