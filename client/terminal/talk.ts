// One chat in a terminal, from its first connection to its end. It knows no socket, no clock and no terminal: the loop hands it
// what happens, and does what it asks for. Pure but for that, so a test can be the person, the server and the clock.
//
// away → joining (presence, or a password) → settling (rooms and the past are read) → here → away …
//
// What is typed while away, or settling, waits. All there is of a chat is in desk.ts; what is done with it in files with one
// purpose each, which call each other from left to right only:
//
//     a key       wishes ──> say, lists, moving, entrance, ignored
//     an object   hearing, entrance, moving ──> settle ──> say
//     silence     patience, hearing, entrance ──> away ──> parting

import { safe } from "../safe.ts";
import { lost, unconnected } from "./away.ts";
import { Desk, type Wishes } from "./desk.ts";
import { enter } from "./entrance.ts";
import { hear } from "./hearing.ts";
import type { Link } from "./link.ts";
import type { Paint } from "./paint.ts";
import { drain, farewell, isOver, isSaid, leave } from "./parting.ts";
import { due, pass } from "./patience.ts";
import { columnsOf } from "./width.ts";
import type { Window } from "./window.ts";
import { grant } from "./wishes.ts";

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
 * const talk = new Talk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * const encode = (text: string) => new TextEncoder().encode(text);
 * talk.connected(0);
 * assert.match(new TextDecoder().decode(talk.link.requests.take(0)), /"presence"/);
 * talk.link.framer.push(encode('{"response":200}{"action":"msg","from":"bob","message":"hi","time":0}'));
 * talk.hear(1);
 * assert.match(talk.window.out, /bob │ hi\r\n/);
 * talk.type(encode("hello\r"), 2);
 * assert.match(new TextDecoder().decode(talk.link.requests.take(2)), /"hello"/);
 * ```
 */
export class Talk {
  /** What is shown. */
  readonly window: Window;
  /** What is asked and read on the connection that there is, or when there should be one. */
  readonly link: Link;
  readonly #desk: Desk;

  constructor(wishes: Wishes, paint: Paint, random: () => number, now: number, wall?: (now: number) => number) {
    this.#desk = new Desk(wishes, paint, random, now, wall);
    this.window = this.#desk.window;
    this.link = this.#desk.link;
  }

  /** When to {@linkcode pass} if nothing happens. */
  get due(): number {
    return due(this.#desk);
  }

  /** Nothing more is typed. */
  get leaving(): boolean {
    return this.#desk.parting !== undefined;
  }

  /** All is said: the connection may be closed on our side. */
  get done(): boolean {
    return isSaid(this.#desk);
  }

  /** Whether this is the end. */
  over(now: number): boolean {
    return isOver(this.#desk, now);
  }

  /** Bytes of the keyboard; `null` when there is none any more. */
  type(bytes: Uint8Array | null, now: number): void {
    if (bytes === null) return this.leave(now);
    for (const wish of this.#desk.typing.type(bytes, this.#desk.words)) {
      if (!this.leaving) grant(this.#desk, wish, now);
    }
    this.#refresh();
  }

  /** There is a connection, a new one. */
  connected(now: number): void {
    this.link.begin();
    enter(this.#desk, now);
    this.#refresh();
  }

  /** No connection could be made. */
  unconnected(words: string, now: number): void {
    unconnected(this.#desk, words, now);
  }

  /** Bytes were read into the framer. */
  hear(now: number): void {
    hear(this.#desk, now);
    this.#refresh();
  }

  /** The connection is gone. */
  lost(now: number): void {
    lost(this.#desk, now, this.#desk.texts.closed);
    this.#refresh();
  }

  /** Time has passed. */
  pass(now: number): void {
    pass(this.#desk, now);
    this.#refresh();
  }

  /** The terminal has another size. */
  resize(columns: number): void {
    this.window.resize(columns);
    this.#refresh();
  }

  /** Says what is in wait, and then no more. */
  leave(now: number): void {
    leave(this.#desk, now);
  }

  /** Our side is closed: waits a little for the server's. */
  closing(now: number): void {
    drain(this.#desk, now);
  }

  /** What is to be said at the end, if anything, and the exit status. */
  farewell(): { readonly words: string | undefined; readonly status: 0 | 1 } {
    return farewell(this.#desk);
  }

  /** Shows the line being typed behind a prompt that says where one is, and what is the matter. */
  #refresh(): void {
    if (this.leaving) return this.window.end();
    const { state, been, spoken, places, paint, typing, texts } = this.#desk;
    const offline = state === "here" || !been ? "" : texts.offline;
    const waiting = offline === "" || spoken.waiting === 0 ? "" : `, ${texts.inWait(spoken.waiting)}`;
    const long = places.prompt(paint, offline + waiting);
    const isLong = columnsOf(long) > this.window.columns - LINE;
    const chat = isLong ? places.prompt(paint, offline, { columns: NAME, fresh: texts.newElsewhere }) : long;
    const { prompt, text, at } = typing.shown(chat, places.front);
    this.window.line(prompt === chat ? chat : safe(prompt), text, at);
  }
}
