// The state of one chat in a pipe, from the presence to the end. It has no socket, no screen and no clock: the loop in
// loop.ts calls it for each event, and does what it asks for.
//
// joining → (the presence is answered, or a timeout) → chatting → closing: nothing more is sent, and the rest is read
// until the server closes. A client that closes with something unread resets the connection, and that kills home-made
// servers.

import { countCodePoints, isLongerThan, truncate } from "../../jim/length.ts";
import {
  COMMON_ROOM,
  DEFAULT_LIMITS,
  Framer,
  joinHostPort,
  type MalformedUtf8,
  MAX_QUOTE,
  quoteBytes,
} from "../../jim/mod.ts";
import { log, logger } from "../../log/mod.ts";
import { commandIn } from "../command_words.ts";
import { read } from "../protocol/fields.ts";
import { readEvent } from "../protocol/event.ts";
import { message, presence } from "../protocol/objects.ts";
import { type Reply, Requests } from "../protocol/requests.ts";
import { Lines } from "./lines.ts";
import type { Options } from "../options.ts";
import { safe, safeJson } from "../safe.ts";
import { formatMessage } from "./format.ts";
import { catalogues, type Texts } from "../words.ts";

/** Milliseconds in which a server may close after we have: some of the home-made never do. */
const DRAIN = 3_000;

const MODULE = "client/pipe/session";
const { info, debug } = logger(MODULE);
const decoder = new TextDecoder();

/** The part of the options that matters once there is a connection. */
interface SessionOptions
  extends Pick<Options, "address" | "port" | "only" | "name" | "json">, Partial<Pick<Options, "lang">> {
  /** Whether a person types the lines. Then a line that looks like a command of the terminal is not sent as a message. */
  readonly isTyped?: boolean;
}

/**
 * One chat in a pipe. `now` is milliseconds of a monotonic clock, in all methods.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const options = { address: "::1", port: 7777, only: "read", name: "ann", json: false } as const;
 * const told: string[] = [];
 * const session = new Session(options, (line) => told.push(line), 0);
 * session.framer.push(new TextEncoder().encode('{"response":200}{"action":"msg","from":"bob","message":"hi","time":0}'));
 * session.receive(0);
 * assert.match(session.screen, /^\d\d:\d\d:00 bob: hi\n$/);
 * session.disconnected(1);
 * assert.equal(session.finish(), 1);
 * assert.deepEqual(told, ["The server closed the connection"]);
 * ```
 */
export class Session {
  /** The requests to the server. */
  readonly requests = new Requests();
  /** Bytes from the server are read into it. */
  readonly framer = new Framer();
  /** What standard output is still to show. The loop takes it and empties it. */
  screen = "";
  /** The keyboard may bring more. */
  hasInput: boolean;
  /** Nothing more is sent. */
  isClosing = false;
  /** Nothing more is received. */
  isDisconnected = false;

  readonly #options: SessionOptions;
  readonly #texts: Texts;
  readonly #wall: (now: number) => number;
  readonly #print: (line: string) => void;
  readonly #lines = new Lines(2 * DEFAULT_LIMITS.text); // two units are the most that one character takes
  /** Lines that were typed. */
  #typed = 0;
  #joined = false;
  /** The last object was a notice. If the server closes now, that was the reason. */
  #lastWasNotice = false;
  #closeDeadline = Infinity;
  #stopDeadline = Infinity;
  /** The server has sent an object. Without one, nothing shows that it takes messages at all. */
  #hasReceived = false;
  #unanswered = 0;
  /** Unanswered messages to a server that may be one of those that never answer. */
  #possiblyUnanswered = 0;
  /** Objects that this client does not know. */
  #skipped = 0;
  #reason: string | undefined;
  #status: 0 | 1 = 0;

  /**
   * @param tell says something to the user, beside the chat: on standard error
   * @param wall what the clock on the wall shows at a moment of `now`'s clock, in milliseconds since 1970
   */
  constructor(
    options: SessionOptions,
    tell: (line: string) => void,
    now: number,
    wall: (now: number) => number = (now) => now,
  ) {
    this.#wall = wall;
    this.#options = options;
    this.#texts = catalogues[options.lang ?? "en"];
    this.#print = tell;
    this.hasInput = options.only !== "read";
    this.#sendPresence(now);
  }

