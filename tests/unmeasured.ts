// A program that a test needs and is not about: with `deno test --coverage` each child of Deno measures what it covers, which
// takes half as much time again, and of the server beside a page it is all known from the server's own tests.

import { may } from "./may.ts";

/** The options of such a child: an environment without the measuring, and with these variables. */
export function unmeasured(env: Record<string, string> = {}): { env: Record<string, string>; clearEnv?: boolean } {
  if (!may("env")) return { env };
  const { DENO_COVERAGE_DIR: _, ...rest } = Deno.env.toObject();
  return { env: { ...rest, ...env }, clearEnv: true };
}

const measured = new Set<string>();

/** The options of a child of this kind: the first of a test file is measured, and those after it run the same lines. */
export function measuredOnce(
  kind: string,
  env: Record<string, string> = {},
): { env: Record<string, string>; clearEnv?: boolean } {
  if (measured.has(kind)) return unmeasured(env);
  measured.add(kind);
  return { env };
}
