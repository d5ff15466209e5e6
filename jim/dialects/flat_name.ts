/** Programs with everything on one level: `account_name` beside the action, the text in `message_text`. @module */
import type { Dialect } from "./dialect.ts";
import { plain } from "./plain.ts";
import { renamed } from "./words.ts";

export const flatName: Dialect = {
  ...plain,
  name: "flat-name",
  marks: (fields) => "message_text" in fields || (fields.action === "presence" && flat(fields.account_name)),
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

function flat(name: unknown): boolean {
  return typeof name === "string";
}
