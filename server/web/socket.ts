/**
 * A WebSocket with the interface of a {@linkcode Socket}: takes a plain socket, and returns one that reads and writes
 * lines, each in a text frame.
 *
 * Why not `Deno.upgradeWebSocket`, tried on Deno 2.9.6: it cannot cut off a peer that stops reading, since `close`
 * and the ping of `idleTimeout` wait behind the write that never ends, and the descriptor and 9 MB of output stay for
 * good. It reads a frame of 64 MB into memory before the program sees it. It cannot pause reading. Here a write
 * settles when the network has taken it, unread input waits in the network, and `close` closes.
 */
import { type CloseReason, closeSocket, MAX_DISCARDED, type Socket } from "../net/connection.ts";
import { closeFrame, Incoming, pingFrame, pongFrame, textFrames } from "./frames.ts";
import { writeAll } from "../../select/write_all.ts";
import { readAway } from "./http.ts";

/** Milliseconds for sending the close frame after closing. */
const LAST_WORD = 1_000;
/** The close frame of a connection that ends without a reason, and of one that is given up. */
const DONE: CloseReason = { code: 1000, reason: "" },
  LOST: CloseReason = { code: 1011, reason: "Given up: nothing was received" };

export class PageSocket implements Socket {
  readonly framing = "websocket";
  readonly remoteAddr: Deno.NetAddr;
  readonly #socket: Socket;
  readonly #incoming: Incoming;
  readonly #leaving: Set<() => void>;
  /** The last write in flight; each waits for the one before. */
  #writing: Promise<void> | undefined;
  /** The last ping that is not answered yet. RFC 6455, section 5.5.3, lets one pong answer all pings before it. */
  #pinged: Uint8Array | undefined;
  /** Our close frame is on its way, or has been sent. */
  #said = false;
  /** The peer has ended its stream, with or without a close frame. */
  #ended = false;
  #closed = false;

  /**
   * @param socket has shaken hands
   * @param come what has been read of it behind that
   * @param limit bytes that one message may have
   * @param remoteAddr the client's address; behind a proxy the port is that of the proxy's connection
   * @param leaving while this socket waits for its peer to take the close frame, a function here ends it at once
   */
  constructor(
    socket: Socket,
    come: Uint8Array,
    limit: number,
    remoteAddr = socket.remoteAddr,
    leaving: Set<() => void> = new Set(),
  ) {
    this.#socket = socket;
    this.#leaving = leaving;
    this.remoteAddr = remoteAddr;
    this.#incoming = new Incoming(limit, come);
  }

  /** The rule of WebSocket that the peer broke. */
  get fault(): string | undefined {
    return this.#incoming.closed ? undefined : this.#incoming.over?.reason;
  }

  get whole(): boolean {
    return this.#incoming.whole;
  }

  /** What frames without text have cost since this was last asked, in bytes. */
  takeIdle(): number {
    const { idle } = this.#incoming;
    this.#incoming.idle = 0;
    return idle;
  }

  /** Settles with no byte where only a sign of life has come. */
  async read(into: Uint8Array): Promise<number | null> {
    const incoming = this.#incoming;
    let count = this.#take(into);
    if (count === 0 && incoming.over === undefined) {
      const come = await this.#socket.read(incoming.space());
      if (come === null) {
        this.#ended = true;
        return null;
      }
      incoming.wrote(come);
      count = this.#take(into);
    }
    return count === 0 && incoming.over !== undefined ? null : count;
  }

  /** Settles when the network has taken all of it. */
  async write(lines: Uint8Array): Promise<number> {
    await this.#send(textFrames(lines));
    return lines.length;
  }

  /** The peer answers it by itself, whatever its program is doing. */
  ping(): void {
    this.#send(pingFrame()).catch(() => {}); // it is closed, and its read reports that
  }

  /** Sends a close frame; the peer answers it, and then the socket is closed. */
  closeWrite(closeReason: CloseReason = DONE): Promise<void> {
    this.#said = true;
    return this.#send(closeFrame(closeReason));
  }

  /**
   * Sends a close frame first: it echoes the peer's, names its fault, or has the reason: that the peer is given up, unless
   * another one is given. A peer that does not read, or has ended its stream, gets none.
   */
  close(closeReason: CloseReason = LOST): void {
    if (this.#closed) return;
    this.#closed = true;
    const { over } = this.#incoming;
    const stalled = this.#writing !== undefined && over === undefined; // else it may be a pong that is being written
    if (this.#said || this.#ended || stalled) closeSocket(this.#socket);
    else this.#leave(over ?? closeReason);
  }

  setNoDelay(): void {
    this.#socket.setNoDelay();
  }

  setKeepAlive(): void {
    this.#socket.setKeepAlive();
  }

  #take(into: Uint8Array): number {
    const incoming = this.#incoming, count = incoming.take(into);
    this.#pinged = incoming.pinged ?? this.#pinged;
    incoming.pinged = undefined;
    this.#pong();
    return count;
  }

  /** Answers the last ping. While something is being written it waits, so that a peer that does not read is sent one at most. */
  #pong(): void {
    const pinged = this.#pinged;
    if (pinged === undefined || this.#writing !== undefined || this.#said) return;
    this.#pinged = undefined;
    this.#send(pongFrame(pinged)).catch(() => {}); // it is closed, and its read reports that
  }

  #send(frames: Uint8Array): Promise<void> {
    const before = this.#writing;
    const writing = before === undefined
      ? writeAll(this.#socket, frames)
      : before.then(() => writeAll(this.#socket, frames));
    this.#writing = writing;
    const done = () => {
      if (this.#writing === writing) this.#writing = undefined;
    };
    writing.then(() => (done(), this.#pong()), done);
    return writing;
  }

  /** Sends the close frame, and discards further input: closing on unread bytes would reset the connection. */
  async #leave(closeReason: CloseReason): Promise<void> {
    const timer = setTimeout(() => closeSocket(this.#socket), LAST_WORD);
    const end = () => {
      this.#leaving.delete(end);
      clearTimeout(timer);
      closeSocket(this.#socket);
    };
    this.#leaving.add(end);
    try {
      await this.#send(closeFrame(closeReason));
      if (this.#incoming.closed) return;
      await this.#socket.closeWrite();
      await readAway(this.#socket, MAX_DISCARDED);
    } catch {
      // The peer is gone, or the time is over.
    } finally {
      end();
    }
  }
}
