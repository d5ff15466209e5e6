/**
 * The token of one run of the server. It opens `inspect`, `/class` and `/metrics` to users who can read a file of the
 * server's own user. An address proves nothing: behind a proxy or a tunnel on this machine every peer has its
 * address.
 */
import { LocalizedError } from "../../cli/language.ts";
import { systemReason } from "../../cli/system.ts";
import { isSystemError } from "../../log/system_error.ts";
import { locked } from "../data_folder/lock.ts";
import { isEqual } from "./passwords.ts";
import { inEach } from "../words/mod.ts";

/** Random bytes of a token. */
const BYTES = 32;

/** A token that cannot be stored. The message is one line and names the file. */
export class TokenNotStored extends LocalizedError {
  override name = "TokenNotStored";
}

/** A token in its file. */
export interface StoredToken {
  /** The file. */
  readonly path: string;
  /** The token file of another server in the folder, if there is one. */
  readonly beside: string | undefined;
  /** Removes the file, unless a later run has replaced it. If the system refuses, it stays: its token is of no use any more. */
  remove(): void;
}

/**
 * A new token: 43 letters, digits, `-` and `_`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(newToken(), /^[\w-]{43}$/);
 * ```
 */
export function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(BYTES)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Whether a token is valid. The comparison takes the same time for any token. */
export function isSameToken(shown: string, token: string): boolean {
  const encoder = new TextEncoder();
  return isEqual(encoder.encode(shown), encoder.encode(token));
}

/**
 * Stores a token in `DIR/token`, which only the server's user may read. If another server runs with that folder, it
 * is `DIR/token-PORT`, so that both are found. The file appears whole: it is written beside, with its mode, and then
 * renamed. An existing link or file is replaced and not followed.
 *
 * `DIR/token-lock` is locked as long as `DIR/token` is in use. The file itself cannot be locked: on Windows no other
 * process could read it then.
 *
 * @param port the port of the server
 * @throws {TokenNotStored} When the folder cannot be written.
 */
export function storeToken(dir: string, token: string, port: number): StoredToken {
  const first = `${dir}/token`;
  let lock: Deno.FsFile | undefined, path = first;
  try {
    lock = lockIn(dir);
    if (lock === undefined) path = `${first}-${port}`;
    const beside = `${path}.${Deno.pid}`;
    unlessMissing(() => Deno.removeSync(beside)); // of an earlier process of this number
    Deno.writeTextFileSync(beside, `${token}\n`, { createNew: true, mode: 0o600 });
    Deno.renameSync(beside, path);
  } catch (error) {
    lock?.close();
    if (!(error instanceof Error)) throw error;
    const { message } = error;
    throw new TokenNotStored(inEach(({ cannotWrite }, language) => cannotWrite(path, systemReason(message, language))));
  }
  return {
    path,
    beside: lock === undefined ? first : undefined,
    remove() {
      try {
        if (Deno.readTextFileSync(path).trim() === token) Deno.removeSync(path);
      } catch (error) {
        if (!isSystemError(error)) throw error;
      }
      lock?.close();
      lock = undefined;
    },
  };
}

/** The lock of `DIR/token`, unless another server holds it. */
function lockIn(dir: string): Deno.FsFile | undefined {
  const lock = Deno.openSync(`${dir}/token-lock`, { create: true, write: true, mode: 0o600 });
  if (locked(lock)) return lock;
  lock.close();
  return undefined;
}

function unlessMissing(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
