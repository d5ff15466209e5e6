/** The state of the page, its events and its effects, as plain data. @module */
import type { AccountRequest, OwnAccount } from "../own_account.ts";
import { COMMON_ROOM, type Level } from "../../jim/message.ts";
import { nameKey } from "../../jim/name.ts";
import type { Thread } from "../thread.ts";
import type { Fields } from "../../jim/client/fields.ts";
import type { ListRow, PersonStatus, Role } from "../../jim/client/event.ts";
import type { RoomEvent, RoomFields } from "../../jim/client/room_event.ts";
import { NOTHING_PENDING, type Pending } from "../../jim/client/pending.ts";
import type { ListedBan } from "../../jim/client/ban.ts";
import type { Order, Ordered } from "../moderation/order.ts";
import type { QueryResult } from "../../client/protocol/query.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";
import {
  type Change,
  type ChatMessage,
  type Conversation,
  type HistorySegment,
  isRoom,
  newConversation,
} from "../conversation.ts";

/** How the user enters: as a guest, by a login, or with a new account. */
export type LoginMethod = "guest" | "login" | "register";

/** The name of the user, and how it is proved. */
export interface Credentials {
  readonly name: string;
  readonly method: LoginMethod;
  /** Stays in memory only, and is cleared as soon as there is a token. */
  readonly password: string;
  /** The password from the login on. */
  readonly newPassword?: string;
  /** The session token, which replaces the password: see docs/protocol.md. */
  readonly token?: string;
  /** Does not log in other tabs: other people use this browser too. */
  readonly isThisTabOnly?: true;
}

/** A message that a search has found, and the messages before and behind it. */
export interface FoundMessage extends ChatMessage {
  /** Its conversation. */
  readonly place: string;
  readonly before?: ChatMessage;
  readonly behind?: ChatMessage;
}

/** A search and its results; `rows` is `undefined` until the answer. */
export interface SearchState {
  readonly key: string;
  /** As it was typed, with its operators. */
  readonly text: string;
  /** In all conversations, unless the text says where. */
  readonly isEverywhere?: true;
  /** What was typed as a day, and is none. */
  readonly noDay?: string;
  readonly rows: readonly FoundMessage[] | undefined;
  readonly error?: string;
  /** There are older results. */
  readonly hasMore?: boolean;
  /** A request for them is pending. */
  readonly isLoading?: boolean;
  /** The result that was opened no longer exists. */
  readonly isTargetLost?: boolean;
}

/** What the dialog of a room shows. */
export interface RoomDetails {
  readonly room: string;
  /** Undefined until the answer, and if they are refused. */
  readonly members: readonly ListRow[] | undefined;
  /** The ids of the pinned messages. */
  readonly pins: readonly number[];
  /** Why the last request about the room was not carried out. */
  readonly why: Refusal | undefined;
}

/** A request without an answer. */
export type PendingRequest =
  | { ask: "login"; method: LoginMethod; token?: string }
  | { ask: "status"; status: PersonStatus }
  | { ask: "ownAccount"; request: AccountRequest }
  | {
    ask:
      | "presence"
      | "unread"
      | "read"
      | "typing"
      | "contacts"
      | "probe"
      | "account"
      | "bans"
      | "greeting";
  }
  | { ask: "rooms"; isLogin?: true }
  | { ask: "order"; order: Order }
  | DeferredRequest
  | { ask: "people"; room: string | undefined }
  | { ask: "missed"; key: string; after: number | undefined; page: number }
  | { ask: "older"; key: string; old: boolean; from: number; before: number }
  | { ask: "target"; key: string; id: number; above?: HistorySegment }
  | { ask: "gap"; key: string; side: "after" | "before"; from: number }
  | { ask: "quote"; key: string; id: number }
  | { ask: "thread"; key: string; root: number; page: number }
  | { ask: "change"; key: string; change: RequestedChange }
  | { ask: "search"; key: string; text: string; isEverywhere: boolean; before: number | undefined }
  | { ask: "message"; key: string; time: number }
  | { ask: "upload" | "query"; number: number }
  | { ask: "members" | "pins" | "roomOrder"; room: string }
  | { ask: "join"; key: string };

