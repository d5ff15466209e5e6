/**
 * The original Hanita's homework programs. A writer reads one answer to each message and nothing else: a relay that it
 * has not asked for arrives glued to its next answer and kills it. Some misspell the name of the name.
 * @module
 */
import type { Dialect, Fields } from "./dialect.ts";
import { plain } from "./plain.ts";
import { nested } from "./words.ts";

export const seed: Dialect = {
  ...plain,
  name: "seed",
  marks: (fields, bare) => bare && (misspelt(fields) || fields.type === "status" || common(fields.to)),
  reads: (fields) => misspelt(fields) ? nested(fields, "accaunt_name") : fields,
  writersListen: false,
};

function common(to: unknown): boolean {
  return typeof to === "string" && /^#(all|chat)$/i.test(to);
}

function misspelt(fields: Fields): boolean {
  return typeof fields.user === "object" && fields.user !== null && "accaunt_name" in fields.user;
}
