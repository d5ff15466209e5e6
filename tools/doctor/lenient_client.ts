/**
 * A connection to the server that is being tried. It reads leniently, for a home-made server may glue its objects, end
 * them with anything or word them its own way; it goes in good order unless told to break off, for a reset on unread
 * bytes kills several servers. `node:net` because Deno's own sockets cannot break off.
 */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { readCa } from "../../client/connect.ts";
import type { Peer } from "../../client/options.ts";
import { pause } from "../pause.ts";
import { Framer } from "../../jim/mod.ts";

/** What the server said: any object at all. */
export type Heard = Readonly<Record<string, unknown>>;

export interface Patient {
  /** Every object that came, in order. */
  readonly heard: readonly Heard[];
  /** All that came, as text. */
  readonly raw: string;
  /** The server has ended the connection, in good order or not. */
  readonly over: boolean;
  /** Writes each part by itself, with a moment between, so that each is a segment of its own. */
  say(...parts: readonly (string | Uint8Array)[]): Promise<void>;
  /** The first object heard since `from` that fits; undefined when none comes within {@linkcode PATIENCE}. */
  hear(fits: (heard: Heard) => boolean, from?: number): Promise<Heard | undefined>;
  /** Waits for something, but not for longer than {@linkcode PATIENCE}. */
  until(so: () => boolean): Promise<boolean>;
  /** Ends our stream; the other one goes on. */
  end(): void;
  /** Reads no more. */
  stopReading(): void;
  /** Breaks off with a reset. */
  reset(): void;
  /** Ends our stream, reads what still comes for a moment, and closes. */
  leave(): Promise<void>;
}

/** Some servers never answer messages: who waits longer than this, in milliseconds, waits for nothing. */
export const PATIENCE = 700;
/** Time between two parts, in milliseconds: enough for each to be a segment of its own, read by itself on a busy machine too. */
const GAP = 150;

/** Connects, or rejects with the system's own error. */
export function connect({ address, port, tls, ca }: Peer): Promise<Patient> {
  const { promise, resolve, reject } = Promise.withResolvers<Patient>();
  const carrier = connectTcp({ host: address, port, noDelay: true, allowHalfOpen: true });
  const trusted = ca === undefined ? {} : { ca: readCa(ca) };
  const socket = tls ? connectTls({ socket: carrier, servername: address, ...trusted }) : carrier;
  const late = setTimeout(() => socket.destroy(new Error("no answer for 5 s")), 5_000);
  for (const each of [carrier, socket]) each.once("error", reject);
  socket.once(tls ? "secureConnect" : "connect", () => {
    clearTimeout(late);
    resolve(patientOn(socket, carrier));
  });
  socket.once("close", () => clearTimeout(late));
  return promise;
}

/** @param carrier what breaks off: a socket that encrypts would say goodbye */
function patientOn(socket: Socket, carrier: Socket): Patient {
  const heard: Heard[] = [], decoder = new TextDecoder(), framer = new Framer();
  let raw = "", over = false;
  let look = () => {};
  socket.on("data", (bytes: Uint8Array) => {
    raw += decoder.decode(bytes, { stream: true });
    framer.push(bytes);
    for (let found = framer.next(); found !== undefined; found = framer.next()) {
      const object = typeof found === "string" ? undefined : parsed(found);
      if (object !== undefined) heard.push(object);
    }
    look();
  });
  const onOver = () => {
    over = true;
    look();
  };
  socket.on("end", onOver);
  socket.on("close", onOver);
  socket.on("error", onOver); // a broken connection is what many checks are about

  return {
    heard,
    get raw() {
      return raw;
    },
    get over() {
      return over;
    },
    async say(...parts) {
      for (const [i, part] of parts.entries()) {
        if (i > 0) await pause(GAP);
        if (!socket.writableEnded && !socket.destroyed) socket.write(part);
      }
    },
    async hear(fits, from = 0) {
      await until(() => heard.some((object, i) => i >= from && fits(object)));
      return heard.find((object, i) => i >= from && fits(object));
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
      look = () => {};
      resolve(so());
    };
    const late = setTimeout(done, PATIENCE);
    look = () => {
      if (so() || over) done();
    };
    look();
    return promise;
  }
}

function parsed(bytes: Uint8Array): Heard | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
