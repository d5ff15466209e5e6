/** Errors of the operating system, as Deno reports them: told in one line each. @module */

/** EMFILE, E2BIG; not ERR_SQLITE_ERROR and other codes of Node's own errors. */
const SYSTEM_CODE = /^E[A-Z0-9]+$/;
/** For some codes, such as EFBIG, Deno has no name: a file that is too large for its file system. */
const SYSTEM_NUMBER = /\(os error \d+\)/;

/**
 * Whether the operating system, or Deno in its place, has refused something: the disk is full, a file is missing. Deno has
 * classes for the frequent refusals only. The others, for example EMFILE and ENOSPC, are an `Error` with the system's code.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([new Deno.errors.NotFound(), new TypeError()].map(isSystemError), [true, false]);
 * const full = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
 * assert.equal(isSystemError(full), true);
 * assert.equal(isSystemError(new Error("File too large (os error 27)")), true);
 * ```
 */
export function isSystemError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (Object.values(Deno.errors).some((kind) => error instanceof kind)) return true;
  if (error.name !== "Error") return false;
  return "code" in error ? SYSTEM_CODE.test(String(error.code)) : SYSTEM_NUMBER.test(error.message);
}

/**
 * Why it was refused, without the call and the path that Deno adds: the messages here begin with the path.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const error = new Deno.errors.NotFound("No such file or directory (os error 2): open 'data/log'");
 * assert.equal(systemErrorText(error), "No such file or directory (os error 2)");
 * ```
 */
export function systemErrorText(error: unknown): string {
  return error instanceof Error ? error.message.replace(/: \w+ '.*'$/s, "") : String(error);
}