/** A file that the user has chosen. The entry point knows its bytes by the number. */
export interface FileToSend {
  readonly number: number;
  readonly name: string;
  readonly size: number;
}

/**
 * A file on its way: announced when there is a connection, then sent, unless that fails. It is `gone` if the page was loaded
 * again and the browser has not kept its bytes.
 */
export interface PendingUpload extends FileToSend {
  /** Its conversation. */
  readonly key: string;
  readonly state: "queued" | "asked" | "sending" | "failed" | "gone" | "empty" | "large";
  /** Bytes that the server has. */
  readonly sent: number;
  /** What the server knows it by: if it is queued, a part of it was sent. */
  readonly upload?: string | undefined;
  /** Why it failed. */
  readonly why?: Refusal | undefined;
}

/** A change of a message that the user wants. */
export type RequestedChange = Pick<Change, "action" | "of" | "text" | "is">;

/** The role of a person, and how many guests share the name. */
export interface PersonInfo {
  readonly role?: Role;
  readonly guests?: number;
  readonly isBot?: true;
}

/** A request that waits for a connection: see deferred.ts. */
export type DeferredRequest =
  | { ask: "leave"; key: string }
  | { ask: "contact"; name: string; add: boolean }
  | { ask: "notify"; key: string; level: Level }
  | { ask: "register"; password: string };

/** The state of the page. */
export interface State {
  /** The browser and the system, as a login names them; undefined if nobody has said. */
  readonly device?: string;
  /** Undefined until the settings of the account are opened. */
  readonly ownAccount: OwnAccount | undefined;
  readonly me: Credentials | undefined;
  /** The name is proved by a password: the server keeps private messages. */
  readonly hasAccount: boolean;
  /**
   * `out`: the login form is shown. `entering`: the login waits for its answer. `in`: from then on, whatever happens to
   * the connection.
   */
  readonly stage: "out" | "entering" | "in";
  /** The login is accepted on this connection. */
  readonly isReady: boolean;
  /** The server stops: the page leaves it as soon as all is answered. */
  readonly isLeaving: boolean;
  /** Why the user is out. */
  readonly refusal: string | undefined;
  /** The user is out because the server refused the session token. Everything else is unchanged. */
  readonly isLoginOver: boolean;
  /** The user is out because the password is for the first login only, and has to choose one. */
  readonly needsNewPassword: boolean;
  /** How many messages were never sent when the user left. */
  readonly unsent: number;
  /** Requests without an answer. */
  readonly pending: Pending<PendingRequest>;
  /** Requests that are sent as soon as there is a connection. */
  readonly deferred: readonly DeferredRequest[];
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** All rooms. */
  readonly rooms: readonly string[];
  /** How rooms are used, and what the user is in them. */
  readonly roomInfo: ReadonlyMap<string, RoomFields>;
  /** What the open dialog of a room shows. */
  readonly details: RoomDetails | undefined;
  /** What has happened to the user in a room, until it is dismissed. */
  readonly roomNotice: RoomEvent | undefined;
  /** The names that are online. */
  readonly online: ReadonlySet<string>;
  /** The roles of people, as far as the server sends them. */
  readonly roles: ReadonlyMap<string, PersonInfo>;
  /** What people say of themselves; nobody without a status is in it. */
  readonly statuses: ReadonlyMap<string, PersonStatus>;
  /** Who is writing in each conversation, and until when that counts, in milliseconds since 1970. */
  readonly writers: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Where and when others were told last that the user is writing. */
  readonly told: { readonly to: string; readonly at: number } | undefined;
  /** The server does not know of it: it is an older one. */
  readonly hasNoTyping: boolean;
  /** The server keeps what the account has read. */
  readonly hasMarks: boolean;
  /** What is unread is not known yet: the server, which knows what was read before, has not told it since the login. */
  readonly isUncounted: boolean;
  /** The rooms that the server could not let the user in, and when that is asked for again: milliseconds since 1970. */
  readonly joinAgain: ReadonlyMap<string, number>;
  /** Milliseconds since 1970 before which no marks are sent. */
  readonly marksAfter: number;
  /** Milliseconds since 1970 before which no older messages are requested: the server could not read them. */
  readonly olderAfter: number;
  /** The names in the open room. */
  readonly members: ReadonlySet<string>;
  readonly contacts: ReadonlySet<string>;
  /** The ignored names, by their keys. The server does not know them. */
  readonly ignored: ReadonlyMap<string, string>;
  /** The bans and mutes in force; the server sends them to operators only. */
  readonly bans: readonly ListedBan[] | undefined;
  /** When they were received, in Unix seconds of this machine's clock. */
  readonly bansAt: number;
  /** The greeting, if it is known; the server sends it to operators only. `null` while it is awaited. */
  readonly greeting: string | null | undefined;
  /** The last order and its result, until it is dismissed. */
  readonly ordered: Ordered | undefined;
  /** Bytes that a file may have; 0 if files are not taken, or that is not known yet. */
  readonly fileLimit: number;
  readonly uploads: readonly PendingUpload[];
  /** The former names of rooms, each with the present one: files may have been chosen for a room by its former name. */
  readonly renamed: ReadonlyMap<string, string>;
  /** The last change of a message that the user wanted, until it is made. */
  readonly change: RequestedChange & ({ state: "asked" } | { state: "refused"; why: Refusal }) | undefined;
  /** The thread that is shown at the side. */
  readonly thread: Thread | undefined;
  /** Changes that have arrived while a page of the history was requested. */
  readonly latestChanges: readonly Change[];
  /** The conversation that is shown. */
  readonly open: string;
  /** The end of the open conversation is visible. */
  readonly isEndVisible: boolean;
  readonly search: SearchState | undefined;
  /** The old message to jump to, and whether it is loaded. */
  readonly target: { key: string; id: number; found: boolean } | undefined;
  /** The last notice of the server, or why the last request was not carried out, until it is dismissed. */
  readonly notice: Refusal | undefined;
  /** How many objects were skipped, since this page does not know them: the server may be newer. */
  readonly skipped: number;
  /** The last answer without a request: it is about the connection. */
  readonly lastUnsolicited: { code: number; words: string } | undefined;
  /** The message that the last object refused. If the connection ends now, the refusal was about the connection. */
  readonly lastRefused: { key: string; time: number } | undefined;
  /** The time of our last message, in milliseconds. */
  readonly lastSentTime: number;
  /** Microseconds that are added to our message times, so that another guest of the same name has other times. */
  readonly timeSuffix: number;
}

