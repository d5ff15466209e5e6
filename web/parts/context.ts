/** The context of all parts of the page: the state, how to dispatch events, and the view's own state. */
import type { Rules } from "../../jim/client/event.ts";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ScrollPosition } from "../snapshot.ts";
import type { Event, State } from "../model/state.ts";
import type { Preferences } from "../browser_env.ts";
import type { NotificationSettings } from "../notifications.ts";
import type { Ask } from "../../client/protocol/query.ts";
import type { Picture } from "./message_file.tsx";
import type { Words } from "../words.ts";

/** What is shown: the preferences, and what is open beside the conversation. */
export interface ViewState extends Preferences {
  readonly notifications: NotificationSettings;
  /** The list of conversations is open, in a window too narrow to show it always. */
  readonly isListOpen: boolean;
  readonly panel: "people" | "search" | "thread" | undefined;
  readonly dialog:
    | "go"
    | "settings"
    | "bans"
    | "greeting"
    | "emoji"
    | "notifications"
    | "transcript"
    | "group"
    | { readonly picture: Picture }
    | { readonly about: string }
    | { readonly room: string }
    | { readonly remove: number }
    | { readonly react: number }
    | undefined;
}

/** The scroll position in the open conversation. */
export interface ScrollState {
  position: ScrollPosition | undefined;
  /** Scrolls to the newest messages; missing until a conversation is shown. */
  scrollToEnd?: () => void;
}

/** What every part can use. */
export interface App {
  readonly state: State;
  readonly words: Words;
  readonly view: ViewState;
  /** What the server allows; nothing else is offered. */
  readonly rules: Rules;
  /** The time of the next attempt to connect, by `performance.now`. */
  readonly retryAt: number | undefined;
  /** The scroll position; its `position` is `undefined` at the end. */
  readonly scroll: ScrollState;
  dispatch(event: Event): void;
  updateView(change: Partial<ViewState>): void;
  /** Sends files to a conversation. */
  sendFiles(files: readonly File[], key: string): void;
  /** Asks the server what only a dialog needs to know. */
  readonly ask: Ask;
  /** Connects now. */
  retryNow(): void;
  /** Focuses the message field. */
  focusField(): void;
  /** Inserts a text at the caret of the message field, and focuses it. */
  insertText(text: string): void;
}

/** The page provides it before any part is drawn. */
export const AppContext = createContext<App>(undefined as unknown as App);

/** Returns the context of the page. */
export function useApp(): App {
  return useContext(AppContext);
}

/** A window with room for a panel beside the conversation; in another one a panel covers it. */
const WIDE = "(min-width: 70rem)";

export function isWide(): boolean {
  return matchMedia(WIDE).matches;
}

/** Calls a function when the window has become too narrow for a panel. */
export function onNarrowed(act: () => void): void {
  matchMedia(WIDE).addEventListener("change", ({ matches }) => !matches && act());
}

/** Whether the device has no pointer that can hover over something. */
export function isTouch(): boolean {
  return matchMedia("(hover: none)").matches;
}

/** The title of a room; a group has the names of the others. */
export function roomTitle({ roomInfo, me }: Pick<State, "roomInfo" | "me">, key: string, words: Words): string {
  const users = roomInfo.get(key)?.users?.filter((name) => name !== me?.name);
  return users === undefined || users.length === 0 ? titleOf(key, words) : users.join(", ");
}

/** The title of a conversation. */
export function titleOf(key: string, words: Words): string {
  return key === "#all" ? words.common : key;
}
