/**
 * Reads what a server sends. Home-made servers send less than JIM asks for: answers without a code, codes as strings, messages
 * in the fields of half a dozen lessons. So a client reads objects that the server's parser refuses with an explanation. An
 * object of another kind becomes an event too, to be skipped and counted.
 * @module
 */
import type { SharedFile } from "../dialects/dialect.ts";
import { type Level, LEVELS } from "../message.ts";
import { banIn } from "./ban.ts";
import type {
  About,
  ListRow,
  Message,
  PersonStatus,
  Reaction,
  Role,
  Rules,
  ServerEvent,
  Standing,
  Unknown,
  UnreadCount,
} from "./event.ts";
import { type Fields, text, whole } from "./fields.ts";
import { roomEvent, roomFieldsIn } from "./room_event.ts";

const LISTS: ReadonlySet<unknown> = new Set([
  "contact_list",
  "online_list",
  "room_list",
  "ban_list",
  "unread_list",
  "member_list",
  "pin_list",
]);
const ROLES: ReadonlySet<unknown> = new Set<Role>(["guest", "account", "operator"]);
/** An answer has at least one of these. */
const ANSWER = ["response", "error", "alert", "message"];
/** The handout's own list spells `prоbe` with a Cyrillic о. */
const PROBES: ReadonlySet<unknown> = new Set(["probe", "pr\u043ebe"]);
const OFFLINE = "offline";

/**
 * Reads one object.
 *
 * @param isJim whether the server has said that it speaks JIM (`"jim":1`): then an answer has a code, which is a number
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const { kind } = readEvent({ response: 200, alert: "ok" });
 * assert.equal(kind, "answer");
 * assert.deepEqual(readEvent({ action: "message", sender: "ann", to: "#all", mess_text: "hi", time: "2" }), {
 *   kind: "message",
 *   from: "ann",
 *   to: "#all",
 *   text: "hi",
 *   time: 2,
 *   id: undefined,
 * });
 * const vote = { action: "vote", id: 7 };
 * assert.deepEqual(readEvent(vote), { kind: "unknown", action: "vote", id: 7, fields: vote });
 * ```
 */
export function readEvent(fields: Fields, isJim = false): ServerEvent {
  const { action } = fields;
  if (isJim ? typeof fields.response === "number" : action === undefined && ANSWER.some((field) => field in fields)) {
    return answer(fields);
  }
  if (PROBES.has(action)) return { kind: "probe" };
  if (action === "presence") return presence(fields);
  if (action === "join" || action === "leave") return membership(fields);
  if (action === "topic") return topic(fields);
  if (action === "read") return read(fields);
  if (action === "notify") return notify(fields);
  if (action === "typing") return writing(fields);
  if (action === "status") return status(fields);
  if (action === "msg" || action === "message") return message(fields);
  if (action === "edit" || action === "delete" || action === "reaction") return about(action, fields);
  if (LISTS.has(action)) return row(fields);
  if (action === "session_list") return session(fields);
  return roomEvent(fields) ?? unknown(fields);
}

/** By its code; without one, an `error` means failure and anything else is OK. */
function answer(fields: Fields): ServerEvent {
  const { response, error, alert, message, jim, quantity, account_name, kicked, move } = fields;
  const name = text(account_name) === "" ? {} : { name: text(account_name) };
  const { role } = standing(fields), mine = role === undefined ? name : { ...name, role };
  const code = response === undefined || response === null ? undefined : numberIn(response);
  const said = displayText(error ?? alert ?? message ?? "");
  if (code !== undefined && code >= 100 && code < 200) {
    return { kind: "notice", words: said, ...mine, ...(move === true ? { move } : {}) };
  }
  const refused = code === undefined ? error !== undefined : !(code < 400);
  const id = whole(fields.id), token = text(fields.token);
  const upload = text(fields.upload), fileLimit = whole(fields.file_limit);
  return {
    kind: "answer",
    code,
    words: said === "" ? displayText(response ?? "") : said,
    refused,
    jim: jim === 1,
    quantity: whole(quantity),
    ...(kicked === true && refused ? { kicked } : {}),
    ...(fields.new_password === true && refused ? { isOneTime: true } : {}),
    ...mine,
    ...(token === "" ? {} : { token }),
    ...(id === undefined ? {} : { id }),
    ...fileIn(fields.file),
    ...(upload === "" ? {} : { upload }),
    ...(fileLimit === undefined ? {} : { fileLimit }),
    ...(typeof fields.text === "string" ? { text: fields.text } : {}),
    ...rulesIn(fields),
    ...(typeof fields.room === "string" ? { room: fields.room } : {}),
  };
}

