/**
 * JIM over TCP or TLS, for Node.js, Deno and Bun: all three have `node:net`.
 * @module
 */
import { connect as connectTcp, isIP, type Socket as NetSocket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { OpenSocket, Socket } from "./socket.ts";

/** How to connect. */
export interface TcpOptions {
  /** Encrypt the connection. The certificate must be valid for the host. */
  readonly tls?: boolean;
  /** A certificate to trust, in PEM; by default those that the runtime trusts. */
  readonly ca?: string;
}

/**
 * Connects by TCP.
 *
 * @param host a name or an address
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const accepted = listener.accept();
 * const socket = await tcp("127.0.0.1", listener.addr.port)(new AbortController().signal);
 * using server = await accepted;
 * await server.write(new TextEncoder().encode("{}\n"));
 * assert.equal(new TextDecoder().decode(await socket.read()), "{}\n");
 * socket.close();
 * ```
 */
export function tcp(host: string, port: number, { tls = false, ca }: TcpOptions = {}): OpenSocket {
  return (signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      // Node.js names the server in the handshake only if it is told to, and no address may stand there.
      const named = isIP(host) === 0 ? { servername: host } : {}, trusted = ca === undefined ? {} : { ca };
      const socket = tls ? connectTls({ host, port, ...named, ...trusted }) : connectTcp({ host, port });
      const abort = () => void socket.destroy(signal.reason);
      const settle = () => {
        signal.removeEventListener("abort", abort);
        socket.off("error", fail);
      };
      const fail = (error: Error) => {
        settle();
        socket.destroy();
        reject(error);
      };
      signal.addEventListener("abort", abort);
      socket.on("error", fail);
      socket.once(tls ? "secureConnect" : "connect", () => {
        settle();
        socket.setNoDelay(true);
        resolve(new TcpSocket(socket));
      });
    });
}

/** Reads only what is asked for: what a program has no time for waits in the network. */
class TcpSocket implements Socket {
  readonly #socket: NetSocket;
  #isOver = false;
  #wake: (() => void) | undefined;

  constructor(socket: NetSocket) {
    this.#socket = socket;
    socket.on("readable", () => this.#wake?.());
    for (const event of ["end", "close", "error"]) {
      socket.on(event, () => {
        this.#isOver = true;
        this.#wake?.();
      });
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const bytes: Uint8Array | null = this.#socket.read();
      if (bytes !== null) return bytes;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  write(lines: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => this.#socket.write(lines, (error) => error ? reject(error) : resolve()));
  }

  close(): void {
    this.#socket.destroy();
  }
}
