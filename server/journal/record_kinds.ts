/**
 * What the journal has to know of each kind of record: its version and fields, its key, and what it undoes.
 * @module
 */
import { LEVELS, nameKey } from "../../jim/mod.ts";
import type {
  EventProposal,
  JournalRecord,
  PresenceProposal,
  Proposal,
  StateProposal,
  StateRecord,
} from "./records.ts";

/** Whether a value read from a log is what a field should hold. */
type Check = (value: unknown) => boolean;

/** What the journal has to know of a kind. */
export interface Kind {
  /** Versions above this one were written by a newer Hanita. A field more that may be ignored needs no new version. */
  readonly version: number;
  readonly fields: Readonly<Record<string, Check>>;
}

/** What it has to know of a kind that changes the state. */
interface StateKind<Kinded extends StateRecord> extends Kind {
  /** See {@linkcode keyOf}. */
  readonly key: (record: Kinded) => string;
}

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const number: Check = (value) => typeof value === "number";
const id: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const place: Check = (value) => id(value) && (value as number) > 0;
const maybe = (check: Check): Check => (value) => value === undefined || check(value);
const list = (check: Check): Check => (value) => Array.isArray(value) && value.every(check);
const object = (fields: Readonly<Record<string, Check>>): Check => (value) =>
  typeof value === "object" && value !== null && hasFields(value, fields);

/** Every kind that changes the state. */
export const kinds: { readonly [kind in StateProposal["kind"]]: StateKind<Extract<StateRecord, { kind: kind }>> } = {
  account: {
    version: 1,
    fields: {
      name: text,
      password: text,
      oneTime: maybe(flag),
      operator: flag,
      bot: maybe(flag),
      seen: maybe(id),
      since: maybe(id),
      guestPeriods: maybe(list(object({ name: text, after: id, last: maybe(id) }))),
      rooms: maybe(list(object({ room: id, spelling: text }))),
      contacts: maybe(list(text)),
      time: maybe(number),
    },
    key: ({ id }) => `${id}`,
  },
  removal: {
    version: 1,
    fields: {
      of: id,
      isOwn: maybe(flag),
      by: maybe(text),
      names: maybe(list(text)),
      time: maybe(number),
      users: maybe(list(id)),
    },
    key: ({ of }) => `${of}`,
  },
  name: { version: 1, fields: { account: id, name: text }, key: ({ account }) => `${account}/name` },
  password: {
    version: 1,
    fields: { account: id, password: text, oneTime: maybe(flag) },
    key: ({ account }) => `${account}/password`,
  },
  operator: {
    version: 1,
    fields: { account: id, is: flag, by: maybe(id), keepsOne: maybe(flag) },
    key: ({ account }) => `${account}/operator`,
  },
  cursor: { version: 1, fields: { account: id, last: id }, key: ({ account }) => `${account}/cursor` },
  room: { version: 1, fields: { name: text, by: maybe(id), owner: maybe(flag) }, key: ({ id }) => `${id}` },
  group: {
    version: 1,
    fields: { name: maybe(text), by: id, users: list(id), isOnly: maybe(flag) },
    key: ({ id }) => `${id}`,
  },
  settings: {
    version: 1,
    fields: { room: id, private: flag, announcements: flag, by: text, time: maybe(number) },
    key: ({ room }) => `${room}/settings`,
  },
  invitation: {
    version: 1,
    fields: { account: id, room: id, is: flag, by: text },
    key: ({ account, room }) => `${account}/invitation/${room}`,
  },
  roomname: {
    version: 1,
    fields: { room: id, name: text, before: text, former: list(text), by: text },
    key: ({ room }) => `${room}/name`,
  },
  clearing: { version: 1, fields: { room: id, by: text }, key: ({ room }) => `${room}/clearing` },
  pin: {
    version: 1,
    fields: { room: maybe(id), of: id, is: flag, by: text, time: number },
    key: ({ of, room }) => room === undefined ? `pin/${of}` : `${room}/pin/${of}`,
  },
  rank: {
    version: 1,
    fields: {
      account: id,
      room: id,
      rank: (value) => value === "owner" || value === "moderator" || value === "member",
      by: text,
    },
    key: ({ account, room }) => `${account}/rank/${room}`,
  },
  restraint: {
    version: 1,
    fields: {
      room: id,
      what: (value) => value === "ban" || value === "mute",
      who: text,
      is: flag,
      until: maybe(number),
      by: text,
      reason: maybe(text),
      since: number,
    },
    key: ({ room, what, who }) => `${room}/${what}/${who}`,
  },
  member: {
    version: 1,
    fields: {
      account: id,
      room: id,
      is: flag,
      spelling: maybe(text),
      by: maybe(text),
      reason: maybe(text),
      time: maybe(number),
      respells: maybe(flag),
    },
    key: ({ account, room }) => `${account}/member/${room}`,
  },
  contact: {
    version: 1,
    fields: { account: id, name: text, is: flag },
    key: ({ account, name }) => `${account}/contact/${nameKey(name)}`,
  },
  read: {
    version: 1,
    fields: { account: id, place: text, last: id },
    key: ({ account, place }) => `${account}/read/${place}`,
  },
  level: {
    version: 1,
    fields: { account: id, place: text, level: (value) => LEVELS.some((each) => each === value) },
    key: ({ account, place }) => `${account}/level/${place}`,
  },
  status: {
    version: 1,
    fields: { account: id, away: flag, emoji: maybe(text), text },
    key: ({ account }) => `${account}/status`,
  },
  session: {
    version: 1,
    fields: {
      account: id,
      hash: text,
      is: flag,
      since: number,
      used: number,
      password: maybe(id),
      device: maybe(text),
    },
    key: ({ account, hash }) => `${account}/session/${hash}`,
  },
  hook: {
    version: 1,
    fields: { room: id, hash: text, is: flag, name: text, by: text, since: number },
    key: ({ hash, room }) => `${room === 0 ? "" : `${room}/`}hook/${hash}`,
  },
  ban: {
    version: 1,
    fields: {
      what: (value) => value === "name" || value === "address" || value === "mute",
      who: text,
      is: flag,
      until: maybe(number),
      by: maybe(text),
      reason: maybe(text),
      since: maybe(number),
    },
    key: ({ what, who }) => `ban/${what}/${who}`,
  },
  motd: { version: 1, fields: { text }, key: () => "motd" },
  topic: { version: 1, fields: { room: id, text, by: text, time: number }, key: ({ room }) => `${room}/topic` },
  server: {
    version: 1,
    fields: { server: text, is: flag, name: maybe(text), home: maybe(id) },
    key: ({ server }) => `server/${server}`,
  },
  enter: {
    version: 1,
    fields: {
      server: text,
      session: id,
      name: text,
      account: maybe(id),
      password: maybe(id),
      devices: maybe(id),
      guest: maybe(place),
      shown: maybe(text),
      isWriteOnly: maybe(flag),
      status: maybe(text),
      login: maybe(text),
    },
    key: ({ server, session }) => `server/${server}/${session}`,
  },
  leave: {
    version: 1,
    fields: { server: text, session: id },
    key: ({ server, session }) => `server/${server}/${session}`,
  },
  attend: {
    version: 1,
    fields: {
      server: text,
      session: id,
      room: id,
      is: flag,
      spelling: maybe(text),
      time: maybe(number),
      by: maybe(text),
      reason: maybe(text),
    },
    key: ({ room, server, session }) => `server/${server}/${session}/room/${room}`,
  },
  kick: { version: 1, fields: { name: text, reason: maybe(text) }, key: ({ name }) => `kick/${nameKey(name)}` },
};

