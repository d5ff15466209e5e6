/**
 * One connection: its socket, its unparsed input, its unsent output, and the session of the chat. At most one read
 * and one write are in flight.
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
import { NEWLINE } from "./reader.ts";
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
  /** Half-closes. A WebSocket sends the reason in its close frame. */
  closeWrite(closeReason?: CloseReason): Promise<void>;
  /** A WebSocket sends a close frame with the reason first, unless it has sent one. */
  close(closeReason?: CloseReason): void;
  setNoDelay(): void;
  setKeepAlive(): void;
  readonly remoteAddr: Deno.NetAddr;
  /** Set for a WebSocket, which carries each line in a frame. */
  readonly framing?: "websocket";
  /** An object must end where the last read ended. */
  readonly whole?: boolean;
  /** The rule of its transport that the peer broke, once a read has ended because of it. */
  readonly fault?: string | undefined;
  /** Bytes since the last call that belong to no message, such as pings, weighed as bytes of a message. */
  takeIdle?(): number;
  /** Sends a ping below JIM, where the transport has one. */
  ping?(): void;
}

/** Why the server closes a connection: a WebSocket status code, and a text of at most 123 bytes. */
export interface CloseReason {
  readonly code: number;
  readonly reason: string;
}

/** Bytes discarded from a closing connection before it is cut off: a flood keeps others waiting. */
export const MAX_DISCARDED = 16 * 1024 * 1024;

/** The stages of closing a connection. */
export type CloseState =
  | "open"
  /** Its requests are ignored; its remaining output is still being written. */
  | "draining"
  /** All is written and our side is shut. Input is discarded until the peer closes, since closing on unread bytes sends a reset. */
  | "lingering"
  /** Late events of its reads and writes are dropped. */
  | "closed";

/**
 * How a peer marks the end of an object: by a newline after it, by nothing, by a length before it, by a frame around
 * it.
 */
export type Framing = "lines" | "bare" | "prefixed" | "websocket";

export class Connection implements Session {
  // The fields that every write of a broadcast reads stand together. With a thousand readers, memory access takes the
  // time.
  outbox = new Outbox();
  readonly writes: Source<number>;
  readonly socket: Socket;
  /** The bytes of the write in flight. */
  writing: Uint8Array | undefined;
  /** An answer that is made row by row. `outbox` is sent after it, and the connection is busy meanwhile. */
  rowStream: RowStream | undefined;
  /** Relays held back from a bare program that may be a writer, which reads no relays. */
  heldRelays: Outbox | undefined;
  closeState: CloseState = "open";
  /** Its output is half full: no more input is handled until it has read some. */
  stalled = false;
  /**
   * It has not ended an object with a newline yet. So it gets one object a write, of 1,024 bytes at most, with a gap
   * after each.
   */
  bare = true;
  /** It is in the list of connections to flush. */
  dirty = false;
  /** It is closing, and nothing more will be added to its outbox. */
  isOutputComplete = false;
  /** Its index in the list of readers of plain relays, or -1. */
  plainReaderIndex = -1;
  /** This batch's relays are in its outbox up to this byte; see {@linkcode Delivery}. */
  relayedUpTo = 0;
  /** The batch that `relayedUpTo` belongs to. */
  relayedBatch = 0;
  /** When it is closed at the latest, in milliseconds of the monotonic clock. */
  deadline = 0;

