/**
 * The queue of requests of one connection: how fast they are sent (see pace.ts), and which answer belongs to which. Pure: it
 * has no socket, and the clock is an argument.
 * @module
 */
import type { Answer, ListRow, Message, ServerEvent, SessionRow } from "./event.ts";
import type { Fields } from "./fields.ts";
import { message } from "./objects.ts";
import { fieldsOf } from "./read_event.ts";
import { CAREFUL, FAST, OBJECT } from "./pace.ts";
import { type ListRules, type Matched, NOTHING_PENDING, type Pending, receive, sent } from "./pending.ts";
import { ascii, CHARACTER, pieces } from "./pieces.ts";

/** An answer, with the rows that it announced. */
export interface Reply extends Answer {
  readonly listed: readonly ListRow[];
  readonly messages: readonly Message[];
  readonly sessions: readonly SessionRow[];
  /** Rows that are taken as they are. */
  readonly fields: readonly Fields[];
  /** Rows of a kind that was not asked for, or that this client does not know. */
  readonly skipped: readonly ServerEvent[];
  /** All rows, in the order in which they came. */
  readonly rows: readonly ServerEvent[];
}

/** What is to be asked. */
export interface Request {
  readonly object: object;
  /** Which rows may follow the answer. Those of an `unknown` kind are taken as they are: see {@linkcode Requests.takesAsIs}. */
  readonly rows?: "row" | "message" | "session" | "unknown";
  /** Milliseconds for an answer that takes a server longer than others do. */
  readonly patience?: number;
  /** The message that it is, if it is one. */
  readonly message?: OutgoingMessage;
  /** The answer is there, or will not come: `undefined`. */
  then?(reply: Reply | undefined, now: number): void;
  /** The connection ended before the answer: it may have been done, or not. */
  lost?(now: number): void;
}

/** A message of one's own. */
export interface OutgoingMessage {
  readonly from: string;
  /** A room with its `#`, or a person's name. */
  readonly to: string;
  readonly text: string;
  /** Milliseconds; no two of one client have the same. */
  readonly time: number;
  /** The id of the message that it answers. */
  readonly replyTo?: number;
  /** Its file, by the upload. */
  readonly file?: SentFile;
}

/** A file of one's own, which is on the server. */
export interface SentFile {
  readonly name: string;
  readonly size: number;
  readonly upload: string;
}

/** Milliseconds by which a timer is late when the program did not run. */
const LATE = 50;

const encoder = new TextEncoder();

/**
 * The requests of one connection.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readEvent } from "./read_event.ts";
 * const requests = new Requests();
 * const names: string[] = [];
 * const then = (reply?: Reply) => names.push(...reply!.listed.map(({ name }) => name));
 * requests.enqueue({ object: { action: "who_online", time: 0 }, rows: "row", then });
 * assert.match(new TextDecoder().decode(requests.take(0)), /who_online/);
 * requests.receive(readEvent({ response: 202, quantity: 1 }), 1);
 * requests.receive(readEvent({ action: "online_list", user_id: "ann" }), 2);
 * assert.deepEqual(names, ["ann"]);
 * ```
 */
