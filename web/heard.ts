/**
 * What the server says, as the page takes it: one object of a frame into one of a few shapes. A field that is not what it
 * should be counts as not there; what makes no sense at all is passed over.
 * @module
 */
import type { Said } from "./talk.ts";

/** An object as JSON has it. */
export type Fields = Readonly<Record<string, unknown>>;

/** One object from the server. */
export type Heard =
  | { what: "answer"; code: number; words: string; quantity: number | undefined }
  | { what: "msg"; said: Said; to: string }
  | { what: "came" | "went"; name: string }
  | { what: "probe" }
  | { what: "nothing" };

/**
 * Reads one frame.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(read('{"response":200,"alert":"ok"}'), { response: 200, alert: "ok" });
 * assert.deepEqual(read("no JSON"), {});
 * ```
 */
export function read(frame: string): Fields {
  try {
    const value: unknown = JSON.parse(frame);
    return typeof value === "object" && value !== null ? value as Fields : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

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
  const { response, action, alert, error, quantity, user } = object;
  if (typeof response === "number") {
    return { what: "answer", code: response, words: text(error ?? alert), quantity: whole(quantity) };
  }
  if (action === "probe") return { what: "probe" };
  if (action === "msg") {
    const said = saidIn(object);
    if (said !== undefined) return { what: "msg", said, to: text(object.to) };
  }
  if (action === "presence" && typeof user === "object" && user !== null) {
    const { account_name, status } = user as Fields;
    if (isPerson(account_name)) return { what: status === "offline" ? "went" : "came", name: account_name };
  }
  return { what: "nothing" };
}

/**
 * A message, live or of the past; `undefined` without a sender or an id, for then it has no place. Its time is as it was
 * said, even if no `Date` can hold it: it is a part of what our own messages are known by.
 */
export function saidIn({ from, message, time, id }: Fields): Said | undefined {
  const number = whole(id);
  if (!isPerson(from) || number === undefined) return undefined;
  return { from, text: text(message), time: typeof time === "number" ? time : 0, id: number };
}

/** The names in the rows of a list of people. */
export function namesIn(rows: readonly Fields[]): string[] {
  return rows.map(({ user_id }) => user_id).filter(isPerson);
}

/** A string, or nothing. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A name of a person: what begins with `#` is a room's. */
function isPerson(value: unknown): value is string {
  return typeof value === "string" && /^[^#]/.test(value);
}

/** A count or an id: not less than 0, and not more than a number is exact to. */
export function whole(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
