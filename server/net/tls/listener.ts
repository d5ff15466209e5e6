/**
 * Encryption in front of the server: a listener of plain sockets goes in, and a listener of the same shape comes out. Its
 * sockets are handed on before their handshake, and read and write in the clear when that is over: so whoever is on the
 * way in is a connection like any other, and counts for every limit. The first byte tells who speaks: 0x16 opens every
 * handshake, and anybody else is told in one line of plain JSON what to do, since a learner's `nc` would otherwise just
 * stay silent.
 *
 * Why so, each tried on Deno 2.9.6: `Deno.listenTls` shows no byte before its own handshake, so it can tell a plain client
 * nothing, and its certificate is fixed until the port is given up. `node:net` as the listener stops accepting for good,
 * without a word, after file descriptors ran out once. So `Deno.listen` stays what accepts, with its failures as the server
 * knows them, and `node:tls` only encrypts, see {@linkcode TlsSocket}. That costs 30 µs of processor time for a small write
 * where `Deno.listenTls` takes 7 and plain TCP 6, and 1 ms for a handshake where it takes half of that.
 */
import { writeAll } from "../../../select/write_all.ts";
import type { SecureContext } from "node:tls";
import { encode, type Language } from "../../../jim/mod.ts";
import { closeSocket, type Socket } from "../connection.ts";
import type { Listener } from "../listener.ts";
import { appendFirstLine, httpAnswer, type Page, sniff } from "../sniff.ts";
import { TlsSocket } from "./socket.ts";
import { catalogues } from "../../words/mod.ts";

/** How those who connect are met. */
export interface Reception {
  /** What a handshake that begins now shows; a new certificate concerns nobody who is in. */
  readonly context: () => SecureContext;
  /** The port of the chat, as a plain client is told it. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds from connecting to the end of the handshake, at most. */
  readonly patience: number;
  /** Where a browser that asks without encryption is sent. */
  readonly page?: Page | undefined;
  /** The language of the refusal to a client that does not encrypt. */
  readonly language?: Language;
}

/** The first byte of a TLS connection: the type of a record that carries a handshake. */
const HANDSHAKE = 0x16;
/** A whole first flight of most clients. */
const FIRST = 2 * 1024;
/** Milliseconds that a plain client has to read what it is told, and to go. */
const DRAIN = 5_000;
/** What a client that distrusts the certificate calls it. */
const DISTRUST = /UnknownCA|CertificateUnknown|BadCertificate|CertificateExpired/;

const LATE = Symbol("late");

/**
 * A listener whose `accept` gives connections as they come; any number of handshakes go on at once, and none waits for a
 * slow one. Who does not get through has a first read that fails, and the error says why.
 *
 * @param listener gives plain sockets; its failures are those of `accept`
 */
export function listenTls(listener: Listener, reception: Reception): Listener {
  return {
    accept: async () => new Arrival(await listener.accept(), reception),
    close: () => listener.close(),
  };
}

/** One who has connected: what it reads and writes waits for the handshake. */
class Arrival implements Socket {
  readonly remoteAddr: Deno.NetAddr;
  readonly #socket: Socket;
  readonly #entered: Promise<TlsSocket>;
  /** Once it is through. */
  #inside: TlsSocket | undefined;

  constructor(socket: Socket, reception: Reception) {
    this.remoteAddr = socket.remoteAddr;
    this.#socket = socket;
    this.#entered = this.#enter(reception);
    this.#entered.catch(() => closeSocket(socket)); // whoever reads is told why
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
    if (this.#inside === undefined) closeSocket(this.#socket); // which a handshake under way takes for its end
    else this.#inside.close();
  }

  setNoDelay(): void {
    this.#socket.setNoDelay();
  }

  setKeepAlive(): void {
    this.#socket.setKeepAlive();
  }

  async #enter({ context, port, wall, patience, page, language = "en" }: Reception): Promise<TlsSocket> {
    const clock = Promise.withResolvers<typeof LATE>();
    const timer = setTimeout(clock.resolve, patience, LATE);
    let tls: TlsSocket | undefined;
    try {
      const first = new Uint8Array(FIRST);
      let reading = this.#socket.read(first), count = await Promise.race([reading, clock.promise]);
      if (count === null) throw new Error("it left without a word");
      // Who says nothing is no TLS client, for that would speak first. It may be somebody who waits to be greeted.
      if (count === LATE || first[0] !== HANDSHAKE) {
        let text = "";
        while (typeof count === "number") {
          text = appendFirstLine(text, first.subarray(0, count));
          if (sniff(text) !== "wait") break;
          reading = this.#socket.read(first);
          count = await Promise.race([reading, clock.promise]);
        }
        const isHttp = sniff(`${text}\n`) === "http"; // nothing more will come, or need come, of that line
        const answer = isHttp ? httpAnswer(text, page, language) : told(port, wall(), language);
        await sendAway(this.#socket, reading, answer);
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

/** Tells a plain client what is wrong, and reads it out: closing on unread bytes would take our words back. */
async function sendAway(socket: Socket, reading: Promise<number | null>, words: Uint8Array): Promise<void> {
  const timer = setTimeout(() => closeSocket(socket), DRAIN);
  const unheard = new Uint8Array(FIRST);
  try {
    await writeAll(socket, words);
    await socket.closeWrite();
    for (let count = await reading; count !== null;) count = await socket.read(unheard);
  } catch {
    // It is gone, or its time is up.
  } finally {
    clearTimeout(timer);
  }
}

function told(port: number, now: number, language: Language): Uint8Array {
  const client = `deno task client HOST${port === 7777 ? "" : ` ${port}`} --tls`;
  const words = catalogues[language].speaksTls(client, `openssl s_client -quiet -connect HOST:${port}`);
  return encode({ response: 400, time: Math.floor(now / 1000), error: words, alert: words });
}

function handshakeError(error: unknown): Error {
  const { message } = error as Error;
  return new Error(DISTRUST.test(message) ? `it does not trust the certificate (${message})` : message);
}
