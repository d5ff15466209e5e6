/**
 * Sockets that do what no well-behaved client does: they break off with a reset at any moment, or write without an end.
 * Deno's own close in good order, so the resets are node:net's.
 */
import { connect, type Socket } from "node:net";

/** A socket that can be reset. Errors are nothing to it: the server may close it at any time. */
export interface RawSocket {
  /** Writes bytes. Settles when the system has taken them, or the socket has ended. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** The next bytes that come; undefined if the socket ends first, or none come in so many milliseconds. */
  read(patience?: number): Promise<Uint8Array | undefined>;
  /** Ends the connection as a crash does. */
  reset(): void;
  /** Ends our side in good order. */
  end(): void;
  /** Whether it has ended. */
  readonly over: boolean;
}

/** Connects to a port of the loopback. Undefined if that fails. */
export function openRaw(port: number): Promise<RawSocket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    socket.once("connect", () => resolve(wrap(socket)));
    socket.on("error", () => resolve(undefined));
    socket.once("close", () => resolve(undefined));
  });
}

function wrap(socket: Socket): RawSocket {
  let over = false, wake = () => {};
  const come: Uint8Array[] = [];
  socket.on("data", (bytes) => {
    come.push(bytes as Uint8Array);
    if (come.length > 64) come.shift(); // nobody looks at it
    wake();
  });
  socket.once("close", () => {
    over = true;
    wake();
  });
  return {
    get over() {
      return over;
    },
    write: (bytes) =>
      new Promise((resolve) => {
        if (over || socket.destroyed) return resolve();
        socket.once("close", resolve);
        socket.write(bytes, () => {
          socket.off("close", resolve);
          resolve();
        });
      }),
    async read(patience = 2_000) {
      if (come.length === 0 && !over) {
        await new Promise<void>((resolve) => {
          const late = setTimeout(resolve, patience);
          wake = () => {
            clearTimeout(late);
            resolve();
          };
        });
      }
      return come.shift();
    },
    reset: () => void socket.resetAndDestroy(),
    end: () => void socket.end(),
  };
}

/** A request that opens a WebSocket, whole. */
export function upgrade(port: number): string {
  return `GET /jim HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`;
}

/** A WebSocket that is open. Undefined if it was not opened. */
export async function openWebSocket(port: number): Promise<RawSocket | undefined> {
  const socket = await openRaw(port);
  await socket?.write(upgrade(port));
  const head = await socket?.read();
  return head !== undefined && new TextDecoder().decode(head).startsWith("HTTP/1.1 101") ? socket : undefined;
}

/** A client's frame, with a mask of zeros. Kinds: 0 goes on, 1 text, 8 close, 9 ping. */
export function frame(kind: number, payload: Uint8Array | string = "", last = true): Uint8Array {
  const body = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const long = body.length > 125, bytes = new Uint8Array((long ? 8 : 6) + body.length);
  bytes[0] = (last ? 0x80 : 0) | kind;
  bytes[1] = 0x80 | (long ? 126 : body.length);
  if (long) new DataView(bytes.buffer).setUint16(2, body.length);
  bytes.set(body, bytes.length - body.length);
  return bytes;
}
