// Records with any values in their fields, for property tests.
import fc from "fast-check";
import type { StateProposal, StateRecord } from "../../../server/journal/records.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("", "ann", "'; DROP TABLE records;--", "\u0000", "привет 👍"),
);
const id = fc.oneof(fc.nat({ max: 20 }), fc.maxSafeNat());
const seconds = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 });

/** Objects as JSON makes them; without `required` each field is there. */
function record<T, K extends keyof T = keyof T>(
  fields: { [field in keyof T]: fc.Arbitrary<T[field]> },
  required?: { requiredKeys: K[] },
) {
  return fc.record<T, K>(fields, { noNullPrototype: true, ...required as { requiredKeys: K[] } });
}

/** A record of each kind with fields of its types; some fields are left out. */
export const proposals: {
  readonly [kind in StateProposal["kind"]]: fc.Arbitrary<Extract<StateProposal, { kind: kind }>>;
} = {
  account: record({
    kind: fc.constant("account"),
    name: text,
    password: text,
    oneTime: fc.boolean(),
    operator: fc.boolean(),
    seen: id,
    since: id,
    guestPeriods: fc.array(record({ name: text, after: id, last: id }, { requiredKeys: ["name", "after"] }), {
      maxLength: 3,
    }),
    rooms: fc.array(record({ room: id, spelling: text }), { maxLength: 3 }),
    contacts: fc.array(text, { maxLength: 3 }),
  }, { requiredKeys: ["kind", "name", "password", "operator", "seen"] }),
  removal: record({ kind: fc.constant("removal"), of: id }),
  name: record({ kind: fc.constant("name"), account: id, name: text }),
  password: record({ kind: fc.constant("password"), account: id, password: text, oneTime: fc.boolean() }, {
    requiredKeys: ["kind", "account", "password"],
  }),
  operator: record({ kind: fc.constant("operator"), account: id, is: fc.boolean(), by: id }, {
    requiredKeys: ["kind", "account", "is"],
  }),
  cursor: record({ kind: fc.constant("cursor"), account: id, last: id }),
  room: record({ kind: fc.constant("room"), name: text, by: id, owner: fc.boolean() }, {
    requiredKeys: ["kind", "name"],
  }),
  group: record({
    kind: fc.constant("group"),
    name: text,
    by: id,
    users: fc.array(id, { maxLength: 3 }),
    isOnly: fc.boolean(),
  }, { requiredKeys: ["kind", "by", "users"] }),
  settings: record({
    kind: fc.constant("settings"),
    room: id,
    private: fc.boolean(),
    announcements: fc.boolean(),
    by: text,
  }),
  invitation: record({ kind: fc.constant("invitation"), account: id, room: id, is: fc.boolean(), by: text }),
  roomname: record({
    kind: fc.constant("roomname"),
    room: id,
    name: text,
    before: text,
    former: fc.array(text, { maxLength: 3 }),
    by: text,
  }),
  clearing: record({ kind: fc.constant("clearing"), room: id, by: text }),
  pin: record({ kind: fc.constant("pin"), room: id, of: id, is: fc.boolean(), by: text, time: seconds }, {
    requiredKeys: ["kind", "of", "is", "by", "time"],
  }),
  rank: record({
    kind: fc.constant("rank"),
    account: id,
    room: id,
    rank: fc.constantFrom("owner", "moderator", "member"),
    by: text,
  }),
  restraint: record({
    kind: fc.constant("restraint"),
    room: id,
    what: fc.constantFrom("ban", "mute"),
    who: text,
    is: fc.boolean(),
    until: seconds,
    by: text,
    reason: text,
    since: seconds,
  }, { requiredKeys: ["kind", "room", "what", "who", "is", "by", "since"] }),
  member: record({
    kind: fc.constant("member"),
    account: id,
    room: id,
    is: fc.boolean(),
    spelling: text,
    by: text,
    reason: text,
    time: seconds,
    respells: fc.boolean(),
  }, { requiredKeys: ["kind", "account", "room", "is"] }),
  contact: record({ kind: fc.constant("contact"), account: id, name: text, is: fc.boolean() }),
  session: record({
    kind: fc.constant("session"),
    account: id,
    hash: text,
    is: fc.boolean(),
    since: seconds,
    used: seconds,
    password: id,
    device: text,
  }, { requiredKeys: ["kind", "account", "hash", "is", "since", "used"] }),
  level: record({
    kind: fc.constant("level"),
    account: id,
    place: text,
    level: fc.constantFrom("all", "none", "default"),
  }),
  read: record({ kind: fc.constant("read"), account: id, place: text, last: id }),
  status: record({ kind: fc.constant("status"), account: id, away: fc.boolean(), emoji: text, text }, {
    requiredKeys: ["kind", "account", "away", "text"],
  }),
  ban: record({
    kind: fc.constant("ban"),
    what: fc.constantFrom("name", "address", "mute"),
    who: text,
    is: fc.boolean(),
    until: seconds,
    by: text,
    reason: text,
    since: seconds,
  }, { requiredKeys: ["kind", "what", "who", "is"] }),
  hook: record({
    kind: fc.constant("hook"),
    room: id,
    hash: text,
    is: fc.boolean(),
    name: text,
    by: text,
    since: seconds,
  }),
  motd: record({ kind: fc.constant("motd"), text }),
  topic: record({ kind: fc.constant("topic"), room: id, text, by: text, time: seconds }),
  server: record({ kind: fc.constant("server"), server: text, is: fc.boolean(), name: text, home: id }, {
    requiredKeys: ["kind", "server", "is"],
  }),
  enter: record({
    kind: fc.constant("enter"),
    server: text,
    session: id,
    name: text,
    account: id,
    password: id,
    devices: id,
    guest: fc.integer({ min: 1, max: 99 }),
    shown: text,
    isWriteOnly: fc.boolean(),
    status: text,
  }, { requiredKeys: ["kind", "server", "session", "name"] }),
  leave: record({ kind: fc.constant("leave"), server: text, session: id }),
  attend: record(
    {
      kind: fc.constant("attend"),
      server: text,
      session: id,
      room: id,
      is: fc.boolean(),
      spelling: text,
      by: text,
      reason: text,
    },
    {
      requiredKeys: ["kind", "server", "session", "room", "is"],
    },
  ),
  kick: record({ kind: fc.constant("kick"), name: text, reason: text }, { requiredKeys: ["kind", "name"] }),
};

