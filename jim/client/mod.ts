/**
 * A client of JIM over any socket: says and reads messages, reconnects by itself, and reads then what was said meanwhile, so
 * that no message is lost or doubled.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tcp } from "./tcp.ts";
 * using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const { port } = listener.addr;
 * listener.close();
 * await assert.rejects(connect(tcp("127.0.0.1", port), { name: "ann" }), { name: "ConnectionError" });
 * ```
 * @module
 */
import type { Feature } from "../features.ts";
import { Chat } from "./chat.ts";
import type { Pauses } from "./reconnect.ts";
import type { ChatEvent, Login } from "./chat_event.ts";
import type { OpenSocket } from "./socket.ts";

export { Chat, type SayOptions } from "./chat.ts";
export { ConnectionError, RefusedError } from "./errors.ts";
export type { ServerEvent } from "./event.ts";
export type { Pauses } from "./reconnect.ts";
export type { ChatEvent, ChatMessage, Login, Result, Said } from "./chat_event.ts";
export type { OpenSocket, Socket } from "./socket.ts";
export { webSocket } from "./web_socket.ts";

/** What a chat understands, unless more is named. */
const FEATURES: readonly Feature[] = ["id", "replies", "edits"];
/** With several servers a chat moves when one of them stops. */
const MOVE: readonly Feature[] = ["move"];

/** How to log in, and what else a chat may have. */
export type ConnectOptions = Login & {
  /** Rooms to join. */
  readonly rooms?: readonly string[];
  /** The id of the last message that the program has handled: the chat goes on behind it. By default it begins now. */
  readonly after?: number;
  /** Ends the chat at once, and the attempt to connect. */
  readonly signal?: AbortSignal;
  /** Is called for what happens beside messages. What it throws is an uncaught error, and the chat goes on. */
  readonly onEvent?: (event: ChatEvent) => void;
  /** `false` for a program that only says: no message is kept for it. */
  readonly listen?: boolean;
  /** More {@linkcode Feature}s of JIM: what they bring are events. */
  readonly features?: readonly Feature[];
  /** How long to wait before a reconnection: by default a second, twice as long each time, at most 30 seconds; by chance up to half less. */
  readonly pauses?: Pauses;
};

/**
 * Connects and logs in.
 *
 * @param to a server, as `tcp` or `webSocket` opens it; several are of one chat
 * @returns when the login is answered, and the rooms are joined
 * @throws {ConnectionError} When there is no connection, or it ends before the login is answered.
 * @throws {RefusedError} When the login or a room is refused.
 *
 * @example
 * ```ts ignore
 * const chat = await connect(tcp("localhost", 7777), { token: process.env.BOT_TOKEN, rooms: ["#lesson7"] });
 * for await (const { text, conversation } of chat) {
 *   if (text === "!time") await chat.say(new Date().toTimeString(), { to: conversation });
 * }
 * ```
 */
export function connect(to: OpenSocket | readonly OpenSocket[], options: ConnectOptions): Promise<Chat> {
  const servers = typeof to === "function" ? [to] : to;
  const { rooms = [], after, signal, onEvent, listen = true, features = [], pauses } = options;
  const named = [...FEATURES, ...(servers.length > 1 ? MOVE : []), ...features];
  return new Chat(servers, {
    login: options,
    rooms,
    after,
    signal,
    onEvent,
    listen,
    features: [...new Set(named)],
    pauses,
    random: Math.random,
  }).start();
}
