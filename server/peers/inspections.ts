/**
 * Shows the traffic of all servers to an inspector of any one. Each server with inspectors says so every second; until it stops,
 * the others send it what their own inspectors would see. Nothing is sent while nobody inspects.
 */
import type { Roster } from "../chat/roster.ts";
import { peerOf } from "../chat/server_id.ts";
import type { PeerMessage, Peers } from "../journal/nats/log.ts";
import type { Connection } from "../net/connection.ts";
import { isPaired, leftOutWith, NOTHING_LEFT_OUT, reserved, withLeftOut } from "../observe/left_out.ts";
import type { InspectingServer, Trace, TracePeers } from "../observe/trace.ts";
import type { TraceEvent } from "../observe/trace_event.ts";

/** The kinds of messages: which connections inspect, by numbers separated by spaces; and events, a line each behind a line of their own. */
export const INSPECT = "inspect", TRACE = "trace";

/** Bytes of one message: the least that a broker must take. */
const MESSAGE_BYTES = 4000;
/** Bytes of events that wait for one server, and that it is sent at once. What is more is left out. */
const MAX_WAITING = 1024 * 1024, AT_ONCE = 64 * 1024;
/** Milliseconds until the next ones are sent. */
const PAUSE = 10;
/** Rounds of a second after which a server that says nothing inspects no more. */
const SILENT = 5;
/** Bytes of a line without much text, about. */
const LINE = 200;
/** What is told of the connections of a server that is gone. */
const WHY = "its server is gone";

interface Deps {
  readonly name: string;
  readonly peers: Peers;
  readonly roster: Roster;
  readonly trace: Trace;
  readonly connections: () => Iterable<Connection>;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Has {@linkcode Inspections.flush} called at that moment. */
  readonly wake: (moment: number) => void;
}

/** Another server on which somebody inspects, and the events that wait for it. */
class RemoteInspectors implements InspectingServer {
  /** The numbers of its inspectors; each has been sent a list of the open connections. */
  inspectors: ReadonlySet<string> = new Set();
  /** Rounds since it has said that somebody inspects. */
  silence = 0;
  unsentBytes = 0;
  readonly #onEvent: () => void;
  readonly #messages: { readonly to: string; bytes: number; readonly lines: Uint8Array[] }[] = [];
  #leftOut = NOTHING_LEFT_OUT;

  constructor(onEvent: () => void) {
    this.#onEvent = onEvent;
  }

  takeEvent(event: TraceEvent): void {
    this.add(event);
    this.#onEvent();
  }

  /** @param to the number of the inspector that has not had it; empty for all */
  add(event: TraceEvent, to = ""): void {
    const line = encoder.encode(`${JSON.stringify(withLeftOut(event, this.#leftOut))}\n`), head = to.length + 1;
    const limit = MAX_WAITING - reserved(MAX_WAITING, isPaired(event));
    if (this.unsentBytes + line.length > limit || head + line.length > MESSAGE_BYTES) {
      this.#leftOut = leftOutWith(event, this.#leftOut);
      return;
    }
    this.#leftOut = NOTHING_LEFT_OUT;
    let last = this.#messages.at(-1);
    if (last?.to !== to || last.bytes + line.length > MESSAGE_BYTES) {
      last = { to, bytes: head, lines: [encoder.encode(`${to}\n`)] };
      this.#messages.push(last);
    }
    last.lines.push(line);
    last.bytes += line.length;
    this.unsentBytes += line.length;
  }

  /** The next message. */
  next(): Uint8Array | undefined {
    const message = this.#messages.shift();
    if (message === undefined) return undefined;
    const bytes = new Uint8Array(message.bytes);
    let at = 0;
    for (const line of message.lines) {
      bytes.set(line, at);
      at += line.length;
    }
    this.unsentBytes -= message.bytes - message.to.length - 1;
    return bytes;
  }
}

export class Inspections implements TracePeers {
  readonly name: string;
  readonly #deps: Deps;
  /** The inspectors of this server, each by a number that is new whenever it asks for a list. */
  readonly #own = new Map<Connection, string>();
  #lastNumber = 0;
  /** By their names among peers. */
  readonly #others = new Map<string, RemoteInspectors>();
  /** The connections of each other server that the inspectors of this one were shown, by their addresses. */
  readonly #shown = new Map<string, Map<string, TraceEvent>>();
  /** Bytes that they were given in this turn. */
  #given = 0;
  #sentAt = -Infinity;

  constructor(deps: Deps) {
    this.name = deps.name;
    this.#deps = deps;
    deps.trace.peers = this;
  }

