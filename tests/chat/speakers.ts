// The families of programs as they are met in practice: how one of them frames, comes in and speaks, and what it shows of
// an object that reaches it. Written from what was recorded and not from jim/dialects: it holds the server to the former.

import type { Chat, Peer } from "./start.ts";

/** What a person sees of a message. */
export interface Shown {
  readonly from: string;
  readonly text: string;
}

// deno-lint-ignore no-explicit-any -- what came over the wire
type Relay = any;

export interface Speaker {
  readonly name: string;
  connect(chat: Chat): Promise<Peer>;
  /** What it says to come in; each is answered. */
  enters(name: string): object[];
  toAll(name: string, text: string): object;
  /** None where its programs know the common chat only. */
  toOne?(name: string, to: string, text: string): object;
  /** What it shows of a relay, by that name; undefined where it would show nothing, or break. */
  shows(relay: Relay, name: string): Shown | undefined;
  /** The code of success, where it is no number. */
  readonly success?: string;
  /** It waits for an answer to a message. */
  readonly awaits: boolean;
  /** Once it has written it goes on reading. */
  readonly listens: boolean;
}

const time = 1764000000.5;
const status = "";
const handout = ({ action, from, to, message }: Relay): Shown | undefined =>
  action === "msg" && typeof to === "string" && typeof from === "string" && typeof message === "string"
    ? { from, text: message }
    : undefined;
const msg = (from: string, to: string, message: string) => ({ action: "msg", time, to, from, message });

const plain: Speaker = {
  name: "plain, by lines",
  connect: (chat) => chat.connect(),
  enters: (account_name) => [{ action: "presence", time, user: { account_name, status } }],
  toAll: (name, text) => msg(name, "#all", text),
  toOne: msg,
  shows: handout,
  awaits: true,
  listens: true,
};

const seed: Speaker = {
  name: "seed",
  connect: (chat) => chat.bare(),
  enters: (account_name) => [{ action: "presence", time, type: "status", user: { account_name, status: null } }],
  toAll: (name, text) => ({ ...msg(name, "#chat", text), encoding: "ascii" }),
  shows: handout,
  awaits: true,
  listens: false,
};

const late: Speaker = {
  ...seed,
  name: "late Hanita",
  enters: (account_name) => [{ action: "authenticate", time, user: { account_name, password: "" } }],
  toOne: msg,
};

/** Its programs compare the code with a text, and leave at any other. */
const dated: Speaker = {
  ...seed,
  name: "dated",
  enters: (account_name) => [
    { action: "presence", time: "2026-11-22 23:45:34", type: "status", user: { account_name, status } },
  ],
  toAll: (_, message) => ({ action: "msg", time: "2026-11-22 23:45:34", to: null, message }),
  shows: (relay) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(relay.time) ? handout(relay) : undefined,
  success: "200",
};

const clientName: Speaker = {
  name: "client-name",
  connect: (chat) => chat.bare(),
  enters: (client_name) => Array(2).fill({ action: "presence", time, type: "status", user: { client_name, status } }),
  toAll: (name, text) => ({ ...msg(name, "#", text), encoding: "utf-8" }),
  toOne: msg,
  shows: (relay, name) => relay.to === "#" || relay.to === name ? handout(relay) : undefined,
  awaits: true,
  listens: true,
};

/** Its earlier programs show a relay by its `sender`, the later ones by `from` where `to` is their own name. */
const lesson: Speaker = {
  name: "lesson",
  connect: (chat) => chat.bare(),
  enters: (account_name) => [{ action: "presence", time, user: { account_name } }],
  toAll: (account_name, mess_text) => ({ action: "message", time, account_name, mess_text }),
  toOne: (from, to, mess_text) => ({ action: "message", from, to, time, mess_text }),
  shows: ({ action, sender, from, to, mess_text }, name) =>
    action === "message" && sender === from && to === name && typeof mess_text === "string"
      ? { from: sender, text: mess_text }
      : undefined,
  awaits: false,
  listens: true,
};

const flatName: Speaker = {
  name: "flat-name",
  connect: (chat) => chat.bare(),
  enters: (account_name) => [{ action: "presence", time, account_name }],
  toAll: (account_name, message_text) => ({ action: "message", time, account_name, message_text }),
  shows: ({ action, sender, message_text }) =>
    action === "message" && typeof sender === "string" && typeof message_text === "string"
      ? { from: sender, text: message_text }
      : undefined,
  awaits: false,
  listens: true,
};

const prefixed: Speaker = {
  ...plain,
  name: "prefixed",
  connect: (chat) => chat.prefixed(),
  enters: (account_name) => [
    { action: "authenticate", time, user: { account_name, password: "its own" } },
    { action: "presence", time, type: "status" },
  ],
};

export const speakers = { plain, seed, dated, clientName, lesson, flatName, prefixed, late };
