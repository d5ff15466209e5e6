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

/**
 * The options of a child of this program with these arguments: the first with the same options is measured, in a test
 * file or in a group that the gate makes of some, and those after it run the same lines.
 */
export function measuredOnce(
  program: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): { env: Record<string, string>; clearEnv?: boolean } {
  const kind = [program, ...args.filter((each) => each.startsWith("-"))].join(" ");
  if (measured.has(kind)) return unmeasured(env);
  measured.add(kind);
  return { env };
}
