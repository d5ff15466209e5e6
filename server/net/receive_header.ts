/** Receives the header of the PROXY protocol at the beginning of a connection, within a time limit. */
import { type Header, readHeader } from "./proxy_header.ts";
import type { Socket } from "./connection.ts";

/** The beginning of a connection. `rest`: the bytes behind a header that were received with it. */
export type Beginning =
  /** A header with the address of a client. */
  | { readonly kind: "client"; readonly host: string; readonly port: number; readonly rest: Uint8Array }
  /** The proxy's own connection, such as a health check: its header names no client, or it ends without a byte. */
  | { readonly kind: "proxy"; readonly rest: Uint8Array; readonly early?: undefined }
  /** No header. `early`: the read in flight when the time was over; it may reject. */
  | { readonly kind: "none"; readonly rest: Uint8Array; readonly early?: Promise<Uint8Array | null> }
  | { readonly kind: "broken"; readonly why: string };

/** Enough bytes for a header with all fields in use; larger ones are read too. */
const ROOM = 536;

const LATE = Symbol("late");

/** @param patience milliseconds in which the header must be whole */
export async function receiveHeader(socket: Socket, patience: number): Promise<Beginning> {
  const clock = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(clock.resolve, patience, LATE);
  let bytes = new Uint8Array(ROOM), filled = 0;
  try {
    for (;;) {
      const received = bytes.subarray(0, filled), header = readHeader(received);
      if (header.kind !== "part") return whole(header, received);
      if (filled === bytes.length) bytes = larger(bytes);
      const into = bytes.subarray(filled), reading = socket.read(into);
      const count = await Promise.race([reading, clock.promise]);
      if (typeof count === "number") {
        filled += count;
        continue;
      }
      if (header.begun) {
        return { kind: "broken", why: count === null ? "it has no end" : `it has no end within ${patience} ms` };
      }
      const rest = bytes.subarray(0, filled);
      if (count === null) return { kind: filled === 0 ? "proxy" : "none", rest };
      return { kind: "none", rest, early: reading.then((count) => count === null ? null : into.subarray(0, count)) };
    }
  } catch (error) {
    return { kind: "broken", why: (error as Error).message };
  } finally {
    clearTimeout(timer);
  }
}

function whole(header: Exclude<Header, { kind: "part" }>, received: Uint8Array): Beginning {
  switch (header.kind) {
    case "client": {
      const { kind, host, port, length } = header;
      return { kind, host, port, rest: received.subarray(length) };
    }
    case "proxy":
      return { kind: "proxy", rest: received.subarray(header.length) };
    case "none":
      return { kind: "none", rest: received };
    case "broken":
      return header;
  }
}

function larger(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const room = new Uint8Array(2 * bytes.length);
  room.set(bytes);
  return room;
}
