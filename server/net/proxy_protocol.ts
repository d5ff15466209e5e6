/**
 * The PROXY protocol: a TCP proxy sends the address of its client before the first byte (proxy_header.ts). Only
 * headers of trusted proxies are read; from any other peer they are invalid input.
 */
import { logger } from "../../log/mod.ts";
import { closeSocket, peerAddress, type Socket } from "./connection.ts";
import type { Listener } from "./listener.ts";
import { ProxiedSocket } from "./proxied_socket.ts";
import { receiveHeader } from "./receive_header.ts";
import type { Trust } from "./trusted_proxies.ts";

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
/** Connections that may wait for their header. At one more, the oldest is closed. */
const PENDING = 1_000;

const { debug, info, warning } = logger("server/net/proxy_protocol");

/**
 * A listener that gives the connections of trusted proxies the addresses of their clients. Headers are read
 * concurrently: no connection waits for the header of another. A proxy without a header keeps its own address. A
 * connection with an invalid header is closed.
 *
 * @param listener gives plain sockets; its failures are those of `accept`
 */
export function listenProxied(listener: Listener, reading: Reading): Listener {
  return new ProxiedListener(listener, reading);
}

class ProxiedListener implements Listener {
  readonly #listener: Listener;
  readonly #reading: Reading;
  /** Connections with their final address, and those that wait for their header. */
  readonly #ready: Socket[] = [];
  readonly #pending = new Set<Socket>();
  #waiting: PromiseWithResolvers<Socket> | undefined;
  #isAccepting = false;
  #hasWarned = false;
  #isClosed = false;

  constructor(listener: Listener, reading: Reading) {
    this.#listener = listener;
    this.#reading = reading;
  }

  accept(): Promise<Socket> {
    this.#waiting = Promise.withResolvers();
    const { promise } = this.#waiting;
    this.#pump();
    return promise;
  }

  close(): void {
    this.#isClosed = true;
    this.#listener.close();
    const sockets = [...this.#ready.splice(0), ...this.#pending];
    this.#pending.clear();
    for (const socket of sockets) closeSocket(socket);
  }

  /** Settles a pending accept with a connection that is ready, or accepts the next one. */
  #pump(): void {
    if (this.#waiting === undefined) return;
    const socket = this.#ready.shift();
    if (socket !== undefined) {
      this.#waiting.resolve(socket);
      this.#waiting = undefined;
    } else if (!this.#isAccepting) {
      this.#isAccepting = true;
      this.#listener.accept().then((socket) => this.#onAccepted(socket), (error) => this.#onFailed(error));
    }
  }

  #onAccepted(socket: Socket): void {
    this.#isAccepting = false;
    if (this.#isClosed) return closeSocket(socket);
    if (!this.#reading.trusts(peerAddress(socket.remoteAddr).host)) this.#ready.push(socket);
    else {
      this.#pending.add(socket);
      if (this.#pending.size > PENDING) {
        this.#drop(this.#pending.values().next().value!, "too many others are expected to send one");
      }
      this.#readAddress(socket);
    }
    this.#pump();
  }

  #onFailed(error: unknown): void {
    this.#isAccepting = false;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  /** Makes a connection ready with the address of its client or its own, or drops it. */
  async #readAddress(socket: Socket): Promise<void> {
    const { patience = PATIENCE } = this.#reading, { remoteAddr } = socket;
    const first = await receiveHeader(socket, patience);
    if (first.kind === "broken") return this.#drop(socket, first.why);
    if (!this.#pending.delete(socket)) return; // closed already
    if (first.kind === "none") this.#warnOf(remoteAddr);
    if (first.kind !== "client") this.#ready.push(new ProxiedSocket(socket, remoteAddr, first.rest, first.early));
    else {
      const { host: hostname, port, rest } = first;
      debug("readAddress", () => `${peerAddress(remoteAddr).address} is a proxy of ${hostname} port ${port}`);
      this.#ready.push(new ProxiedSocket(socket, { transport: "tcp", hostname, port }, rest));
    }
    this.#pump();
  }

  #drop(socket: Socket, why: string): void {
    if (!this.#pending.delete(socket)) return; // closed already, with the listener or for a newer one
    info("drop", `${peerAddress(socket.remoteAddr).address} is closed, its PROXY header cannot be read: ${why}`);
    closeSocket(socket);
  }

  #warnOf(remoteAddr: Deno.NetAddr): void {
    if (!this.#reading.expected || this.#hasWarned) return;
    this.#hasWarned = true;
    const { host } = peerAddress(remoteAddr);
    warning(
      "warnOf",
      `${host} is in --trust-proxy and sends no PROXY header: its connections count for its own address`,
    );
  }
}
