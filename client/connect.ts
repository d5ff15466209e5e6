// Connects the client to a server, in the clear or encrypted. If that fails, one line says what was wrong and what would be
// right. Encryption begins on an open connection, so a silent server and Nagle's delay are handled in one way for both.

import { decodeText, type Language } from "../jim/mod.ts";
import { systemReason } from "../cli/system.ts";
import type { Peer } from "./options.ts";
import { catalogues, type Texts } from "./words.ts";

/** Milliseconds after which an address that stays silent is given up. */
const CONNECT = 10_000;

/** What has the shape of `Deno.TcpConn`, as far as a chat needs it. */
export type Connection = Deno.TcpConn | Deno.TlsConn;

/** There is no connection. The message is one line. */
export class ConnectError extends Error {
  override name = "NotConnected";
}

/** Why a handshake fails, as Deno's TLS says it, and as a person should read it. */
const reasons: [said: RegExp, mean: (texts: Texts, found: RegExpExecArray, peer: Peer) => string][] = [
  [
    /UnknownIssuer/,
    ({ unknownSigner, otherSigner }, _, { ca }) => ca === undefined ? unknownSigner : otherSigner(ca),
  ],
  [
    /not valid for name .* only valid for (.*)/,
    (texts, [, names], { address }) => texts.otherName(address, names!.replace(/\w+\("?([^")]*)"?\)/g, "$1")),
  ],
  [
    /CaUsedAsEndEntity/,
    ({ authority }) => authority,
  ],
  [/expired/i, ({ expired }) => expired],
  [/not ?valid ?yet/i, ({ notYet }) => notYet],
  [
    /corrupt message|unexpected end of file/,
    ({ notTls }) => notTls,
  ],
];

/**
 * Connects.
 *
 * @throws {ConnectError} When there is no server, or none that can be trusted, or the file of `ca` cannot be used.
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
  const { address, port, tls, ca, lang = "en" } = where, texts = catalogues[lang];
  const caCerts = ca === undefined ? [] : [readCa(ca, lang)];
  const signal = AbortSignal.timeout(patience);
  try {
    const conn = await Deno.connect({ hostname: address, port, signal });
    conn.setNoDelay(true);
    return tls ? await secured(await Deno.startTls(conn, { hostname: address, caCerts }), signal, texts) : conn;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ConnectError(texts.cannotConnect(address, port, explain(error, where)));
  }
}

async function secured(conn: Deno.TlsConn, signal: AbortSignal, { noTls }: Texts): Promise<Deno.TlsConn> {
  const late = () => conn.close();
  signal.addEventListener("abort", late);
  try {
    await conn.handshake();
    return conn;
  } catch (error) {
    if (signal.aborted) throw new Error(noTls);
    conn.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", late);
  }
}

/**
 * The certificate to trust.
 *
 * @throws {ConnectError} When the file cannot be used.
 */
export function readCa(file: string, language: Language = "en"): string {
  const texts = catalogues[language];
  try {
    const text = decodeText(Deno.readFileSync(file));
    if (!text.includes("-----BEGIN CERTIFICATE-----")) throw new Error(texts.noCertificate);
    return text;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof Deno.errors.NotCapable
      ? texts.caNotPermitted(file)
      : systemReason(error.message, language);
    throw new ConnectError(texts.cannotUseCa(file, why));
  }
}

function explain({ message }: Error, where: Peer): string {
  for (const [said, mean] of reasons) {
    const found = said.exec(message);
    if (found !== null) return mean(catalogues[where.lang ?? "en"], found, where);
  }
  return systemReason(message, where.lang ?? "en");
}
