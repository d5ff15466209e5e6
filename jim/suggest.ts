/** Suggests the action or the field for one that is not known: a misspelt one, or another program's word. @module */
import { ACTIONS } from "./message.ts";
import { distance, nearest } from "./nearest.ts";

const actions: readonly string[] = [...Object.keys(ACTIONS), "message"];

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
  chat: "msg",
  say: "msg",
  send: "msg",
  send_message: "msg",
  text: "msg",
  attach: "upload",
  file: "upload",
  send_file: "upload",
  reaction: "react",
  seen: "read",
  notifications: "notify",
  mark_read: "read",
  away: "status",
  change: "edit",
  update: "edit",
  del: "delete",
  erase: "delete",
  remove: "delete",
  bye: "quit",
  close: "quit",
  disconnect: "quit",
  passwd: "change_password",
  set_password: "change_password",
  get_sessions: "sessions",
  delete_account: "unregister",
  log_out: "logout",
  sign_out: "logout",
  signout: "logout",
  enter: "join",
  part: "leave",
  list: "who_online",
  users: "who_online",
  who: "who_online",
  hist: "history",
  find: "search",
  nick: "presence",
  rename: "presence",
  contacts: "get_contacts",
  ping: "probe",
};

/** What other programs call a field, by its name in JIM. */
const FIELD_SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  action: ["type", "command"],
  time: ["timestamp", "date"],
  message: ["body", "content", "msg", "text"],
  account_name: ["login", "name", "nick", "nickname", "username", "user_name"],
  password: ["pass", "passwd", "pwd"],
  new_password: ["new", "new_pass"],
  room: ["chat", "channel", "to", "name"],
  user_id: ["user", "account_name", "name", "contact", "to"],
  text: ["query", "words", "message"],
};

/** Two fields of one action: neither is sent instead of the other. */
const PASSWORDS: ReadonlySet<string> = new Set(["password", "new_password"]);

type Fields = Readonly<Record<string, unknown>>;

/** So many fields of an object are looked at: one with more has another fault. */
const FIELDS = 30;

/**
 * The action that was meant.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["MSG", "massage", "prescence", "sing"].map(suggestAction), ["msg", "msg", "presence", undefined]);
 * ```
 */
