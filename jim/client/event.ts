/**
 * What a server sends, as typed events. A client meets more servers than one, and the home-made ones say less than JIM asks
 * for: answers without a code, codes as strings, messages in the fields of half a dozen lessons. So this reader takes what the
 * server's own reader, which teaches, must refuse. What it does not know becomes an event too, to be skipped and counted.
 * @module
 */
import type { SharedFile } from "../dialects/dialect.ts";
import { type Level, LEVELS } from "../message.ts";
import { banIn, type ListedBan } from "./ban.ts";
import { type Fields, text, whole } from "./fields.ts";
import { type RoomEvent, roomEvent, type RoomFields, roomFieldsIn } from "./room_event.ts";

/** One object from a server. */
export type ServerEvent =
  | Message
  | About
  | Answer
  | ListRow
  | RoomEvent
  | SessionRow
  /** Somebody is here now, or gone; `status` is that person's own free text. */
  | {
    readonly kind: "presence";
    readonly name: string;
    readonly status: string;
    readonly gone: boolean;
    readonly role?: Role;
  }
  /** Somebody has entered a room, or left it. */
  | {
    readonly kind: "membership";
    readonly room: string;
    readonly name: string;
    readonly entered: boolean;
    readonly role?: Role;
  }
  /** What a room is about from now on, and the name that has said so; nothing, if it is empty. */
  | { readonly kind: "topic"; readonly room: string; readonly topic: string; readonly by: string }
  /** The account has read a conversation up to an id on another device. */
  | { readonly kind: "read"; readonly to: string; readonly id: number }
  /** The account has chosen on another device of which messages of a conversation it is told. */
  | { readonly kind: "notify"; readonly to: string; readonly level: Level }
  /** Somebody is writing a message, or no more. */
  | Writing
  /** What somebody says of itself from now on. */
  | { readonly kind: "status"; readonly name: string; readonly status: PersonStatus }
  /** A text to everybody, that the server closes, say; or to this client, which has another name from now on. */
  | {
    readonly kind: "notice";
    readonly words: string;
    readonly name?: string;
    readonly role?: Role;
    /** The server stops, and others of its chat go on. */
    readonly move?: true;
  }
  /** The server asks whether the client is there. */
  | { readonly kind: "probe" }
  | Unknown;

/** What a person is to the server: a guest's name is proved by nobody. */
export type Role = "guest" | "account" | "operator";

/** What a server says of a person; of a sender nothing means a guest, or a message from before there were roles. */
export interface Standing {
  readonly role?: Role;
  /** Which of the guests by one name it is. */
  readonly guest?: number;
  /** How many guests go by the name. */
  readonly guests?: number;
  /** It is a program's account. */
  readonly isBot?: true;
}

/** A message, live or a row of the past. */
export interface Message extends Standing {
  readonly kind: "message";
  readonly from: string;
  /** A room or a person; `undefined` where the server does not say. */
  readonly to: string | undefined;
  readonly text: string;
  /** Unix seconds as the sender wrote them, even if no `Date` holds them; `undefined` if they are no time. */
  readonly time: number | undefined;
  /** Grows from message to message. Home-made servers have none. */
  readonly id: number | undefined;
  /** The id of the message that it answers. */
  readonly replyTo?: number;
  /** The file that comes with it. */
  readonly file?: SharedFile;
  /** When its text was last changed, in Unix seconds. */
  readonly edited?: number;
  /** Its text was taken away. */
  readonly isDeleted?: true;
  /** The first kind first. */
  readonly reactions?: readonly Reaction[];
  /** A search has not found it: it is before a message that was found, or behind one. */
  readonly isContext?: true;
  /** The account was not here when it was said: the server sends it at the login. */
  readonly isReplayed?: true;
}

/** One kind of emoji on a message: how many people have put it there, and the names of the first of them. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly names: readonly string[];
}

/** What somebody has done with an earlier message. */
export interface About extends Standing {
  readonly kind: "about";
  /** Its own number: it is in one order with the ids of messages. */
  readonly id: number | undefined;
  /** Unix seconds. */
  readonly time: number | undefined;
  readonly action: "edit" | "delete" | "reaction";
  readonly from: string;
  readonly to: string | undefined;
  /** The id of the message. */
  readonly of: number;
  /** Of an edit the new text, of a reaction the emoji. */
  readonly text: string;
  /** False of a reaction that is taken away. */
  readonly is: boolean;
}

