/**
 * A connection to the server under test. It reads leniently: a home-made server may send objects without a separator, or
 * with its own field names. It closes in good order unless told to reset, because a reset on unread bytes ends several
 * servers. `node:net` because Deno's own sockets cannot be reset.
 */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { readCa } from "../../client/connect.ts";
import type { Peer } from "../../client/options.ts";
import { pause } from "../pause.ts";
import { Framer } from "../../jim/mod.ts";

/** Any object from the server. */
export type ReceivedObject = Readonly<Record<string, unknown>>;

export interface LenientClient {
  /** Every object that came, in order. */
  readonly received: readonly ReceivedObject[];
  /** All that came, as text. */
  readonly raw: string;
  /** The server has ended the connection, in good order or not. */
  readonly isOver: boolean;
  /** Writes each part by itself, with a moment between, so that each is a segment of its own. */
  send(...parts: readonly (string | Uint8Array)[]): Promise<void>;
  /** The first object heard since `from` that fits; undefined when none comes within {@linkcode PATIENCE}. */
  receive(fits: (heard: ReceivedObject) => boolean, from?: number): Promise<ReceivedObject | undefined>;
  /** Waits for something, but not for longer than {@linkcode PATIENCE}. */
  until(so: () => boolean): Promise<boolean>;
  /** Ends our stream; the other one goes on. */
  end(): void;
  /** Reads no more. */
  stopReading(): void;
  /** Resets the connection. */
  reset(): void;
  /** Ends our stream, reads what still comes for a moment, and closes. */
  leave(): Promise<void>;
}

/** Milliseconds to wait for an answer: some servers never answer messages. */
export const PATIENCE = 700;
/** Time between two parts, in milliseconds: enough for each to be a segment of its own, read by itself on a busy machine too. */
const GAP = 150;

/** Connects, or rejects with the system's own error. */
export function connect({ address, port, tls, ca }: Peer): Promise<LenientClient> {
  const { promise, resolve, reject } = Promise.withResolvers<LenientClient>();
  const carrier = connectTcp({ host: address, port, noDelay: true, allowHalfOpen: true });
  const trusted = ca === undefined ? {} : { ca: readCa(ca) };
  const socket = tls ? connectTls({ socket: carrier, servername: address, ...trusted }) : carrier;
  const late = setTimeout(() => socket.destroy(new Error("no answer for 5 s")), 5_000);
  for (const each of [carrier, socket]) each.once("error", reject);
  socket.once(tls ? "secureConnect" : "connect", () => {
    clearTimeout(late);
    resolve(clientOn(socket, carrier));
  });
  socket.once("close", () => clearTimeout(late));
  return promise;
}

/** @param carrier the socket that is reset: an encrypting one would send a farewell */
function clientOn(socket: Socket, carrier: Socket): LenientClient {
  const received: ReceivedObject[] = [], decoder = new TextDecoder(), framer = new Framer();
  let raw = "", over = false;
  let check = () => {};
  socket.on("data", (bytes: Uint8Array) => {
    raw += decoder.decode(bytes, { stream: true });
    framer.push(bytes);
    for (let found = framer.next(); found !== undefined; found = framer.next()) {
      const object = typeof found === "string" ? undefined : parsed(found);
      if (object !== undefined) received.push(object);
    }
    check();
  });
  const onOver = () => {
    over = true;
    check();
  };
  socket.on("end", onOver);
  socket.on("close", onOver);
  socket.on("error", onOver); // a broken connection is what many checks are about

  return {
    received,
    get raw() {
      return raw;
    },
    get isOver() {
      return over;
    },
    async send(...parts) {
      for (const [i, part] of parts.entries()) {
        if (i > 0) await pause(GAP);
        if (!socket.writableEnded && !socket.destroyed) socket.write(part);
      }
    },
    async receive(fits, from = 0) {
      await until(() => received.some((object, i) => i >= from && fits(object)));
      return received.find((object, i) => i >= from && fits(object));
    },
    until,
    end: () => void socket.end(),
    stopReading: () => void socket.pause(),
    reset: () => void carrier.resetAndDestroy(),
    async leave() {
      socket.resume();
      socket.end();
      await Promise.race([until(() => over), pause(100)]);
      socket.destroy();
    },
  };

  function until(so: () => boolean): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const done = () => {
      clearTimeout(late);
      check = () => {};
      resolve(so());
    };
    const late = setTimeout(done, PATIENCE);
    check = () => {
      if (so() || over) done();
    };
    check();
    return promise;
  }
}

function parsed(bytes: Uint8Array): ReceivedObject | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
