/**
 * What passes, for a teacher to see: each object of each connection, both ways, with what was made of it. It goes to those
 * who asked for it (`inspect`) and, with `--trace`, to standard error. While nobody looks it costs one check an object.
 */
import { hasColour, tinted } from "../../cli/tint.ts";
import { type Answer, escapeInvisible, hideLogin } from "../../jim/mod.ts";
import type { Connection, Framing } from "../net/connection.ts";
import type { Observer } from "../net/observer.ts";
import { Bucket, type RateLimit } from "../limits/rate_limit.ts";

/** One thing that was seen, as an inspector is told of it. */
export interface TraceEvent {
  readonly action: "trace";
  /** Unix seconds, with milliseconds. */
  readonly time: number;
  readonly address: string;
  readonly name: string | undefined;
  /** Of an account: whether it is an operator's. */
  readonly role?: "account" | "operator";
  /** Of a guest that is not alone by its name: its number. */
  readonly guest?: number;
  /** It is sent answers, and no messages: it ends objects with nothing, and its kind reads nothing else while it writes. */
  readonly deaf?: true;
  /** How it ends its objects, as far as it has shown. */
  readonly framing: Framing;
  readonly dialect: string;
  /** What it said, what it was sent, why it was refused, that it is here and how it does, or that it is gone and why. */
  readonly way: "in" | "out" | "refused" | "here" | "gone";
  readonly text: string;
  /** Of a refusal: the code of the answer. */
  readonly code?: number;
  /** Of a refusal, and of who is here: how often it was refused since it came. */
  readonly refusals?: number;
  /** Of who is here: the bytes that it is owed. */
  readonly owed?: number;
  /** Of a refusal: an operator has put it out. */
  readonly kicked?: true;
  /** Of a refusal from before the inspection: a later object of the connection was understood. */
  readonly past?: true;
  /** Of a connection that is here: what holds it up; left out if nothing does. */
  readonly delay?: Delay;
  /** So many trace events, at least, have been left out before this one. */
  readonly missed?: number;
}

/**
 * What holds a connection up. `fast`: it asks for more than its rate allows, and is read more slowly. `unread`: it has read
 * nothing of what it was sent last for {@linkcode STUCK} seconds. `slow`: it reads, and more slowly than it is written to.
 * `gaps`: it ends its objects with nothing, so each object to it waits for the gap behind the last one.
 */
export type Delay = "fast" | "unread" | "slow" | "gaps";

/** What happened, beside whom it happened to. */
type TraceDetail = Pick<TraceEvent, "way" | "text" | "code" | "refusals" | "owed" | "kicked" | "delay">;

/** A longer object is cut: a terminal's window is small. */
const SHOWN = 400;
/** Objects that are shown: what passes under a load is more than anybody can read, or than an inspector may be owed. */
const RATE_LIMIT: RateLimit = { rate: 2_000, burst: 1_000 };
/** An inspector that is owed as much sees no more objects until it has read. */
const BEHIND = 256 * 1024;
/** Less is owed to anybody between two writes. */
const SLOW = 4096;
/** Surveys, one a second, in which the same write has not ended: then its reader does not read. */
const STUCK = 5;
/** Surveys in a row in which a connection has no tokens: one may meet a burst. */
const FAST = 2;
/** So many of those who are here already an inspector is told of. */
const HERE = 1_000;

export class Trace implements Observer {
  readonly #wall: () => number;
  readonly #now: () => number;
  readonly #send: (to: Connection, event: TraceEvent) => void;
  readonly #print: ((line: string) => void) | undefined;
  /** Who looks, and how many trace events each has missed. */
  readonly #inspectors = new Map<Connection, number>();
  readonly #rateLimit = new Bucket(RATE_LIMIT);
  /** Connections that were held up at the last survey. */
  readonly #delays = new Map<Connection, DelayState>();
  /** Whether anybody looks. */
  on: boolean;