/** The events of the page: of the user, the connection and the server. */
export type Event =
  | { on: "enter"; me: Credentials }
  | {
    on:
      | "up"
      | "idle"
      | "quit"
      | "dismissNotice"
      | "refreshLists"
      | "endSearch"
      | "searchMore"
      | "jumped"
      | "bans"
      | "greeting"
      | "dismissOrder"
      | "dismissChange"
      | "editLast"
      | "tick"
      | "moreOfThread";
  }
  | { on: "status"; status: PersonStatus }
  | { on: "account"; request: AccountRequest }
  | { on: "down" }
  | { on: "received"; object: Fields }
  /** `key`: the conversation that was on the screen, which may not be open any more; by default the open one. */
  | { on: "send"; text: string; replyTo?: number; key?: string }
  | { on: "draft"; text: string; key?: string }
  | { on: "upload"; file: FileToSend; key?: string }
  | { on: "threadDraft"; text: string; key: string; root: number }
  | { on: "editDraft"; text: string }
  | { on: "uploadProgress"; number: number; sent: number }
  | { on: "uploadDone" | "uploadGone" | "cancelUpload" | "retryUpload"; number: number }
  | { on: "uploadFailed"; number: number; why: Refusal }
  | { on: "replyTo" | "startEdit" | "thread"; id: number | undefined }
  | { on: "change"; change: RequestedChange }
  | { on: "notify"; key: string; level: Level }
  | { on: "room"; room: string | undefined }
  | { on: "roomOrder"; object: Fields }
  | { on: "query"; number: number; object: Fields }
  | { on: "open"; key: string }
  | { on: "close"; key: string }
  | { on: "endVisible"; is: boolean }
  /** The first message that is drawn: of a conversation without one, the id before which there may be one. */
  | { on: "loadOlder"; first?: number }
  | { on: "fillGap"; side: "after" | "before" }
  | { on: "jumpTo"; id: number; place?: string }
  | { on: "search"; text: string; isEverywhere?: boolean }
  | { on: "resend" | "discard"; key: string; time: number }
  | { on: "contact"; name: string; add: boolean }
  | { on: "order"; order: Order }
  | { on: "ignore"; name: string; is: boolean }
  | { on: "register"; password: string };

