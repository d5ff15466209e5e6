/**
 * All requests of a client as one union, tagged by `action`. These are the shapes inside a program, after
 * {@linkcode parse} has checked them: fields are there or `undefined`, never of another type.
 * @module
 */
import type { Feature } from "./features.ts";

/**
 * Unix seconds, fractions welcome, at most {@linkcode MAX_TIME} from 1970; `null` where a peer's own time could not be
 * read or is beyond that, so the reader's clock counts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const time: Time = null;
 * assert.equal(time ?? 1764000000, 1764000000);
 * ```
 */
export type Time = number | null;

/**
 * Enters the chat by a name. It is the first request of a connection; later it renames a guest.
 *
 * @example
 * ```ts
 * const presence: Presence = {
 *   action: "presence",
 *   time: 1764000000,
 *   user: { account_name: "ann", status: "" },
 *   features: ["watch", "id"],
 * };
 * ```
 */
export interface Presence {
  /** Its tag. */
  readonly action: "presence";
  /** When its sender said it. */
  readonly time: Time;
  /** The name, `undefined` after a login; and a free text, perhaps empty. */
  readonly user: { readonly account_name: string | undefined; readonly status: string };
  /** What its sender understands beyond plain JIM, from now on: an extension. */
  readonly features?: readonly Feature[];
}

/**
 * Enters the chat by the name and the password of an account.
 *
 * @example
 * ```ts
 * const login: Authenticate = { action: "authenticate", time: 1764000000, user: { account_name: "ann", password: "hunter2" } };
 * ```
 */
export interface Authenticate {
  /** Its tag. */
  readonly action: "authenticate";
  /** When its sender said it. */
  readonly time: Time;
  /** The name, and its secret. */
  readonly user: { readonly account_name: string; readonly password: string };
  /** Asks for a session token in the answer: an extension. */
  readonly token?: true;
  /** The device or program, as the list of the account's sessions names it: an extension. */
  readonly device?: string;
  /** As in a {@linkcode Presence}. */
  readonly features?: readonly Feature[];
}

/**
 * "I have logged in before, and this token proves it": an extension. Counts as presence, too. The name is that of the
 * account that the token was given to.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const again: Resume = { action: "authenticate", time: 1764000000, token: "NAR593IWEJ3h" };
 * const isResume = (message: Authenticate | Resume): message is Resume => !("user" in message);
 * assert.equal(isResume(again), true);
 * ```
 */
export interface Resume {
  /** Its tag, the same as that of a login by password. */
  readonly action: "authenticate";
  /** When its sender said it. */
  readonly time: Time;
  /** The session token from an earlier answer. A secret. */
  readonly token: string;
  /** As in a {@linkcode Presence}. */
  readonly features?: readonly Feature[];
}

/**
 * "Let this name be mine from now on": an extension. Its sender is present under it from then on.
 *
 * @example
 * ```ts
 * const register: Register = { action: "register", time: 1764000000, user: { account_name: "ann", password: "hunter2" } };
 * ```
 */
export interface Register {
  /** Its tag. */
  readonly action: "register";
  /** When its sender said it. */
  readonly time: Time;
  /** The name, and the secret that is to prove it. */
  readonly user: { readonly account_name: string; readonly password: string };
  /** Asks for a session token in the answer. */
  readonly token?: true;
  /** As in an {@linkcode Authenticate}. */
  readonly device?: string;
  /** As in a {@linkcode Presence}. */
  readonly features?: readonly Feature[];
}

/**
 * Joins a room, or leaves it. The first join makes the room.
 *
 * @example
 * ```ts
 * const join: RoomRequest = { action: "join", time: 1764000000, room: "#cats" };
 * ```
 */
export interface RoomRequest {
  /** Its tag. */
  readonly action: "join" | "leave";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** Of a join: a room that is not there is not made, and the join is refused. */
  readonly create?: false;
  /** Of a join that makes the room: only those may see it and join it that are invited. */
  readonly private?: true;
}

/**
 * The rank of a member in one room. An owner may do all that concerns the room, a moderator keeps order in it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const rank: Rank = "moderator";
 * assert.ok(RANKS.includes(rank));
 * ```
 */
export type Rank = typeof RANKS[number];

/** All ranks, the highest first. */
export const RANKS = ["owner", "moderator", "member"] as const;

/**
 * Gives a member of a room another rank: an extension for the room's owners.
 *
 * @example
 * ```ts
 * const promotion: RankRequest = { action: "rank", time: 1764000000, room: "#cats", user_id: "bob", rank: "moderator" };
 * ```
 */
