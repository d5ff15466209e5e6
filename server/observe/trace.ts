/**
 * Streams all traffic to an operator, or to a user on the server's own machine: each object of each connection, both
 * ways, and its result. It goes to inspectors (`inspect`) and, with `--trace`, to standard error. Without them it
 * costs one check an object.
 */
import { hasColour, tinted } from "../../cli/tint.ts";
import { truncate } from "../../jim/length.ts";
import { type Answer, escapeInvisible, hideLogin } from "../../jim/mod.ts";
import type { Connection, Framing } from "../net/connection.ts";
import type { Observer } from "../net/observer.ts";
import { Bucket, type RateLimit } from "../limits/rate_limit.ts";
import {
  isAnswer,
  isPaired,
  leaveOut,
  type LeftOut,
  leftOutWith,
  NOTHING_LEFT_OUT,
  reserved,
  withLeftOut,
} from "./left_out.ts";
import type { Delay, TraceEvent } from "./trace_event.ts";

/** An event without its connection. */
type TraceDetail = Pick<TraceEvent, "way" | "text" | "code" | "refusals" | "owed" | "kicked" | "delay">;

/** Characters of an object that are shown. */
const SHOWN = 400;
/** Objects shown a second, and at once: more than a person can read. */
const RATE_LIMIT: RateLimit = { rate: 2_000, burst: 1_000 };
/** Unsent bytes at which an inspector gets no more objects. */
const BEHIND = 256 * 1024;
/** Unsent bytes at which a connection may be slow. */
const SLOW = 4096;
/** Reports, one a second, during one write after which its peer does not read. */
const STUCK = 5;
/** Reports in a row in which a connection has no tokens: one may be a burst. */
const FAST = 2;
/** Open connections of which a new inspector is told. */
const HERE = 1_000;

/** Another server on which somebody inspects. */
export interface InspectingServer {
  /** Bytes of events that were not sent to it yet. */
  readonly unsentBytes: number;
  takeEvent(event: TraceEvent): void;
}

/** Where events go. */
type Inspector = Connection | InspectingServer;

/** The other servers of the chat, which show their traffic too. */
export interface TracePeers {
  /** The name of this server. */
  readonly name: string;
  added(inspector: Connection): void;
  removed(inspector: Connection): void;
}

export class Trace implements Observer {
  readonly #wall: () => number;
  readonly #now: () => number;
  readonly #send: (to: Connection, event: TraceEvent) => void;
  readonly #print: ((line: string) => void) | undefined;
  /** The inspectors, and what each was not shown. */
  readonly #inspectors = new Map<Inspector, LeftOut>();
  readonly #rateLimit = new Bucket(RATE_LIMIT);
  /** Connections that were delayed at the last report. */
  readonly #delays = new Map<Connection, DelayState>();
  /** Whether there is an inspector or `--trace`. */
  on: boolean;
  /** Undefined for a server alone. */
  peers: TracePeers | undefined;

  /**
   * @param wall milliseconds since 1970
   * @param now milliseconds that never go back
   * @param tell sends an event to an inspector
   * @param print prints each event as a line, if anywhere
   */
  constructor(
    wall: () => number,
    now: () => number,
    tell: (to: Connection, event: TraceEvent) => void,
    print?: (line: string) => void,
  ) {
    this.#wall = wall;
    this.#now = now;
    this.#send = tell;
    this.#print = print;
    this.on = print !== undefined;
  }

