/** A command line as the scripts of the shells need it. @module */

/** What a value can be: some words, a file, a folder, or a text that no shell can guess. */
export type Values = readonly string[] | "files" | "folders" | "any";

/** An option or a positional. */
export interface Argument {
  /** The name of its value in the help; `undefined` for a flag, as are its `values`. */
  readonly value: string | undefined;
  readonly values: Values | undefined;
  readonly help: string;
}

/** An option. */
export interface CompletedOption extends Argument {
  /** Without dashes. */
  readonly name: string;
  /** Its letter, without the dash. */
  readonly short: string | undefined;
}

/** A program, by which one of two commands calls it. */
export interface Command {
  /** The name of the compiled program. */
  readonly name: string;
  /** The task of Deno that runs it, where it is not compiled. */
  readonly task: string | undefined;
  /** The command that prints the script. */
  readonly printedBy: string;
  readonly options: readonly CompletedOption[];
  readonly positionals: readonly Argument[];
}

/**
 * The name of a command's function in a script.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(functionName("hanita-server"), "_hanita_server");
 * assert.equal(functionName("hanita-bench:fair"), "_hanita_bench_fair");
 * ```
 */
export function functionName(name: string): string {
  return `_${name.replace(/[^a-z]/g, "_")}`;
}