export class Requests {
  #pace = CAREFUL;
  #queue: Request[] = [];
  #pending: Pending<Request> = NOTHING_PENDING;
  /** The request before all others. */
  #urgent: Request | undefined;
  #receivedAt = 0;
  #isHeld = false;
  /** A list of JIM is so many objects with nothing between them. Others may relay what is said meanwhile. */
  readonly #lists: ListRules<Request> = {
    hasRows: ({ rows }) => this.isFast || rows !== undefined,
    isRow: ({ kind }, { rows }) => this.isFast || kind === rows,
  };

  /** Whether all that was sent is answered. */
  get isAnswered(): boolean {
    return !this.#waits;
  }

  /** Whether everything is sent and answered. */
  get isIdle(): boolean {
    return this.#urgent === undefined && this.#queue.length === 0 && !this.#waits;
  }

  /** Requests that are not sent. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Messages that are not sent. */
  get unsent(): number {
    return this.#queue.filter(({ message }) => message !== undefined).length;
  }

  /** Messages that are sent and not answered, as far as answers are still waited for. */
  get unanswered(): number {
    return this.#pending.asked.filter(({ message }) => message !== undefined).length;
  }

  /** Whether the server is known to take many objects at once: it speaks JIM. */
  get isFast(): boolean {
    return this.#pace === FAST;
  }

  /** Whether the next object is a row that is taken as it is, whatever it looks like, if it has no `response`. */
  get takesAsIs(): boolean {
    return this.#pending.list?.request.rows === "unknown";
  }

  /** When anything was received last; milliseconds. */
  get receivedAt(): number {
    return this.#receivedAt;
  }

  /** When the answers that are missing will have been waited for long enough; `Infinity` when none is missing. */
  get due(): number {
    return this.#waits ? this.#receivedAt + (this.#pending.asked[0]?.patience ?? this.#pace.patience) : Infinity;
  }

  /** Appends a request. */
  enqueue(request: Request): void {
    this.#queue.push(request);
  }

  /** Puts a request first. One such request waits at a time: a server that sends a thousand probes gets one answer. */
  enqueueFirst(request: Request): void {
    this.#urgent = request;
  }

  /** Sends nothing more. What waits is left to {@linkcode end}. */
  hold(): void {
    this.#isHeld = true;
  }

  /** An event has arrived. Returns it unless it was the answer to a request, or a row of one. */
  receive(event: ServerEvent, now: number): ServerEvent | undefined {
    this.#receivedAt = now;
    if (event.kind === "answer" && event.jim) this.#pace = FAST;
    const { pending, matched, event: loose } = receive(this.#pending, event, this.#lists);
    this.#pending = pending;
    for (const each of matched) reply(each, now);
    return loose;
  }

  /**
   * Waits anew when the loop is much too late: the program did not run for a while, or its machine, and an answer may have
   * arrived that is not read yet. A server that speaks JIM has had ten seconds; after a sleep its connection is mostly gone.
   */
  waitAgainIfLate(now: number): void {
    if (!this.isFast && now > this.due + LATE) this.#receivedAt = now;
  }

  /** Waits no longer for what is {@linkcode due}. */
  expire(now: number): void {
    if (now < this.due) return;
    const { asked, list } = this.#pending;
    this.#pending = NOTHING_PENDING;
    if (list !== undefined) reply(list, now);
    for (const { then } of asked) then?.(undefined, now);
  }

  /**
   * The connection is gone: the messages that were sent and not answered, and those that were not sent; and all else that
   * has no answer, and the list of which rows were arriving.
   */
  end(): {
    readonly unanswered: readonly OutgoingMessage[];
    readonly unsent: readonly OutgoingMessage[];
    readonly others: readonly Request[];
  } {
    const { asked, list } = this.#pending, urgent = this.#urgent === undefined ? [] : [this.#urgent];
    const messages = (requests: readonly Request[]) => [...new Set(requests.flatMap(({ message }) => message ?? []))];
    const open = [...list === undefined ? [] : [list.request], ...asked, ...urgent, ...this.#queue];
    const others = open.filter(({ message }) => message === undefined);
    const left = { unanswered: messages(asked), unsent: messages(this.#queue), others };
    this.#queue = [];
    this.#urgent = undefined;
    this.#pending = NOTHING_PENDING;
    return left;
  }

  /** The bytes of the next write; `undefined` while there is nothing to say, or while it must wait for answers. */
  take(now: number): Uint8Array | undefined {
    const lines: string[] = [], taken: Request[] = [];
    while (!this.#isHeld && this.#pending.asked.length + taken.length < this.#pace.window) {
      const request = this.#next();
      if (request === undefined) break;
      const json = JSON.stringify(request.object);
      lines.push(`${this.isFast ? json : ascii(json)}\n`);
      taken.push(request);
    }
    if (taken.length === 0) return undefined;
    this.#pending = sent(this.#pending, ...taken);
    this.#receivedAt = now; // the silence counts from here
    return encoder.encode(lines.join(""));
  }

  get #waits(): boolean {
    return this.#pending.asked.length > 0 || this.#pending.list !== undefined;
  }

  #next(): Request | undefined {
    const urgent = this.#urgent;
    this.#urgent = undefined;
    if (urgent !== undefined) return urgent;
    if (!this.isFast) this.#cut();
    return this.#queue.shift();
  }

  /** A home-made server reads 1024 bytes: a longer text goes in several messages. */
  #cut(): void {
    const [first] = this.#queue;
    if (first?.message === undefined) return;
    const { message: whole, ...request } = first, { from, to, time } = whole;
    const object = (text: string) => message(from, text, time, to);
    const room = OBJECT - 1 - ascii(JSON.stringify(object(""))).length;
    // Names that leave no room make the object too long for such a server, however short the text is.
    const cut = pieces(whole.text, Math.max(CHARACTER, room)).map((text) => ({
      ...request,
      message: { ...whole, text },
      object: object(text),
    }));
    if (cut.length > 1) this.#queue.splice(0, 1, ...cut);
  }
}

function reply({ request, answer, rows = [] }: Matched<Request>, now: number): void {
  if (request.then === undefined) return;
  const listed = request.rows === "row" ? rows.filter((row) => row.kind === "row") : [];
  const messages = request.rows === "message" ? rows.filter((row) => row.kind === "message") : [];
  const sessions = request.rows === "session" ? rows.filter((row) => row.kind === "session") : [];
  const fields = request.rows === "unknown" ? fieldsOf(rows) : [];
  const skipped = rows.filter(({ kind }) => kind !== request.rows);
  request.then({ ...answer, listed, messages, sessions, fields, skipped, rows }, now);
}
