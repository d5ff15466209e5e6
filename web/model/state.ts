/**
 * What the page knows, what can happen to it, and what it can want done: data alone, from which everything else in this
 * folder follows.
 * @module
 */
import { COMMON_ROOM } from "../../jim/message.ts";
import { nameKey } from "../../jim/name.ts";
import type { Fields } from "../../client/protocol/fields.ts";
import type { Role } from "../../client/protocol/event.ts";
import { NOTHING_PENDING, type Pending } from "../../client/protocol/pending.ts";
import type { ListedBan } from "../../client/protocol/ban.ts";
import type { Order, Ordered } from "../moderation/order.ts";
import { type ChatMessage, type Conversation, type HistorySegment, isRoom, newConversation } from "../conversation.ts";

/** By what one comes in. */
export type LoginMethod = "guest" | "login" | "register";

/** Who we are. */
export interface Credentials {
  readonly name: string;
  readonly method: LoginMethod;
  /** Never leaves the memory of the page, and is forgotten there as soon as there is a token. */
  readonly password: string;
  /** What an account logs in with instead: see docs/protocol.md. */
  readonly token?: string;
  /** Only this tab is to be logged in, since others use this browser too. */
  readonly isThisTabOnly?: true;
}

/** A search, and what it has found: `undefined` until it is answered. */
export interface SearchState {
  readonly key: string;
  readonly text: string;
  readonly rows: readonly ChatMessage[] | undefined;
  readonly error?: string;
  /** There are others, further back. */
  readonly hasMore?: boolean;
  /** Those are being asked for. */
  readonly isLoading?: boolean;
  /** What was found is not there any more. */
  readonly isTargetLost?: boolean;
}

/** A request that has not been answered. */
export type PendingRequest =
  | { ask: "login"; method: LoginMethod; token?: string }
  | { ask: "presence" | "rooms" | "contacts" | "probe" | "account" | "bans" | "greeting" }
  | { ask: "order"; order: Order }
  | DeferredRequest
  | { ask: "people"; room: string | undefined }
  | { ask: "missed"; key: string; after: number | undefined; page: number }
  | { ask: "older"; key: string; old: boolean; before: number }
  | { ask: "target"; key: string; id: number; above?: HistorySegment }
  | { ask: "gap"; key: string; side: "after" | "before"; from: number }
  | { ask: "search"; key: string; text: string; before: number | undefined }
  | { ask: "message"; key: string; time: number }
  | { ask: "join"; key: string };

/** What a person is, and how many guests there are by the name. */
export interface PersonInfo {
  readonly role?: Role;
  readonly guests?: number;
}

/** A request that waits for a connection: see deferred.ts. */
export type DeferredRequest =
  | { ask: "leave"; key: string }
  | { ask: "contact"; name: string; add: boolean }
  | { ask: "register"; password: string };