  /** All is said and answered, and no more will be typed. */
  get isDone(): boolean {
    return !this.hasInput && this.#options.only !== "read" && this.requests.isIdle;
  }

  /** When to {@linkcode tick} if nothing happens. */
  get due(): number {
    return Math.min(this.requests.due, this.isDisconnected ? Infinity : this.#closeDeadline, this.#stopDeadline);
  }

  /** Whether this is the end; not as long as the screen is busy, unless the user has lost patience. */
  isOver(now: number, busy: boolean): boolean {
    return (this.isDisconnected && !busy) || now >= this.#stopDeadline;
  }

  /** What was typed; `null` at its end. */
  type(bytes: Uint8Array | null, now: number): void {
    if (bytes === null) this.hasInput = false;
    for (const line of bytes === null ? this.#lines.end() : this.#lines.push(bytes)) {
      this.#typed++;
      if (typeof line === "string") this.#sendLine(line, now);
      else this.#refuse(line);
    }
  }

  /** Bytes were read into the framer. */
  receive(now: number): void {
    for (let next = this.framer.next(); next !== undefined; next = this.framer.next()) {
      if (typeof next !== "string") this.#object(decoder.decode(next), now);
      else if (!this.#joined) return this.beginClose(now, this.#texts.notJim(this.#peer, this.#excerpt));
      else if (next === "endless") return this.beginClose(now, this.#texts.endless);
      else this.#complain(this.#texts.noise(this.#excerpt));
    }
  }

  /** The server has closed, or the connection is broken. */
  disconnected(now: number): void {
    this.isDisconnected = true;
    if (!this.isClosing) this.#status = 1;
    this.beginClose(now, this.#lastWasNotice ? undefined : this.#texts.closed);
  }

  /** The server takes no more bytes. It may have said why before: that is still to be read. */
  sendFailed(now: number): void {
    this.beginClose(now, this.#texts.closed);
  }

  /** Standard output takes no more. A closed pipe, as of `| head`, is no failure. */
  printFailed(error: unknown, now: number): void {
    const seenEnough = error instanceof Deno.errors.BrokenPipe;
    if (!seenEnough) this.#complain(this.#texts.cannotPrint(error instanceof Error ? error.message : String(error)));
    this.beginClose(now);
  }

  /** Time has passed: gives up the answers and the close that are overdue. */
  tick(now: number): void {
    if (now >= this.#closeDeadline) this.isDisconnected = true;
    this.requests.expire(now);
  }

  /** Sends nothing more and waits for the server to close. The reason is printed at the end; the user's own has none. */
  @log.in(MODULE)
  beginClose(now: number, reason?: string): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.#closeDeadline = now + DRAIN;
    this.#reason = reason;
    info("leave", `${reason ?? "done"}${this.#skipped === 0 ? "" : `; ${this.#skipped} unknown objects were skipped`}`);
  }

  /** The user has pressed Ctrl-C: what is not done in {@linkcode DRAIN} ms is given up. */
  stop(now: number): void {
    this.beginClose(now);
    this.#stopDeadline = Math.min(this.#stopDeadline, now + DRAIN);
  }

  /** Prints what is lost, after the last byte. Returns the exit status. */
  finish(): 0 | 1 {
    const unanswered = this.#unanswered + this.requests.unanswered + (this.#hasReceived ? 0 : this.#possiblyUnanswered);
    const { unsent } = this.requests, { notSent, notAnswered, stopped } = this.#texts;
    const lost = [...unsent > 0 ? [notSent(unsent)] : [], ...unanswered > 0 ? [notAnswered(unanswered)] : []];
    if (this.#reason === undefined && lost.length === 0) return this.#status;
    this.#complain([this.#reason ?? stopped, ...lost].join(", "));
    return this.#status;
  }

  get #peer(): string {
    const { address, port } = this.#options;
    return joinHostPort(address, port);
  }

  get #excerpt(): string {
    return safe(quoteBytes(this.framer.excerpt));
  }

  /** An empty line says nothing. A long one would be refused, or end the connection. */
  #sendLine(typed: string, now: number): void {
    if (typed === "") return;
    const { isTyped = false } = this.#options, command = isTyped ? commandIn(typed) : undefined;
    if (command !== undefined) return this.#complain(this.#texts.noCommandHere(command));
    const line = isTyped && commandIn(typed.slice(1)) !== undefined ? typed.slice(1) : typed;
    if (!isLongerThan(line, DEFAULT_LIMITS.text)) return this.#send(line, this.#wall(now));
    this.#complain(this.#texts.tooLong(DEFAULT_LIMITS.text, countCodePoints(line), safe(line.slice(0, 20))));
  }

  /** A line that is no UTF-8 is not sent: what others would read of it nobody has written. */
  #refuse({ byte, position, encoding }: MalformedUtf8): void {
    this.#complain(this.#texts.notUtf8(byte, position, this.#typed, encoding));
  }

  #object(json: string, now: number): void {
    debug("object", json);
    const event = readEvent(read(json), this.requests.isFast);
    this.#hasReceived = true;
    this.#lastWasNotice = event.kind === "notice";
    const loose = this.requests.receive(event, now);
    switch (loose?.kind) {
      case "message":
        if (this.#options.only === "write") return;
        this.screen += `${this.#options.json ? safeJson(json) : formatMessage(loose, this.#wall(now))}\n`;
        return;
      case "answer":
        if (loose.refused) this.#complain(this.#texts.refuses(undefined, safe(loose.words)));
        return;
      case "notice":
        return this.#print(safe(loose.words));
      case "probe":
        return this.#sendPresence(now);
      case "unknown":
        if (this.#skipped++ === 0) info("skip", `an object that is not known here, ${JSON.stringify(loose.action)}`);
        return;
      case "row":
      case "presence":
      case "membership":
      case undefined: // an answer that was waited for
        return;
    }
  }

  /** Sends the presence, before all texts. */
  #sendPresence(now: number): void {
    const object = presence(this.#options.name, this.#wall(now));
    this.requests.enqueueFirst({ object, then: (reply, now) => this.#receivePresenceAnswer(reply, now) });
  }

  #receivePresenceAnswer(reply: Reply | undefined, now: number): void {
    if (reply === undefined) return this.#joinSilent();
    if (!reply.refused) return this.#join(reply.words);
    this.beginClose(now, this.#texts.turnedAway(this.#peer, this.#options.name, safe(reply.words)));
  }

  #send(text: string, time: number): void {
    const from = this.#options.name;
    this.requests.enqueue({
      object: message(from, text, time),
      message: { from, to: COMMON_ROOM, text, time },
      then: (reply) => {
        if (reply?.refused) this.#complain(this.#texts.refuses(safe(truncate(text, MAX_QUOTE)), safe(reply.words)));
        else if (reply === undefined && this.requests.isFast) this.#unanswered++; // others may have no answers at all
        else if (reply === undefined) this.#possiblyUnanswered++;
      },
    });
  }

  /** A pipe that only reads or only writes is not told that it has joined. */
  #join(words: string): void {
    if (this.#joined) return;
    this.#joined = true;
    const line = `${this.#texts.joined(this.#peer, this.#options.name)}: ${safe(words)}`;
    info("join", line);
    if (this.#options.only === undefined) this.#print(line);
  }

  /** Joins without an answer, as some servers give none, and warns the user: the port may be another program's. */
  #joinSilent(): void {
    if (this.#joined) return;
    this.#joined = true;
    if (this.#hasReceived) return;
    info("join", this.#texts.silent(this.#peer));
    this.#print(this.#texts.silent(this.#peer));
  }

  #complain(line: string): void {
    this.#status = 1;
    info("complain", line);
    this.#print(line);
  }
}
