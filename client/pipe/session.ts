// The state of one chat in a pipe, from the presence to the end. It has no socket, no screen and no clock: the loop in
// loop.ts calls it for each event, and does what it asks for.
//
// joining → (the presence is answered, or a timeout) → chatting → closing: nothing more is sent, and the rest is read
// until the server closes. A client that closes with something unread resets the connection, and home-made servers
// end with an exception.
//
// With several servers of a chat, it is joining again when its own is gone, at the next one; what is typed waits. Then it
// reads what was said meanwhile. What it had sent without an answer is sent again if the history does not have it.

import { countCodePoints, isLongerThan, truncate } from "../../jim/length.ts";
import {
  COMMON_ROOM,
  DEFAULT_LIMITS,
  type Feature,
  isCommonRoom,
  joinHostPort,
  type MalformedUtf8,
  MAX_QUOTE,
  quoteBytes,
} from "../../jim/mod.ts";
import { log, logger } from "../../log/mod.ts";
import { commandIn } from "../command_words.ts";
import { read } from "../../jim/client/fields.ts";
import type { Message } from "../../jim/client/event.ts";
import { readEvent } from "../../jim/client/read_event.ts";
import { Link } from "../../jim/client/link.ts";
import { message, presence } from "../../jim/client/objects.ts";
import type { Reply } from "../../jim/client/requests.ts";
import { FAST, PRESENCE } from "../../jim/client/pace.ts";
import { type SentMessage, SentMessages } from "../../jim/client/sent_messages.ts";
import { Conversation } from "../../jim/client/conversation.ts";
import { Lines } from "./lines.ts";
import type { Options, ServerAddress } from "../options.ts";
import { safe, safeJson } from "../safe.ts";
import { formatMessage } from "./format.ts";
import { catalogues, type Texts } from "../words.ts";

/** Milliseconds in which a server may close after we have: some of the home-made never do. */
const DRAIN = 3_000;
/** Milliseconds in which one of several servers must be found. */
const PATIENCE = 60_000;
/** What a client that may move is sent: the ids of its own messages, and the notice that a server stops. */
const FEATURES = ["id", "move"] as const satisfies readonly Feature[];

const MODULE = "client/pipe/session";
const { info, debug } = logger(MODULE);
const decoder = new TextDecoder();

