/**
 * The fields of requests about bots and hooks.
 * @module
 */
import { HOOK_MARK } from "../limits.ts";
import type { BotRequest } from "../message.ts";
import { line, message, name, room, secret } from "../values.ts";
import type { FieldTable, ReadFields } from "./read_fields.ts";

const bot: ReadFields<BotRequest> = (action, time, { user_id }, limits) => ({
  action,
  time,
  user_id: name(user_id, "user_id", limits),
});

/** Bots, and the hooks of a room. */
export const programs: FieldTable<BotRequest["action"] | "add_hook" | "hooks" | "del_hook" | "hook"> = {
  add_bot: bot,
  bot_token: bot,
  del_bot: bot,
  add_hook: (action, time, fields, limits) => ({
    action,
    time,
    room: room(fields.room, limits),
    name: name(fields.name, "name", { ...limits, name: limits.name - HOOK_MARK.length }),
  }),
  hooks: (action, time, fields, limits) => ({ action, time, room: room(fields.room, limits) }),
  del_hook: (action, time, fields, limits) => ({
    action,
    time,
    room: room(fields.room, limits),
    hook: line(fields.hook, "hook"),
  }),
  hook: (action, time, fields, limits) => ({
    action,
    time,
    token: secret(fields.token, "token", limits),
    message: message(fields.message, limits),
  }),
};
