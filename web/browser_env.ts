/**
 * What every page of ours takes from the browser that it is in: a wire to the server and a clock for its link, and what its
 * reader wishes, which is the same on all pages.
 * @module
 */
import type { ConnectionEnv, SocketHandlers } from "./connection.ts";
import { browserStore } from "./storage.ts";
import type { Language } from "../jim/explain.ts";
import { languageOf, languages } from "./words.ts";

/** How the page is to look and to speak. */
export interface Preferences {
  readonly theme: "auto" | "light" | "dark";
  readonly language: Language;
}

const KEPT = "hanita-wishes";

/** The world of a link: JIM over WebSocket, at the page's own server. */
export const browserEnv: ConnectionEnv = {
  open,
  now: () => performance.now(),
  random: Math.random,
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** What was wished before, here or on another page; else what the browser says of its reader. */
export function readPreferences(): Preferences {
  const { theme, language } = parsed(browserStore.get(KEPT) ?? "{}");
  return {
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    language: Object.keys(languages).find((each): each is Language => each === language) ??
      languageOf(navigator.languages),
  };
}

/** Keeps what the reader has chosen. */
export function savePreferences({ theme, language }: Preferences): void {
  browserStore.set(KEPT, JSON.stringify({ theme, language }));
}

/** Makes the page what is wished. */
export function applyPreferences({ theme, language }: Preferences): void {
  document.documentElement.lang = language;
  document.documentElement.dataset.theme = theme;
}

function open(handlers: SocketHandlers): WebSocket {
  const address = new URL("jim", document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  socket.onopen = () => handlers.onOpen();
  socket.onmessage = ({ data }) => handlers.onFrame(String(data));
  socket.onclose = () => handlers.onClose();
  return socket;
}

function parsed(text: string): Partial<Preferences> {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
