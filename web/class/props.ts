/** What the parts of the class are given. */
import type { ListedBan } from "../../client/protocol/ban.ts";
import type { Order, Ordered } from "../moderation/order.ts";
import type { Preferences } from "../browser_env.ts";
import type { Roster } from "./roster.ts";
import type { InspectorSession } from "./inspector_session.ts";
import type { Words } from "./words.ts";

/** What the teacher has chosen to see. */
export interface ViewState extends Preferences {
  readonly filter: string;
  readonly sort: "came" | "name" | "trouble";
  /** The key of the student whose conversation is open. */
  readonly openStudent: number | undefined;
  /** What of the conversation is shown: what was said and how it was answered, what was refused, or all that passed. */
  readonly shown: "said" | "wrong" | "all";
  readonly isPaused: boolean;
  /** The open dialog: orders about the student whose conversation is open, all bans and mutes, or the greeting. */
  readonly dialog: "orders" | "bans" | "greeting" | undefined;
}

/** What is known, and what may be done about it. */
export interface PageProps {
  readonly roster: Roster;
  readonly session: InspectorSession;
  readonly words: Words;
  readonly view: ViewState;
  /** Seconds of the roll's clock; they stand still while the page is paused. */
  readonly now: number;
  /** Sights that wait for the end of a pause. */
  readonly pausedEvents: number;
  /** Seconds until the next attempt to connect. */
  readonly retryIn: number | undefined;
  /** The bans and mutes in force, as far as they are known. */
  readonly bans: readonly ListedBan[];
  /** The greeting, as far as it is known; only an operator that has logged in may ask for it. */
  readonly greeting: string | undefined;
  /** The order that was given last, until it is dismissed. */
  readonly ordered: Ordered | undefined;
  give(order: Order): void;
  /** Hides what became of the last order. */
  dismiss(): void;
  updateView(change: Partial<ViewState>): void;
  retry(): void;
  login(name: string, password: string): void;
}
