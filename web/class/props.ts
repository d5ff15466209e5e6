/** The properties of all parts of the class page. */
import type { ListedBan } from "../../jim/client/ban.ts";
import type { Order, Ordered } from "../moderation/order.ts";
import type { Preferences } from "../browser_env.ts";
import type { Ask } from "../../client/protocol/query.ts";
import type { Roster } from "./roster.ts";
import type { InspectorSession } from "./inspector_session.ts";
import type { Removal, TracedMessage } from "./traced_message.ts";
import type { Words } from "./words.ts";

/** What the teacher has chosen to see. */
export interface ViewState extends Preferences {
  readonly filter: string;
  readonly sort: "came" | "name" | "trouble";
  /** The key of the open student. */
  readonly openStudent: number | undefined;
  /** The rows that are shown: sent objects with their answers, refusals, or all traffic. */
  readonly shown: "said" | "wrong" | "all";
  readonly isPaused: boolean;
  /** The open dialog: moderation of the open student, all bans and mutes, the greeting, or what saves a conversation. */
  readonly dialog: "orders" | "bans" | "greeting" | "transcript" | undefined;
}

/** The data of the page, and what its parts can do. */
export interface PageProps {
  readonly roster: Roster;
  readonly session: InspectorSession;
  readonly words: Words;
  readonly view: ViewState;
  /** Seconds of the roster's clock, which stops while the page is paused. */
  readonly now: number;
  /** Events that wait for the end of a pause. */
  readonly pausedEvents: number;
  /** Seconds until the next attempt to connect. */
  readonly retryIn: number | undefined;
  /** The bans and mutes in force, as far as they are known. */
  readonly bans: readonly ListedBan[];
  /** The greeting, if it is known; only an operator that has logged in may request it. */
  readonly greeting: string | undefined;
  /** The last order and its result, until it is dismissed. */
  readonly ordered: Ordered | undefined;
  /** The deletions of messages, by {@linkcode keyOf}. */
  readonly removals: ReadonlyMap<string, Removal>;
  give(order: Order): void;
  remove(message: TracedMessage): void;
  /** Asks the server what only a dialog needs to know. */
  readonly ask: Ask;
  /** Hides the result of the last order. */
  dismiss(): void;
  updateView(change: Partial<ViewState>): void;
  retry(): void;
  login(name: string, password: string): void;
}