export interface RankRequest {
  /** Its tag. */
  readonly action: "rank";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** The member's name. */
  readonly user_id: string;
  /** `member` takes a rank away. */
  readonly rank: Rank;
}

/**
 * Changes how a room is used: an extension for its owners. What is left out stays as it is.
 *
 * @example
 * ```ts
 * const change: Configure = { action: "configure", time: 1764000000, room: "#cats", private: true };
 * ```
 */
export interface Configure {
  /** Its tag. */
  readonly action: "configure";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** Only those may see it and join it that are invited. */
  readonly private?: boolean;
  /** Only its owners write there. */
  readonly announcements?: boolean;
}

/**
 * Invites an account into a room, or takes that back: an extension for its owners and moderators.
 *
 * @example
 * ```ts
 * const invitation: Invite = { action: "invite", time: 1764000000, room: "#cats", user_id: "bob" };
 * ```
 */
export interface Invite {
  /** Its tag. */
  readonly action: "invite" | "uninvite";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** The account's name. */
  readonly user_id: string;
}

/**
 * Gives a room another name: an extension for its owners.
 *
 * @example
 * ```ts
 * const rename: Rename = { action: "rename", time: 1764000000, room: "#cats", name: "#dogs" };
 * ```
 */
export interface Rename {
  /** Its tag. */
  readonly action: "rename";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** Its new name, the `#` included. */
  readonly name: string;
}

/**
 * Deletes all messages of a room, or the room: an extension for its owners. Or lists the messages that are pinned in it.
 *
 * @example
 * ```ts
 * const removal: RoomOrder = { action: "remove", time: 1764000000, room: "#cats" };
 * ```
 */
export interface RoomOrder {
  /** Its tag. */
  readonly action: "clear" | "remove" | "pins";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
}

/**
 * Pins a message in its room, or unpins it: an extension for the room's owners and moderators.
 *
 * @example
 * ```ts
 * const pin: PinRequest = { action: "pin", time: 1764000000, to: "#cats", id: 1764000000000007, is: true };
 * ```
 */
export interface PinRequest {
  /** Its tag. */
  readonly action: "pin";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly to: string;
  /** The id of the message. */
  readonly id: number;
  /** False to unpin it. */
  readonly is: boolean;
}

/**
 * Makes a direct group of several accounts: an extension. It is a room that nobody else sees.
 *
 * @example
 * ```ts
 * const group: GroupRequest = { action: "group", time: 1764000000, users: ["bob", "eve"] };
 * ```
 */
export interface GroupRequest {
  /** Its tag. */
  readonly action: "group";
  /** When its sender said it. */
  readonly time: Time;
  /** The names of the others. */
  readonly users: readonly string[];
}

/**
 * Lists the members of a room with their ranks, those that are offline too: an extension.
 *
 * @example
 * ```ts
 * const ask: MembersQuery = { action: "members", time: 1764000000, room: "#cats" };
 * ```
 */
