/**
 * The fields of what users do with their own account.
 * @module
 */
import { line, secret } from "../values.ts";
import { newToken } from "./entrance.ts";
import type { FieldTable } from "./read_fields.ts";

/** What users do with their own account. */
export const ownAccount: FieldTable<"change_password" | "end_session" | "unregister"> = {
  change_password: (action, time, fields, limits) => ({
    action,
    time,
    password: secret(fields.password, "password", limits),
    new_password: secret(fields.new_password, "new_password", limits),
    ...newToken(fields),
  }),
  end_session: (action, time, { session }) => ({ action, time, session: line(session, "session") }),
  unregister: (action, time, { password }, limits) => ({
    action,
    time,
    password: secret(password, "password", limits),
  }),
};