/** The status is free text of a person's own; where the server tells the state itself, that counts. */
function presence(fields: Fields): ServerEvent {
  const { user, state } = fields, { account_name: name, status } = Object(user) as Fields;
  if (typeof name !== "string") return unknown(fields);
  return {
    kind: "presence",
    name,
    status: displayText(status ?? ""),
    gone: (state ?? status) === OFFLINE,
    ...roleIn(fields),
  };
}

function membership(fields: Fields): ServerEvent {
  const { action, room, user } = fields, { account_name: name } = Object(user) as Fields;
  if (typeof room !== "string" || typeof name !== "string") return unknown(fields);
  return { kind: "membership", room, name, entered: action === "join", ...roleIn(fields) };
}

function topic(fields: Fields): ServerEvent {
  const { room, topic, by } = fields;
  if (typeof room !== "string" || typeof topic !== "string") return unknown(fields);
  return { kind: "topic", room, topic, by: text(by) };
}

function read(fields: Fields): ServerEvent {
  const id = whole(fields.id), to = text(fields.to);
  return id === undefined || to === "" ? unknown(fields) : { kind: "read", to, id };
}

function notify(fields: Fields): ServerEvent {
  const to = text(fields.to), level = levelIn(fields);
  return level === undefined || to === "" ? unknown(fields) : { kind: "notify", to, level };
}

function levelIn({ level }: Fields): Level | undefined {
  return LEVELS.find((each) => each === level);
}

function writing(fields: Fields): ServerEvent {
  const from = text(fields.from), to = text(fields.to);
  if (from === "" || to === "") return unknown(fields);
  return { kind: "typing", from, to, is: fields.is !== false, ...standing(fields) };
}

function status(fields: Fields): ServerEvent {
  const name = text(fields.user_id);
  return name === "" ? unknown(fields) : { kind: "status", name, status: statusIn(fields) };
}

function statusIn({ away, emoji, status }: Fields): PersonStatus {
  return { away: away === true, emoji: text(emoji), text: text(status) };
}

function countIn(fields: Fields): UnreadCount | undefined {
  const [read, unread, mentions, last] = [fields.read, fields.unread, fields.mentions, fields.last].map(whole);
  if (read === undefined || unread === undefined || last === undefined) return undefined;
  return { read, unread, mentions: mentions ?? 0, last };
}

function message(fields: Fields): ServerEvent {
  const said = fields.message ?? fields.mess_text ?? fields.message_text;
  if (said === undefined || said === null) return unknown(fields);
  return {
    kind: "message",
    from: displayText(fields.from ?? fields.sender ?? fields.account_name ?? ""),
    to: text(fields.to) || undefined,
    text: displayText(said),
    time: seconds(fields.time),
    id: whole(fields.id),
    ...standing(fields),
    ...changesIn(fields),
    ...(fields.context === true ? { isContext: true } : {}),
    ...(fields.replayed === true ? { isReplayed: true } : {}),
  };
}

function changesIn(
  { reply_to, file, edited, deleted, reactions }: Fields,
): Pick<Message, "replyTo" | "file" | "edited" | "isDeleted" | "reactions"> {
  const replyTo = whole(reply_to), kinds = Array.isArray(reactions) ? reactions.flatMap(reactionIn) : [];
  return {
    ...(replyTo === undefined ? {} : { replyTo }),
    ...fileIn(file),
    ...(typeof edited === "number" ? { edited } : {}),
    ...(deleted === true ? { isDeleted: true } : {}),
    ...(kinds.length === 0 ? {} : { reactions: kinds }),
  };
}

function fileIn(value: unknown): { file?: SharedFile } {
  const { name, size, type, width, height, sha256, key } = Object(value) as Fields, bytes = whole(size);
  const isFile = [name, type, sha256, key].every((each) => typeof each === "string") && /^[\w-]+$/.test(text(key));
  if (!isFile || bytes === undefined) return {};
  const [wide, high] = [whole(width), whole(height)];
  const sides = wide !== undefined && high !== undefined && wide > 0 && high > 0 ? { width: wide, height: high } : {};
  return {
    file: { name: text(name), size: bytes, type: text(type), ...sides, sha256: text(sha256), key: text(key) },
  };
}

