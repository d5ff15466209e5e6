/**
 * One connection: its socket, the bytes that came and are not an object yet, the bytes it is owed, and what is known of
 * who speaks there. At most one read and one write are in flight.
 */
import {
  type Dialect,
  type EndFinder,
  escapeInvisible,
  Framer,
  joinHostPort,
  type Limits,
  networkOf,
  plain,
} from "../../jim/mod.ts";
import type { Source } from "../../select/mod.ts";
import type { Account, Room } from "../chat/state.ts";
import type { SenderMark, Session } from "../chat/session.ts";
import type { Ticket } from "../auth/login_queue.ts";
import { Outbox } from "./outbox.ts";
import type { Bucket } from "../limits/rate_limit.ts";
import type { RowStream } from "./row_stream.ts";

/** What the server needs of a socket: a `Deno.TcpConn` has it. */
export interface Socket {
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  /** Ends our side. Where there are words for why, as a WebSocket has, it says so. */
  closeWrite(closeReason?: CloseReason): Promise<void>;
  close(): void;
  setNoDelay(): void;
  setKeepAlive(): void;
  readonly remoteAddr: Deno.NetAddr;
  /** A WebSocket: its frames come and go as lines. */
  readonly framing?: "websocket";
  /** The last read ended where an object has to end. */
  readonly whole?: boolean;
  /** What the peer did that its transport does not allow, once a read has ended for it. */
  readonly fault?: string | undefined;
  /** What has come since this was last asked and is no part of a message, as bytes of one would cost. */
  takeIdle?(): number;
  /** Asks for a sign of life below JIM, where the transport has such a question. */
  ping?(): void;
}

/** Why the server ends a connection: a WebSocket's code, and at most 123 bytes for its people. */
export interface CloseReason {
  readonly code: number;
  readonly reason: string;
}

const NEWLINE = new Uint8Array([10]);

/** The stages of closing a connection. */
export type CloseState =
  | "open"
  /** Its requests are ignored; its remaining output is still being written. */
  | "draining"
  /** All is written and our side is shut. Input is discarded until the peer closes, since closing on unread bytes sends a reset. */
  | "lingering"
  /** Late events of its reads and writes are dropped. */
  | "closed";

/** How a peer tells where an object ends: a newline behind it, nothing at all, its length before it, a frame around it. */
export type Framing = "lines" | "bare" | "prefixed" | "websocket";

export class Connection implements Session {
  // What each write of a broadcast looks at stands together: with a thousand readers it is memory that takes the time.
  outbox = new Outbox();
  readonly writes: Source<number>;
  readonly socket: Socket;
  /** Bytes handed to the socket whose write has not settled. */
  writing: Uint8Array | undefined;
  /** Rows of an answer that it takes one piece after the other; `outbox` comes behind them. Meanwhile it is busy. */
  rowStream: RowStream | undefined;
  /** Relays kept back while it may still turn out to be a writer that reads none. */
  heldRelays: Outbox | undefined;
  closeState: CloseState = "open";
  /** It has much to read: it is not heard until it has read some of that. */
  stalled = false;
  /** It has not ended an object with a newline: one object a write, of 1,024 bytes at most, with a gap between. */
  bare = true;
  /** Set while it waits for its turn to be flushed. */
  dirty = false;
  /** It leaves, and all that it will ever be owed is in its outbox. */
  isOutputComplete = false;
  /** Where it stands among those who are sent relays in plain JIM, or -1. */
  plainReaderIndex = -1;
  /** This turn's relays have been added to its outbox up to here; see {@linkcode Turn}. */
  relayedUpTo = 0;
  /** The turn that `caughtUp` is of. */
  relayedBatch = 0;
  /** When waiting for it to go ends, in milliseconds of the monotonic clock. */
  deadline = 0;

  /** Where it comes from, as logs name it: `127.0.0.1:50412`. */
  readonly address: string;
  readonly framer: Framer;
  /** It speaks through a WebSocket. */
  readonly isWebSocket: boolean;
  readonly rateLimit: Bucket;
  readonly reads: Source<number | null>;
  /** The events of its reads and writes, made once. */
  readonly received: { readonly kind: "received"; readonly connection: Connection };
  readonly written: { readonly kind: "written"; readonly connection: Connection };
  /** What has come of its first line, as long as that may be of another protocol than JIM; see `sniff`. */
  firstLine: string | undefined;
  /** A read has ended and is not dealt with: what it has brought lies where the next one would write. */
  hasUnhandledRead = false;
  /** What the last read brought: a count, null at the end of the stream, an error. */
  readResult: number | null | Error = 0;
  /** Why the last write failed. */
  writeError: Error | undefined;