export function suggestAction(action: string): string | undefined {
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
 * assert.equal(findMisnamedField({ action: "msg", mesage: "hello" }, "message"), "mesage");
 * assert.equal(findMisnamedField({ user: { name: "ann" } }, "user.account_name"), "name");
 * assert.equal(findMisnamedField({ action: "join", to: "#cats" }, "room"), "to");
 * ```
 */
export function findMisnamedField(fields: Fields, path: string): string | undefined {
  const at = path.lastIndexOf("."), field = path.slice(at + 1);
  const parent = at < 0 ? fields : fields[path.slice(0, at)];
  if (typeof parent !== "object" || parent === null) return undefined;
  const others = FIELD_SYNONYMS[field] ?? [], synonyms = Object.fromEntries(others.map((each) => [each, field]));
  const keys = Object.keys(parent).slice(0, FIELDS), unknown = keys.filter((key) => !KNOWN.has(key));
  const isOther = (key: string) => PASSWORDS.has(key) && PASSWORDS.has(field);
  return keys.find((key) => !isOther(key) && nearest(key, [field], synonyms) !== undefined) ??
    unknown.find((key) => others.some((each) => isSlipOf(key.toLowerCase(), each))) ??
    (field === "action" ? unknown.find((key) => actions.includes((parent as Fields)[key] as string)) : undefined);
}

/** Whether a letter is missing, too many or swapped with the next one. With another letter it may be another word. */
function isSlipOf(word: string, other: string): boolean {
  if (Math.min(word.length, other.length) < 3 || Math.abs(word.length - other.length) > 1) return false;
  const sameLetters = [...word].sort().join("") === [...other].sort().join("");
  return (word.length !== other.length || sameLetters) && distance(word, other) === 1;
}

/**
 * A field that an action does not have, and the one that seems to be meant. The field is ignored, as JIM wants it of any that
 * is not known.
 *
 * @example
 * ```ts
 * const typo: FieldTypo = { action: "msg", field: "too", suggestion: "to" };
 * ```
 */
export interface FieldTypo {
  /** What was said. */
  readonly action: string;
  /** As it was sent. */
  readonly field: string;
  /** The field of the action that is not there. */
  readonly suggestion: string;
}

const PAST = ["room", "with", "before", "after", "limit", "events"];
/** Fields that may be left out: a slip in one of them changes what is done, and causes no refusal. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  presence: ["watch", "features"],
  authenticate: ["new_password", "token", "device", "features"],
  register: ["token", "device", "features"],
  change_password: ["token", "device"],
  logout: ["token"],
  msg: ["to", "reply_to", "file"],
  upload: ["to", "sha256"],
  edit: ["to"],
  delete: ["to"],
  react: ["to", "is"],
  read: ["to"],
  notify: ["to"],
  typing: ["to", "is"],
  status: ["away", "emoji"],
  who_online: ["room"],
  history: PAST,
  search: ["room", "with", "before", "after", "limit", "from", "everywhere", "context"],
  kick: ["reason"],
  ban: ["until", "for", "reason"],
  mute: ["until", "for", "reason"],
};
/** Other names of the field `to`. */
const TO_SYNONYMS: Readonly<Record<string, string>> = { room: "to", channel: "to", recipient: "to", receiver: "to" };
/** Fields that a program may send with any action: JIM's own, and those of home-made programs. */
const KNOWN: ReadonlySet<string> = new Set([
  ..."action time type user account_name status from encoding message user_id text id".split(" "),
  ..."response alert error role token".split(" "), // of an answer that a program sends back
  ..."accaunt_name client_name mess_text message_text sender".split(" "),
]);

/**
 * The first field that an action does not have and that is a slip for one of its optional fields, if that is missing. A slip
 * for a short field must have all of its letters, so `ts` is not taken for `to`. In a presence without a name, which is
 * allowed after a login, it is the field that seems to have the name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(findFieldTypo({ action: "msg", too: "bob", message: "hi" }), { action: "msg", field: "too", suggestion: "to" });
 * assert.equal(findFieldTypo({ action: "msg", to: "bob", too: "bob", message: "hi" }), undefined);
 * assert.equal(findFieldTypo({ action: "msg", ts: 1, message: "hi" }), undefined);
 * const nameless = findFieldTypo({ action: "presence", user: { name: "ann" } });
 * assert.deepEqual(nameless, { action: "presence", field: "name", suggestion: "account_name" });
 * ```
 */
export function findFieldTypo(fields: Readonly<Record<string, unknown>>): FieldTypo | undefined {
  const { action } = fields;
  if (typeof action !== "string" || !Object.hasOwn(OPTIONAL, action)) return undefined;
  const nameless = action === "presence" ? namelessIn(fields) : undefined;
  if (nameless !== undefined) return nameless;
  const optional = OPTIONAL[action]!;
  let left = FIELDS;
  for (const field in fields) {
    if (KNOWN.has(field) || optional.includes(field)) continue;
    if (left-- === 0) return undefined;
    const missing = optional.filter((each) => fields[each] === undefined && isLike(field.toLowerCase(), each));
    const suggestion = nearest(field, missing, action === "msg" && fields.to === undefined ? TO_SYNONYMS : {});
    if (suggestion !== undefined) return { action, field, suggestion };
  }
  return undefined;
}

/** The slip that leaves a presence without a name. */
function namelessIn(fields: Readonly<Record<string, unknown>>): FieldTypo | undefined {
  const { user } = fields;
  const missing = (user ?? undefined) === undefined ? "user" : "user.account_name";
  if (typeof user === "object" && user !== null && "account_name" in user) return undefined;
  const field = findMisnamedField(fields, missing);
  return field === undefined || KNOWN.has(field)
    ? undefined
    : { action: "presence", field, suggestion: missing.replace("user.", "") };
}

/** Whether one letter at most is wrong; of a short word none may be missing. */
function isLike(word: string, field: string): boolean {
  if (word.length > field.length + 1) return false; // before its distance is counted
  return distance(word, field) <= 1 && (field.length > 3 || [...field].every((letter) => word.includes(letter)));
}
