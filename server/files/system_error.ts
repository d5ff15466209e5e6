/** Failures of the system, which are told in one line. */

export function isSystem(error: unknown): boolean {
  return error instanceof Error && Object.values(Deno.errors).some((kind) => error instanceof kind);
}

/** Why it was refused, without the path that Deno adds. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/: \w+ '.*'$/s, "") : String(error);
}
