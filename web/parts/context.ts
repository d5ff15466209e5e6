/**
 * What every part of the page is given: what is known, how to say what happens, and the reader's wishes for the page
 * itself.
 */
import type { Rules } from "../../client/protocol/event.ts";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ScrollPosition } from "../snapshot.ts";
import type { Event, State } from "../model/state.ts";
import type { Preferences } from "../browser_env.ts";
import type { Words } from "../words.ts";

/** How the page looks, and what is open beside the conversation. */
export interface ViewState extends Preferences {
  /** The list of conversations, where the window is too narrow to always show it. */
  readonly isListOpen: boolean;
  readonly panel: "people" | "search" | undefined;
  readonly dialog: "go" | "settings" | "bans" | "greeting" | { readonly about: string } | undefined;
}

/** Where the reader is in the open conversation. */
export interface ScrollState {
  position: ScrollPosition | undefined;
  /** Back to the newest messages; not there before a conversation is shown. */
  scrollToEnd?: () => void;
}

/** All that a part needs. */
export interface App {
  readonly state: State;
  readonly words: Words;
  readonly view: ViewState;
  /** What the server lets everybody do: nothing else is offered. */
  readonly rules: Rules;
  /** When the next attempt to connect is made, by `performance.now`; `undefined` when there is none to wait for. */
  readonly retryAt: number | undefined;
  /** Where the reader is in the open conversation: `undefined` at its end. */
  readonly scroll: ScrollState;
  dispatch(event: Event): void;
  updateView(change: Partial<ViewState>): void;
  /** Connects now. */
  retryNow(): void;
  /** Puts the caret into the message field. */
  focusField(): void;
}

/** Filled by the page's own entry, before any part is shown. */
export const AppContext = createContext<App>(undefined as unknown as App);

/** What a part needs. */
export function useApp(): App {
  return useContext(AppContext);
}

/** Whether the window has room for the list of people beside the conversation. */
export function isWide(): boolean {
  return matchMedia("(min-width: 70rem)").matches;
}

/** What a conversation is called. */
export function titleOf(key: string, words: Words): string {
  return key === "#all" ? words.common : key;
}
