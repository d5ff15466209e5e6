/** Programs with everything on one level: `account_name` beside the action, the text in `message_text`. @module */
import type { Dialect, Fields } from "./dialect.ts";
import { plain } from "./plain.ts";
import { renameFields } from "./rename.ts";

export const flatName: Dialect = {
  ...plain,
  name: "flat-name",
  matches: (fields) => "message_text" in fields || flat(fields),
  normalize: ({ user, ...fields }) => ({
    ...renameFields(fields, { message: "msg" }, { message_text: "message" }),
    user: user ?? { account_name: fields.account_name },
  }),
  formatRelay: ({ time, to, from, message, id }) => ({
    action: "message",
    time,
    to,
    from,
    sender: from,
    message_text: message,
    id,
  }),
  awaitsAnswers: false,
};

/** A presence with a `user` too is a superset, said so that everybody understands it: it shows nothing. */
function flat({ action, account_name, user }: Fields): boolean {
  return action === "presence" && typeof account_name === "string" && (user === undefined || user === null);
}
