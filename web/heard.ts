/**
 * What the server says, as the page takes it: one object of a frame into one of a few shapes. A field that is not what it
 * should be counts as not there; what makes no sense at all is passed over.
 * @module
 */
import { type Fields, text, whole } from "../client/protocol/fields.ts";
import type { Role, Said } from "./talk.ts";

/** One object from the server. */
export type Heard =
  | {
    what: "answer";
    code: number;
    words: string;
    quantity: number | undefined;
    role?: Role;
    name?: string;
    token?: string;
    id?: number;
  }
  | { what: "msg"; said: Said; to: string }
  | { what: "came" | "went"; name: string; role?: Role }
  | { what: "entered" | "left"; room: string; name: string; role?: Role }
  | { what: "probe" }
  | { what: "unknown" };

/**
 * Makes sense of an object.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(heard({ action: "probe", time: 1764000000 }), { what: "probe" });
 * assert.deepEqual(heard({ response: 404, error: "nobody" }), {
 *   what: "answer",
 *   code: 404,
 *   words: "nobody",
 *   quantity: undefined,
 * });
 * ```
 */
export function heard(object: Fields): Heard {
  const { response, action, alert, error, quantity, user, state, account_name: own, token } = object;
  const id = whole(object.id);
  const role = roleIn(object);
  if (typeof response === "number") {
    const more = {
      ...role,
      ...(isPerson(own) ? { name: own } : {}),
      ...(text(token) === "" ? {} : { token: text(token) }),
      ...(id === undefined ? {} : { id }),
    };
    return { what: "answer", code: response, words: text(error ?? alert), quantity: whole(quantity), ...more };
  }
  if (action === "probe") return { what: "probe" };
  if (action === "msg") {
    const said = saidIn(object);
    if (said !== undefined) return { what: "msg", said, to: text(object.to) };
  }
  if (action === "presence" && typeof user === "object" && user !== null) {
    const { account_name, status } = user as Fields;
    // What somebody says of its own state is free text.
    const gone = (state ?? status) === "offline";
    if (isPerson(account_name)) return { what: gone ? "went" : "came", name: account_name, ...role };
  }
  const { account_name: name } = Object(user) as Fields, room = text(object.room);
  if ((action === "join" || action === "leave") && isPerson(name) && room !== "") {
    return { what: action === "join" ? "entered" : "left", room, name, ...role };
  }
  return { what: "unknown" };
}

/**
 * A message, live or of the past; `undefined` without a sender or an id, for then it has no place, and of a row of another
 * kind. Its time is as it was
 * said, even if no `Date` can hold it: it is a part of what our own messages are known by.
 */
export function saidIn(fields: Fields): Said | undefined {
  const { action, from, message, time, id, guest } = fields;
  const number = whole(id), mark = whole(guest);
  if (action !== "msg" || !isPerson(from) || number === undefined) return undefined;
  return {
    from,
    text: text(message),
    time: typeof time === "number" ? time : 0,
    id: number,
    ...roleIn(fields),
    ...(mark === undefined ? {} : { guest: mark }),
  };
}

/** What somebody is, and how many guests there are by the name. */
export interface Standing {
  readonly role?: Role;
  readonly guests?: number;
}

/** The people of a list, each with a name. */
export function peopleIn(rows: readonly Fields[]): [name: string, standing: Standing][] {
  return rows.flatMap((row) => {
    const { user_id } = row, guests = whole(row.guests);
    if (!isPerson(user_id)) return [];
    return [[user_id, { ...roleIn(row), ...(guests === undefined ? {} : { guests }) }]];
  });
}

function roleIn({ role }: Fields): { role?: Role } {
  return role === "guest" || role === "account" || role === "operator" ? { role } : {};
}

/** A name of a person: what begins with `#` is a room's. */
function isPerson(value: unknown): value is string {
  return typeof value === "string" && /^[^#]/.test(value);
}
