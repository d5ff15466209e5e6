/**
 * The fields of each action, and what each must be. To add an action, add its shape to message.ts and its fields here.
 * @module
 */
import { canonicalAddress, canonicalRange } from "./address.ts";
import { parseDuration } from "./duration.ts";
import { type Feature, FEATURES, parseFeatures } from "./features.ts";
import { isLongerThan } from "./length.ts";
import { HOOK_MARK, type Limits } from "./limits.ts";
import {
  type Authenticate,
  COMMON_ROOM,
  type HistoryQuery,
  type Message,
  type Moderate,
  type Presence,
  type Rank,
  RANKS,
  type Resume,
} from "./message.ts";
import { refuse } from "./refusal.ts";
import { findMisnamedField } from "./suggest.ts";
import {
  addressee,
  bounded,
  emoji,
  fileName,
  fileSize,
  flag,
  id,
  line,
  message,
  moment,
  name,
  pageSize,
  ParseError,
  room,
  secret,
  sha256,
  short,
  time,
  token,
  tooLong,
  uploaded,
  user,
  words,
  wrong,
} from "./values.ts";

/** An object of JSON. */
export type Fields = Record<string, unknown>;

const NO_REPLY = {}, NO_EMOJI = {};

/** Code points that a search may have: what a person looks for is shorter, and hundreds of words cost a store milliseconds. */
const SEARCHED = 200;

/** Code points of the name of a device. */
const DEVICE = 60;

/**
 * Checks the fields of an action, and leaves out those that it does not have.
 *
 * @throws {ParseError}
 */
