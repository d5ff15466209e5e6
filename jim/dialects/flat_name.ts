/** Programs with everything on one level: `account_name` beside the action, the text in `message_text`. @module */
import type { Dialect, Fields } from "./dialect.ts";
import { plain } from "./plain.ts";
import { renamed } from "./words.ts";

export const flatName: Dialect = {
  ...plain,
  name: "flat-name",
  marks: (fields) => "message_text" in fields || flat(fields),
  reads: ({ user, ...fields }) => ({
    ...renamed(fields, { message: "msg" }, { message_text: "message" }),
    user: user ?? { account_name: fields.account_name },
  }),
  relay: ({ time, to, from, message, id }) => ({
    action: "message",
    time,
    to,
    from,
    sender: from,
    message_text: message,
    id,
  }),
  awaits: false,
};

/** A presence with a `user` too is a superset, said so that everybody understands it: it shows nothing. */
function flat({ action, account_name, user }: Fields): boolean {
  return action === "presence" && typeof account_name === "string" && (user === undefined || user === null);
}