  name: string | undefined;
  account: Account | undefined;
  side: string | undefined;
  mark: SenderMark | undefined;
  mutedKey: string | undefined;
  rooms: Map<Room, string> | undefined;
  contacts: Map<string, string> | undefined;
  spellings: Map<Room, string> | undefined;
  /** Its address without the port. */
  readonly host: string;
  /** The network of that address. */
  readonly network: string;
  /** A job of its is under way: its next request waits. */
  busy = false;
  /** Its password, in the queue of those that wait. */
  login: Ticket | undefined;
  /** When it came, and when it was last heard, in milliseconds of the monotonic clock. */
  presenceWaitSince = 0;
  lastActivityAt = 0;
  /** When it was asked whether it is there, and has not said since. */
  probedAt = 0;
  /** Has answered a probe before: only such a peer may be taken for dead when it is silent. */
  answersProbes = false;
  dialect: Dialect = plain;
  /** How often it was refused since it came, and what was the last time. */
  refusals = 0;
  lastRefusal: LastRefusal | undefined;
  /** The object of its that is being dealt with: what a refusal is of. */
  input: Uint8Array | undefined;
  /** What it sent last was broken and has a secret in it, the rest of which may come next. */
  secretOpen = false;
  /** A bare writer of a family that reads nothing but answers once it has written. */
  ignoresRelays = false;
  /** Until when relays are held back, in milliseconds of the monotonic clock. */
  holdUntil = 0;
  /** Tells those of its messages that may be relayed as they come; none while it does not speak plain JIM by lines. */
  known: EndFinder | undefined;

  /** Why it leaves, for who can be told. */
  closeReason: CloseReason | undefined;
  /** The last id there was when it began to leave. */
  lastIdAtClose = 0;
  /** The peer has ended its stream. */
  ended = false;
  /** Bytes that have come since it leaves. */
  discardedBytes = 0;
  /** It has sent more than its rate limit allows: it is not read until a token is there. */
  paused = false;
  /** Bytes of the last read that was heard, and whether an object has to end there. */
  lastReadBytes = 0;
  isAtObjectEnd = false;
  /** The last read has brought little, and no object. */
  wasLastReadTiny = false;
  /** The read in flight, or the last one. */
  reading: Promise<unknown> | undefined;
  /** It is closed as soon as it has been told why: it holds memory that others need. */
  closesSoon = false;
  /** Bytes of an object that has not ended, and since when there are any, in milliseconds of the monotonic clock. */
  pendingBytes = 0;
  pendingSince = 0;
  /** Bytes of the framer's buffer that are counted. */
  bufferBytes = 0;
  /** A bare peer: when the gap after its last object is over. */
  gapUntil = 0;

  constructor(socket: Socket, host: string, address: string, limits: Limits, rateLimit: Bucket, sources: Sources) {
    this.socket = socket;
    this.host = host;
    this.network = networkOf(host);
    this.address = address;
    this.framer = new Framer(limits);
    this.isWebSocket = socket.framing === "websocket";
    if (this.isWebSocket) { // nothing is to be guessed: a newline is the end of the object before the first
      this.bare = false;
      this.framer.isLineDelimited = true;
      this.framer.push(NEWLINE);
    } else this.firstLine = "";
    this.rateLimit = rateLimit;
    this.reads = sources.reads(this);
    this.writes = sources.writes(this);
    this.received = { kind: "received", connection: this };
    this.written = { kind: "written", connection: this };
  }

  /** Bytes that have not reached the socket. */
  get unsentBytes(): number {
    return this.outbox.bytes + (this.heldRelays?.bytes ?? 0) + (this.writing?.length ?? 0) +
      (this.rowStream?.ahead.bytes ?? 0);
  }

