/**
 * Encryption in front of the server: a listener of plain sockets goes in, and a listener of the same shape comes out whose
 * sockets are those that got through a TLS handshake. The first byte tells who speaks: 0x16 opens every handshake, and
 * anybody else is told in one line of plain JSON what to do, since a learner's `nc` would otherwise just stay silent.
 *
 * Why so, each tried on Deno 2.9.6: `Deno.listenTls` shows no byte before its own handshake, so it can tell a plain client
 * nothing, and its certificate is fixed until the port is given up. `node:net` as the listener stops accepting for good,
 * without a word, after file descriptors ran out once. So `Deno.listen` stays what accepts, with its failures as the server
 * knows them, and `node:tls` only encrypts, see {@linkcode TlsSocket}. That costs 30 µs of processor time for a small write
 * where `Deno.listenTls` takes 7 and plain TCP 6, and 1 ms for a handshake where it takes half of that.
 */
import type { SecureContext } from "node:tls";
import { encode } from "../jim/mod.ts";
import type { Socket } from "./connection.ts";
import type { Listener } from "./serve.ts";
import { shut, TlsSocket } from "./tls_socket.ts";

/** How those who connect are met. */
export interface Reception {
  /** What a handshake that begins now shows; a new certificate concerns nobody who is in. */
  readonly context: () => SecureContext;
  /** The port, as a plain client is told it. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds from connecting to the end of the handshake, at most. */
  readonly patience: number;
  /** Is told who did not get through, and why. Nobody else notices. */
  readonly failed: (peer: Deno.NetAddr, why: string) => void;
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
 * A listener whose `accept` gives connections after their handshake, in the order in which they got through. Any number of
 * handshakes go on at once, so none waits for a slow one; each holds a file descriptor, for `patience` at most.
 *
 * @param listener gives plain sockets; its failures are those of `accept`
 */
export function listenTls(listener: Listener, { context, port, wall, patience, failed }: Reception): Listener {
  /** Through, and not yet accepted. */
  const ready: Socket[] = [];
  /** How to get rid of each who is not through yet. */
  const guests = new Set<() => void>();
  let accepting: PromiseWithResolvers<Socket> | undefined;
  let receiving = false;
  let closed = false;

  return {
    accept() {
      const socket = ready.shift();
      if (socket !== undefined) return Promise.resolve(socket);
      accepting = Promise.withResolvers();
      receive();
      return accepting.promise;
    },
    close() {
      closed = true;
      listener.close();
      for (const cut of guests) cut();
      for (const socket of ready.splice(0)) socket.close();
    },
  };

  /** Takes in plain sockets until that fails; the next `accept` tries again. */
  async function receive(): Promise<void> {
    if (receiving) return;
    receiving = true;
    try {
      for (;;) meet(await listener.accept());
    } catch (error) {
      receiving = false;
      accepting?.reject(error);
      accepting = undefined;
    }
  }

  async function meet(socket: Socket): Promise<void> {
    let tls: TlsSocket | undefined;
    const cut = () => tls === undefined ? shut(socket) : tls.cut();
    const clock = Promise.withResolvers<typeof LATE>();
    const timer = setTimeout(clock.resolve, patience, LATE);
    guests.add(cut);
    try {
      socket.setNoDelay();
      const first = new Uint8Array(FIRST);
      const reading = socket.read(first);
      const count = await Promise.race([reading, clock.promise]);
      if (count === null) throw new Error("it left without a word");
      // Who says nothing is no TLS client, for that would speak first. It may be somebody who waits to be greeted.
      if (count === LATE || first[0] !== HANDSHAKE) return await sendAway(socket, reading);
      tls = new TlsSocket(socket, first.subarray(0, count), context());
      if (await Promise.race([tls.secured, clock.promise]) === LATE) {
        throw new Error(`no handshake within ${patience / 1000} s`);
      }
      through(tls);
    } catch (error) {
      cut();
      if (!closed) failed(socket.remoteAddr, reason(error));
    } finally {
      clearTimeout(timer);
      guests.delete(cut);
    }
  }

  function through(socket: Socket): void {
    if (closed) return socket.close();
    if (accepting === undefined) ready.push(socket);
    else accepting.resolve(socket);
    accepting = undefined;
  }

  /** Tells a plain client what is wrong, and reads it out: closing on unread bytes would take our words back. */
  async function sendAway(socket: Socket, reading: Promise<number | null>): Promise<void> {
    failed(socket.remoteAddr, "it speaks no TLS, and is told so");
    const timer = setTimeout(() => shut(socket), DRAIN);
    const unheard = new Uint8Array(FIRST);
    try {
      for (let words = told(port, wall()); words.length > 0;) words = words.subarray(await socket.write(words));
      await socket.closeWrite();
      for (let count = await reading; count !== null;) count = await socket.read(unheard);
    } catch {
      // It is gone, or its time is up.
    } finally {
      clearTimeout(timer);
      shut(socket);
    }
  }
}

function told(port: number, now: number): Uint8Array {
  const words = `This server speaks TLS: connect with deno task client HOST${port === 7777 ? "" : ` ${port}`} --tls, ` +
    `or openssl s_client -quiet -connect HOST:${port}`;
  return encode({ response: 400, time: Math.floor(now / 1000), error: words, alert: words });
}

function reason(error: unknown): string {
  const { message } = error as Error;
  return DISTRUST.test(message) ? `it does not trust the certificate (${message})` : message;
}
