/**
 * One encrypted connection: takes a plain {@linkcode Socket}, and returns one that reads and writes plaintext. The
 * engine is `node:tls` in server mode, over a stream of our own. With its own stream, Deno 2.9.6 decrypts and keeps
 * all input although nothing reads it: 131 MB from one peer, and pausing did not help. This stream reads from the
 * network only while a handshake or a read needs bytes. So an unread peer must wait, as with TCP. At most 64 KiB are
 * read ahead.
 */
import { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import { closeSocket, type Socket } from "../connection.ts";

/** Bytes of one read from the network, at first and at most: ten thousand silent peers must not cost 64 KiB each. */
const DRAW = 2 * 1024, DRAW_MOST = 64 * 1024;
/** Milliseconds for sending `close_notify` after closing. */
const LAST_WORD = 1_000;

type Done = (error?: Error | null) => void;
type Reader = { into: Uint8Array; resolve: (count: number | null) => void; reject: (error: Error) => void };

export class TlsSocket implements Socket {
  readonly remoteAddr: Deno.NetAddr;
  readonly #secured = Promise.withResolvers<void>();
  readonly #socket: Socket;
  readonly #wire: Wire;
  readonly #tls: TLSSocket;
  /** The timer that gives the engine the first bytes. */
  #start: ReturnType<typeof setTimeout> | undefined;
  /** Decrypted bytes that are not read yet. */
  #ahead: Uint8Array[] = [];
  #reader: Reader | undefined;
  /** Rejects the write in flight. */
  #unwritten: ((error: Error) => void) | undefined;
  /** The result of a read after the last byte; null is the end of the stream. */
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
    // The engine starts on the next tick. If the first bytes are invalid, it then throws where nothing catches.
    this.#start = setTimeout(() => {
      this.#start = undefined; // otherwise it keeps the first bytes in memory
      this.#wire.begin(first);
    }, 0);
    const left = () => this.cut(new Deno.errors.UnexpectedEof("it left in the middle of the handshake"));
    this.#wire.once("end", left);
    tls.once("secure", () => {
      this.#wire.off("end", left); // from here on the peer may half-close
      this.#wire.rest();
      this.#secured.resolve();
    });
    tls.once("close", () => this.#fail(new Deno.errors.ConnectionReset("the connection was cut")));
  }

  /** Settles with the handshake; rejects with the reason of its failure. */
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
        const failure = error ?? this.#wire.errored; // node:tls does not report the last write error
        if (failure) reject(failure);
        else resolve(bytes.length);
      });
    });
  }

  closeWrite(): Promise<void> {
    if (this.#tls.destroyed) return Promise.reject(this.#over ?? interrupted());
    return new Promise((resolve, reject) => this.#tls.end((error?: Error) => error ? reject(error) : resolve()));
  }

  /** Sends `close_notify`. A peer that does not read is cut off. */
  close(): void {
    this.#end(interrupted());
    if (this.#unwritten || this.#tls.writableEnded || this.#tls.destroyed) return this.cut();
    const timer = setTimeout(() => this.cut(), LAST_WORD);
    this.#tls.once("close", () => clearTimeout(timer));
    this.#tls.end(() => this.cut());
  }

  /** Closes at once. */
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

  /** Ends all pending reads and writes: node:tls does not always do so. */
  #fail(why: Error): void {
    this.#end(why);
    this.#unwritten?.(why);
    this.#secured.reject(this.#over ?? why);
  }

  #end(how: Error | null): void {
    if (this.#over === undefined) this.#over = how;
    this.#settle();
  }

  /** Settles a pending read with decrypted bytes, or reads more from the network. */
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

/** The encrypted side, as node:tls sees it. */
class Wire extends Duplex {
  readonly #socket: Socket;
  #buffer = new Uint8Array(DRAW);
  /** node:tls has asked for bytes, as it does whenever it has room. */
  #asked = false;
  /** A read or a handshake needs them. */
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
