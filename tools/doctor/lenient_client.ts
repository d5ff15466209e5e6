/**
 * A connection to the server under test. It reads leniently: a home-made server may send objects without a separator, or
 * with its own field names. It closes in good order unless told to reset, because a reset on unread bytes ends several
 * servers. `node:net` because Deno's own sockets cannot be reset.
 */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { readCa } from "../../client/connect.ts";
import type { Peer } from "../../client/options.ts";
import { pause } from "../harness/pause.ts";
import { Framer } from "../../jim/mod.ts";

/** Any object from the server. */
export type ReceivedObject = Readonly<Record<string, unknown>>;

/** Milliseconds to wait for an answer: some servers never answer messages, and a busy machine answers late. */
export const PATIENCE = 1_500;
/** Milliseconds to wait where silence means that the server has stopped for all: a busy machine may be late. */
export const STOPPED = 5_000;
/** Milliseconds by which a timer is late when the program did not run. */
const LATE = 50;
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
    resolve(new LenientClient(socket, carrier));
  });
  socket.once("close", () => clearTimeout(late));
  return promise;
}

export class LenientClient {
  readonly #received: ReceivedObject[] = [];
  readonly #decoder = new TextDecoder();
  readonly #framer = new Framer();
  readonly #socket: Socket;
  readonly #carrier: Socket;
  #raw = "";
  #isOver = false;
  #discards = false;
  /** Called after each change of what {@linkcode until} waits for. */
  #onChange = () => {};

  /** @param carrier the socket that is reset: an encrypting one would send a farewell */
  constructor(socket: Socket, carrier: Socket) {
    this.#socket = socket;
    this.#carrier = carrier;
    socket.on("data", (bytes: Uint8Array) => this.#take(bytes));
    // A broken connection is what many checks are about.
    for (const event of ["end", "close", "error"]) socket.on(event, () => this.#end());
  }

  /** Every received object, in order. */
  get received(): readonly ReceivedObject[] {
    return this.#received;
  }

  /** All received bytes, as text. */
  get raw(): string {
    return this.#raw;
  }

  /** The server has ended the connection, in good order or not. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Writes each part by itself, with a moment between, so that each is a segment of its own. */
  async send(...parts: readonly (string | Uint8Array)[]): Promise<void> {
    const socket = this.#socket;
    for (const [i, part] of parts.entries()) {
      if (i > 0) await pause(GAP);
      if (!socket.writableEnded && !socket.destroyed) socket.write(part);
    }
  }

  /** The first object received since `from` that fits; undefined when none is within so many milliseconds. */
  async receive(
    fits: (object: ReceivedObject) => boolean,
    from = 0,
    patience = PATIENCE,
  ): Promise<ReceivedObject | undefined> {
    let found: ReceivedObject | undefined, next = from; // each object is looked at once
    await this.until(() => {
      for (; found === undefined && next < this.#received.length; next++) {
        if (fits(this.#received[next]!)) found = this.#received[next];
      }
      return found !== undefined;
    }, patience);
    return found;
  }

  /** Waits for something, but not for longer than so many milliseconds. */
  until(so: () => boolean, patience = PATIENCE): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const done = () => {
      clearTimeout(late);
      this.#onChange = () => {};
      resolve(so());
    };
    let due = performance.now() + patience, late = setTimeout(expire, patience);
    /** If this program or its machine did not run for a while, what came meanwhile is not read yet. */
    function expire(): void {
      const now = performance.now();
      if (now <= due + LATE) return done();
      due = now + patience;
      late = setTimeout(expire, patience);
    }
    this.#onChange = () => {
      if (so() || this.#isOver) done();
    };
    this.#onChange();
    return promise;
  }

  /** Ends our stream; the other one goes on. */
  end(): void {
    this.#socket.end();
  }

  /** Reads no more. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Reads on, and keeps nothing: for one of a crowd that no check looks at. */
  discard(): void {
    this.#discards = true;
  }

  /** Resets the connection. */
  reset(): void {
    this.#carrier.resetAndDestroy();
  }

  /** Ends our stream, reads for a moment what the server still sends, and closes. */
  async leave(): Promise<void> {
    this.#socket.resume();
    this.#socket.end();
    await Promise.race([this.until(() => this.#isOver), pause(100)]);
    this.#socket.destroy();
  }

  #take(bytes: Uint8Array): void {
    if (this.#discards) return;
    this.#raw += this.#decoder.decode(bytes, { stream: true });
    this.#framer.push(bytes);
    for (let found = this.#framer.next(); found !== undefined; found = this.#framer.next()) {
      const object = typeof found === "string" ? undefined : parsed(found);
      if (object !== undefined) this.#received.push(object);
    }
    this.#onChange();
  }

  #end(): void {
    this.#isOver = true;
    this.#onChange();
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
