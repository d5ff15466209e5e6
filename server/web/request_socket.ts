/**
 * A connection within the server: it sends one request in JIM, receives one answer, and ends. So a request that comes by another
 * way, such as HTTP, is handled like all others.
 */
import type { Socket } from "../net/connection.ts";

/** An answer, as far as it matters here. */
export interface SocketAnswer {
  readonly response: number;
  readonly error?: string;
}

const LF = "\n";

export class RequestSocket implements Socket {
  readonly remoteAddr: Deno.NetAddr;
  /** Undefined if the server has closed the connection without an answer. */
  readonly answer: Promise<SocketAnswer | undefined>;
  #unread: Uint8Array;
  #heard = "";
  readonly #decoder = new TextDecoder();
  readonly #settle: (answer: SocketAnswer | undefined) => void;

  /** @param request an object of JIM @param remoteAddr the address of the client for which it is said */
  constructor(request: object, remoteAddr: Deno.NetAddr) {
    this.remoteAddr = remoteAddr;
    this.#unread = new TextEncoder().encode(`${JSON.stringify(request)}${LF}`);
    const { promise, resolve } = Promise.withResolvers<SocketAnswer | undefined>();
    this.answer = promise;
    this.#settle = resolve;
  }

  /** After the request the stream ends with the answer. */
  async read(into: Uint8Array): Promise<number | null> {
    const count = Math.min(into.length, this.#unread.length);
    into.set(this.#unread.subarray(0, count));
    this.#unread = this.#unread.subarray(count);
    if (count > 0) return count;
    await this.answer;
    return null;
  }

  write(bytes: Uint8Array): Promise<number> {
    this.#heard += this.#decoder.decode(bytes, { stream: true });
    const end = this.#heard.indexOf(LF);
    if (end >= 0) this.#settle(JSON.parse(this.#heard.slice(0, end)));
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    this.#settle(undefined);
    return Promise.resolve();
  }

  close(): void {
    this.#settle(undefined);
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
}
