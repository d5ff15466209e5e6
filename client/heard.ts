// What servers say. A client meets more of them than one, and the original's own say less than JIM asks for: answers
// without a code, codes as strings, messages in the words of half a dozen lessons. So this reader forgives what the
// server's reader, which teaches, must not.

/** One object of a server, as far as a chat needs to know. */
export type Heard =
  | HeardMessage
  | HeardAnswer
  /** One row of a list that was asked for: a person, or a room and whether one is in it. */
  | { readonly what: "listed"; readonly name: string; readonly member: boolean; readonly ban?: HeardBan } & Standing
  /** Somebody has come, or gone. */
  | { readonly what: "status"; readonly name: string; readonly status: string; readonly role?: Role }
  /** The server speaks to everybody: it is closing, say; or to us, who have another name from now on. */
  | { readonly what: "notice"; readonly words: string; readonly name?: string }
  /** Somebody has entered a room, or left it. */
  | {
    readonly what: "member";
    readonly room: string;
    readonly name: string;
    readonly entered: boolean;
    readonly role?: Role;
  }
  /** The server asks whether we are there. */
  | { readonly what: "probe" }
  | HeardUnknown;

/** What somebody is to the server: a guest's name is proved by nobody. */
export type Role = "guest" | "account" | "operator";

/** How a person stands, as far as a server says it; of a message nothing means a guest, or one from before there were roles. */
export interface Standing {
  readonly role?: Role;
  /** Which of the guests by one name it is. */
  readonly guest?: number;
  /** How many guests go by the name. */
  readonly guests?: number;
}

/** What an operator has forbidden to the name or the address of a row. */
export interface HeardBan {
  readonly kind: "ban" | "mute";
  /** Unix seconds; never, if there is none. */
  readonly until?: number;
  readonly by?: string;
  readonly reason?: string;
}

/** Somebody said something. */
export interface HeardMessage extends Standing {
  readonly what: "message";
  readonly from: string;
  /** A room or a person; `undefined` where the server does not say. */
  readonly to: string | undefined;
  readonly text: string;
  /** Milliseconds, `undefined` where nobody could read it. */
  readonly time: number | undefined;
  /** The number that Hanita gives it. */
  readonly id: number | undefined;
}

/** The answer to what was asked. */
export interface HeardAnswer {
  readonly what: "answer";
  readonly code: number | undefined;
  readonly words: string;
  readonly refused: boolean;
  /** It comes from a server that takes many objects at once. */
  readonly jim: boolean;
  /** Rows that follow. */
  readonly quantity: number;
  /** An operator has put us out: the connection ends. */
  readonly kicked?: true;
  /** What we are, where it answers our coming in. */
  readonly role?: Role;
  /** Our name as the server spells it, where that is not as we did. */
  readonly name?: string;
  /** The id of the message that it answers. */
  readonly id?: number;
}

