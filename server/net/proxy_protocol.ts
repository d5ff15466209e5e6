/**
 * The PROXY protocol: a TCP proxy sends the address of its client before the first byte (proxy_header.ts). Only
 * headers of trusted proxies are read; from any other peer they are invalid input.
 */
import { logger } from "../../log/mod.ts";
import { closeSocket, peerAddress, type Socket } from "./connection.ts";
import { readHeader } from "./proxy_header.ts";
import type { Trust } from "./trusted_proxies.ts";
import type { Listener } from "./listener.ts";

/** Settings of the reader of headers. */
export interface Reading {
  readonly trusts: Trust;
  /** A proxy without a header is worth a warning. Not so where it may speak HTTP. */
  readonly expected: boolean;
  /** Milliseconds in which a header must be whole. */
  readonly patience?: number;
}

/** The specification advises three seconds or more: a packet may have to be sent twice. */
const PATIENCE = 5_000;
/** Enough bytes for a header with all fields in use; larger ones are read too. */
const ROOM = 536;
/** Connections that may wait for their header. At one more, the oldest is closed. */
const PENDING = 1_000;

const LATE = Symbol("late");
const { debug, info, warning } = logger("server/net/proxy_protocol");

/**
 * A listener that gives the connections of trusted proxies the addresses of their clients. Headers are read
 * concurrently: no connection waits for the header of another. A proxy without a header keeps its own address. A
 * connection with an invalid header is closed.
 *
 * @param listener gives plain sockets; its failures are those of `accept`
 */
export function listenProxied(listener: Listener, { trusts, expected, patience = PATIENCE }: Reading): Listener {
  const ready: Socket[] = [], pending = new Set<Socket>();
  let waiting: PromiseWithResolvers<Socket> | undefined;
  let accepting = false, warned = false, closed = false;

  return {
    accept() {
      waiting = Promise.withResolvers();
      const { promise } = waiting;
      pump();
      return promise;
    },
    close() {
      closed = true;
      listener.close();
      const sockets = [...ready.splice(0), ...pending];
      pending.clear();
      sockets.forEach(closeSocket);
    },
  };

  /** Settles a pending accept with a connection that is ready, or accepts the next one. */
  function pump(): void {
    if (waiting === undefined) return;
    const socket = ready.shift();
    if (socket !== undefined) {
      waiting.resolve(socket);
      waiting = undefined;
    } else if (!accepting) {
      accepting = true;
      listener.accept().then(accepted, failed);
    }
  }

  function accepted(socket: Socket): void {
    accepting = false;
    if (closed) return closeSocket(socket);
    if (!trusts(peerAddress(socket.remoteAddr).host)) ready.push(socket);
    else {
      pending.add(socket);
      if (pending.size > PENDING) drop(pending.values().next().value!, "too many others are expected to send one");
      receive(socket);
    }
    pump();
  }

  function failed(error: unknown): void {
    accepting = false;
    waiting?.reject(error);
    waiting = undefined;
  }

  function drop(socket: Socket, why: string): void {
    if (!pending.delete(socket)) return; // closed already, with the listener or for a newer one
    info("drop", `${peerAddress(socket.remoteAddr).address} is closed, its PROXY header cannot be read: ${why}`);
    closeSocket(socket);
  }

  /** Makes a connection ready, with the address of its client or its own. */
  function enter(socket: Socket, remoteAddr: Deno.NetAddr, rest: Uint8Array, early?: Promise<Uint8Array | null>): void {
    if (!pending.delete(socket)) return;
    ready.push(new ProxiedSocket(socket, remoteAddr, rest, early));
    pump();
  }

  function warnOf({ remoteAddr }: Socket): void {
    if (!expected || warned) return;
    warned = true;
    const { host } = peerAddress(remoteAddr);
    warning(
      "warnOf",
      `${host} is in --trust-proxy and sends no PROXY header: its connections count for its own address`,
    );
  }

  async function receive(socket: Socket): Promise<void> {
    const clock = Promise.withResolvers<typeof LATE>();
    const timer = setTimeout(clock.resolve, patience, LATE);
    let bytes = new Uint8Array(ROOM), filled = 0;
    try {
      for (;;) {
        const header = readHeader(bytes.subarray(0, filled));
        switch (header.kind) {
          case "broken":
            return drop(socket, header.why);
          case "none":
            warnOf(socket);
            return enter(socket, socket.remoteAddr, bytes.subarray(0, filled));
          case "proxy":
            return enter(socket, socket.remoteAddr, bytes.subarray(header.length, filled));
          case "client": {
            const { host: hostname, port, length } = header;
            debug("receive", () => `${peerAddress(socket.remoteAddr).address} is a proxy of ${hostname} port ${port}`);
            return enter(socket, { transport: "tcp", hostname, port }, bytes.subarray(length, filled));
          }
        }
        if (filled === bytes.length) bytes = larger(bytes);
        const into = bytes.subarray(filled), reading = socket.read(into);
        const count = await Promise.race([reading, clock.promise]);
        if (count !== LATE && count !== null) {
          filled += count;
          continue;
        }
        if (header.begun) return drop(socket, count === null ? "it has no end" : `it has no end within ${patience} ms`);
        if (count === null && filled === 0) return enter(socket, socket.remoteAddr, into.subarray(0, 0)); // a health check
        warnOf(socket);
        const early = count === null
          ? undefined
          : reading.then((count) => count === null ? null : into.subarray(0, count));
        return enter(socket, socket.remoteAddr, bytes.subarray(0, filled), early);
      }
    } catch (error) {
      drop(socket, (error as Error).message);
    } finally {
      clearTimeout(timer);
    }
  }
}

function larger(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const room = new Uint8Array(2 * bytes.length);
  room.set(bytes);
  return room;
}

/** A connection with its first bytes read already, and with the address of its client. */
class ProxiedSocket implements Socket {
  readonly remoteAddr: Deno.NetAddr;
  readonly #socket: Socket;
  #rest: Uint8Array;
  /** The read in flight when the time for the header ended. */
  #early: Promise<Uint8Array | null> | undefined;

  constructor(socket: Socket, remoteAddr: Deno.NetAddr, rest: Uint8Array, early?: Promise<Uint8Array | null>) {
    this.#socket = socket;
    this.remoteAddr = remoteAddr;
    this.#rest = rest;
    this.#early = early;
    early?.catch(() => {}); // the read that follows rejects too
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#rest.length === 0 && this.#early === undefined ? this.#socket.read(into) : this.#readFirst(into);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#socket.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#socket.closeWrite();
  }

  close(): void {
    this.#socket.close();
  }

  setNoDelay(): void {
    this.#socket.setNoDelay();
  }

  setKeepAlive(): void {
    this.#socket.setKeepAlive();
  }

  async #readFirst(into: Uint8Array): Promise<number | null> {
    if (this.#rest.length === 0) {
      const more = await this.#early!;
      this.#early = undefined;
      if (more === null) return null;
      this.#rest = more;
    }
    const taken = this.#rest.subarray(0, into.length);
    into.set(taken);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }
}
