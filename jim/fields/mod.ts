/**
 * The fields of each action, and what each must be: a table of functions for each file of requests. To add an action, add its
 * shape to a file of `requests/`, and its fields to the file of the same name here.
 * @module
 */
import { isLongerThan } from "../length.ts";
import type { Limits } from "../limits.ts";
import type { Message } from "../message.ts";
import { time, tooLong, wrong } from "../values.ts";
import { conversation } from "./conversation.ts";
import { entrance } from "./entrance.ts";
import { moderation } from "./moderation.ts";
import { ownAccount } from "./own_account.ts";
import { programs } from "./programs.ts";
import { queries } from "./queries.ts";
import type { Fields, FieldTable, ReadFields } from "./read_fields.ts";
import { rooms } from "./rooms.ts";

export type { Fields } from "./read_fields.ts";

const table: FieldTable<Message["action"]> = {
  ...conversation,
  ...entrance,
  ...rooms,
  ...queries,
  ...ownAccount,
  ...programs,
  ...moderation,
};

/** As a map: a client may name any action, and an object has `constructor` too. */
const byAction: ReadonlyMap<string, ReadFields<Message>> = new Map(
  Object.entries(table as Record<string, ReadFields<Message>>),
);

/**
 * Checks the fields of an action, and leaves out those that it does not have.
 *
 * @param loose a time that is no number is read as `null`
 * @throws {ParseError}
 */
export function readMessage(fields: Fields, limits: Limits, loose: boolean): Message {
  const action = fields.action;
  if (typeof action !== "string") throw wrong("action", "action", action);
  if (isLongerThan(action, limits.action)) throw tooLong("action", "action", action, action, limits.action);
  const read = byAction.get(action);
  if (read === undefined) throw wrong("unknown", "action", action);
  const said = action === "quit" && fields.time === undefined ? null : time(fields.time, loose);
  return read(action as Message["action"], said, fields, limits);
}
