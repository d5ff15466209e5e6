/**
 * What both pages take from the browser: WebSockets and a clock for their connection, and the user's preferences.
 * @module
 */
import type { ConnectionEnv, SocketHandlers } from "./connection.ts";
import { browserStore } from "./storage.ts";
import type { Language } from "../jim/explain.ts";
import { languageOf, languages } from "./words.ts";

/** The theme and the language that the user has chosen. */
export interface Preferences {
  readonly theme: "auto" | "light" | "dark";
  readonly language: Language;
}

const KEPT = "hanita-wishes";

/**
 * The environment of the page's connection: JIM over WebSocket, to the server that has sent the page, or to another one
 * of the chat that this server has named in the page.
 */
export const browserEnv: ConnectionEnv = {
  get servers() {
    return addresses().length;
  },
  open,
  now: () => performance.now(),
  random: Math.random,
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** Reads the saved preferences of this browser; the default language is the browser's own. */
export function readPreferences(): Preferences {
  const { theme, language } = parsed(browserStore.get(KEPT) ?? "{}");
  return {
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    language: Object.keys(languages).find((each): each is Language => each === language) ??
      languageOf(navigator.languages),
  };
}

/**
 * Calls a function when another tab has changed what the browser keeps for all tabs. Otherwise a tab would save what it has read at
 * its start over what was chosen since.
 */
export function onKeptElsewhere(act: () => void): void {
  addEventListener("storage", act);
}

/** Saves the preferences for all pages. */
export function savePreferences({ theme, language }: Preferences): void {
  browserStore.set(KEPT, JSON.stringify({ theme, language }));
}

/** Applies the preferences to the document. Each of them is set only if it is another one: that costs the style of all. */
export function applyPreferences({ theme, language }: Preferences): void {
  const root = document.documentElement;
  if (root.lang !== language) root.lang = language;
  if (root.dataset.theme !== theme) root.dataset.theme = theme;
}

/** The addresses of the chat's servers, that of the page's own server first. */
function addresses(): URL[] {
  const own = new URL("jim", document.baseURI), others = document.getElementById("page")?.dataset.servers ?? "";
  const origins = others.split(" ").filter((origin) => origin !== "" && origin !== own.origin);
  return [own, ...origins.map((origin) => new URL("/jim", origin))];
}

function open(handlers: SocketHandlers, server: number): WebSocket {
  const address = addresses()[server]!;
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
