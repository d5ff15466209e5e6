/**
 * The course's own later lessons: `action:"message"` with the text in `mess_text`. Their servers never answer a message
 * and their clients wait for none. Some show a relay by its `sender`, others by its `from` when `to` is their own name:
 * both are told. A bare presence with nothing but a name is how they all begin.
 * @module
 */
import type { Dialect, Fields } from "./dialect.ts";
import { plain } from "./plain.ts";
import { renameFields } from "./rename.ts";

export const lesson: Dialect = {
  ...plain,
  name: "lesson",
  matches: (fields, bare) => "mess_text" in fields || (bare && sparse(fields)),
  normalize: (fields) => renameFields(fields, { message: "msg" }, { mess_text: "message" }),
  formatRelay: ({ time, from, message, id }, reader) => ({
    action: "message",
    time,
    to: reader,
    from,
    sender: from,
    mess_text: message,
    id,
  }),
  awaitsAnswers: false,
};

/** `{"action":"presence","time":T,"user":{"account_name":N}}` and not a word more. */
function sparse({ action, type, user }: Fields): boolean {
  return action === "presence" && type === undefined && typeof user === "object" && user !== null &&
    "account_name" in user && Object.keys(user).length === 1;
}
