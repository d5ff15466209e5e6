/**
 * TLS in front of the server: takes a listener of plain sockets, and returns one with the same interface. Its sockets
 * are returned before their handshake, so a connection in its handshake counts for every limit. The first byte shows
 * the protocol: 0x16 opens every handshake. A plain client gets one line of JSON that says what to do, since `nc`
 * would otherwise stay silent.
 *
 * Why so, each tried on Deno 2.9.6: `Deno.listenTls` shows no byte before its own handshake, so it cannot answer a
 * plain client, and its certificate is fixed as long as it listens. A `node:net` listener stops accepting for good,
 * without an error, after file descriptors ran out once. So `Deno.listen` accepts, and `node:tls` only encrypts, see
 * {@linkcode TlsSocket}. That costs 30 µs of processor time for a small write, where `Deno.listenTls` takes 7 and
 * plain TCP 6, and 1 ms for a handshake, twice as much as there.
 */
import { writeAll } from "../../../select/write_all.ts";
import type { SecureContext } from "node:tls";
import { encode, type Language } from "../../../jim/mod.ts";
import { closeSocket, type Socket } from "../connection.ts";
import type { Listener } from "../listener.ts";
import { appendFirstLine, httpAnswer, type Page, sniff } from "../sniff.ts";
import { TlsSocket } from "./socket.ts";
import { catalogues } from "../../words/mod.ts";

/** Settings of the TLS listener. */
export interface TlsOptions {
  /** The certificate for the next handshake. A new one does not change open connections. */
  readonly context: () => SecureContext;
  /** The port of the chat, for the refusal to a plain client. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds from connecting to the end of the handshake, at most. */
  readonly patience: number;
  /** The page to which a browser without TLS is redirected. */
  readonly page?: Page | undefined;
  /** The language of the refusal to a client that does not encrypt. */
  readonly language?: Language;
}

/** The first byte of a TLS connection: the type of a record that carries a handshake. */
const HANDSHAKE = 0x16;
/** Bytes of the first read: enough for the first message of most clients. */
const FIRST = 2 * 1024;
/** Milliseconds that a plain client has to read the refusal and to close. */
const DRAIN = 5_000;
/** The error of a client that does not trust the certificate. */
const DISTRUST = /UnknownCA|CertificateUnknown|BadCertificate|CertificateExpired/;

const LATE = Symbol("late");

/**
 * A listener of TLS connections. Any number of handshakes run at once, and none waits for a slow one. After a failed
 * handshake the first read fails with the reason.
 *
 * @param listener gives plain sockets; its failures are those of `accept`
 */
export function listenTls(listener: Listener, options: TlsOptions): Listener {
  return {
    accept: async () => new HandshakeSocket(await listener.accept(), options),
    close: () => listener.close(),
  };
}

/** One connection: its reads and writes wait for the handshake. */
class HandshakeSocket implements Socket {
  readonly remoteAddr: Deno.NetAddr;
  readonly #socket: Socket;
  readonly #entered: Promise<TlsSocket>;
  /** The encrypted socket, once the handshake is done. */
  #inside: TlsSocket | undefined;

  constructor(socket: Socket, options: TlsOptions) {
    this.remoteAddr = socket.remoteAddr;
    this.#socket = socket;
    this.#entered = this.#enter(options);
    this.#entered.catch(() => closeSocket(socket)); // a read reports the reason
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#inside?.read(into) ?? this.#entered.then((inside) => inside.read(into));
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#inside?.write(bytes) ?? this.#entered.then((inside) => inside.write(bytes));
  }

  closeWrite(): Promise<void> {
    return this.#inside?.closeWrite() ?? this.#entered.then((inside) => inside.closeWrite());
  }

  close(): void {
    if (this.#inside === undefined) closeSocket(this.#socket); // a handshake under way fails by it
    else this.#inside.close();
  }

  setNoDelay(): void {
    this.#socket.setNoDelay();
  }

  setKeepAlive(): void {
    this.#socket.setKeepAlive();
  }

  async #enter({ context, port, wall, patience, page, language = "en" }: TlsOptions): Promise<TlsSocket> {
    const clock = Promise.withResolvers<typeof LATE>();
    const timer = setTimeout(clock.resolve, patience, LATE);
    let tls: TlsSocket | undefined;
    try {
      const first = new Uint8Array(FIRST);
      let reading = this.#socket.read(first), count = await Promise.race([reading, clock.promise]);
      if (count === null) throw new Error("it closed without a byte");
      // A silent client is no TLS client, which would send first. It may wait for a greeting.
      if (count === LATE || first[0] !== HANDSHAKE) {
        let text = "";
        while (typeof count === "number") {
          text = appendFirstLine(text, first.subarray(0, count));
          if (sniff(text) !== "wait") break;
          reading = this.#socket.read(first);
          count = await Promise.race([reading, clock.promise]);
        }
        const isHttp = sniff(`${text}\n`) === "http"; // the rest of that line is not needed
        const answer = isHttp ? httpAnswer(text, page, language) : plainRefusal(port, wall(), language);
        await refusePlain(this.#socket, reading, answer);
        throw new Error("it speaks no TLS, and was told so");
      }
      tls = new TlsSocket(this.#socket, first.subarray(0, count), context());
      if (await Promise.race([tls.secured, clock.promise]) === LATE) {
        throw new Error(`no handshake within ${patience / 1000} s`);
      }
      return this.#inside = tls;
    } catch (error) {
      tls?.cut();
      throw handshakeError(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Sends the refusal to a plain client, and then reads until its end: closing on unread bytes would reset it. */
async function refusePlain(socket: Socket, reading: Promise<number | null>, words: Uint8Array): Promise<void> {
  const timer = setTimeout(() => closeSocket(socket), DRAIN);
  const ignored = new Uint8Array(FIRST);
  try {
    await writeAll(socket, words);
    await socket.closeWrite();
    for (let count = await reading; count !== null;) count = await socket.read(ignored);
  } catch {
    // The peer is gone, or the time is over.
  } finally {
    clearTimeout(timer);
  }
}

function plainRefusal(port: number, now: number, language: Language): Uint8Array {
  const client = `deno task client HOST${port === 7777 ? "" : ` ${port}`} --tls`;
  const words = catalogues[language].speaksTls(client, `openssl s_client -quiet -connect HOST:${port}`);
  return encode({ response: 400, time: Math.floor(now / 1000), error: words, alert: words });
}

function handshakeError(error: unknown): Error {
  const { message } = error as Error;
  return new Error(DISTRUST.test(message) ? `it does not trust the certificate (${message})` : message);
}
