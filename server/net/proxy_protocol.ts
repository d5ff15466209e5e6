/**
 * The PROXY protocol, versions 1 and 2: a proxy of TCP writes the client's address in front of the first byte. See
 * https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt. Only proxies that are believed are asked; from any other
 * peer such a header is what it is, bytes that are no JIM.
 */
import { canonicalAddress } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import { closeSocket, peerAddress, type Socket } from "./connection.ts";
import type { Trust } from "./trusted_proxies.ts";
import type { Listener } from "./listener.ts";

/** What the first bytes of a connection are. */
export type Header =
  /** A header, of so many bytes: the connection of that client. */
  | { readonly kind: "client"; readonly host: string; readonly port: number; readonly length: number }
  /** A header, of so many bytes: the proxy's own connection, or one of a kind that has no address. */
  | { readonly kind: "proxy"; readonly length: number }
  /** The beginning of a header. `begun`: it can be nothing else. */
  | { readonly kind: "part"; readonly begun: boolean }
  | { readonly kind: "none" }
  | { readonly kind: "broken"; readonly why: string };

/** How version 1 begins. */
const FIRST = new TextEncoder().encode("PROXY ");
/** Bytes of version 1, at most, its line end included. */
const LINE = 107;
/** How version 2 begins: no protocol of text does. */
const SECOND = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10);
/** Bytes of version 2 before the addresses. */
const FIXED = 16;
/** Bytes of the addresses in version 2, by family; further fields may follow them. */
const ADDRESSES: Readonly<Record<number, number>> = { 0: 0, 1: 12, 2: 36, 3: 216 };
const INET = 1, INET6 = 2, STREAM = 1;

/**
 * Reads the header in the first bytes of a connection.
 *
 * @param bytes all that has come; the answer is the same for the same header, however it was cut on the way
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const read = (text: string) => readHeader(new TextEncoder().encode(text));
 * assert.deepEqual(read("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777\r\n{"), {
 *   kind: "client", host: "203.0.113.9", port: 50412, length: 44,
 * });
 * assert.deepEqual(read("PROX"), { kind: "part", begun: false });
 * assert.deepEqual(read('{"action":'), { kind: "none" });
 * ```
 */
export function readHeader(bytes: Uint8Array): Header {
  if (startsAlike(bytes, SECOND)) return bytes.length < SECOND.length ? part(false) : binary(bytes);
  if (startsAlike(bytes, FIRST)) return bytes.length < FIRST.length ? part(false) : line(bytes);
  return { kind: "none" };
}

function line(bytes: Uint8Array): Header {
  const end = bytes.subarray(0, LINE).indexOf(10);
  if (end < 0) return bytes.length < LINE ? part(true) : broken(`expected its end within ${LINE} bytes`);
  const text = String.fromCharCode(...bytes.subarray(0, end + 1)), length = end + 1;
  if (/^PROXY UNKNOWN(?: [^\r]*)?\r\n$/.test(text)) return { kind: "proxy", length };
  const [, family, source = "", target = "", from, to] =
    /^PROXY TCP([46]) ([\da-fA-F.:]+) ([\da-fA-F.:]+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})\r\n$/.exec(text) ?? [];
  const isOfFamily = (address: string) => address.includes(":") === (family === "6");
  const host = canonicalAddress(source), port = Number(from);
  const right = host !== undefined && canonicalAddress(target) !== undefined && isOfFamily(source) &&
    isOfFamily(target);
  if (!right || port > 65535 || Number(to) > 65535) {
    return broken("expected PROXY TCP4 or TCP6, two addresses and two ports");
  }
  return { kind: "client", host, port, length };
}

function binary(bytes: Uint8Array): Header {
  if (bytes.length < FIXED) return part(true);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = bytes[12]! >> 4, command = bytes[12]! & 15, family = bytes[13]! >> 4, transport = bytes[13]! & 15;
  const length = FIXED + view.getUint16(14), needed = ADDRESSES[family];
  if (version !== 2 || command > 1) return broken("expected version 2, and the command LOCAL or PROXY");
  if (needed === undefined || transport > 2) return broken("expected a family and a transport of the protocol");
  // The addresses of LOCAL are skipped, so they need not be there.
  if (command === 1 && length < FIXED + needed) return broken(`expected ${needed} bytes of addresses`);
  if (bytes.length < length) return part(true);
  if (command === 0 || transport !== STREAM) return { kind: "proxy", length };
  const at = (from: number, size: number) => bytes.subarray(FIXED + from, FIXED + from + size);
  if (family === INET) {
    return { kind: "client", host: at(0, 4).join("."), port: view.getUint16(FIXED + 8), length };
  }
  if (family !== INET6) return { kind: "proxy", length };
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(FIXED + 2 * i).toString(16));
  return { kind: "client", host: canonicalAddress(groups.join(":"))!, port: view.getUint16(FIXED + 32), length };
}

const part = (begun: boolean): Header => ({ kind: "part", begun });
const broken = (why: string): Header => ({ kind: "broken", why });

/** Whether all bytes that both have are the same. */
function startsAlike(bytes: Uint8Array, start: Uint8Array): boolean {
  const size = Math.min(bytes.length, start.length);
  for (let i = 0; i < size; i++) if (bytes[i] !== start[i]) return false;
  return true;
}

/** How headers are read. */
export interface Reading {
  readonly trusts: Trust;
  /** A header is expected: a proxy that sends none is worth a warning. Not so where it may speak HTTP. */
  readonly expected: boolean;
  /** Milliseconds in which a header must be whole. */
  readonly patience?: number;
}

/** The protocol's own advice is three seconds or more: a packet may have to be sent twice. */
const PATIENCE = 5_000;
/** A header with all the fields that are in use fits into this; a larger one is read, too. */
const ROOM = 536;
/** Connections at a time whose header is read; one more, and the first of them is closed. */
const PENDING = 1_000;

const LATE = Symbol("late");
const { debug, info, warning } = logger("server/net/proxy_protocol");

/**
 * A listener whose `accept` gives the connections of a trusted proxy with the addresses of its clients. Headers of any
 * number of them are read at once, and no connection waits for the header of another. A proxy without a header is taken by
 * its own address; a connection with a broken one is closed.
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

  /** Settles the accept that waits with a connection that is ready, or else accepts the next one. */
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
    if (!pending.delete(socket)) return; // closed already, with the listener or for a later one
    info("drop", `${peerAddress(socket.remoteAddr).address} is closed, its PROXY header cannot be read: ${why}`);
    closeSocket(socket);
  }

  /** A connection is ready to be accepted, by the address of its client or by its own. */
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
        if (count === null && filled === 0) return enter(socket, socket.remoteAddr, into.subarray(0, 0)); // a check of health
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

/** A connection whose first bytes have been read already, and that has the address of its client. */
class ProxiedSocket implements Socket {
  readonly remoteAddr: Deno.NetAddr;
  readonly #socket: Socket;
  #rest: Uint8Array;
  /** A read that was in flight when the header's time was over. */
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
