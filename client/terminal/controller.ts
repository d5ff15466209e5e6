// One chat in a terminal, from its first connection to its end. It knows no socket, no clock and no terminal: the loop hands it
// what happens, and does what it asks for. Pure but for that, so a test can be the person, the server and the clock.
//
// away → joining (presence, or a password) → resyncing (rooms and the past are read) → here → away …
//
// What is typed while away, or resyncing, waits. The state of a chat is in chat_state.ts; what changes it is in files with one
// purpose each, which call each other from left to right only:
//
//     a key       execute ──> features ──> say, lists, navigation, login, ignore, topic, orders, help
//     an object   server_events, login, navigation ──> resync ──> say
//     silence     timeouts, server_events, login ──> disconnect ──> shutdown

import { safe } from "../safe.ts";
import { writeName } from "./names.ts";
import { noteReading } from "./read_marks.ts";
import { noteTyping } from "./typing_notices.ts";
import { connectFailed, disconnected } from "./disconnect.ts";
import { type ChatOptions, ChatState } from "./chat_state.ts";
import { enter } from "./login.ts";
import { receive } from "./server_events.ts";
import type { FileTask } from "./file_task.ts";
import type { ServerAddress } from "../options.ts";
import type { Link } from "../../jim/client/link.ts";
import type { Paint } from "./paint.ts";
import { beginShutdown, drain, isFlushed, isOver, outcome } from "./shutdown.ts";
import { due, pass } from "./timeouts.ts";
import { columnsOf } from "./width.ts";
import type { Window } from "./window.ts";
import { execute, readerOf } from "./execute.ts";

/** Columns that a line being typed has beside the prompt, if that can be shorter; and that the name in a short one may have. */
const LINE = 24, NAME = 16;

/**
 * The chat. `now` is milliseconds of a clock that never jumps, throughout; `wall` has the time for people.
 * {@linkcode pass} is to be called when it is {@linkcode due}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 *
 * const controller = new Controller({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * const encode = (text: string) => new TextEncoder().encode(text);
 * controller.connected(0);
 * assert.match(new TextDecoder().decode(controller.link.requests.take(0)), /"presence"/);
 * controller.link.framer.push(encode('{"response":200}{"action":"msg","from":"bob","message":"hi","time":0}'));
 * controller.receive(1);
 * assert.match(controller.window.out, /bob │ hi\r\n/);
 * controller.type(encode("hello\r"), 2);
 * assert.match(new TextDecoder().decode(controller.link.requests.take(2)), /"hello"/);
 * ```
 */
export class Controller {
  /** What is shown. */
  readonly window: Window;
  /** What is asked and read on the connection that there is, or when there should be one. */
  readonly link: Link<ServerAddress>;
  readonly #chat: ChatState;

  constructor(options: ChatOptions, paint: Paint, random: () => number, now: number, wall?: (now: number) => number) {
    this.#chat = new ChatState(options, paint, random, now, wall);
    this.window = this.#chat.window;
    this.link = this.#chat.link;
  }

  /** When to {@linkcode pass} if nothing happens. */
  get due(): number {
    return due(this.#chat);
  }

  /** Nothing more is typed. */
  get isShuttingDown(): boolean {
    return this.#chat.shutdown !== undefined;
  }

  /** All is said, or the server stops and has answered: the connection may be closed on our side. */
  get isFlushed(): boolean {
    return isFlushed(this.#chat) || this.link.isLeft;
  }

  /** Whether this is the end. */
  isOver(now: number): boolean {
    return isOver(this.#chat, now);
  }

  /** Bytes of the keyboard; `null` when there is none any more. */
  type(bytes: Uint8Array | null, now: number): void {
    if (bytes === null) return this.shutdown(now);
    for (const asked of this.#chat.typing.type(bytes, readerOf(this.#chat))) {
      if (!this.isShuttingDown) execute(this.#chat, asked, now);
    }
    if (!this.isShuttingDown) {
      noteReading(this.#chat, now);
      noteTyping(this.#chat, now);
    }
    this.#refresh();
  }

  /** There is a connection, a new one. */
  connected(now: number): void {
    this.link.begin();
    enter(this.#chat, now);
    this.#refresh();
  }

  /** No connection could be made. */
  connectFailed(words: string, now: number): void {
    connectFailed(this.#chat, words, now);
  }

  /** Bytes were read into the framer. */
  receive(now: number): void {
    receive(this.#chat, now);
    this.#refresh();
  }

  /** The connection is gone. */
  disconnected(now: number): void {
    const { stopping, closed } = this.#chat.texts;
    disconnected(this.#chat, now, this.link.isLeaving ? stopping : closed);
    this.#refresh();
  }

  /** Time has passed. */
  pass(now: number): void {
    pass(this.#chat, now);
    this.#refresh();
  }

  /** The terminal has another size. */
  resize(columns: number): void {
    this.window.resize(columns);
    this.#refresh();
  }

  /** What is to be done with files. The loop does it, and hands back what comes of it. */
  takeTasks(): FileTask[] {
    return this.#chat.tasks.splice(0);
  }

  /** A task has come to something. */
  taskDone(act: (now: number) => void, now: number): void {
    act(now);
    this.#refresh();
  }

  /** A task has come to nothing. */
  taskFailed(words: string, now: number): void {
    this.#chat.warn(words, now);
    this.#refresh();
  }

  /** Says what is in wait, and then no more. */
  shutdown(now: number): void {
    beginShutdown(this.#chat, now);
  }

  /** Our side is closed: waits a little for the server's. */
  closing(now: number): void {
    drain(this.#chat, now);
  }

  /** What is to be said at the end, if anything, and the exit status. */
  outcome(): { readonly words: string | undefined; readonly status: 0 | 1 } {
    return outcome(this.#chat);
  }

  /** Shows the line being typed behind a prompt that says where one is, and what is the matter. */
  #refresh(): void {
    if (this.isShuttingDown) return this.window.end();
    const { state, hasJoinedBefore, sent, conversations, paint, typing, texts, writers } = this.#chat;
    const offline = state === "here" || !hasJoinedBefore ? "" : texts.offline;
    const waiting = offline === "" || sent.waiting === 0 ? "" : `, ${texts.inWait(sent.waiting)}`;
    const names = writers.in(conversations.current),
      writing = names.length === 0 ? "" : texts.writing(names.map(writeName));
    const long = conversations.prompt(paint, offline + waiting, undefined, writing);
    const isLong = columnsOf(long) > this.window.columns - LINE;
    const shown = isLong ? conversations.prompt(paint, offline, { columns: NAME, fresh: texts.newElsewhere }) : long;
    const { prompt, text, at } = typing.shown(shown, conversations.current);
    this.window.line(prompt === shown ? shown : safe(prompt), text, at);
  }
}
