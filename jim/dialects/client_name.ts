/** Programs that call the name `client_name` and the common chat `#`. They read while they write. @module */
import type { Dialect, Fields } from "./dialect.ts";
import { plain } from "./plain.ts";
import { nested } from "./words.ts";

export const clientName: Dialect = {
  ...plain,
  name: "client-name",
  marks: (fields, bare) => renamed(fields) || (bare && fields.to === "#"),
  reads: (fields) => renamed(fields) ? nested(fields, "client_name") : fields,
  relay: (relay, reader) => ({ ...plain.relay(relay, reader), to: relay.to === "#all" ? "#" : relay.to }),
};

function renamed(fields: Fields): boolean {
  return typeof fields.user === "object" && fields.user !== null && "client_name" in fields.user;
}
