/**
 * JIM over WebSocket: for browsers, and for everything else that has the standard `WebSocket`.
 * @module
 */
import type { OpenSocket, Socket } from "./socket.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/**
 * Connects by WebSocket. A browser does not say why there is no connection.
 *
 * @param address such as `wss://chat.example/jim`: the page's address, and `jim`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const open = webSocket("ws://127.0.0.1:9/jim");
 * await assert.rejects(open(AbortSignal.abort(new Error("not now"))), { message: "not now" });
 * ```
 */
export function webSocket(address: string | URL): OpenSocket {
  return (signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const socket = new WebSocket(address), opened = new WebSocketSocket(socket);
      const abort = () => {
        socket.close();
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort);
      socket.onopen = () => {
        signal.removeEventListener("abort", abort);
        resolve(opened);
      };
      socket.onclose = () => {
        signal.removeEventListener("abort", abort);
        reject(new Error(`no connection to ${address}`));
        opened.end();
      };
    });
}

/** Frames wait here until they are read: a WebSocket cannot be told to wait. */
class WebSocketSocket implements Socket {
  readonly #socket: WebSocket;
  #frames: string[] = [];
  #isOver = false;
  #wake: (() => void) | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.#frames.push(String(data));
      this.#wake?.();
    };
    socket.onerror = () => {}; // the close that follows it counts
  }

  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#frames.length === 0) {
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return encoder.encode(this.#frames.splice(0).join("\n"));
  }

  write(lines: Uint8Array): Promise<void> {
    for (const line of decoder.decode(lines).trimEnd().split("\n")) this.#socket.send(line);
    return Promise.resolve();
  }

  close(): void {
    this.#socket.close();
    this.end();
  }
}