/**
 * An effect for the entry point to carry out. `closeGracefully` lets the server close the connection; `saveLogin` and
 * `removeLogin` change the login that other tabs use. `keepLevel`: the account is told of these messages of a conversation;
 * `moveLevel`: the conversation has another name.
 */
export type Effect =
  | { do: "connect" | "disconnect" | "closeGracefully" | "retry" }
  | { do: "send"; object: Fields }
  | { do: "keepLevel"; key: string; level: Level }
  | { do: "moveLevel"; from: string; to: string }
  | { do: "answer"; number: number; result: QueryResult }
  | { do: "upload"; number: number; upload: string; isResumed: boolean }
  | { do: "cancelUpload"; number: number; upload: string | undefined }
  | { do: "saveLogin"; name: string; token: string }
  | { do: "removeLogin"; token: string };

/**
 * Makes the state of a page that was just opened.
 *
 * @param ignored the ignored names
 */
export function newState(timeSuffix: number, ignored: State["ignored"] = new Map()): State {
  return {
    me: undefined,
    hasAccount: false,
    stage: "out",
    isReady: false,
    isLeaving: false,
    refusal: undefined,
    isLoginOver: false,
    needsNewPassword: false,
    pending: NOTHING_PENDING,
    deferred: [],
    unsent: 0,
    conversations: new Map([[COMMON_ROOM, newConversation(COMMON_ROOM)]]),
    rooms: [],
    roomInfo: new Map(),
    details: undefined,
    roomNotice: undefined,
    online: new Set(),
    roles: new Map(),
    statuses: new Map(),
    writers: new Map(),
    told: undefined,
    hasNoTyping: false,
    hasMarks: false,
    isUncounted: false,
    joinAgain: new Map(),
    marksAfter: 0,
    olderAfter: 0,
    members: new Set(),
    contacts: new Set(),
    ignored,
    bans: undefined,
    bansAt: 0,
    greeting: undefined,
    ordered: undefined,
    ownAccount: undefined,
    fileLimit: 0,
    uploads: [],
    renamed: new Map(),
    change: undefined,
    thread: undefined,
    latestChanges: [],
    open: COMMON_ROOM,
    isEndVisible: true,
    search: undefined,
    target: undefined,
    notice: undefined,
    skipped: 0,
    lastUnsolicited: undefined,
    lastRefused: undefined,
    lastSentTime: 0,
    timeSuffix,
  };
}

/**
 * Returns the spelling by which a room or a person is known, or the given name: `ANN` is in the conversation with ann.
 *
 * @param includePeople also searches rooms, people online and contacts without a conversation
 */
export function knownSpelling(
  { conversations, rooms, online, contacts }: State,
  name: string,
  includePeople = false,
): string {
  if (conversations.has(name)) return name;
  const key = nameKey(name), isSame = (each: string) => nameKey(each) === key;
  const others = includePeople ? [...rooms, ...online, ...contacts] : [];
  return [...conversations.keys()].find(isSame) ?? (others.includes(name) ? name : others.find(isSame)) ?? name;
}

/** Whether the user ignores this name. */
export function isIgnored({ ignored }: Pick<State, "ignored">, name: string): boolean {
  return ignored.size > 0 && ignored.has(nameKey(name));
}

/** The open conversation. */
export function currentConversation({ conversations, open }: State): Conversation {
  return conversations.get(open) ?? newConversation(open);
}

/** Whether the server keeps the history of a conversation: of rooms always, of private ones only for accounts. */
export function hasServerHistory(state: Pick<State, "hasAccount">, key: string): boolean {
  return isRoom(key) || state.hasAccount;
}
