/** Which action or field a program meant that has sent another one, by a slip of its author's or by habit. @module */
import { nearest } from "./nearest.ts";
import { ACTIONS } from "./words/words.ts";

const OPERATORS = ["kick", "ban", "unban", "mute", "unmute", "bans", "promote", "demote", "motd", "inspect"];
const actions: readonly string[] = [...ACTIONS.split(", "), ...OPERATORS, "message"];

/** What other chats call the same. `message` is read as `msg` already, but a slip in it is not. */
const ACTION_SYNONYMS: Readonly<Record<string, string>> = {
  auth: "authenticate",
  login: "authenticate",
  log_in: "authenticate",
  signin: "authenticate",
  sign_in: "authenticate",
  signup: "register",
  sign_up: "register",
  connect: "presence",
  hello: "presence",
  online: "presence",
  status: "presence",
  chat: "msg",
  say: "msg",
  send: "msg",
  send_message: "msg",
  text: "msg",
  bye: "quit",
  close: "quit",
  disconnect: "quit",
  log_out: "logout",
  sign_out: "logout",
  signout: "logout",
  enter: "join",
  part: "leave",
  list: "who_online",
  users: "who_online",
  who: "who_online",
  contacts: "get_contacts",
  ping: "probe",
};

const FIELD_SYNONYMS: Readonly<Record<string, string>> = {
  type: "action",
  command: "action",
  timestamp: "time",
  date: "time",
  body: "message",
  content: "message",
  msg: "message",
  text: "message",
  login: "account_name",
  name: "account_name",
  nick: "account_name",
  username: "account_name",
  user_name: "account_name",
  chat: "room",
  channel: "room",
};

/** So many fields of an object are looked at: one with more has another fault. */
const FIELDS = 30;

/**
 * The action that was meant.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["MSG", "massage", "prescence", "sing"].map(meantAction), ["msg", "msg", "presence", undefined]);
 * ```
 */
export function meantAction(action: string): string | undefined {
  const near = nearest(action, actions, ACTION_SYNONYMS);
  return near === "message" ? "msg" : near;
}

/**
 * The field that was sent instead of one that is missing.
 *
 * @param path the field's, from the object: `user.account_name`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(sentInstead({ action: "msg", mesage: "hello" }, "message"), "mesage");
 * assert.equal(sentInstead({ user: { name: "ann" } }, "user.account_name"), "name");
 * ```
 */
export function sentInstead(fields: Readonly<Record<string, unknown>>, path: string): string | undefined {
  const at = path.lastIndexOf("."), field = path.slice(at + 1);
  const parent = at < 0 ? fields : fields[path.slice(0, at)];
  if (typeof parent !== "object" || parent === null) return undefined;
  const keys = Object.keys(parent).slice(0, FIELDS);
  return keys.find((key) => nearest(key, [field], FIELD_SYNONYMS) === field);
}