const about = {
  conversation: text,
  of: id,
  to: text,
  from: text,
  role: maybe((value) => value === "account" || value === "operator"),
  guest: maybe(place),
  time: number,
};

/** Every kind of event. */
export const eventKinds: { readonly [kind in EventProposal["kind"]]: Kind } = {
  edit: { version: 1, fields: { ...about, text, former: maybe(text) } },
  deletion: { version: 1, fields: about },
  reaction: { version: 1, fields: { ...about, emoji: text, is: flag, account: maybe(id) } },
};

/** The version of a run of messages. */
export const MESSAGE_VERSION = 1;

/** Whether an object has fields as a kind describes them; it may have others. */
export function hasFields(value: object, fields: Readonly<Record<string, Check>>): boolean {
  return Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
}

/**
 * What a record is about. A later record of the same key replaces it. Keys are paths: what belongs to an account stands
 * below the account's id.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(keyOf({ id: 9, kind: "member", account: 7, room: 8, is: true }), "7/member/8");
 * assert.equal(keyOf({ id: 7, kind: "account", name: "ann", password: "", operator: false, seen: 0 }), "7");
 * ```
 */
export function keyOf(record: StateRecord): string {
  const { key } = kinds[record.kind] as StateKind<StateRecord>;
  return key(record);
}

/** The path below which a record undoes what earlier records have said, with the slash at its end; undefined if none. */
export function clearedBy(record: StateRecord): string | undefined {
  if (record.kind === "removal") return `${record.of}/`;
  if (record.kind === "clearing") return `${record.room}/pin/`;
  if (record.kind === "password") return `${record.account}/session/`;
  // With an account it has the account's rooms, and not those of the guest any more.
  const endsAttendance = record.kind === "leave" || (record.kind === "enter" && record.account !== undefined);
  if (record.kind === "server" || endsAttendance) return `${keyOf(record)}/`;
  return undefined;
}

/**
 * Whether a record has no effect of its own: once what it undoes is deleted, it is deleted too. Sessions come and leave all
 * the time; the records of those that have left would pile up.
 */
export function isEnd(record: StateRecord): boolean {
  if (record.kind === "read") return record.last === 0 && record.place !== "";
  if (record.kind === "level") return record.level === "default";
  if (record.kind === "status") return !record.away && record.emoji === undefined && record.text === "";
  return record.kind === "leave" || record.kind === "kick" ||
    ((record.kind === "server" || record.kind === "attend") && !record.is);
}

/** Whether a record is about a message. */
export function isEvent<R extends JournalRecord | Proposal>(record: R): record is Extract<R, EventProposal> {
  return Object.hasOwn(eventKinds, record.kind);
}

/** Whether a record is about the sessions in the chat. */
export function isPresence<R extends StateProposal>(record: R): record is Extract<R, PresenceProposal> {
  switch (record.kind) {
    case "server":
    case "enter":
    case "leave":
    case "attend":
    case "kick":
      return true;
    default:
      return false;
  }
}
