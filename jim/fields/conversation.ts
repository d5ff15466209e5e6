/**
 * The fields of messages, of what is done with them, and of the notices of a conversation.
 * @module
 */
import { type Level, LEVELS } from "../requests/conversation.ts";
import type { Limits } from "../limits.ts";
import { addressee, emoji, fileName, fileSize, flag, id, line, message, sha256, uploaded, wrong } from "../values.ts";
import type { Fields, FieldTable } from "./read_fields.ts";

const NO_REPLY = {}, NO_EMOJI = {};

/** Messages, what is done with them, and the notices that go with a conversation. */
export const conversation: FieldTable<
  "msg" | "upload" | "edit" | "delete" | "react" | "read" | "notify" | "typing" | "status"
> = {
  msg: (action, time, fields, limits) => ({
    action,
    time,
    to: addressee(fields.to, limits),
    message: message(fields.message, limits),
    ...reply(fields.reply_to),
    ...uploaded(fields.file),
  }),
  upload: (action, time, { to, name, size, sha256: hash }, limits) => ({
    action,
    time,
    to: addressee(to, limits),
    name: fileName(name),
    size: fileSize(size),
    ...sha256(hash),
  }),
  edit: (action, time, fields, limits) => ({
    action,
    time,
    ...target(fields, limits),
    message: message(fields.message, limits),
  }),
  delete: (action, time, fields, limits) => ({ action, time, ...target(fields, limits) }),
  react: (action, time, fields, limits) => ({
    action,
    time,
    ...target(fields, limits),
    emoji: emoji(fields.emoji),
    is: flag(fields.is, "is", true),
  }),
  read: (action, time, fields, limits) => ({ action, time, ...target(fields, limits) }),
  notify: (action, time, { to, level }, limits) => ({
    action,
    time,
    to: addressee(to, limits),
    level: levelOf(level),
  }),
  typing: (action, time, { to, is }, limits) => ({
    action,
    time,
    to: addressee(to, limits),
    is: flag(is, "is", true),
  }),
  status: (action, time, { away, emoji, status }) => ({
    action,
    time,
    away: flag(away, "away", false),
    ...mood(emoji),
    status: line(status ?? "", "status"),
  }),
};

function levelOf(value: unknown): Level {
  const found = LEVELS.find((each) => each === value);
  if (found === undefined) throw wrong("level", "level", value);
  return found;
}

/** A message that was said before. */
export function target(fields: Fields, limits: Limits): { to: string; id: number } {
  const to = addressee(fields.to, limits), of = id(fields.id, "id");
  if (of === undefined) throw wrong("id", "id", fields.id);
  return { to, id: of };
}

/** The message that another one answers; none for a message that is not a reply, as nearly all are. */
function reply(value: unknown): { reply_to?: number } {
  const to = id(value, "reply_to");
  return to === undefined ? NO_REPLY : { reply_to: to };
}

/** The emoji of a status, if there is one. */
function mood(value: unknown): { emoji?: string } {
  return value === undefined || value === null || value === "" ? NO_EMOJI : { emoji: emoji(value) };
}
