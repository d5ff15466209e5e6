/**
 * One encrypted connection: a plain {@linkcode Socket} goes in, and a Socket that reads and writes in the clear comes
 * out. The engine is `node:tls` in server mode over a stream of our own, and that stream is the point: Deno 2.9.6's engine
 * decrypts and keeps whatever the network brings, though nobody reads (131 MB were taken in from one peer, and pausing
 * did not help). This one draws from the network only while a handshake or a pending read wants bytes, so a peer that is
 * not read must wait, as on TCP. What is read ahead is one draw, 64 KiB at most.
 */
import { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import { closeSocket, type Socket } from "../connection.ts";

/** Bytes drawn from the network at once, at first and at most: ten thousand silent peers must not cost 64 KiB each. */
const DRAW = 2 * 1024, DRAW_MOST = 64 * 1024;
/** Milliseconds in which a closed connection may still take our last word, that the end is meant and no cut. */
const LAST_WORD = 1_000;

type Done = (error?: Error | null) => void;
type Reader = { into: Uint8Array; resolve: (count: number | null) => void; reject: (error: Error) => void };

export class TlsSocket implements Socket {
  readonly remoteAddr: Deno.NetAddr;
  readonly #secured = Promise.withResolvers<void>();
  readonly #socket: Socket;
  readonly #wire: Wire;
  readonly #tls: TLSSocket;
  /** The timer after which the engine is given the first bytes. */
  #start: ReturnType<typeof setTimeout> | undefined;
  /** Decrypted, and not yet read. */
  #ahead: Uint8Array[] = [];
  #reader: Reader | undefined;
  /** Rejects the write in flight. */
  #unwritten: ((error: Error) => void) | undefined;
  /** What a read finds behind the last byte: null is the end of the stream. */
  #over: Error | null | undefined;

  /** @param first the bytes that were already read from the socket */
  constructor(socket: Socket, first: Uint8Array, context: SecureContext) {
    this.#socket = socket;
    this.remoteAddr = socket.remoteAddr;
    this.#wire = new Wire(socket);
    this.#tls = new TLSSocket(this.#wire, { isServer: true, secureContext: context });
    const tls = this.#tls;
    tls.on("data", (bytes: Uint8Array) => (this.#ahead.push(bytes), this.#settle()));
    tls.on("end", () => this.#end(null));
    tls.on("error", (error: Error) => this.cut(error));
    this.#wire.on("error", (error: Error) => this.cut(error));
    // The engine starts on the next tick, and if it then finds that it has been fed garbage, it throws where nobody catches.
    this.#start = setTimeout(() => {
      this.#start = undefined; // it would keep the first bytes in memory
      this.#wire.begin(first);
    }, 0);
    const left = () => this.cut(new Deno.errors.UnexpectedEof("it left in the middle of the handshake"));
    this.#wire.once("end", left);
    tls.once("secure", () => {
      this.#wire.off("end", left); // from here on it may end its half only
      this.#wire.rest();
      this.#secured.resolve();
    });
    tls.once("close", () => this.#fail(new Deno.errors.ConnectionReset("the connection was cut")));
  }

  /** Settles when the handshake has; rejects with the reason why it failed. */
  get secured(): Promise<void> {
    return this.#secured.promise;
  }

  read(into: Uint8Array): Promise<number | null> {
    return new Promise((resolve, reject) => {
      this.#reader = { into, resolve, reject };
      this.#settle();
    });
  }

  /** Settles when the network has taken all of it. */
  write(bytes: Uint8Array): Promise<number> {
    if (this.#tls.destroyed) return Promise.reject(this.#over ?? interrupted());
    return new Promise((resolve, reject) => {
      this.#unwritten = reject;
      this.#tls.write(bytes, (error) => {
        this.#unwritten = undefined;
        const failure = error ?? this.#wire.errored; // the engine forgets to tell of the last one
        if (failure) reject(failure);
        else resolve(bytes.length);
      });
    });
  }

  closeWrite(): Promise<void> {
    if (this.#tls.destroyed) return Promise.reject(this.#over ?? interrupted());
    return new Promise((resolve, reject) => this.#tls.end((error?: Error) => error ? reject(error) : resolve()));
  }

  /** Whoever takes what it is sent is told that this is the end; a stalled peer is cut off. */
  close(): void {
    this.#end(interrupted());
    if (this.#unwritten || this.#tls.writableEnded || this.#tls.destroyed) return this.cut();
    const timer = setTimeout(() => this.cut(), LAST_WORD);
    this.#tls.once("close", () => clearTimeout(timer));
    this.#tls.end(() => this.cut());
  }

  /** Closes without a word. */
  cut(why: Error = interrupted()): void {
    clearTimeout(this.#start);
    this.#fail(why);
    this.#tls.destroy();
    this.#wire.destroy();
  }

  setNoDelay(): void {
    this.#socket.setNoDelay();
  }

  setKeepAlive(): void {
    this.#socket.setKeepAlive();
  }

  /** Whoever waits for something waits no longer: the engine does not always tell them. */
  #fail(why: Error): void {
    this.#end(why);
    this.#unwritten?.(why);
    this.#secured.reject(this.#over ?? why);
  }

  #end(how: Error | null): void {
    if (this.#over === undefined) this.#over = how;
    this.#settle();
  }

  /** Gives a pending read what there is, or else has more drawn. */
  #settle(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    const count = this.#fill(reader.into);
    if (count === 0 && this.#over === undefined) return this.#wire.want();
    this.#reader = undefined;
    this.#wire.rest();
    if (count > 0) reader.resolve(count);
    else if (this.#over) reader.reject(this.#over);
    else reader.resolve(null);
  }

  #fill(into: Uint8Array): number {
    let count = 0;
    while (count < into.length && this.#ahead.length > 0) {
      const [bytes] = this.#ahead as [Uint8Array];
      const part = bytes.subarray(0, into.length - count);
      into.set(part, count);
      count += part.length;
      if (part.length === bytes.length) this.#ahead.shift();
      else this.#ahead[0] = bytes.subarray(part.length);
    }
    return count;
  }
}

/** The encrypted side, as the engine sees it. */
class Wire extends Duplex {
  readonly #socket: Socket;
  #buffer = new Uint8Array(DRAW);
  /** The engine has asked for bytes, which it does whenever it has room. */
  #asked = false;
  /** Somebody waits for them. */
  #wanted = false;

  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
  }

  begin(first: Uint8Array): void {
    this.#wanted = true;
    this.#asked = false; // by this
    this.push(first);
  }

  want(): void {
    this.#wanted = true;
    this.#draw();
  }

  rest(): void {
    this.#wanted = false;
  }

  override _read(): void {
    this.#asked = true;
    this.#draw();
  }

  #draw(): void {
    if (!this.#asked || !this.#wanted) return;
    this.#asked = false;
    this.#socket.read(this.#buffer).then((count) => {
      this.push(count === null ? null : this.#buffer.slice(0, count));
      if (count === this.#buffer.length && count < DRAW_MOST) this.#buffer = new Uint8Array(2 * count);
    }).catch((error) => this.destroy(error));
  }

  override _write(bytes: Uint8Array, _: string, done: Done): void {
    this.#socket.write(bytes).then((count) => {
      if (count === bytes.length) done();
      else this._write(bytes.subarray(count), _, done);
    }, done);
  }

  override _final(done: Done): void {
    this.#socket.closeWrite().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    closeSocket(this.#socket);
    done(error);
  }
}

function interrupted(): Error {
  return new Deno.errors.Interrupted("the connection was closed");
}