function reactionIn(value: unknown): Reaction[] {
  const { emoji, count, names } = Object(value) as Fields, number = whole(count);
  if (typeof emoji !== "string" || number === undefined) return [];
  const known = Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  return [{ emoji, count: number, names: known }];
}

function about(action: About["action"], fields: Fields): ServerEvent {
  const of = whole(fields.of), said = action === "reaction" ? fields.emoji : fields.message;
  if (of === undefined || (action !== "delete" && typeof said !== "string")) return unknown(fields);
  return {
    kind: "about",
    id: whole(fields.id),
    time: seconds(fields.time),
    action,
    from: displayText(fields.from ?? ""),
    to: text(fields.to) || undefined,
    of,
    text: text(said),
    is: fields.is !== false,
    ...standing(fields),
  };
}

function row(fields: Fields): ServerEvent {
  const { room, user_id, address, member } = fields, name = room ?? user_id ?? address;
  const ban = fields.action === "ban_list" ? banIn(fields) : undefined;
  if (typeof name !== "string" || (ban === undefined && fields.action === "ban_list")) return unknown(fields);
  const topic = text(fields.topic), more = ban !== undefined ? { ban } : topic === "" ? {} : { topic };
  return {
    kind: "row",
    name,
    member: member === true,
    ...standing(fields),
    ...more,
    ...roomFieldsIn(fields),
    ...personalIn(fields),
  };
}

/** What a row says of a person, or of the account that has asked. */
function personalIn(fields: Fields): Pick<ListRow, "status" | "count" | "level"> {
  if (fields.action === "unread_list") {
    const count = countIn(fields), level = levelIn(fields);
    return { ...count === undefined ? {} : { count }, ...level === undefined ? {} : { level } };
  }
  const status = statusIn(fields);
  return status.away || status.emoji !== "" || status.text !== "" ? { status } : {};
}

function session(fields: Fields): ServerEvent {
  const { session: id, device, since, seen, connections, current } = fields;
  if (typeof id !== "string") return unknown(fields);
  return {
    kind: "session",
    id,
    connections: whole(connections) ?? 0,
    isCurrent: current === true,
    ...(typeof device === "string" ? { device } : {}),
    ...(typeof since === "number" ? { since } : {}),
    ...(typeof seen === "number" ? { seen } : {}),
  };
}

/** The row of a list that is taken as it is, of whatever kind: see `Requests.takesAsIs`. */
export function unreadRow(fields: Fields): ServerEvent {
  return { kind: "unknown", action: "", id: undefined, fields };
}

function unknown(fields: Fields): Unknown {
  return { kind: "unknown", action: text(fields.action), id: whole(fields.id), fields };
}

function standing(fields: Fields): Standing {
  const guest = whole(fields.guest), guests = whole(fields.guests);
  return {
    ...roleIn(fields),
    ...(guest ? { guest } : {}),
    ...(guests ? { guests } : {}),
    ...(fields.bot === true ? { isBot: true } : {}),
  };
}

function roleIn({ role }: Fields): { readonly role?: Role } {
  return ROLES.has(role) ? { role: role as Role } : {};
}

function rulesIn({ rules }: Fields): { readonly rules?: Rules } {
  const { registration, guests } = Object(rules) as Fields;
  const isWhole = typeof registration === "boolean" && typeof guests === "boolean";
  return isWhole ? { rules: { registration, guests } } : {};
}

/** Codes also come as strings; of anything else `Number` may throw. */
function numberIn(value: unknown): number {
  return typeof value === "number" || typeof value === "string" ? Number(value) : NaN;
}

/** A text. Of another value, which a server should not send, the JSON; "…" if it is nested too deeply to be written. */
function displayText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return "…"; // some engines read deeper than they write
    throw error;
  }
}

/** A number, a numeric string or a date-time; nobody can read ` 11:47PM`. */
function seconds(time: unknown): number | undefined {
  if (typeof time === "number") return time;
  if (typeof time !== "string" || time.trim() === "") return undefined;
  const number = Number(time), read = Number.isNaN(number) ? Date.parse(time) / 1000 : number;
  return Number.isNaN(read) ? undefined : read;
}

/** The fields of rows that are taken as they are. */
export function fieldsOf(rows: readonly ServerEvent[]): readonly Fields[] {
  return rows.flatMap((row) => row.kind === "unknown" ? [row.fields] : []);
}