  /**
   * Adds an inspector. Its own traffic is not shown, which would never end.
   *
   * @returns events for the open connections, made on demand
   */
  add(inspector: Connection, connections: Iterable<Connection>): Iterable<TraceEvent> {
    if (!this.#inspectors.has(inspector)) this.closed(inspector, "inspects");
    this.#inspectors.set(inspector, NOTHING_LEFT_OUT);
    this.on = true;
    this.peers?.added(inspector);
    const { events, missed } = this.list(connections);
    this.#inspectors.set(inspector, { missed });
    return events;
  }

  remove(inspector: Connection): void {
    this.#delays.delete(inspector);
    if (!this.#inspectors.delete(inspector)) return;
    this.#turnOff();
    this.peers?.removed(inspector);
  }

  /** Adds a server on which somebody inspects. */
  addServer(inspector: InspectingServer): void {
    this.#inspectors.set(inspector, NOTHING_LEFT_OUT);
    this.on = true;
  }

  removeServer(inspector: InspectingServer): void {
    this.#inspectors.delete(inspector);
    this.#turnOff();
  }

  /** Events for the open connections, made on demand, and how many connections are left out. */
  list(connections: Iterable<Connection>): { readonly events: Iterable<TraceEvent>; readonly missed: number } {
    const others = [...connections].filter((connection) => !this.#inspectors.has(connection));
    const events = others.slice(0, HERE).values().flatMap((connection) => this.#currentEvents(connection));
    return { events, missed: Math.max(0, others.length - HERE) };
  }

  /**
   * Shows an event of another server to an inspector of this one.
   *
   * @param unsent bytes of events that it was given since its unsent bytes were counted
   */
  relay(to: Connection, event: TraceEvent, unsent: number): void {
    const leftOut = this.#inspectors.get(to);
    if (leftOut === undefined) return;
    if (to.unsentBytes + unsent < BEHIND - reserved(BEHIND, isPaired(event))) this.#deliver(to, event, leftOut);
    else this.#inspectors.set(to, leftOutWith(event, leftOut));
  }

  #turnOff(): void {
    this.on = this.#print !== undefined || this.#inspectors.size > 0;
    if (!this.on) this.#delays.clear();
  }

  /** Shows a new connection. */
  connected(connection: Connection): void {
    if (this.on) this.#show(connection, statusOf(connection, "connected"));
  }

  closed(connection: Connection, why: string): void {
    if (this.on) this.#show(connection, { way: "gone", text: why });
  }

  /** Shows one received object, or bytes that should have been one. */
  received(connection: Connection, object: Uint8Array): void {
    if (!this.#inspectors.has(connection)) this.#showObject(connection, "in", object, true);
  }

  /** Shows sent objects. */
  sent(connection: Connection, bytes: Uint8Array): void {
    if (this.#inspectors.has(connection)) return;
    for (const object of objects(bytes, connection.framing)) {
      this.#showObject(connection, "out", object, isAnswer(object));
    }
  }

  /** Notes a refusal, also without an inspector: a later one sees it. */
  noteRefusal(connection: Connection, { response, error = "", kicked }: Answer): void {
    const { input } = connection, time = this.#wall() / 1000;
    const said = input && excerptOf(decoder.decode(input.subarray(0, 4 * SHOWN)));
    connection.refusals++;
    connection.lastRefusal = { code: response, text: error, input: said, time, isResolved: false };
    connection.maySendVerbatim = false; // the next object is parsed, to know whether it is accepted
    if (this.on) this.#show(connection, { ...refusal(connection), ...(kicked ? { kicked } : {}) });
  }

  /**
   * Notes an accepted object, also without an inspector.
   *
   * @returns whether it is the first one after a refusal
   */
  noteUnderstood({ lastRefusal }: Connection): boolean {
    if (lastRefusal === undefined || lastRefusal.isResolved) return false;
    return lastRefusal.isResolved = true;
  }

  /** Shows delayed connections, and those that are delayed no more. Called each second. */
  reportDelays(connections: Iterable<Connection>): void {
    if (!this.on) return;
    for (const connection of connections) {
      const before = this.#delays.get(connection), { unsentBytes, paused } = connection;
      if (connection.closeState !== "open") continue; // it is closing, and only its output is left
      if (unsentBytes < SLOW && !paused) {
        if (this.#delays.delete(connection) && before!.shown) {
          this.#show(connection, statusOf(connection, "has caught up"));
        }
        continue;
      }
      const held = nextDelayState(connection, before), delay = delayOf(connection, held);
      this.#delays.set(connection, held);
      if (delay !== undefined) this.#show(connection, statusOf(connection, DELAYS[delay](unsentBytes), delay));
      else if (unsentBytes >= SLOW) this.#show(connection, statusOf(connection, `${unsentBytes} bytes wait`));
      else if (before?.shown) this.#show(connection, statusOf(connection, "has caught up"));
      held.shown = delay !== undefined || unsentBytes >= SLOW;
    }
  }

  *#currentEvents(connection: Connection): Iterable<TraceEvent> {
    const held = this.#delays.get(connection) ?? nextDelayState(connection, undefined),
      delay = delayOf(connection, held);
    yield this.#event(connection, statusOf(connection, "is here", delay));
    const { lastRefusal } = connection;
    if (lastRefusal === undefined) return;
    const { input: said, time, isResolved: past } = lastRefusal;
    if (said !== undefined) yield { ...this.#event(connection, { way: "in", text: said }), time };
    yield { ...this.#event(connection, refusal(connection)), time, ...(past ? { past } : {}) };
  }

  /** Shows an object, up to the limits. */
  #showObject(connection: Connection, way: "in" | "out", object: Uint8Array, paired: boolean): void {
    if (object.length === 0) return;
    const isOver = this.#rateLimit.isEmpty(this.#now(), reserved(RATE_LIMIT.burst, paired));
    if (isOver && this.#print === undefined) {
      for (const [inspector, leftOut] of this.#inspectors) this.#inspectors.set(inspector, leaveOut(leftOut, paired));
      return; // before it is converted to text
    }
    this.#rateLimit.spend();
    const shown = { way, text: excerptOf(decoder.decode(object)) }, behind = BEHIND - reserved(BEHIND, paired);
    this.#show(connection, shown, (inspector) => !isOver && inspector.unsentBytes < behind);
  }

  #show(connection: Connection, shown: TraceDetail, sees = (_: Inspector) => true): void {
    if (this.#inspectors.has(connection)) return;
    const event = this.#event(connection, shown);
    this.#print?.(line({ ...event, server: "" }));
    for (const [inspector, leftOut] of this.#inspectors) {
      if (sees(inspector)) this.#deliver(inspector, event, leftOut);
      else this.#inspectors.set(inspector, leaveOut(leftOut, isPaired(event)));
    }
  }

  #deliver(inspector: Inspector, event: TraceEvent, leftOut: LeftOut): void {
    if (leftOut !== NOTHING_LEFT_OUT) this.#inspectors.set(inspector, NOTHING_LEFT_OUT);
    const told = withLeftOut(event, leftOut);
    if ("takeEvent" in inspector) inspector.takeEvent(told);
    else this.#send(inspector, told);
  }

  #event({ address, name, mark, receivesRelays, dialect, framing }: Connection, seen: TraceDetail): TraceEvent {
    const deaf = receivesRelays ? {} : { deaf: true } as const, time = this.#wall() / 1000;
    const server = this.peers === undefined ? {} : { server: this.peers.name };
    return {
      action: "trace",
      ...server,
      time,
      address,
      name,
      ...mark,
      ...deaf,
      framing,
      dialect: dialect.name,
      ...seen,
    };
  }
}

function statusOf({ unsentBytes, refusals }: Connection, text: string, delay?: Delay): TraceDetail {
  return { way: "here", text, owed: unsentBytes, refusals, ...(delay === undefined ? {} : { delay }) };
}

/** The delay of a connection. */
interface DelayState {
  /** Reports in a row without tokens, and during the same write. */
  readonly paused: number;
  readonly stuck: number;
  /** A write has ended since it is delayed: its peer reads. */
  readonly reads: boolean;
  readonly writing: Uint8Array | undefined;
  shown: boolean;
}

function nextDelayState({ paused, writing }: Connection, before: DelayState | undefined): DelayState {
  const isSame = writing !== undefined && writing === before?.writing;
  return {
    paused: paused ? (before?.paused ?? 0) + 1 : 0,
    stuck: isSame ? before.stuck + 1 : 0,
    reads: before !== undefined && (before.reads || !isSame),
    writing,
    shown: before?.shown ?? false,
  };
}

function delayOf(
  { unsentBytes, bare, writing }: Connection,
  { paused, stuck, reads }: DelayState,
): Delay | undefined {
  if (stuck >= STUCK) return "unread";
  if (paused >= FAST) return "fast";
  if (unsentBytes < SLOW) return undefined;
  if (bare && writing === undefined) return "gaps";
  return reads ? "slow" : undefined; // not known yet
}

const DELAYS: Readonly<Record<Delay, (unsent: number) => string>> = {
  fast: () => "asks for more than its rate allows, and is read more slowly",
  unread: (unsent) => `does not read: ${unsent} bytes wait`,
  slow: (unsent) => `reads slowly: ${unsent} bytes wait`,
  gaps: (unsent) => `ends objects with nothing, and is sent one at a time: ${unsent} bytes wait`,
};

function refusal({ refusals, lastRefusal }: Connection): TraceDetail {
  const { code, text } = lastRefusal!;
  return { way: "refused", text, code, refusals };
}

const decoder = new TextDecoder();
const NEWLINE = 0x0a;

/** The part of an object that is shown, without passwords. */
function excerptOf(text: string): string {
  const open = hideLogin(text);
  return open.length <= SHOWN ? open : `${truncate(open, SHOWN)}\u2026`;
}

/** Splits the bytes of one write into objects. */
function* objects(bytes: Uint8Array, framing: Framing): Iterable<Uint8Array> {
  if (framing === "prefixed") {
    const lengths = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = 0, end; at < bytes.length; at = end) {
      end = at + 4 + lengths.getUint32(at);
      yield bytes.subarray(at + 4, bytes[end - 1] === NEWLINE ? end - 1 : end);
    }
    return;
  }
  for (let at = 0, end; at < bytes.length; at = end + 1) {
    const newline = bytes.indexOf(NEWLINE, at);
    end = newline < 0 ? bytes.length : newline;
    yield bytes.subarray(at, end);
  }
}

const ways = {
  in: ["\u2192", "cyan"],
  out: ["\u2190", "green"],
  refused: ["\u2717", "red"],
  here: ["·", "gray"],
  gone: ["·", "gray"],
} as const;

/**
 * Formats an event as one line of a terminal.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { TraceEvent } from "./trace_event.ts";
 * const traceEvent: TraceEvent = {
 *   action: "trace", time: 0, address: "10.0.0.7:5", name: "ann", framing: "bare", dialect: "seed", way: "in", text: "{}",
 * };
 * assert.match(line(traceEvent, false), /^\d\d:\d\d:\d\d\.000 "ann" \(10\.0\.0\.7:5\) bare seed \u2192 {}$/);
 * ```
 */
export function line(event: TraceEvent, coloured = hasColour(Deno.stderr)): string {
  const { server = "", time, address, name, framing, dialect, way, text } = event;
  const [mark, colour] = ways[way];
  const when = new Date(time * 1000), pad = (n: number, width = 2) => String(n).padStart(width, "0");
  const clock = `${pad(when.getHours())}:${pad(when.getMinutes())}:${pad(when.getSeconds())}`;
  const peer = name === undefined ? address : `${escapeInvisible(JSON.stringify(name))} (${address})`;
  const on = server === "" ? "" : ` on ${escapeInvisible(server)}`;
  const said = tinted(colour, `${mark} ${escapeInvisible(text)}`, coloured);
  return `${clock}.${pad(when.getMilliseconds(), 3)} ${peer}${on} ${framing} ${dialect} ${said}`;
}