export const proposal: fc.Arbitrary<StateProposal> = fc.oneof(...Object.values(proposals));

// A step of a chat's life. It is about accounts and rooms by how many were proposed behind them: ids are not known before.
const place = fc.nat({ max: 3 }), name = fc.constantFrom("ann", "Ann", "bob", "cat"), is = fc.boolean();
export const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("account" as const), name, is, place }) },
  fc.record({ kind: fc.constant("room" as const), name, is, place }),
  fc.record({ kind: fc.constant("removal" as const), place, is }),
  fc.record({ kind: fc.constant("name" as const), place, name }),
  fc.record({ kind: fc.constant("password" as const), place, name }),
  fc.record({ kind: fc.constant("operator" as const), place, is, by: fc.option(place, { nil: undefined }) }),
  fc.record({ kind: fc.constant("cursor" as const), place, last: fc.nat({ max: 9 }) }),
  fc.record({ kind: fc.constant("member" as const), place, room: place, is, name, respells: is }),
  fc.record({ kind: fc.constant("contact" as const), place, is, name }),
  fc.record({ kind: fc.constant("session" as const), place, is, name, used: fc.constantFrom(1, 2) }),
  fc.record({ kind: fc.constant("level" as const), place, room: fc.option(place, { nil: undefined }), is }),
  fc.record({ kind: fc.constant("read" as const), place, room: fc.option(place, { nil: undefined }), last: place }),
  fc.record({ kind: fc.constant("status" as const), place, is, name }),
  fc.record({ kind: fc.constant("ban" as const), is, name }),
  fc.record({ kind: fc.constant("motd" as const), name }),
  fc.record({ kind: fc.constant("topic" as const), place, is, name }),
  fc.record({
    kind: fc.constant("rank" as const),
    place,
    room: place,
    rank: fc.constantFrom("owner" as const, "moderator" as const, "member" as const),
    name,
  }),
  fc.record({ kind: fc.constant("restraint" as const), place, is, name, isBan: is }),
  fc.record({ kind: fc.constant("group" as const), place, other: place, is, name }),
  fc.record({ kind: fc.constant("settings" as const), place, is, announcements: is, name }),
  fc.record({ kind: fc.constant("invitation" as const), place, room: place, is, name }),
  fc.record({ kind: fc.constant("roomname" as const), place, name, by: name }),
  fc.record({ kind: fc.constant("clearing" as const), place, name }),
  fc.record({ kind: fc.constant("pin" as const), place, is, of: fc.nat({ max: 2 }), isCommon: is }),
  fc.record({ kind: fc.constant("hook" as const), place, is, name, isCommon: is }),
);