  readonly framer: Framer;
  /** It speaks through a WebSocket. */
  readonly isWebSocket: boolean;
  readonly rateLimit: Bucket;
  readonly reads: Source<number | null>;
  /** The events of its reads and writes, made once. */
  readonly received: { readonly kind: "received"; readonly connection: Connection };
  readonly written: { readonly kind: "written"; readonly connection: Connection };
  /** The beginning of its first line, while it may be of another protocol; see `sniff`. */
  firstLine: string | undefined;
  /** A read has ended and its bytes are not handled yet. The next read would overwrite them. */
  hasUnhandledRead = false;
  /** The result of the last read: a count, null at the end of the stream, an error. */
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
  /** A job or proposal of it is under way. Its next request waits. */
  busy = false;
  /** Its login attempt in the queue. */
  login: Ticket | undefined;
  /** It has sent so much behind its request under way that no more is read, and its end is not seen. */
  isEndHidden = false;
  /** What {@linkcode Socket.takeIdle} has counted while a request was under way. */
  idleAhead = 0;
  /**
   * When its time to say presence began, in milliseconds of the monotonic clock. It moves while the server is late.
   */
  presenceWaitSince = 0;
  lastActivityAt = 0;
  /** When it was probed; 0 once it has answered. */
  probedAt = 0;
  /** It has answered a probe before. Only such a peer is closed when it stays silent. */
  answersProbes = false;
  dialect: Dialect = plain;
  /** Refusals since it connected, and the last one. */
  refusals = 0;
  lastRefusal: LastRefusal | undefined;
  /** The object being handled. A refusal refers to it. */
  input: Uint8Array | undefined;
  /** Its last object was broken and has a secret in it. The rest of the secret may follow. */
  secretOpen = false;
  /** It is a bare program that reads nothing but answers once it has written. */
  ignoresRelays = false;
  /** Relays are held back until then, in milliseconds of the monotonic clock. */
  holdUntil = 0;
  /** Its messages may be relayed byte for byte: it speaks plain JIM by lines. */
  maySendVerbatim = false;
  /** Recognises these messages. It is made for the first object that may be one, since most connections only read. */
  known: EndFinder | undefined;

  /** Why it is closed, for transports that can send a reason. */
  closeReason: CloseReason | undefined;
  /** The last id before it began to close. */
  lastIdAtClose = 0;
  /** The peer has ended its stream. */
  ended = false;
  /** Bytes discarded since it began to close. */
  discardedBytes = 0;
  /** It is over its rate limit. No input is handled until it has a token. */
  paused = false;
  /** Bytes of the last read, and whether an object has to end there. */
  lastReadBytes = 0;
  isAtObjectEnd = false;
  /** The last read had few bytes and ended no object. */
  wasLastReadTiny = false;
  /** The read in flight, or the last one. */
  reading: Promise<unknown> | undefined;
  /** It is closed soon after the refusal: it holds memory that others need. */
  closesSoon = false;
  /** Bytes of the unfinished object, and when it began, in milliseconds of the monotonic clock. */
  pendingBytes = 0;
  pendingSince = 0;
  /** Bytes by which its read buffer has grown, as they are counted in the total. */
  bufferBytes = 0;
  /** For a bare peer: when the next object may be sent. */
  gapUntil = 0;