/** The part of the options that matters once there is a connection. */
interface SessionOptions
  extends Pick<Options, "address" | "port" | "only" | "name" | "json">, Partial<Pick<Options, "others" | "lang">> {
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
 * session.link.framer.push(new TextEncoder().encode('{"response":200}{"action":"msg","from":"bob","message":"hi","time":0}'));
 * session.receive(0);
 * assert.match(session.screen, /^\d\d:\d\d:00 bob: hi\n$/);
 * session.disconnected(1);
 * assert.equal(session.finish(), 1);
 * assert.deepEqual(told, ["The server closed the connection"]);
 * ```
 */
export class Session {
  /** What is asked and read on the connection that there is, or when there should be one. */
  readonly link: Link<ServerAddress>;
  /** What standard output is still to show. The loop takes it and empties it. */
  screen = "";
  /** The keyboard may bring more. */
  hasInput: boolean;
  /** Nothing more is sent. */
  isClosing = false;

  readonly #options: SessionOptions;
  readonly #texts: Texts;
  readonly #wall: (now: number) => number;
  readonly #random: () => number;
  readonly #print: (line: string) => void;
  readonly #lines = new Lines(2 * DEFAULT_LIMITS.text); // two units are the most that one character takes
  /** Lines that were typed. */
  #typed = 0;
  #joined = false;
  /** The server has said that it speaks JIM. */
  #speaksJim = false;
  /** Messages are sent. With several servers they wait until it is known how far the room has got. */
  #isReady: boolean;
  /** Since when. */
  #readyAt = 0;
  /** Since when there is no server. */
  #lostAt: number | undefined;
  readonly #sent = new SentMessages(0.001);
  readonly #room: Conversation;
  /** The messages as they came, for `--json`. */
  readonly #sources = new WeakMap<Message, string>();
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
   * The first connection is there.
   *
   * @param tell says something to the user, beside the chat: on standard error
   * @param wall what the clock on the wall shows at a moment of `now`'s clock, in milliseconds since 1970
   */
  constructor(
    options: SessionOptions,
    tell: (line: string) => void,
    now: number,
    wall: (now: number) => number = (now) => now,
    random: () => number = Math.random,
  ) {
    this.#random = random;
    this.#wall = wall;
    this.#options = options;
    this.#texts = catalogues[options.lang ?? "en"];
    this.#print = tell;
    this.hasInput = options.only !== "read";
    const { address, port, others = [] } = options;
    this.link = new Link([{ address, port }, ...others]);
    this.#isReady = !this.link.hasOthers;
    this.#room = new Conversation(COMMON_ROOM, this.#sent, (message) => this.#show(message));
    this.connected(now);
  }

  /** All is said and answered, and no more will be typed. */
  get isDone(): boolean {
    return !this.hasInput && this.#options.only !== "read" && this.link.requests.isIdle && this.#sent.waiting === 0;
  }

  /** Messages that are not sent. */
  get waiting(): number {
    return this.link.requests.waiting + this.#sent.waiting;
  }

  /** When to {@linkcode tick} if nothing happens. */
  get due(): number {
    const { open, requests, leaveBy, probeAt, retryAt } = this.link;
    if (!open) return Math.min(this.#stopDeadline, this.isClosing ? Infinity : retryAt);
    const moving = this.#mayMove ? Math.min(leaveBy, this.#isReady ? probeAt : Infinity) : Infinity;
    return Math.min(requests.due, moving, this.#closeDeadline, this.#stopDeadline);
  }

  /** Whether this is the end; not as long as the screen is busy, unless the user has lost patience. */
  isOver(now: number, busy: boolean): boolean {
    return (this.isClosing && !this.link.open && !busy) || now >= this.#stopDeadline;
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

  /** There is a connection, a new one. */
  connected(now: number): void {
    this.link.begin();
    this.#sendPresence(now);
  }

  /** No connection could be made. */
  connectFailed(words: string, now: number): void {
    info("connected", words);
    this.#tryNext(words, now);
  }

  /** Bytes were read into the framer. */
  receive(now: number): void {
    const { framer } = this.link;
    for (let next = framer.next(); next !== undefined && this.link.open; next = framer.next()) {
      if (typeof next !== "string") this.#object(decoder.decode(next), now);
      else if (!this.#joined) return this.beginClose(now, this.#texts.notJim(this.#peer, this.#excerpt));
      else if (next === "endless") return this.beginClose(now, this.#texts.endless);
      else this.#complain(this.#texts.noise(this.#excerpt));
    }
  }

  /** The server has closed, or the connection is broken. */
  disconnected(now: number): void {
    const { isStopping, isClosed, closed } = this.#texts;
    if (this.#mayMove) return this.#lose(this.link.isLeaving ? isStopping : isClosed, now);
    this.link.open = false;
    if (!this.isClosing) this.#status = 1;
    this.beginClose(now, this.#lastWasNotice ? undefined : closed);
  }

  /** The server takes no more bytes. It may have said why before: that is still to be read. */
  sendFailed(now: number): void {
    if (!this.#mayMove) this.beginClose(now, this.#texts.closed);
  }

  /** Standard output takes no more. A closed pipe, as of `| head`, is no failure. */
  printFailed(error: unknown, now: number): void {
    const seenEnough = error instanceof Deno.errors.BrokenPipe;
    if (!seenEnough) this.#complain(this.#texts.cannotPrint(error instanceof Error ? error.message : String(error)));
    this.beginClose(now);
  }

  /** Time has passed: gives up the answers and the close that are overdue. */
  tick(now: number): void {
    const { link } = this, { requests } = link;
    if (now >= this.#closeDeadline) link.open = false;
    if (!link.open || !this.#mayMove) return requests.expire(now);
    if (now >= link.leaveBy) return this.#lose(this.#texts.isStopping, now);
    if (now >= requests.due) return this.#lose(this.#texts.isSilent, now);
    if (this.#isReady && now >= link.probeAt && requests.isIdle) {
      requests.enqueue({ object: { action: "probe", time: this.#wall(now) / 1000 } });
    }
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
    const { requests } = this.link, { doubted, waiting } = this.#sent, { notSent, notAnswered, stopped } = this.#texts;
    const possibly = this.#hasReceived ? 0 : this.#possiblyUnanswered;
    const unanswered = this.#unanswered + requests.unanswered + possibly + doubted;
    const unsent = requests.unsent + waiting - doubted;
    const lost = [...unsent > 0 ? [notSent(unsent)] : [], ...unanswered > 0 ? [notAnswered(unanswered)] : []];
    if (this.#reason === undefined && lost.length === 0) return this.#status;
    this.#complain([this.#reason ?? stopped, ...lost].join(", "));
    return this.#status;
  }

  get #peer(): string {
    return joinHostPort(this.link.server.address, this.link.server.port);
  }

  get #excerpt(): string {
    return safe(quoteBytes(this.link.framer.excerpt));
  }

  /** When the connection ends, the chat goes on at another server. */
  get #mayMove(): boolean {
    return !this.isClosing && this.link.hasOthers && (!this.#joined || this.#speaksJim);
  }

  /** The connection is gone, or of no use. What was on its way waits. */
  #lose(why: string, now: number): void {
    const { link } = this, { unanswered, unsent } = link.requests.end();
    this.#sent.connectionLost(unanswered, unsent);
    this.#room.interrupted();
    if (this.#isReady) link.wasGood(this.#readyAt, now);
    this.#isReady = link.open = false;
    if (this.#lostAt === undefined) this.#say(this.#texts.tryingOthers(this.#peer, why));
    this.#lostAt ??= now;
    this.#tryNext(why, now);
  }

  #tryNext(why: string, now: number): void {
    const since = now - this.#lostAt!;
    this.link.tryLater(now, this.#random);
    if (since < PATIENCE) return;
    this.#status = 1;
    this.beginClose(now, this.#texts.noServer(Math.floor(since / 1000), why));
  }

  /** An empty line says nothing. A long one would be refused, or end the connection. */
  #sendLine(typed: string, now: number): void {
    if (typed === "") return;
    const { isTyped = false } = this.#options, command = isTyped ? commandIn(typed) : undefined;
    if (command !== undefined) return this.#complain(this.#texts.noCommandHere(command));
    const line = isTyped && commandIn(typed.slice(1)) !== undefined ? typed.slice(1) : typed;
    if (!isLongerThan(line, DEFAULT_LIMITS.text)) {
      const mine = this.#sent.add(this.#options.name, COMMON_ROOM, line, this.#wall(now));
      return this.#isReady ? this.#send(mine) : this.#sent.wait(mine);
    }
    this.#complain(this.#texts.tooLong(DEFAULT_LIMITS.text, countCodePoints(line), safe(line.slice(0, 20))));
  }

  /** A line that is no UTF-8 is not sent: what others would read of it nobody has written. */
  #refuse({ byte, position, encoding }: MalformedUtf8): void {
    this.#complain(this.#texts.notUtf8(byte, position, this.#typed, encoding));
  }

  #object(json: string, now: number): void {
    debug("object", json);
    const { requests } = this.link, event = readEvent(read(json), requests.isFast);
    this.#hasReceived = true;
    this.#lastWasNotice = event.kind === "notice";
    if (event.kind === "message" && this.#options.json) this.#sources.set(event, json);
    if (event.kind === "answer" && event.kicked && this.#mayMove) return this.#kicked(event.words, now);
    const loose = requests.receive(event, now);
    switch (loose?.kind) {
      case "message":
        return this.#speaksJim && isCommonRoom(loose.to ?? "") ? this.#room.arrived(loose) : this.#show(loose);
      case "answer":
        if (loose.refused) this.#complain(this.#texts.refuses(undefined, safe(loose.words)));
        return;
      case "notice":
        return loose.move === true ? this.link.leave(now) : this.#print(safe(loose.words));
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

  #show(message: Message): void {
    const { only, json } = this.#options;
    if (only === "write") return;
    this.screen += `${
      json ? safeJson(this.#sources.get(message)!) : formatMessage(message, this.#wall(this.link.requests.receivedAt))
    }\n`;
  }

  /** An operator has ended the connection: another server would be no place to go on. */
  #kicked(words: string, now: number): void {
    this.#complain(this.#texts.refuses(undefined, safe(words)));
    this.beginClose(now);
  }

  /** Sends the presence, before all texts. */
  #sendPresence(now: number): void {
    const object = presence(this.#options.name, this.#wall(now));
    const patience = this.link.hasOthers ? FAST.patience : PRESENCE; // several servers are Hanita's
    this.link.requests.enqueueFirst({
      object,
      patience,
      then: (reply, now) => this.#receivePresenceAnswer(reply, now),
    });
  }

  #receivePresenceAnswer(reply: Reply | undefined, now: number): void {
    if (reply === undefined) this.#joinSilent();
    else if (!reply.refused) this.#join(reply.words);
    // A server without its broker refuses all that come.
    else if (this.#mayMove && reply.code! >= (this.#joined ? 404 : 500)) return this.#lose(safe(reply.words), now);
    else return this.beginClose(now, this.#texts.turnedAway(this.#peer, this.#options.name, safe(reply.words)));
    if (!this.#isReady) this.#catchUp(now);
  }

  /** Reads what was said meanwhile, if the server knows. Then messages are sent. */
  #catchUp(now: number): void {
    const { requests } = this.link, time = this.#wall(now) / 1000;
    this.#speaksJim ||= requests.isFast;
    if (!this.#speaksJim) return this.#ready(false, now);
    requests.enqueue({ object: { action: "presence", time, features: FEATURES } });
    this.#room.catchUp(requests, time, (isRead, now, failure) => {
      if (failure !== undefined && this.#mayMove) this.#lose(safe(failure.words), now);
      else this.#ready(isRead, now);
    });
  }

  /** @param isRead whether the history has told which messages have arrived */
  #ready(isRead: boolean, now: number): void {
    this.#isReady = true;
    this.#readyAt = now;
    if (this.#lostAt !== undefined) this.#say(this.#texts.joined(this.#peer, this.#options.name));
    this.#lostAt = undefined;
    const { send, unknown } = this.#sent.release(new Set(isRead ? [COMMON_ROOM] : []));
    for (const { text } of unknown) this.#complain(this.#texts.unknown(safe(text)));
    for (const mine of send) this.#send(mine);
  }

  #send(mine: SentMessage): void {
    const { from, text, time, to } = mine, { requests } = this.link;
    requests.enqueue({
      object: message(from, text, time, to),
      message: mine,
      then: (reply) => {
        this.#sent.forget(mine);
        if (reply?.id !== undefined) this.#room.acknowledged(reply.id);
        if (reply?.refused) this.#complain(this.#texts.refuses(safe(truncate(text, MAX_QUOTE)), safe(reply.words)));
        else if (reply === undefined && requests.isFast) this.#unanswered++; // others may have no answers at all
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

  #say(line: string): void {
    info("say", line);
    this.#print(line);
  }
}
