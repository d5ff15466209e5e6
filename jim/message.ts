/**
 * All requests of a client as one union, tagged by `action`. These are the shapes inside a program, after
 * {@linkcode parse} has checked them: fields are there or `undefined`, never of another type.
 * @module
 */
import type { Authenticate, Logout, Presence, Probe, Quit, Register, Resume } from "./requests/entrance.ts";
import type {
  Configure,
  GroupRequest,
  Invite,
  MembersQuery,
  PinRequest,
  RankRequest,
  Rename,
  RoomOrder,
  RoomRequest,
  Topic,
} from "./requests/rooms.ts";
import type { ContactRequest, HistoryQuery, Inspect, Query, WhoOnline } from "./requests/queries.ts";
import type { Delete, Edit, Msg, Notify, React, Read, Status, Typing, Upload } from "./requests/conversation.ts";
import type { ChangePassword, EndSession, Unregister } from "./requests/own_account.ts";
import type { AddHook, BotRequest, DeleteHook, HookMessage, HookQuery } from "./requests/programs.ts";
import type { Moderate, Motd } from "./requests/moderation.ts";

export * from "./requests/entrance.ts";
export * from "./requests/rooms.ts";
export * from "./requests/queries.ts";
export * from "./requests/conversation.ts";
export * from "./requests/own_account.ts";
export * from "./requests/programs.ts";
export * from "./requests/moderation.ts";
export type { Time } from "./time.ts";

/**
 * Any request of a client.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * function text(message: Message): string {
 *   return message.action === "msg" ? message.message : ""; // the tag tells which fields there are
 * }
 * assert.equal(text({ action: "quit", time: null }), "");
 * ```
 */
export type Message =
  | Presence
  | Msg
  | Upload
  | Edit
  | Delete
  | React
  | Read
  | Notify
  | Typing
  | Status
  | Probe
  | Quit
  | Logout
  | Authenticate
  | Resume
  | Register
  | ChangePassword
  | EndSession
  | Unregister
  | BotRequest
  | AddHook
  | HookQuery
  | DeleteHook
  | HookMessage
  | RoomRequest
  | RankRequest
  | MembersQuery
  | Configure
  | Invite
  | Rename
  | RoomOrder
  | PinRequest
  | GroupRequest
  | Query
  | Inspect
  | WhoOnline
  | ContactRequest
  | HistoryQuery
  | Moderate
  | Motd
  | Topic;

/**
 * The requests that may have an action.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const say = (request: RequestOf<"msg">): string => request.message;
 * assert.equal(say({ action: "msg", time: null, to: "#all", message: "hello" }), "hello");
 * ```
 */
export type RequestOf<Action extends Message["action"], Request extends Message = Message> = Request extends Message
  ? Action extends Request["action"] ? Request : never
  : never;

/**
 * Every action that a client may name, and whether everybody may perform it or an operator alone. The compiler holds it
 * against {@linkcode Message}; refusals list it, and slips are guessed from it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([ACTIONS.msg, ACTIONS.kick], ["everybody", "operators"]);
 * ```
 */
export const ACTIONS: Readonly<Record<Message["action"], "everybody" | "operators">> = {
  presence: "everybody",
  authenticate: "everybody",
  register: "everybody",
  msg: "everybody",
  upload: "everybody",
  edit: "everybody",
  delete: "everybody",
  react: "everybody",
  read: "everybody",
  unread: "everybody",
  notify: "everybody",
  typing: "everybody",
  status: "everybody",
  join: "everybody",
  leave: "everybody",
  topic: "everybody",
  rank: "everybody",
  members: "everybody",
  invite: "everybody",
  uninvite: "everybody",
  group: "everybody",
  configure: "everybody",
  rename: "everybody",
  clear: "everybody",
  remove: "everybody",
  pin: "everybody",
  pins: "everybody",
  who_online: "everybody",
  rooms: "everybody",
  get_contacts: "everybody",
  add_contact: "everybody",
  del_contact: "everybody",
  history: "everybody",
  search: "everybody",
  probe: "everybody",
  change_password: "everybody",
  sessions: "everybody",
  end_session: "everybody",
  export: "everybody",
  unregister: "everybody",
  add_hook: "everybody",
  hooks: "everybody",
  del_hook: "everybody",
  hook: "everybody",
  logout: "everybody",
  quit: "everybody",
  kick: "operators",
  ban: "operators",
  unban: "operators",
  mute: "operators",
  unmute: "operators",
  bans: "operators",
  promote: "operators",
  demote: "operators",
  motd: "operators",
  add_bot: "operators",
  bot_token: "operators",
  del_bot: "operators",
  bots: "operators",
  inspect: "operators",
};

/**
 * The room that everybody is in, in Hanita's own spelling.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isCommonRoom(COMMON_ROOM), true);
 * ```
 */
export const COMMON_ROOM = "#all";

/** Other spellings of {@linkcode COMMON_ROOM} that programs use, in lower case. */
const commonly: ReadonlySet<string> = new Set([COMMON_ROOM, "#chat", "#"]);

/**
 * Whether an addressee is the common chat: `#all`, `#chat` or `#`, in any case.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isCommonRoom("#ALL"), true);
 * assert.equal(isCommonRoom("#cats"), false);
 * ```
 */
export function isCommonRoom(to: string): boolean {
  return commonly.has(to.toLowerCase());
}