  /**
   * @param wall milliseconds since 1970
   * @param now milliseconds that never go back
   * @param tell how an inspector hears of it
   * @param print where each event goes as a line, if anywhere
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
   * From now on it is told of all. It is itself no part of what is seen: that would be seen for ever.
   *
   * @returns the trace events of those who are here already, made as they are asked for
   */
  add(inspector: Connection, connections: Iterable<Connection>): Iterable<TraceEvent> {
    if (!this.#inspectors.has(inspector)) this.closed(inspector, "inspects");
    const others = [...connections].filter((connection) =>
      !this.#inspectors.has(connection) && connection !== inspector
    );
    this.#inspectors.set(inspector, Math.max(0, others.length - HERE));
    this.on = true;
    return others.slice(0, HERE).values().flatMap((connection) => this.#currentEvents(connection));
  }

  remove(inspector: Connection): void {
    this.#delays.delete(inspector);
    if (!this.#inspectors.delete(inspector)) return;
    this.on = this.#print !== undefined || this.#inspectors.size > 0;
    if (!this.on) this.#delays.clear();
  }

  /** Somebody has connected. */
  connected(connection: Connection): void {
    if (this.on) this.#show(connection, statusOf(connection, "connected"));
  }

  closed(connection: Connection, why: string): void {
    if (this.on) this.#show(connection, { way: "gone", text: why });
  }

  /** One object of somebody's, or what should have been one. */
  received(connection: Connection, object: Uint8Array): void {
    this.#showObjects(connection, "in", [decoder.decode(object)]);
  }

  /** Objects that somebody is sent. */
  sent(connection: Connection, bytes: Uint8Array): void {
    this.#showObjects(connection, "out", objects(bytes, connection.framing));
  }

  /** Notes a refusal, also while nobody looks: who comes to look later sees who has had trouble. */
  noteRefusal(connection: Connection, { response, error = "", kicked }: Answer): void {
    const { input } = connection, time = this.#wall() / 1000;
    const said = input && excerptOf(decoder.decode(input.subarray(0, 4 * SHOWN)));
    connection.refusals++;
    connection.lastRefusal = { code: response, text: error, input: said, time, isResolved: false };
    connection.known = undefined; // the next object is looked at, so that it is known whether it was better
    if (this.on) this.#show(connection, { ...refusal(connection), ...(kicked ? { kicked } : {}) });
  }

  /**
   * Notes that an object was understood, also while nobody looks.
   *
   * @returns whether it is the first one behind a refusal
   */
  noteUnderstood({ lastRefusal }: Connection): boolean {
    if (lastRefusal === undefined || lastRefusal.isResolved) return false;
    return lastRefusal.isResolved = true;
  }

  /** Shows which connections are held up, and which no longer are. Called each second. */
  reportDelays(connections: Iterable<Connection>): void {
    if (!this.on) return;
    for (const connection of connections) {
      const before = this.#delays.get(connection), { unsentBytes: owed, paused } = connection;
      if (connection.closeState !== "open") continue; // it is closing: only its last bytes are waited for
      if (owed < SLOW && !paused) {
        if (this.#delays.delete(connection) && before!.shown) {
          this.#show(connection, statusOf(connection, "has caught up"));
        }
        continue;
      }
      const held = nextDelayState(connection, before), delay = delayOf(connection, held);
      this.#delays.set(connection, held);
      if (delay !== undefined) this.#show(connection, statusOf(connection, DELAYS[delay](owed), delay));
      else if (owed >= SLOW) this.#show(connection, statusOf(connection, `${owed} bytes wait`));
      else if (before?.shown) this.#show(connection, statusOf(connection, "has caught up"));
      held.shown = delay !== undefined || owed >= SLOW;
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

  /** Shows objects, as long as there are not too many. */
  #showObjects(connection: Connection, way: "in" | "out", texts: Iterable<string>): void {
    if (this.#inspectors.has(connection)) return;
    const many = this.#rateLimit.isEmpty(this.#now());
    if (many && this.#print === undefined) {
      for (const inspector of this.#inspectors.keys()) this.#countMissed(inspector);
      return; // before they are even made into text
    }
    for (const text of texts) {
      if (text === "") continue;
      this.#rateLimit.spend();
      this.#show(connection, { way, text: excerptOf(text) }, (inspector) => !many && inspector.unsentBytes < BEHIND);
    }
  }

  #show(connection: Connection, seen: TraceDetail, sees = (_: Connection) => true): void {
    if (this.#inspectors.has(connection)) return;
    const event = this.#event(connection, seen);
    this.#print?.(line(event));
    for (const [inspector, missed] of this.#inspectors) {
      if (!sees(inspector)) this.#countMissed(inspector);
      else if (missed === 0) this.#send(inspector, event);
      else {
        this.#inspectors.set(inspector, 0);
        this.#send(inspector, { ...event, missed });
      }
    }
  }

  #countMissed(inspector: Connection): void {
    this.#inspectors.set(inspector, this.#inspectors.get(inspector)! + 1);
  }

  #event({ address, name, mark, receivesRelays, dialect, framing }: Connection, seen: TraceDetail): TraceEvent {
    const deaf = receivesRelays ? {} : { deaf: true } as const, time = this.#wall() / 1000;
    return { action: "trace", time, address, name, ...mark, ...deaf, framing, dialect: dialect.name, ...seen };
  }
}

function statusOf({ unsentBytes: owed, refusals }: Connection, text: string, delay?: Delay): TraceDetail {
  return { way: "here", text, owed, refusals, ...(delay === undefined ? {} : { delay }) };
}

/** What is known of a connection that is held up. */
interface DelayState {
  /** Surveys in a row in which it had no tokens, and in which this write had not ended. */
  readonly paused: number;
  readonly stuck: number;
  /** A write has ended since it is held up: it reads. */
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
  { unsentBytes: owed, bare, writing }: Connection,
  { paused, stuck, reads }: DelayState,
): Delay | undefined {
  if (stuck >= STUCK) return "unread";
  if (paused >= FAST) return "fast";
  if (owed < SLOW) return undefined;
  if (bare && writing === undefined) return "gaps";
  return reads ? "slow" : undefined; // it is not known yet whether it reads at all
}

const DELAYS: Readonly<Record<Delay, (owed: number) => string>> = {
  fast: () => "asks for more than its rate allows, and is read more slowly",
  unread: (owed) => `does not read: ${owed} bytes wait`,
  slow: (owed) => `reads slowly: ${owed} bytes wait`,
  gaps: (owed) => `ends objects with nothing, and is sent one at a time: ${owed} bytes wait`,
};

function refusal({ refusals, lastRefusal }: Connection): TraceDetail {
  const { code, text } = lastRefusal!;
  return { way: "refused", text, code, refusals };
}

const decoder = new TextDecoder();

/** What may be seen of an object. A password is nobody's business, on a projector least. */
function excerptOf(text: string): string {
  const open = hideLogin(text);
  return open.length <= SHOWN ? open : `${open.slice(0, SHOWN).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The objects of one write: each ends with a newline, or has its length before it. */
function* objects(bytes: Uint8Array, framing: Framing): Iterable<string> {
  if (framing !== "prefixed") return yield* decoder.decode(bytes).split("\n");
  const lengths = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at < bytes.length;) {
    const start = at + 4, end = start + lengths.getUint32(at);
    yield decoder.decode(bytes.subarray(start, end)).trimEnd();
    at = end;
  }
}

const ways = {
  in: ["→", "cyan"],
  out: ["←", "green"],
  refused: ["✗", "red"],
  here: ["·", "gray"],
  gone: ["·", "gray"],
} as const;

/**
 * A trace event as one line of a terminal: when, who, how it speaks, which way, what.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const traceEvent: TraceEvent = {
 *   action: "trace", time: 0, address: "10.0.0.7:5", name: "ann", framing: "bare", dialect: "seed", way: "in", text: "{}",
 * };
 * assert.match(line(traceEvent, false), /^\d\d:\d\d:\d\d\.000 "ann" \(10\.0\.0\.7:5\) bare seed → {}$/);
 * ```
 */
export function line(event: TraceEvent, coloured = hasColour(Deno.stderr)): string {
  const { time, address, name, framing, dialect, way, text } = event;
  const [mark, colour] = ways[way];
  const when = new Date(time * 1000), pad = (n: number, width = 2) => String(n).padStart(width, "0");
  const clock = `${pad(when.getHours())}:${pad(when.getMinutes())}:${pad(when.getSeconds())}`;
  const who = name === undefined ? address : `${escapeInvisible(JSON.stringify(name))} (${address})`;
  const said = tinted(colour, `${mark} ${escapeInvisible(text)}`, coloured);
  return `${clock}.${pad(when.getMilliseconds(), 3)} ${who} ${framing} ${dialect} ${said}`;
}