  added(inspector: Connection): void {
    this.#own.set(inspector, `${++this.#lastNumber}`);
    this.#announce();
  }

  removed(inspector: Connection): void {
    this.#own.delete(inspector);
    if (this.#own.size === 0) this.#shown.clear();
    this.#announce();
  }

  receive({ from, kind, bytes }: PeerMessage): void {
    if (kind === INSPECT) this.#onInspect(from, decoder.decode(bytes));
    else if (this.#own.size > 0) this.#onEvents(from, decoder.decode(bytes));
  }

  /** Called each second. */
  runRound(): void {
    const { roster } = this.#deps;
    if (this.#own.size > 0) this.#announce();
    for (const [server, each] of this.#others) {
      if (++each.silence > SILENT) this.#remove(server, each);
    }
    const up = new Set([...roster.servers.keys()].map(peerOf));
    for (const [server, shown] of this.#shown) if (!up.has(server)) this.#onGone(server, shown);
  }

  /** Sends some of the events that wait; called each turn. */
  flush(): void {
    this.#given = 0;
    if (this.#others.size === 0) return;
    const { peers, now } = this.#deps, moment = now(), isDue = moment >= this.#sentAt + PAUSE;
    if (isDue) this.#sentAt = moment;
    for (const [server, each] of this.#others) {
      for (let left = isDue ? AT_ONCE : 0; left > 0;) {
        const bytes = each.next();
        if (bytes === undefined) break;
        peers.send(server, TRACE, bytes);
        left -= bytes.length;
      }
      if (each.unsentBytes > 0) this.#wake();
    }
  }

  /** Tells the other servers which connections inspect here. */
  #announce(): void {
    this.#deps.peers.send("all", INSPECT, encoder.encode([...this.#own.values()].join(" ")));
  }

  /** Inspectors of another server: those that are new get a list of the open connections. */
  #onInspect(from: string, text: string): void {
    const { trace, connections } = this.#deps;
    const inspectors = new Set(text.split(" ").filter((number) => number !== "")), before = this.#others.get(from);
    if (inspectors.size === 0) return before && this.#remove(from, before);
    const server = before ?? new RemoteInspectors(() => this.#wake());
    if (before === undefined) {
      this.#others.set(from, server);
      trace.addServer(server);
    }
    const known = server.inspectors;
    server.inspectors = inspectors;
    server.silence = 0;
    for (const number of inspectors.difference(known)) {
      for (const event of trace.list(connections()).events) server.add(event, number);
      this.#wake();
    }
  }

  /** Has the events sent, as soon as some were not sent just now. */
  #wake(): void {
    const { now, wake } = this.#deps;
    wake(Math.max(now(), this.#sentAt + PAUSE));
  }

  #remove(name: string, server: RemoteInspectors): void {
    this.#others.delete(name);
    this.#deps.trace.removeServer(server);
  }

  #onEvents(from: string, text: string): void {
    const [to, ...lines] = text.split("\n");
    for (const line of lines) {
      const event = parsed(line);
      if (event === undefined) continue;
      this.#note(from, event);
      for (const [inspector, number] of this.#own) {
        if (to === "" || to === number) this.#deps.trace.relay(inspector, event, this.#given);
      }
      this.#given += line.length;
    }
  }

  #note(from: string, event: TraceEvent): void {
    const shown = this.#shown.get(from) ?? new Map<string, TraceEvent>();
    this.#shown.set(from, shown);
    // The last answers may be sent behind the end.
    if (event.way === "gone") shown.delete(event.address);
    else if (event.way === "here" || event.way === "in" || shown.has(event.address)) shown.set(event.address, event);
  }

  /** A server is gone, and its connections with it. If it is up after all, it begins anew. */
  #onGone(from: string, shown: ReadonlyMap<string, TraceEvent>): void {
    this.#shown.delete(from);
    this.#deps.peers.send(from, INSPECT, new Uint8Array());
    for (const { action, server = "", time, address, name, framing, dialect } of shown.values()) {
      const gone = { action, server, time, address, name, framing, dialect, way: "gone", text: WHY } as const;
      for (const inspector of this.#own.keys()) this.#deps.trace.relay(inspector, gone, this.#given);
      this.#given += LINE;
    }
  }
}

/** The event of a line; undefined if there is none. */
function parsed(line: string): TraceEvent | undefined {
  try {
    const event = JSON.parse(line);
    return typeof event?.address === "string" && typeof event.way === "string" ? event : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const encoder = new TextEncoder(), decoder = new TextDecoder();
