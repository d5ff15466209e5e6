// A server behind encryption, as people start it.

import { pem } from "../server/net/tls/certificates.ts";
import { type Program, startIn } from "./program.ts";

/** A server behind encryption; its certificate is in its own folder, beside the authority's: `authority.pem`. */
export async function startTls(...args: string[]): Promise<Program> {
  const folder = await Deno.makeTempDir({ prefix: "hanita-tls-" });
  lay(folder, "first");
  Deno.writeTextFileSync(`${folder}/authority.pem`, pem("authority.pem"));
  return await startIn(folder, "--tls-cert", `${folder}/cert.pem`, "--tls-key", `${folder}/key.pem`, ...args);
}

/** Puts a certificate and its key where the server reads them. */
export function lay(folder: string, name: "first" | "second"): void {
  Deno.writeTextFileSync(`${folder}/cert.pem`, pem(`${name}.pem`));
  Deno.writeTextFileSync(`${folder}/key.pem`, pem(`${name}.key`));
}