  /** Those of them that its limit counts: not the rows of an answer, which are made when it takes them. */
  get backlog(): number {
    const writing = this.rowStream === undefined ? this.writing?.length ?? 0 : 0;
    return this.outbox.bytes + (this.heldRelays?.bytes ?? 0) + writing;
  }

  /** Whether it has just become clear how it ends its objects. */
  detectFraming(): boolean {
    if (!this.bare || !(this.framer.isLineDelimited || this.framer.isLengthPrefixed)) return false;
    this.bare = false;
    return true;
  }

  /** What it says is looked at as it comes: it does not wait for an answer to be found or read, nor for its rate limit. */
  get isReadable(): boolean {
    return !this.busy && !this.stalled && !this.paused;
  }

  /** How it ends its objects, as far as it has shown. */
  get framing(): Framing {
    return this.isWebSocket ? "websocket" : this.bare ? "bare" : this.framer.isLengthPrefixed ? "prefixed" : "lines";
  }

  get isLoggedIn(): boolean {
    return this.account !== undefined;
  }

  /** Messages reach it: it has not written as one of those that then read nothing but answers, or it does end lines. */
  get receivesRelays(): boolean {
    return !(this.ignoresRelays && this.bare);
  }

  /** It only waits for its password to be looked at, and its peer may have hung up: it is not counted as connected. */
  get isDeferred(): boolean {
    return this.login?.isDeferred === true;
  }

  /** The peer has ended its stream, and no request of it is left. */
  get isInputDone(): boolean {
    return this.ended && this.framer.isBlank;
  }

  /** As logs name it: `"ann" (127.0.0.1:50412)`. */
  toString(): string {
    return this.name === undefined ? this.address : `${escapeInvisible(JSON.stringify(this.name))} (${this.address})`;
  }

  /** The end: nothing settles any more, and late events find it gone. */
  close(): void {
    this.reads.close();
    this.writes.close();
    this.outbox.clear();
    this.rowStream?.ahead.clear();
    closeSocket(this.socket);
  }

  /** Whether the bytes of a plain relay are what it should get. */
  get takesPlainRelays(): boolean {
    return !this.bare && this.dialect === plain;
  }
}

/** What somebody was refused last. */
export interface LastRefusal {
  readonly code: number;
  /** The explanation. */
  readonly text: string;
  /** The beginning of the object that it was about, where it was about one. */
  readonly input: string | undefined;
  /** Unix seconds. */
  readonly time: number;
  /** A later object of it was understood. */
  isResolved: boolean;
}

/** How a connection's reads and writes become events. */
export interface Sources {
  reads(connection: Connection): Source<number | null>;
  writes(connection: Connection): Source<number>;
}

/** An IPv4 peer of a listener for both families looks like `::ffff:10.0.0.7`; people know it as `10.0.0.7`. */
export function peerAddress({ hostname, port }: Deno.NetAddr): { host: string; address: string } {
  const host = hostname.replace(/^::ffff:(?=\d+\.)/, "");
  return { host, address: joinHostPort(host, port) };
}

/** Closes a socket that may be closed already. */
export function closeSocket(socket: Socket): void {
  unlessGone(() => socket.close());
}

/** Prepares the socket of a new connection. False when there is nothing to prepare: we have closed it, or its peer has gone. */
export function configureSocket(socket: Socket): boolean {
  return unlessGone(() => {
    socket.setNoDelay(); // an answer is small and must not wait for more
    socket.setKeepAlive(); // finds dead peers, without a word that a bare program would not understand
  });
}

/** Does what can only be done to an open socket. False when the socket is gone; any other error is a bug, and is thrown. */
function unlessGone(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/**
 * Whether a call failed because its socket is no more. `BadResource` and `Interrupted` say that we have closed it; an
 * error of the system carries its name as `code`: `ECONNRESET`, `ENOTCONN`, on macOS `EINVAL` for a reset socket.
 */
function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted ||
    /^E[A-Z]+$/.test(codeOf(error));
}

/**
 * Whether an accept failed because the peer broke off before. That is no reason to let other peers wait: the next accept
 * follows at once. After any other failure, such as `EMFILE`, accepting has to pause.
 */
export function isPeerGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected || error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.ConnectionReset || codeOf(error) === "EINVAL"; // macOS: the socket was reset
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
