/** Whose failure it is: SQLite's or the system's, which are told in one line, or the program's own, which is a bug. */
import { LocalizedError } from "../../cli/language.ts";

/** The journal could not do it: the disk is full, the database locked or damaged. Nothing of the call has been kept. */
export class JournalFailure extends Error {
  override name = "JournalFailure";
}

/** There is a database that cannot be used: the message says why, in one line. */
export class JournalRefused extends LocalizedError {
  override name = "JournalRefused";
}

export function isSqlite(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

export function isSystem(error: unknown): boolean {
  return error instanceof Error && Object.values(Deno.errors).some((kind) => error instanceof kind);
}

/** Why it was refused, without the path that Deno adds. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/: \w+ '.*'$/s, "") : String(error);
}