  constructor(socket: Socket, host: string, limits: Limits, rateLimit: Bucket, sources: Sources) {
    this.socket = socket;
    this.host = host;
    this.network = networkOf(host);
    this.framer = new Framer(limits);
    this.isWebSocket = socket.framing === "websocket";
    if (this.isWebSocket) { // frames are known, as if a newline had ended an object before the first
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

  /** Bytes that the socket has not taken. */
  get unsentBytes(): number {
    return this.outbox.bytes + (this.heldRelays?.bytes ?? 0) + (this.writing?.length ?? 0) +
      (this.rowStream?.ahead.bytes ?? 0);
  }

  /**
   * The part of them that its output limit counts. Rows of an answer are not counted, since they are made on demand.
   */
  get backlog(): number {
    const writing = this.rowStream === undefined ? this.writing?.length ?? 0 : 0;
    return this.outbox.bytes + (this.heldRelays?.bytes ?? 0) + writing;
  }

  /** Returns true once: when its framing has become known. */
  detectFraming(): boolean {
    if (!this.bare || !(this.framer.isLineDelimited || this.framer.isLengthPrefixed)) return false;
    this.bare = false;
    return true;
  }

  /**
   * Whether its input is handled now. Not so while a request is under way, its output is half full, or it is over its
   * rate.
   */
  get isReadable(): boolean {
    return !this.busy && !this.stalled && !this.paused;
  }

  /** Its address as logs name it: `127.0.0.1:50412`. */
  get address(): string {
    return joinHostPort(this.host, this.socket.remoteAddr.port);
  }

  /** Its framing, as far as it is known. */
  get framing(): Framing {
    return this.isWebSocket ? "websocket" : this.bare ? "bare" : this.framer.isLengthPrefixed ? "prefixed" : "lines";
  }

  get isLoggedIn(): boolean {
    return this.account !== undefined;
  }

  /** False for a bare program that reads nothing but answers. */
  get receivesRelays(): boolean {
    return !(this.ignoresRelays && this.bare);
  }

  /** Only its login attempt is left, and its peer may have closed. It does not count as connected. */
  get isDeferred(): boolean {
    return this.login?.isDeferred === true;
  }

  /** The peer has half-closed, and no request is left. */
  get isInputDone(): boolean {
    return this.ended && this.framer.isBlank;
  }

  /** As logs name it: `"ann" (127.0.0.1:50412)`. */
  toString(): string {
    return this.name === undefined ? this.address : `${escapeInvisible(JSON.stringify(this.name))} (${this.address})`;
  }

  /** Closes the socket. Pending reads and writes settle no more. */
  close(): void {
    this.release();
    closeSocket(this.socket);
  }

  /** Ends it, and leaves its socket open. */
  release(): void {
    this.reads.close();
    this.writes.close();
    this.outbox.clear();
    this.rowStream?.ahead.clear();
  }

  /** Whether it takes the bytes of a plain relay unchanged. */
  get takesPlainRelays(): boolean {
    return !this.bare && this.dialect === plain;
  }
}

/** The last refusal. */
export interface LastRefusal {
  readonly code: number;
  /** The explanation. */
  readonly text: string;
  /** The beginning of the refused object, if there was one. */
  readonly input: string | undefined;
  /** Unix seconds. */
  readonly time: number;
  /** A later object was accepted. */
  isResolved: boolean;
}

/** Turns reads and writes of a connection into events. */
export interface Sources {
  reads(connection: Connection): Source<number | null>;
  writes(connection: Connection): Source<number>;
}

/** An IPv4 peer of a dual-stack listener appears as `::ffff:10.0.0.7`; it is shown as `10.0.0.7`. */
export function peerAddress({ hostname, port }: Deno.NetAddr): { host: string; address: string } {
  const host = hostname.replace(/^::ffff:(?=\d+\.)/, "");
  return { host, address: joinHostPort(host, port) };
}

/** Closes a socket, which may be closed already. */
export function closeSocket(socket: Socket, closeReason?: CloseReason): void {
  unlessGone(() => socket.close(closeReason));
}

/** Sets the options of a new socket. False if the socket is closed already, by either side. */
export function configureSocket(socket: Socket): boolean {
  return unlessGone(() => {
    socket.setNoDelay(); // an answer is small and must not wait for more data
    socket.setKeepAlive(); // finds dead peers, and sends no bytes that a bare program would not understand
  });
}

/** Runs an operation on a socket. False when the socket is closed; any other error is a bug and is thrown. */
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
 * Whether a call failed because its socket is closed. `BadResource` and `Interrupted` mean that we closed it. An
 * error of the system has its name as `code`: `ECONNRESET`, `ENOTCONN`, on macOS `EINVAL` for a reset socket.
 */
function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted ||
    /^E[A-Z]+$/.test(codeOf(error));
}

/**
 * Whether an accept failed because the peer has disconnected already. Then the next accept follows at once. After any
 * other failure, such as `EMFILE`, accepting has to pause.
 */
export function isPeerGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected || error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.ConnectionReset || codeOf(error) === "EINVAL"; // macOS: the socket was reset
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
