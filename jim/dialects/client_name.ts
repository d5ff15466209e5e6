/** Programs that call the name `client_name` and the common chat `#`. They read while they write. @module */
import type { Dialect } from "./dialect.ts";
import { plain } from "./plain.ts";
import { calls, nested } from "./words.ts";

export const clientName: Dialect = {
  ...plain,
  name: "client-name",
  marks: (fields, bare) => calls(fields, "client_name") || (bare && fields.to === "#"),
  reads: (fields) => nested(fields, "client_name"),
  relay: (relay, reader) => ({ ...plain.relay(relay, reader), to: relay.to === "#all" ? "#" : relay.to }),
};
