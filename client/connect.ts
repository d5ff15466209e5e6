// How the client comes to a connection, in the clear or encrypted; and when it comes to none, the one line that says what
// was wrong and what would be right. Encryption is begun on a connection that stands already, so that a server's silence
// and Nagle's delay are dealt with in one way for both.

import { textOf } from "../jim/mod.ts";
import type { Peer } from "./options.ts";

/** Milliseconds after which an address that stays silent is given up. */
const CONNECT = 10_000;

/** What has the shape of `Deno.TcpConn`, as far as a chat needs it. */
export type Connection = Deno.TcpConn | Deno.TlsConn;

/** There is no connection. The message is one line. */
export class NotConnected extends Error {
  override name = "NotConnected";
}

/** Why a handshake fails, as Deno's TLS says it, and as a person should read it. */
const reasons: [said: RegExp, mean: (found: RegExpExecArray, peer: Peer) => string][] = [
  [
    /UnknownIssuer/,
    (_, { ca }) =>
      ca === undefined
        ? "nobody known here has signed its certificate, expected --ca FILE with the certificate of who did"
        : `who signed its certificate is not in "${ca}", expected --ca with the certificate of who did`,
  ],
  [
    /not valid for name .* only valid for (.*)/,
    ([, names], { address }) =>
      `its certificate is not for ${address}, expected ${names!.replace(/\w+\("?([^")]*)"?\)/g, "$1")}`,
  ],
  [
    /CaUsedAsEndEntity/,
    () => "its certificate is an authority's, expected a server's, made with basicConstraints=critical,CA:FALSE",
  ],
  [/expired/i, () => "its certificate has ended, expected a new one"],
  [/not ?valid ?yet/i, () => "its certificate has not begun, expected a clock that is right here and there"],
  [
    /corrupt message|unexpected end of file/,
    () => "it does not speak TLS, expected a server with --tls-cert, or no --tls here",
  ],
];

/**
 * Connects.
 *
 * @throws {NotConnected} When there is no server, or none that can be trusted, or the file of `ca` cannot be used.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const { port } = server.addr as Deno.NetAddr;
 * const where = { address: "127.0.0.1", port, tls: false, ca: undefined };
 * using conn = await connect(where);
 * assert.equal((conn.remoteAddr as Deno.NetAddr).port, port);
 * await assert.rejects(connect({ ...where, ca: "none.pem" }), { message: 'Cannot use --ca "none.pem": No such file or directory' });
 * ```
 */
export async function connect(where: Peer, patience = CONNECT): Promise<Connection> {
  const { address, port, tls, ca } = where;
  const caCerts = ca === undefined ? [] : [readCa(ca)];
  const signal = AbortSignal.timeout(patience);
  try {
    const conn = await Deno.connect({ hostname: address, port, signal });
    conn.setNoDelay(true);
    return tls ? await secured(await Deno.startTls(conn, { hostname: address, caCerts }), signal) : conn;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new NotConnected(`Cannot connect to ${address} port ${port}: ${reason(error, where)}`);
  }
}

async function secured(conn: Deno.TlsConn, signal: AbortSignal): Promise<Deno.TlsConn> {
  const late = () => conn.close();
  signal.addEventListener("abort", late);
  try {
    await conn.handshake();
    return conn;
  } catch (error) {
    if (signal.aborted) throw new Error("it begins no TLS, expected a server with --tls-cert, or no --tls here");
    conn.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", late);
  }
}

/**
 * The certificate to trust.
 *
 * @throws {NotConnected} When the file cannot be used.
 */
export function readCa(file: string): string {
  try {
    const text = textOf(Deno.readFileSync(file));
    if (!text.includes("-----BEGIN CERTIFICATE-----")) throw new Error("expected a certificate, as PEM");
    return text;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof Deno.errors.NotCapable
      ? `not permitted, put it into ./data, or add --allow-read=./data,${file} to "deno run"`
      : error.message.replace(/ \(os error \d+\).*/, "");
    throw new NotConnected(`Cannot use --ca "${file}": ${why}`);
  }
}

function reason({ message }: Error, where: Peer): string {
  for (const [said, mean] of reasons) {
    const found = said.exec(message);
    if (found !== null) return mean(found, where);
  }
  return message.replace(/ \(os error \d+\)$/, "");
}