export interface MembersQuery {
  /** Its tag. */
  readonly action: "members";
  /** When its sender asked. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
}

/**
 * A request without details for a list: of the sender's contacts, of unread messages, of its account's sessions, of all that is
 * kept about its account, of the rooms, or, for operators, of the bans or the bots.
 *
 * @example
 * ```ts
 * const ask: Query = { action: "get_contacts", time: 1764000000 };
 * ```
 */
export interface Query {
  /** Its tag. */
  readonly action: "get_contacts" | "rooms" | "unread" | "sessions" | "export" | "bots" | "bans";
  /** When its sender asked. */
  readonly time: Time;
  /** Of bans: those of one room. */
  readonly room?: string;
}

/**
 * "Show me all that passes": an extension for an operator, or for a program that has the server's token. From the answer
 * on, each object of each connection follows as a `trace`.
 *
 * @example
 * ```ts
 * const inspect: Inspect = { action: "inspect", time: 1764000000, token: "NAR593IWEJ3h" };
 * ```
 */
export interface Inspect {
  /** Its tag. */
  readonly action: "inspect";
  /** When its sender asked. */
  readonly time: Time;
  /** What the server has made at its start; an operator needs none. A secret: show it to nobody. */
  readonly token?: string;
}

/**
 * A request for the list of people in the whole chat, or in one room.
 *
 * @example
 * ```ts
 * const ask: WhoOnline = { action: "who_online", time: 1764000000, room: undefined };
 * ```
 */
export interface WhoOnline {
  /** Its tag. */
  readonly action: "who_online";
  /** When its sender asked. */
  readonly time: Time;
  /** One room, or everybody. */
  readonly room: string | undefined;
}

/**
 * Adds a person to the sender's contacts, or removes one.
 *
 * @example
 * ```ts
 * const add: ContactRequest = { action: "add_contact", time: 1764000000, user_id: "bob" };
 * ```
 */
export interface ContactRequest {
  /** Its tag. */
  readonly action: "add_contact" | "del_contact";
  /** When its sender said it. */
  readonly time: Time;
  /** The person's name. */
  readonly user_id: string;
}

/**
 * A request for earlier messages of a room or of a private conversation, oldest first: an extension.
 *
 * @example
 * ```ts
 * const ask: HistoryQuery = { action: "history", time: 1764000000, room: "#all", before: 1764000000000001, limit: 50 };
 * ```
 */
export interface HistoryQuery {
  /** Its tag; a search has a `text`. */
  readonly action: "history" | "search";
  /** When its sender asked. */
  readonly time: Time;
  /** The room, unless it is about a person. */
  readonly room?: string;
  /** The person. */
  readonly with?: string;
  /** Only what came before that id. */
  readonly before?: number;
  /** Only what came after that id; 0 is the beginning. */
  readonly after?: number;
  /** At most so many, 1 to 500. */
  readonly limit: number;
  /** For a search: words that are all in the message; `*` behind one: words that begin so. Left out with `from` only. */
  readonly text?: string;
  /** For a search: the name of the messages' sender. */
  readonly from?: string;
  /** For a search: in all rooms and private conversations of the asker, which then names neither. */
  readonly everywhere?: true;
  /** For a search: with the message before and the one behind each. */
  readonly context?: true;
  /** Messages as they were first said, and what has become of them. */
  readonly events?: true;
}

/**
 * A text for everybody ({@linkcode COMMON_ROOM}), for a room (`#name`), or for one person.
 *
 * @example
 * ```ts
 * const msg: Msg = { action: "msg", time: 1764000000, to: COMMON_ROOM, message: "hello" };
 * ```
 */
export interface Msg {
  /** Its tag. */
  readonly action: "msg";
  /** When its sender wrote it. */
  readonly time: Time;
  /** `#all` for the common chat, however its sender spelt that. */
  readonly to: string;
  /** The text, perhaps empty. It may hold anything: make it harmless before it is shown. */
  readonly message: string;
  /** The id of the message of the same conversation that it answers: an extension. */
  readonly reply_to?: number;
  /** A file that comes with it, by the `upload` in the answer to an {@linkcode Upload}: an extension. */
  readonly file?: string;
}

/**
 * Announces a file, for a message to follow: an extension. The bytes are sent by HTTP.
 *
 * @example
 * ```ts
 * const upload: Upload = { action: "upload", time: 1764000000, to: "#all", name: "cat.png", size: 70 };
 * ```
 */
export interface Upload {
  /** Its tag. */
  readonly action: "upload";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The name of the file, without a folder. */
  readonly name: string;
  /** Its bytes, at least 1. */
  readonly size: number;
  /** Their SHA-256, 64 hexadecimal digits in lower case, if the sender wants it to be compared. */
  readonly sha256?: string;
}

/**
 * Gives an own message another text: an extension.
 *
 * @example
 * ```ts
 * const edit: Edit = { action: "edit", time: 1764000000, to: "#all", id: 1764000000000007, message: "hello" };
 * ```
 */
export interface Edit {
  /** Its tag. */
  readonly action: "edit";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The id of the message. */
  readonly id: number;
  /** Its new text. */
  readonly message: string;
}

/**
 * Takes the text of a message away: an extension. An operator may do so with anybody's message in a room.
 *
 * @example
 * ```ts
 * const deletion: Delete = { action: "delete", time: 1764000000, to: "#all", id: 1764000000000007 };
 * ```
 */
export interface Delete {
  /** Its tag. */
  readonly action: "delete";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The id of the message. */
  readonly id: number;
}

/**
 * Puts an emoji on a message, or takes it away: an extension.
 *
 * @example
 * ```ts
 * const react: React = { action: "react", time: 1764000000, to: "#all", id: 1764000000000007, emoji: "\u{1F44D}", is: true };
 * ```
 */
export interface React {
  /** Its tag. */
  readonly action: "react";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The id of the message. */
  readonly id: number;
  /** One emoji, as it is fully qualified in Unicode. */
  readonly emoji: string;
  /** False to take it away. */
  readonly is: boolean;
}

/**
 * Says up to which message the sender has read a conversation, on all devices: an extension for accounts.
 *
 * @example
 * ```ts
 * const read: Read = { action: "read", time: 1764000000, to: "#all", id: 1764000000000007 };
 * ```
 */
export interface Read {
  /** Its tag. */
  readonly action: "read";
  /** When its sender said it. */
  readonly time: Time;
  /** The room or the person, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The id of the last message that was read. */
  readonly id: number;
}

/**
 * Says that the sender is writing a message, or no more: an extension. It is kept nowhere.
 *
 * @example
 * ```ts
 * const typing: Typing = { action: "typing", time: 1764000000, to: "#all", is: true };
 * ```
 */
export interface Typing {
  /** Its tag. */
  readonly action: "typing";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** False when it is no more written. */
  readonly is: boolean;
}

/**
 * Sets what the sender does or where it is, whole: an extension for accounts. What is missing is removed.
 *
 * @example
 * ```ts
 * const status: Status = { action: "status", time: 1764000000, away: true, emoji: "\u{1F35D}", status: "at lunch" };
 * ```
 */
export interface Status {
  /** Its tag. */
  readonly action: "status";
  /** When its sender said it. */
  readonly time: Time;
  /** It does not answer for now. */
  readonly away: boolean;
  /** One emoji, as it is fully qualified in Unicode. */
  readonly emoji?: string;
  /** One line of at most 200 characters, perhaps empty. */
  readonly status: string;
}

/**
 * Asks whether the other side is alive. A client answers a server's probe with a presence; a client may send one too.
 *
 * @example
 * ```ts
 * const probe: Probe = { action: "probe", time: 1764000000 };
 * ```
 */
export interface Probe {
  /** Its tag. */
  readonly action: "probe";
  /** When its sender asked. */
  readonly time: Time;
}

/**
 * Ends the connection. The handout's own example has no `time`.
 *
 * @example
 * ```ts
 * const quit: Quit = { action: "quit", time: null };
 * ```
 */
export interface Quit {
  /** Its tag. */
  readonly action: "quit";
  /** When its sender went, `null` where it did not say. */
  readonly time: Time;
}

/**
 * "I am going, and this device is to log in by itself no more": an extension. The token is of no use from then on.
 *
 * @example
 * ```ts
 * const logout: Logout = { action: "logout", time: 1764000000, token: "NAR593IWEJ3h" };
 * ```
 */
export interface Logout {
  /** Its tag. */
  readonly action: "logout";
  /** When its sender said it. */
  readonly time: Time;
  /** Which token; unless given, the one that this connection was given or has logged in with. */
  readonly token?: string;
}

/**
 * Gives the sender's account another password, and ends its other sessions: an extension.
 *
 * @example
 * ```ts
 * const change: ChangePassword = {
 *   action: "change_password",
 *   time: 1764000000,
 *   password: "hunter2",
 *   new_password: "correct horse",
 * };
 * ```
 */
export interface ChangePassword {
  /** Its tag. */
  readonly action: "change_password";
  /** When its sender said it. */
  readonly time: Time;
  /** The present one. A secret. */
  readonly password: string;
  /** The one from now on. A secret. */
  readonly new_password: string;
  /** Asks for a session token in the answer: the old ones end. */
  readonly token?: true;
  /** As in an {@linkcode Authenticate}. */
  readonly device?: string;
}

/**
 * Ends one session of the sender's account: an extension.
 *
 * @example
 * ```ts
 * const end: EndSession = { action: "end_session", time: 1764000000, session: "NAR593IWEJ3h" };
 * ```
 */
export interface EndSession {
  /** Its tag. */
  readonly action: "end_session";
  /** When its sender said it. */
  readonly time: Time;
  /** As a row of the list names it. */
  readonly session: string;
}

/**
 * Deletes the sender's account: an extension.
 *
 * @example
 * ```ts
 * const unregister: Unregister = { action: "unregister", time: 1764000000, password: "hunter2" };
 * ```
 */
export interface Unregister {
  /** Its tag. */
  readonly action: "unregister";
  /** When its sender said it. */
  readonly time: Time;
  /** The password of the account. A secret. */
  readonly password: string;
}

/**
 * Makes a bot, an account that a program logs in to by the token of the answer; gives one another token, which ends the former
 * one; or removes one. An extension for operators.
 *
 * @example
 * ```ts
 * const add: BotRequest = { action: "add_bot", time: 1764000000, user_id: "helper" };
 * ```
 */
export interface BotRequest {
  /** Its tag. */
  readonly action: "add_bot" | "bot_token" | "del_bot";
  /** When its sender said it. */
  readonly time: Time;
  /** The name of the bot. */
  readonly user_id: string;
}

/**
 * Makes an incoming hook of a room: whatever has the token of the answer says something there, without an account. An extension
 * for owners of the room, and for operators.
 *
 * @example
 * ```ts
 * const add: AddHook = { action: "add_hook", time: 1764000000, room: "#lesson7", name: "ci" };
 * ```
 */
export interface AddHook {
  /** Its tag. */
  readonly action: "add_hook";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, or `#all`. */
  readonly room: string;
  /** What its messages are from: `ci (hook)`. */
  readonly name: string;
}

/**
 * Lists the hooks of a room.
 *
 * @example
 * ```ts
 * const ask: HookQuery = { action: "hooks", time: 1764000000, room: "#lesson7" };
 * ```
 */
export interface HookQuery {
  /** Its tag. */
  readonly action: "hooks";
  /** When its sender asked. */
  readonly time: Time;
  /** The room, or `#all`. */
  readonly room: string;
}

/**
 * Removes a hook: its token is of no use any more.
 *
 * @example
 * ```ts
 * const del: DeleteHook = { action: "del_hook", time: 1764000000, room: "#lesson7", hook: "q1YyXfAZ3nVb" };
 * ```
 */
export interface DeleteHook {
  /** Its tag. */
  readonly action: "del_hook";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, or `#all`. */
  readonly room: string;
  /** As a row of the list names it. */
  readonly hook: string;
}

/**
 * Says something by a hook, without a presence. `POST /hooks/TOKEN` does the same.
 *
 * @example
 * ```ts
 * const say: HookMessage = { action: "hook", time: 1764000000, token: "NAR593IWEJ3h", message: "The build is done" };
 * ```
 */
export interface HookMessage {
  /** Its tag. */
  readonly action: "hook";
  /** When its sender said it. */
  readonly time: Time;
  /** The hook's own. A secret. */
  readonly token: string;
  /** The text. */
  readonly message: string;
}

/**
 * An operator's order: an extension. It ends a person's connections, bans or mutes the person, or makes an account an
 * operator's; three actions revoke that. With a `room` it is about that room alone, and its owners and moderators may give it.
 *
 * @example
 * ```ts
 * const ban: Moderate = { action: "ban", time: 1764000000, user_id: "eve", until: 1764086400 };
 * ```
 */
export interface Moderate {
  /** Its tag. */
  readonly action: "kick" | "ban" | "unban" | "mute" | "unmute" | "promote" | "demote";
  /** When its sender said it. */
  readonly time: Time;
  /** The target: a name, or for a ban an address instead. */
  readonly user_id?: string;
  /** An address, as the log has it without the port, or a range such as `10.0.0.0/8`; {@linkcode parse} gives its one form. */
  readonly address?: string;
  /** Unix seconds when it ends by itself, a time that a `Date` can hold; never, if there is none. */
  readonly until?: number;
  /** Instead of `until`: in how many seconds it ends. On the wire it is a text such as `"10m"`. */
  readonly for?: number;
  /** What the one it is about is told. */
  readonly reason?: string;
  /** Of a kick, a ban, a mute and their reversal: the room that it is about. */
  readonly room?: string;
}

/**
 * Sets the greeting for all who enter; an empty text removes it. Without a text, asks for it. An extension for operators.
 *
 * @example
 * ```ts
 * const motd: Motd = { action: "motd", time: 1764000000, text: "Lesson 7 begins at ten" };
 * ```
 */
export interface Motd {
  /** Its tag. */
  readonly action: "motd";
  /** When its sender said it. */
  readonly time: Time;
  /** The words. */
  readonly text?: string;
}

/**
 * Sets a room's topic: an extension for its members. An empty text removes it.
 *
 * @example
 * ```ts
 * const topic: Topic = { action: "topic", time: 1764000000, room: "#cats", topic: "Which of them is asleep" };
 * ```
 */
export interface Topic {
  /** Its tag. */
  readonly action: "topic";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** One line of at most 200 characters, without white space at its ends. */
  readonly topic: string;
}

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
