/** Failures of the journal, and SQLite's, which are told in one line; what else is thrown is a bug. */
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