export function readMessage(fields: Fields, limits: Limits, loose: boolean): Message {
  const action = fields.action;
  if (typeof action !== "string") throw wrong("action", "action", action);
  if (isLongerThan(action, limits.action)) throw tooLong("action", "action", action, action, limits.action);
  switch (action) {
    case "presence":
      return {
        action,
        time: time(fields.time, loose),
        user: presenceUser(fields.user, limits),
        ...understood(fields),
      };
    case "msg":
      return {
        action,
        time: time(fields.time, loose),
        to: addressee(fields.to, limits),
        message: message(fields.message, limits),
        ...reply(fields.reply_to),
        ...uploaded(fields.file),
      };
    case "upload":
      return {
        action,
        time: time(fields.time, loose),
        to: addressee(fields.to, limits),
        name: fileName(fields.name),
        size: fileSize(fields.size),
        ...sha256(fields.sha256),
      };
    case "edit":
      return {
        action,
        time: time(fields.time, loose),
        ...target(fields, limits),
        message: message(fields.message, limits),
      };
    case "delete":
      return { action, time: time(fields.time, loose), ...target(fields, limits) };
    case "react":
      return {
        action,
        time: time(fields.time, loose),
        ...target(fields, limits),
        emoji: emoji(fields.emoji),
        is: flag(fields.is, "is", true),
      };
    case "read":
      return { action, time: time(fields.time, loose), ...target(fields, limits) };
    case "typing":
      return {
        action,
        time: time(fields.time, loose),
        to: addressee(fields.to, limits),
        is: flag(fields.is, "is", true),
      };
    case "status":
      return {
        action,
        time: time(fields.time, loose),
        away: flag(fields.away, "away", false),
        ...mood(fields.emoji),
        status: line(fields.status ?? "", "status"),
      };
    case "probe":
    case "get_contacts":
    case "rooms":
    case "unread":
    case "sessions":
    case "export":
    case "bots":
      return { action, time: time(fields.time, loose) };
    case "bans":
      return { action, time: time(fields.time, loose), ...roomIn(fields.room, limits) };
    case "inspect":
    case "logout":
      return { action, time: time(fields.time, loose), ...token(fields.token, limits) };
    case "authenticate":
      return authenticate(fields, limits, loose);
    case "register":
      return { action, time: time(fields.time, loose), user: login(fields.user, limits), ...extras(fields) };
    case "change_password":
      return {
        action,
        time: time(fields.time, loose),
        password: secret(fields.password, "password", limits),
        new_password: secret(fields.new_password, "new_password", limits),
        ...newToken(fields),
      };
    case "unregister":
      return { action, time: time(fields.time, loose), password: secret(fields.password, "password", limits) };
    case "add_bot":
    case "bot_token":
    case "del_bot":
      return { action, time: time(fields.time, loose), user_id: name(fields.user_id, "user_id", limits) };
    case "add_hook":
      return {
        action,
        time: time(fields.time, loose),
        room: room(fields.room, limits),
        name: name(fields.name, "name", { ...limits, name: limits.name - HOOK_MARK.length }),
      };
    case "hooks":
      return { action, time: time(fields.time, loose), room: room(fields.room, limits) };
    case "del_hook":
      return {
        action,
        time: time(fields.time, loose),
        room: room(fields.room, limits),
        hook: line(fields.hook, "hook"),
      };
    case "hook":
      return {
        action,
        time: time(fields.time, loose),
        token: secret(fields.token, "token", limits),
        message: message(fields.message, limits),
      };
    case "end_session":
      return { action, time: time(fields.time, loose), session: line(fields.session, "session") };
    case "join":
      return {
        action,
        time: time(fields.time, loose),
        room: room(fields.room, limits),
        ...(flag(fields.create, "create", true) ? {} : { create: false }),
        ...(flag(fields.private, "private", false) ? { private: true } : {}),
      };
    case "invite":
    case "uninvite":
      return {
        action,
        time: time(fields.time, loose),
        room: room(fields.room, limits),
        user_id: name(fields.user_id, "user_id", limits),
      };
    case "configure":
      return {
        action,
        time: time(fields.time, loose),
        room: room(fields.room, limits),
        ...(fields.private === undefined ? {} : { private: flag(fields.private, "private", false) }),
        ...(fields.announcements === undefined
          ? {}
          : { announcements: flag(fields.announcements, "announcements", false) }),
      };
    case "rename":
      return {
        action,
        time: time(fields.time, loose),
        room: room(fields.room, limits),
        name: room(fields.name, limits, "name"),
      };
    case "pin":
      return { action, time: time(fields.time, loose), ...target(fields, limits), is: flag(fields.is, "is", true) };
    case "group":
      return { action, time: time(fields.time, loose), users: users(fields.users, limits) };
    case "leave":
    case "members":
    case "clear":
    case "remove":
    case "pins":
      return { action, time: time(fields.time, loose), room: room(fields.room, limits) };
    case "rank":
      return {
        action,
        time: time(fields.time, loose),
        room: room(fields.room, limits),
        user_id: name(fields.user_id, "user_id", limits),
        rank: rank(fields.rank),
      };
    case "who_online":
      return {
        action,
        time: time(fields.time, loose),
        room: fields.room === undefined ? undefined : room(fields.room, limits),
      };
    case "add_contact":
    case "del_contact":
      return { action, time: time(fields.time, loose), user_id: name(fields.user_id, "user_id", limits) };
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "unmute":
    case "promote":
    case "demote":
      return moderate(action, fields, limits, loose);
    case "motd":
      return { action, time: time(fields.time, loose), ...greeting(fields.text, limits) };
    case "topic":
      return {
        action,
        time: time(fields.time, loose),
        room: room(fields.room, limits),
        topic: line(fields.topic, "topic"),
      };
    case "history":
    case "search":
      return past(action, fields, limits, loose);
    case "quit":
      return { action, time: fields.time === undefined ? null : time(fields.time, loose) };
    default:
      throw wrong("unknown", "action", action);
  }
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

/** A message that was said before. */
function target(fields: Fields, limits: Limits): { to: string; id: number } {
  const to = addressee(fields.to, limits), of = id(fields.id, "id");
  if (of === undefined) throw wrong("id", "id", fields.id);
  return { to, id: of };
}

/** After a login the name and the whole user may be missing. */
function presenceUser(value: unknown, limits: Limits): Presence["user"] {
  if (value === undefined || value === null) return { account_name: undefined, status: "" };
  const { account_name, status } = user(value);
  return {
    account_name: account_name === undefined ? undefined : name(account_name, "user.account_name", limits),
    status: words(status, "user.status", limits),
  };
}

/** By a token, if there is one, else by a password. */
function authenticate(fields: Fields, limits: Limits, loose: boolean): Authenticate | Resume {
  const action = "authenticate", said = time(fields.time, loose);
  const { token: shown = "" } = typeof fields.token === "boolean" ? {} : token(fields.token, limits);
  if (shown !== "") return { action, time: said, token: shown, ...understood(fields) };
  return { action, time: said, user: login(fields.user, limits), ...extras(fields) };
}

/** What a login may ask for beside coming in. */
function extras(fields: Fields): { token?: true; device?: string; features?: readonly Feature[] } {
  return { ...newToken(fields), ...understood(fields) };
}

/** Whether a session token is asked for, and what the list of sessions is to call it. */
function newToken({ token, device }: Fields): { token?: true; device?: string } {
  const named = device === undefined || device === null ? "" : line(device, "device", DEVICE);
  return { ...(token === true ? { token } : {}), ...(named === "" ? {} : { device: named }) };
}

/** The features that an object names. `"watch":true` is an older way to name the one of that name. */
function understood({ features, watch }: Fields): { features?: readonly Feature[] } {
  const named = features === undefined || features === null ? [] : parseFeatures(features);
  if (named === undefined) throw wrong("features", "features", features);
  const all = FEATURES.filter((feature) => named.includes(feature) || (feature === "watch" && watch === true));
  return all.length === 0 ? {} : { features: all };
}

/** A password of any type is nobody's business, so none is quoted; nor is a user that is no object, which may have one. */
function login(value: unknown, limits: Limits): Authenticate["user"] {
  if (Array.isArray(value) || typeof value === "string") {
    const type = Array.isArray(value) ? "array" : typeof value;
    throw new ParseError(refuse("user", { at: "user", got: `a value of type ${type}` }));
  }
  const { account_name, password } = user(value);
  if (password === undefined && findMisnamedField({ user: value }, "user.password") !== undefined) {
    throw wrong("string", "user.password", password); // else the word that it has would be too short, or wrong
  }
  if (typeof password !== "string" && password !== undefined && password !== null) {
    const type = Array.isArray(password) ? "array" : typeof password;
    throw new ParseError(refuse("string", { at: "user.password", got: `a value of type ${type}` }));
  }
  return {
    account_name: name(account_name, "user.account_name", limits),
    password: words(password, "user.password", limits),
  };
}

/** A page of the past. A number of messages out of range is brought into it; what is no number is refused. */
function past(action: HistoryQuery["action"], fields: Fields, limits: Limits, loose: boolean): HistoryQuery {
  const { room: place, with: person, text } = fields;
  if (place !== undefined && person !== undefined) throw wrong("either", "with", person);
  const isSearch = action === "search", from = isSearch ? fields.from ?? undefined : undefined;
  const isEverywhere = isSearch && flag(fields.everywhere, "everywhere", false);
  if (isEverywhere && (place ?? person ?? undefined) !== undefined) {
    throw wrong("everywhere", "everywhere", place ?? person);
  }
  const hasWords = isSearch && (from === undefined || (text ?? undefined) !== undefined);
  if (hasWords && (typeof text !== "string" || text === "")) throw wrong("words", "text", text);
  const before = id(fields.before, "before"), after = id(fields.after, "after");
  return {
    action,
    time: time(fields.time, loose),
    ...(isEverywhere
      ? { everywhere: true }
      : person === undefined
      ? { room: room(place ?? COMMON_ROOM, limits) }
      : { with: name(person, "with", limits) }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    limit: pageSize(fields.limit),
    ...(hasWords ? { text: bounded(text as string, "text", SEARCHED) } : {}),
    ...(from === undefined ? {} : { from: name(from, "from", limits) }),
    ...(isSearch && flag(fields.context, "context", false) ? { context: true } : {}),
    ...(!isSearch && flag(fields.events, "events", false) ? { events: true } : {}),
  };
}

/** A name; a ban may be of an address or a range instead. */
function moderate(action: Moderate["action"], fields: Fields, limits: Limits, loose: boolean): Moderate {
  const address = fields.address ?? undefined, isBan = action === "ban" || action === "unban";
  // What would be left out of account is refused, or its sender believed in an order that is another.
  if (address !== undefined && (!isBan || (fields.user_id ?? undefined) !== undefined)) {
    throw wrong("beside", "address", address);
  }
  if (action !== "ban" && action !== "mute") {
    for (const at of ["until", "for"]) {
      if ((fields[at] ?? undefined) !== undefined) throw wrong("beside", at, fields[at]);
    }
  }
  // What is about one room must not become an order about the whole chat.
  if ((fields.room ?? undefined) !== undefined && (address !== undefined || action.endsWith("mote"))) {
    throw wrong("beside", "room", fields.room);
  }
  const said = time(fields.time, loose), reason = short(fields.reason, "reason");
  const more = { ...end(fields), ...(reason === "" ? {} : { reason }), ...roomIn(fields.room, limits) };
  if (address === undefined) {
    return { action, time: said, user_id: name(fields.user_id, "user_id", limits), ...more };
  }
  const canonical = typeof address === "string" ? canonicalAddress(address) ?? canonicalRange(address) : undefined;
  if (canonical === undefined) throw wrong("address", "address", address);
  return { action, time: said, address: canonical, ...more };
}

/** The room that an order is about, if it is about one. */
function roomIn(value: unknown, limits: Limits): { room?: string } {
  return value === undefined || value === null ? {} : { room: room(value, limits) };
}

/** The most accounts that a request may name; the server has a lower limit. */
const NAMES = 100;

function users(value: unknown, limits: Limits): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > NAMES) throw wrong("users", "users", value);
  return value.map((each) => name(each, "users", limits));
}

function rank(value: unknown): Rank {
  const found = RANKS.find((each) => each === value);
  if (found === undefined) throw wrong("rank", "rank", value);
  return found;
}

/** When a ban ends: at a moment, or after a time. */
function end({ until, for: duration }: Fields): { until?: number; for?: number } {
  const hasEnd = until !== undefined && until !== null;
  if (duration === undefined || duration === null) return hasEnd ? { until: moment(until) } : {};
  const seconds = typeof duration === "string" ? parseDuration(duration) : undefined;
  if (hasEnd || seconds === undefined) throw wrong("duration", "for", duration);
  return { for: seconds };
}

/** Without a text it is asked for: it must not be taken away by a program that has forgotten the field. */
function greeting(value: unknown, limits: Limits): { text?: string } {
  return value === undefined || value === null ? {} : { text: words(value, "text", limits) };
}
