// The certificates in fixtures/tls, which tells how they were made: two of this machine, by one authority.

import { connect, createSecureContext, type SecureContext } from "node:tls";

const FOLDER = new URL("./fixtures/", import.meta.url);

/** What there is in one of its files. */
export function pem(file: string): string {
  return Deno.readTextFileSync(new URL(file, FOLDER));
}

/** Where such a file is. */
export function pathOf(file: string): string {
  return new URL(file, FOLDER).pathname;
}

/** What a server shows. */
export function contextOf(name: "first" | "second" | "authority"): SecureContext {
  return createSecureContext({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });
}

/** Connects to a port of this machine, trusts the authority, and is through the handshake. */
export async function connectTls(port: number): Promise<Deno.TlsConn> {
  const plain = await Deno.connect({ hostname: "127.0.0.1", port });
  plain.setNoDelay();
  const conn = await Deno.startTls(plain, { hostname: "localhost", caCerts: [pem("authority.pem")] });
  await conn.handshake();
  return conn;
}

/** The name in the certificate that a server on a port of this machine shows. */
export function certificateAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ca: pem("authority.pem") }, () => {
      const name = socket.getPeerCertificate().subject.CN;
      socket.once("close", () => resolve(String(name)));
      socket.destroy();
    });
    socket.once("error", reject);
    socket.resume();
  });
}