export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** @param past what was proposed before, and the ids that it got */
export function proposalOf(step: Step, past: readonly Pick<StateRecord, "id" | "kind">[]): StateProposal {
  const idOf = (place: number, kind = "account") => past.filter((each) => each.kind === kind).at(-1 - place)?.id ?? 1;
  const of = "place" in step ? idOf(step.place) : 1;
  switch (step.kind) {
    case "account": {
      const { name, is, place } = step, rooms = [{ room: idOf(place, "room"), spelling: name }];
      return { kind: "account", name, password: name, operator: is, seen: 3, rooms, contacts: ["ann"] };
    }
    case "room":
      return { kind: "room", name: step.name, ...(step.is ? { by: of, owner: step.place > 0 } : {}) };
    case "removal":
      return { kind: "removal", of: idOf(step.place, step.is ? "account" : "room") };
    case "name":
      return { kind: "name", account: of, name: step.name };
    case "password":
      return { kind: "password", account: of, password: step.name };
    case "operator":
      return { kind: "operator", account: of, is: step.is, ...(step.by === undefined ? {} : { by: idOf(step.by) }) };
    case "cursor":
      return { kind: "cursor", account: of, last: step.last };
    case "member": {
      const { room, is, name: spelling, respells } = step;
      return { kind: "member", account: of, room: idOf(room, "room"), is, spelling, respells, time: 5 };
    }
    case "contact":
      return { kind: "contact", account: of, name: step.name, is: step.is };
    case "session":
      return { kind: "session", account: of, hash: step.name, is: step.is, since: 1, used: step.used };
    case "read": {
      const place = step.room === undefined ? "" : step.room === 0 ? "#all" : `#${idOf(step.room - 1, "room")}`;
      return { kind: "read", account: of, place, last: step.last };
    }
    case "level": {
      const place = step.room === undefined ? "" : step.room === 0 ? "#all" : `#${idOf(step.room - 1, "room")}`;
      return { kind: "level", account: of, place, level: step.is ? "none" : "default" };
    }
    case "status":
      return { kind: "status", account: of, away: step.is, text: step.is ? "" : step.name === "cat" ? "" : step.name };
    case "ban":
      return { kind: "ban", what: "name", who: step.name, is: step.is };
    case "motd":
      return { kind: "motd", text: step.name };
    case "topic":
      return { kind: "topic", room: idOf(step.place, "room"), text: step.is ? step.name : "", by: "ann", time: 1 };
    case "group": {
      const users = [of, idOf(step.other)];
      return { kind: "group", by: of, users, isOnly: true, ...(step.is ? { name: step.name } : {}) };
    }
    case "settings": {
      const { is, announcements, name: by } = step;
      return { kind: "settings", room: idOf(step.place, "room"), private: is, announcements, by };
    }
    case "invitation":
      return { kind: "invitation", account: of, room: idOf(step.room, "room"), is: step.is, by: step.name };
    case "roomname": {
      const { name, by } = step;
      return { kind: "roomname", room: idOf(step.place, "room"), name, before: by, former: [by], by };
    }
    case "clearing":
      return { kind: "clearing", room: idOf(step.place, "room"), by: step.name };
    case "pin": {
      const { is, of, place, isCommon } = step;
      return { kind: "pin", of, is, by: "ann", time: 1, ...(isCommon ? {} : { room: idOf(place, "room") }) };
    }
    case "hook": {
      const { place, is, name, isCommon } = step, room = isCommon ? 0 : idOf(place, "room");
      return { kind: "hook", room, hash: `${name} in ${room}`, is, name: "ci (hook)", by: "ann", since: 1 };
    }
    case "rank":
      return { kind: "rank", account: of, room: idOf(step.room, "room"), rank: step.rank, by: step.name };
    case "restraint": {
      const { place, name: who, is, isBan } = step, what = isBan ? "ban" : "mute";
      return { kind: "restraint", room: idOf(place, "room"), what, who, is, by: "ann", since: 1 };
    }
  }
}
