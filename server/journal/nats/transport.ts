/**
 * The library's transport over Deno's sockets, plain or with TLS. Its own package for Deno is on JSR only, and the one for
 * Node ends a Deno process when the broker resets the connection.
 */
import type { ConnectionOptions, Server } from "@nats-io/nats-core";
import { setTransportFactory, type Transport } from "@nats-io/nats-core/internal";
import { pause } from "./pause.ts";

/** Bytes of one read. A batch of a busy turn is about as large. */
const READ_BYTES = 65_536;
/** Milliseconds for what is still to be written when the connection is closed. */
const LAST_WRITE = 500;
/** The broker's first line tells its limits, and the addresses of all brokers that it knows. */
const MAX_FIRST_LINE = 65_536;
const NEWLINE = 10;

/** How connections are encrypted. */
export interface Encryption {
  /** Never without TLS, also where the broker would allow it: otherwise a stranger between could take the password. */
  readonly required: boolean;
  /** Certificates in PEM of authorities that are trusted as well. */
  readonly authorities: readonly string[];
}

/** Another program than a broker is at the address. */
export class NotABroker extends Error {
  override name = "NotABroker";
}

/** The connection was closed before anything was said: by a proxy without a broker, for example. */
export class ClosedAtOnce extends Error {
  override name = "ClosedAtOnce";
}

/** TLS is required, and the broker has none. */
export class NotEncrypted extends Error {
  override name = "NotEncrypted";
}

/** Makes the library use this transport for all connections that follow. */
export function useTransport(encryption: Encryption): void {
  setTransportFactory({ factory: () => new DenoTransport(encryption) });
}

/** One connection. It is closed once: by the library, or by what has failed. */
class DenoTransport implements Transport {
  readonly lang = "deno";
  readonly version = "1";
  closeError?: Error;
  readonly #encryption: Encryption;
  readonly #closed = Promise.withResolvers<void | Error>();
  #isClosed = false;
  #isEncrypted = false;
  readonly #connecting = new AbortController();
  #connection: Deno.Conn | undefined;
  /** What the broker has said before the connection was handed over. */
  #first = new Uint8Array();
  #queue: Uint8Array[] = [];
  #writing: Promise<void> | undefined;

  constructor(encryption: Encryption) {
    this.#encryption = encryption;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  isEncrypted(): boolean {
    return this.#isEncrypted;
  }

  closed(): Promise<void | Error> {
    return this.#closed.promise;
  }

  async connect({ hostname, port, tlsName }: Server, _options: ConnectionOptions): Promise<void> {
    // Where nothing answers, the library closes the transport after its time limit.
    const plain = await Deno.connect({ hostname, port, signal: this.#connecting.signal });
    if (this.#isClosed) return plain.close();
    this.#connection = plain;
    plain.setNoDelay();
    this.#first = await readFirstLine(plain);
    const { required, authorities } = this.#encryption, info = parseInfo(this.#first);
    if (!info.tls_required && !info.tls_available) {
      if (required) throw new NotEncrypted("The broker has no TLS");
      return;
    }
    if (!info.tls_required && !required) return;
    const encrypted = await Deno.startTls(plain, { hostname: tlsName || hostname, caCerts: [...authorities] });
    if (this.#isClosed) return encrypted.close();
    this.#connection = encrypted;
    await encrypted.handshake();
    this.#isEncrypted = true;
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    yield this.#first;
    try {
      for (let buffer = new Uint8Array(READ_BYTES); !this.#isClosed;) {
        const count = await this.#connection!.read(buffer);
        if (count === null) break;
        // The messages stay parts of what is given, so the rest of a large buffer would stay as well. A new one for each read
        // would have the engine collect its garbage all the time.
        if (count * 2 < READ_BYTES) yield buffer.slice(0, count);
        else {
          yield buffer.subarray(0, count);
          buffer = new Uint8Array(READ_BYTES);
        }
      }
      this.#end();
    } catch (error) {
      this.#end(error as Error);
    }
  }

  send(frame: Uint8Array): void {
    if (this.#isClosed) return;
    this.#queue.push(frame);
    this.#writing ??= this.#write();
  }

  /** Waits for what was sent, unless something has failed, or the broker reads nothing. */
  async close(error?: Error): Promise<void> {
    if (error === undefined && this.#writing !== undefined) {
      const written = new AbortController();
      void this.#writing.then(() => written.abort());
      await pause(LAST_WRITE, written.signal);
    }
    this.#end(error);
  }

  /** The library gives up a broker that answers no pings. */
  disconnect(): void {
    this.#end(new Error("it does not answer any more"));
  }

  discard(): void {
    this.#end();
  }

  async #write(): Promise<void> {
    try {
      for (let frame = this.#queue.shift(); frame !== undefined; frame = this.#queue.shift()) {
        for (let at = 0; at < frame.length;) at += await this.#connection!.write(frame.subarray(at));
      }
    } catch (error) {
      this.#end(error as Error);
    }
    this.#writing = undefined;
  }

  #end(error?: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (error !== undefined) this.closeError = error;
    this.#queue = [];
    this.#connecting.abort();
    try {
      this.#connection?.close();
    } catch {
      // the handshake that failed has closed it
    }
    this.#closed.resolve(error);
  }
}

/** The broker speaks first: `INFO {…}`, and nothing more before it has an answer. */
async function readFirstLine(connection: Deno.Conn): Promise<Uint8Array<ArrayBuffer>> {
  let line = new Uint8Array();
  while (line.at(-1) !== NEWLINE) {
    const buffer = new Uint8Array(READ_BYTES), count = await connection.read(buffer);
    if (count === null) throw new ClosedAtOnce("It has closed the connection");
    const longer = new Uint8Array(line.length + count);
    longer.set(line);
    longer.set(buffer.subarray(0, count), line.length);
    line = longer;
    if (line.length > MAX_FIRST_LINE || !startsAsInfo(line)) throw new NotABroker("It does not speak NATS");
  }
  return line;
}

function startsAsInfo(bytes: Uint8Array): boolean {
  return "INFO {".startsWith(new TextDecoder().decode(bytes.subarray(0, "INFO {".length)));
}

function parseInfo(line: Uint8Array): { tls_required?: boolean; tls_available?: boolean } {
  try {
    const [first] = new TextDecoder().decode(line).split("\n");
    return JSON.parse(first!.slice("INFO ".length));
  } catch {
    throw new NotABroker("It does not speak NATS");
  }
}
