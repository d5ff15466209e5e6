/** Programs that call the name `client_name` and the common chat `#`. They read while they write. @module */
import type { Dialect } from "./dialect.ts";
import { plain } from "./plain.ts";
import { hasUserField, renameUserField } from "./rename.ts";

export const clientName: Dialect = {
  ...plain,
  name: "client-name",
  matches: (fields, bare) => hasUserField(fields, "client_name") || (bare && fields.to === "#"),
  normalize: (fields) => renameUserField(fields, "client_name"),
  formatRelay: (relay, reader) => ({ ...plain.formatRelay(relay, reader), to: relay.to === "#all" ? "#" : relay.to }),
};
