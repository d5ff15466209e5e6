/** Errors of the operating system, as Deno reports them: told in one line each. @module */

/**
 * Whether the operating system, or Deno in its place, has refused something: the disk is full, a file is missing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([new Deno.errors.NotFound(), new TypeError()].map(isSystemError), [true, false]);
 * ```
 */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && Object.values(Deno.errors).some((kind) => error instanceof kind);
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