/** Somebody is writing a message, or no more. */
export interface Writing extends Standing {
  readonly kind: "typing";
  readonly from: string;
  readonly to: string;
  readonly is: boolean;
}

/** What somebody says of itself. */
export interface PersonStatus {
  readonly away: boolean;
  /** Empty if there is none. */
  readonly emoji: string;
  readonly text: string;
}

/** How far an account has read a conversation. */
export interface UnreadCount {
  /** The last id that it has read. */
  readonly read: number;
  /** Messages of others behind it, and those that mention the account. */
  readonly unread: number;
  readonly mentions: number;
  /** The last id that was counted. */
  readonly last: number;
}

/** The answer to a request: answers come in the order of the requests. */
export interface Answer {
  readonly kind: "answer";
  readonly code: number | undefined;
  readonly words: string;
  readonly refused: boolean;
  /** The server takes many objects at once. */
  readonly jim: boolean;
  /** So many rows follow; `undefined` if it is no list. */
  readonly quantity: number | undefined;
  /** An operator has ended the connection. */
  readonly kicked?: true;
  /** The password is for the first login only: the login needs a new one. */
  readonly isOneTime?: true;
  /** What the client is, in the answer to its presence or login. */
  readonly role?: Role;
  /** The client's name, where the server spells it otherwise. */
  readonly name?: string;
  /** A session token. */
  readonly token?: string;
  /** The id of the message that it answers. */
  readonly id?: number;
  /** The file of the message that it answers. */
  readonly file?: SharedFile;
  /** By it the bytes of a file are sent, in the answer to an upload. */
  readonly upload?: string;
  /** Bytes that a file may have, in the answer to a presence that names the feature `files`; 0: there are none. */
  readonly fileLimit?: number;
  /** The greeting, in the answer to an operator that has asked for it. */
  readonly text?: string;
  /** What everybody may do, in the answer to a presence that names the feature `rules`. */
  readonly rules?: Rules;
  /** The room that a group is, in the answer to the request for it. */
  readonly room?: string;
}

/** What a server lets everybody do: make an account, and enter as a guest. */
export interface Rules {
  readonly registration: boolean;
  readonly guests: boolean;
}

/** A row of a list: a person, or a room and whether the client is in it, or a ban. */
export interface ListRow extends Standing {
  readonly kind: "row";
  readonly name: string;
  readonly member: boolean;
  /** What the room is about. */
  readonly topic?: string;
  readonly ban?: ListedBan;
  readonly room?: RoomFields;
  readonly status?: PersonStatus;
  readonly count?: UnreadCount;
  /** Of which messages of the conversation the account is told, if it has chosen. */
  readonly level?: Level;
}

/** A session of one's own account. Times in Unix seconds. */
export interface SessionRow {
  readonly kind: "session";
  /** By which it can be ended. */
  readonly id: string;
  readonly device?: string;
  readonly since?: number;
  readonly seen?: number;
  /** Open connections. */
  readonly connections: number;
  /** It is the session of this connection. */
  readonly isCurrent: boolean;
}

/** An object that this client does not know, of a newer server perhaps; or one without what it needs. */
export interface Unknown {
  readonly kind: "unknown";
  /** Empty if there is none. */
  readonly action: string;
  /** Its place among the messages, if it is a row of the past. */
  readonly id: number | undefined;
  readonly fields: Fields;
}

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

/**
 * Unix seconds as milliseconds, to the thousandth; `undefined` for what is no time, or one that no `Date` holds.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([2.5, 1.000001, 1e300, undefined].map(milliseconds), [2500, 1000.001, undefined, undefined]);
 * ```
 */
export function milliseconds(time: number | undefined): number | undefined {
  const read = Math.round((time ?? NaN) * 1e6) / 1000;
  return Number.isNaN(new Date(read).getTime()) ? undefined : read;
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