/** An object that this client does not know, of a newer server perhaps; or one without what it needs. It is skipped. */
export interface HeardUnknown {
  readonly what: "unknown";
  /** Empty where there is none. */
  readonly action: string;
  /** Its place among the messages, if it is a row of the past. */
  readonly id: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** The rows of lists. */
const LISTS: ReadonlySet<unknown> = new Set(["contact_list", "online_list", "room_list", "ban_list"]);

const ROLES: ReadonlySet<unknown> = new Set<Role>(["guest", "account", "operator"]);

/** An answer has at least one of these. */
const ANSWER = ["response", "error", "alert", "message"];

/** The handout's own list spells `prоbe` with a Cyrillic о. */
const PROBES: ReadonlySet<unknown> = new Set(["probe", "pr\u043ebe"]);

/**
 * Reads one object.
 *
 * @param json one object
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const answer = heard('{"time":1,"alert":"ok"}');
 * assert.deepEqual(answer, { what: "answer", code: undefined, words: "ok", refused: false, jim: false, quantity: 0 });
 * assert.deepEqual(heard('{"action":"message","sender":"ann","to":"#all","mess_text":"hi","time":"2"}'), {
 *   what: "message",
 *   from: "ann",
 *   to: "#all",
 *   text: "hi",
 *   time: 2000,
 *   id: undefined,
 * });
 * ```
 */
export function heard(json: string): Heard {
  const fields = fieldsOf(json);
  if (fields === undefined) return unknown({});
  if (fields.action === undefined) return ANSWER.some((field) => field in fields) ? answer(fields) : unknown(fields);
  if (PROBES.has(fields.action)) return { what: "probe" };
  if (fields.action === "presence") return status(fields);
  if (fields.action === "join" || fields.action === "leave") return member(fields);
  const { to } = fields, row = fields.room ?? fields.user_id ?? fields.address;
  if (LISTS.has(fields.action) && typeof row === "string") {
    return { what: "listed", name: row, member: fields.member === true, ...standing(fields), ...banOf(fields) };
  }
  const text = fields.message ?? fields.mess_text ?? fields.message_text;
  if ((fields.action !== "msg" && fields.action !== "message") || text === undefined) return unknown(fields);
  return {
    what: "message",
    from: words(fields.from ?? fields.sender ?? fields.account_name ?? ""),
    to: typeof to === "string" && to !== "" ? to : undefined,
    text: words(text),
    time: milliseconds(fields.time),
    id: idOf(fields),
    ...standing(fields),
  };
}

function unknown(fields: Fields): HeardUnknown {
  return { what: "unknown", action: typeof fields.action === "string" ? fields.action : "", id: idOf(fields) };
}

function idOf({ id }: Fields): number | undefined {
  return Number.isSafeInteger(id) && id as number >= 0 ? id as number : undefined;
}

function member(fields: Fields): Heard {
  const { action, room } = fields, { account_name: name } = Object(fields.user) as Fields, { role } = standing(fields);
  if (typeof room !== "string" || typeof name !== "string") return unknown(fields);
  return { what: "member", room, name, entered: action === "join", ...(role === undefined ? {} : { role }) };
}

/** What somebody says of its own state is free text; where the server tells the state itself, that counts. */
function status(fields: Fields): Heard {
  const { user, state } = fields, { account_name: name, status } = (user ?? {}) as Fields;
  if (typeof name !== "string") return unknown(fields);
  const said = words(status ?? ""), gone = "offline";
  const told = state === gone ? gone : state !== undefined && said === gone ? "" : said;
  return { what: "status", name, status: told, ...standing(fields) };
}

function standing({ role, guest, guests }: Fields): Standing {
  return {
    ...(ROLES.has(role) ? { role: role as Role } : {}),
    ...(isCount(guest) ? { guest } : {}),
    ...(isCount(guests) ? { guests } : {}),
  };
}

function banOf({ action, kind, until, by, reason }: Fields): { readonly ban?: HeardBan } {
  if (action !== "ban_list") return {};
  const text = (value: unknown, field: "by" | "reason") => typeof value === "string" ? { [field]: value } : {};
  const end = typeof until === "number" ? { until } : {};
  return { ban: { kind: kind === "mute" ? kind : "ban", ...end, ...text(by, "by"), ...text(reason, "reason") } };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number > 0;
}

function fieldsOf(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** By its code; without one, an `error` means failure and anything else is OK. */
function answer(fields: Fields): Heard {
  const { response, error, alert, message, jim, quantity, account_name, kicked } = fields;
  const name = typeof account_name === "string" && account_name !== "" ? { name: account_name } : {};
  const { role } = standing(fields), id = idOf(fields);
  const code = response === undefined || response === null ? undefined : numberIn(response);
  const said = words(error ?? alert ?? message ?? "");
  if (code !== undefined && code >= 100 && code < 200) return { what: "notice", words: said, ...name };
  const refused = code === undefined ? error !== undefined : !(code < 400);
  return {
    what: "answer",
    code,
    words: said === "" ? words(response ?? "") : said,
    refused,
    jim: jim === 1,
    quantity: Number.isSafeInteger(quantity) ? quantity as number : 0,
    ...(role === undefined ? {} : { role }),
    ...(kicked === true && refused ? { kicked } : {}),
    ...(id === undefined ? {} : { id }),
    ...name,
  };
}

/** Codes also come as strings; of anything else `Number` may throw. */
function numberIn(value: unknown): number {
  return typeof value === "number" || typeof value === "string" ? Number(value) : NaN;
}

/** A text; of anything else, which a server should not send as one, its JSON. */
function words(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Unix seconds as a number or as a string, or a date-time; nobody can read ` 11:47PM`, and no `Date` holds nanoseconds. */
function milliseconds(time: unknown): number | undefined {
  if (typeof time !== "number" && (typeof time !== "string" || time.trim() === "")) return undefined;
  const seconds = Number(time);
  const read = new Date(Number.isNaN(seconds) ? Date.parse(String(time)) : Math.round(seconds * 1000)).getTime();
  return Number.isNaN(read) ? undefined : read;
}
