/**
 * The file of `--broker-auth`: how a server logs in to the broker. Secrets are never on the command line, where other users of
 * the machine could read them.
 */
import {
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from "@nats-io/nats-core";
import { systemReason } from "../../../cli/system.ts";
import { refused } from "./refused.ts";

const encoder = new TextEncoder();

/**
 * Reads a file with one of: the lines `user: NAME` and `password: WORD`; the line `token: WORD`; the seed of an nkey, as `nk`
 * prints it; or a `.creds` file, as the tools of NATS write it.
 *
 * @param permissions the set of permissions of this program
 * @throws {JournalRefused} if it cannot be read, or has none of these
 */
export function readCredentials(file: string, permissions: string): Authenticator {
  const found = parseCredentials(readFile("--broker-auth", file, permissions));
  if (found === undefined) throw refused((texts) => texts.badAuth(file));
  return found;
}

/**
 * The certificates of authorities in a file (`--broker-ca`), as PEM.
 *
 * @throws {JournalRefused} if it cannot be read, or has none
 */
export function readAuthorities(file: string, permissions: string): readonly string[] {
  const found = readFile("--broker-ca", file, permissions).match(
    /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g,
  );
  if (found === null) throw refused((texts) => texts.badAuthority(file));
  return found;
}

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const log_in = parseCredentials("user: hanita\npassword: correct horse\n");
 * assert.deepEqual(log_in?.(), { user: "hanita", pass: "correct horse" });
 * assert.deepEqual(parseCredentials("token: s3cret")?.(), { auth_token: "s3cret" });
 * assert.equal(parseCredentials("hanita:secret"), undefined);
 * ```
 */
export function parseCredentials(text: string): Authenticator | undefined {
  if (text.includes("-----BEGIN NATS USER JWT-----")) return usable(credsAuthenticator(encoder.encode(text)));
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 1 && /^S[A-Z2-7]{57}$/.test(lines[0]!)) {
    return usable(nkeyAuthenticator(encoder.encode(lines[0])));
  }
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^(user|password|token)\s*[:=]\s*(.+)$/.exec(line) ?? [];
    if (name === undefined || fields.has(name)) return undefined;
    fields.set(name, value!);
  }
  const user = fields.get("user"), password = fields.get("password"), token = fields.get("token");
  if (user !== undefined && password !== undefined && fields.size === 2) {
    return usernamePasswordAuthenticator(user, password);
  }
  return token !== undefined && fields.size === 1 ? tokenAuthenticator(token) : undefined;
}

/** A key with a wrong checksum would fail at the connection only. */
function usable(authenticator: Authenticator): Authenticator | undefined {
  try {
    authenticator("nonce");
    return authenticator;
  } catch {
    return undefined;
  }
}

function readFile(option: string, file: string, permissions: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isForbidden = error instanceof Deno.errors.NotCapable, { message } = error;
    throw refused((texts, language) =>
      texts.cannotRead(
        option,
        file,
        isForbidden ? texts.readNotPermitted(file, permissions) : systemReason(message, language),
      )
    );
  }
}