/** All that the page knows. */
export interface State {
  readonly me: Credentials | undefined;
  /** The name has been proved: private messages are kept. */
  readonly hasAccount: boolean;
  /** `out`: the entrance is shown; `coming`: until the server has let us in; `in` from then on, over every break. */
  readonly stage: "out" | "entering" | "in";
  /** The server has let us in on this connection. */
  readonly isReady: boolean;
  /** Why we are out. */
  readonly refusal: string | undefined;
  /** We are out because the server has refused our session token. All else is as it was. */
  readonly isLoginOver: boolean;
  /** Messages that waited when we left, and are not sent any more. */
  readonly unsent: number;
  /** What was asked and has no answer yet. */
  readonly pending: Pending<PendingRequest>;
  /** What is asked for as soon as there is a connection. */
  readonly deferred: readonly DeferredRequest[];
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** Every room there is. */
  readonly rooms: readonly string[];
  /** Who is here. */
  readonly online: ReadonlySet<string>;
  /** What people are, as far as the server says so. */
  readonly roles: ReadonlyMap<string, PersonInfo>;
  /** Who is in the open room. */
  readonly members: ReadonlySet<string>;
  readonly contacts: ReadonlySet<string>;
  /** The names that the reader ignores, by their keys. The server does not know them. */
  readonly ignored: ReadonlyMap<string, string>;
  /** The bans and mutes in force; only an operator is sent them. */
  readonly bans: readonly ListedBan[] | undefined;
  /** The words that everybody is greeted with, as far as they are known; only an operator is told. */
  readonly greeting: string | undefined;
  /** The order that we have given last, until it is dismissed. */
  readonly ordered: Ordered | undefined;
  /** The conversation that is shown. */
  readonly open: string;
  /** Whether its end is being looked at. */
  readonly isEndVisible: boolean;
  readonly search: SearchState | undefined;
  /** An old message to be shown, and whether it has been reached. */
  readonly target: { key: string; id: number; found: boolean } | undefined;
  /** What the server tells everybody, or refused us; the latest, until it is dismissed. */
  readonly notice: string | undefined;
  /** Objects from the server that this page does not know, of a newer server perhaps. */
  readonly skipped: number;
  /** The last that the server said without being asked. */
  readonly lastUnsolicited: { code: number; words: string } | undefined;
  /** A message whose refusal is the last that was heard: if the connection ends now, that was meant for the connection. */
  readonly lastRefused: { key: string; time: number } | undefined;
  /** The time of the latest message of ours, in milliseconds. */
  readonly lastSentTime: number;
  /** Microseconds that our messages' times end in: a namesake's end in others. */
  readonly timeSuffix: number;
}

/** What happens. */
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
      | "dismissOrder";
  }
  | { on: "down" }
  | { on: "received"; object: Fields }
  | { on: "send"; text: string }
  | { on: "draft"; text: string }
  | { on: "open"; key: string }
  | { on: "close"; key: string }
  | { on: "endVisible"; is: boolean }
  | { on: "loadOlder" }
  | { on: "fillGap"; side: "after" | "before" }
  | { on: "jumpTo"; id: number }
  | { on: "search"; text: string }
  | { on: "resend" | "discard"; key: string; time: number }
  | { on: "contact"; name: string; add: boolean }
  | { on: "order"; order: Order }
  | { on: "ignore"; name: string; is: boolean }
  | { on: "register"; password: string };

/**
 * What is to be done: connect, disconnect, connect again after a pause, or leave the closing to the server (`finish`); send an
 * object; keep a session token for other tabs, or forget it.
 */
export type Effect =
  | { do: "connect" | "disconnect" | "closeGracefully" | "retry" }
  | { do: "send"; object: Fields }
  | { do: "saveLogin"; name: string; token: string }
  | { do: "removeLogin"; token: string };

/**
 * The state before anything has happened.
 *
 * @param ignored the names that the reader ignores, as the browser keeps them
 */
export function newState(timeSuffix: number, ignored: State["ignored"] = new Map()): State {
  return {
    me: undefined,
    hasAccount: false,
    stage: "out",
    isReady: false,
    refusal: undefined,
    isLoginOver: false,
    pending: NOTHING_PENDING,
    deferred: [],
    unsent: 0,
    conversations: new Map([[COMMON_ROOM, newConversation(COMMON_ROOM)]]),
    rooms: [],
    online: new Set(),
    roles: new Map(),
    members: new Set(),
    contacts: new Set(),
    ignored,
    bans: undefined,
    greeting: undefined,
    ordered: undefined,
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
 * The spelling by which a room or a person is known here already, or the given one: `ANN` is in the conversation with ann.
 *
 * @param heard whether those count too whom there is no conversation with yet
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

/** Whether the reader does not want to see what somebody says. */
export function isIgnored({ ignored }: Pick<State, "ignored">, name: string): boolean {
  return ignored.size > 0 && ignored.has(nameKey(name));
}

/** The conversation that is shown. */
export function currentConversation({ conversations, open }: State): Conversation {
  return conversations.get(open) ?? newConversation(open);
}

/** Whether the server keeps what is said there, for us to ask for. */
export function hasServerHistory(state: Pick<State, "hasAccount">, key: string): boolean {
  return isRoom(key) || state.hasAccount;
}
