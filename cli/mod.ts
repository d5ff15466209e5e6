/**
 * The command line of a program: a table of options in, a typed object out. What is wrong with it costs one line and status 2.
 * @module
 */
import { builtIn, type Shell } from "./built_in.ts";
import { completion } from "./completion.ts";
import { type Configuration, readConfiguration } from "./configured.ts";
import { ConfigUnreadable } from "./config_unreadable.ts";
import { help, terminalColumns } from "./help.ts";
import { type Language, languageIn, systemLanguage } from "./language.ts";
import { type Options, type Positionals, type Program, UsageError, type Values } from "./option.ts";
import { read } from "./parse.ts";
import { VERSION } from "./version.ts";
import { catalogues } from "./words.ts";

export { completion } from "./completion.ts";
export { ConfigUnreadable } from "./config_unreadable.ts";
export { type Configuration, readConfiguration } from "./configured.ts";
export type { Layer } from "./layers.ts";
export { help } from "./help.ts";
export { type Language, languageIn, LocalizedError, systemLanguage, type Text, untranslated } from "./language.ts";
export {
  dashed,
  flag,
  lang,
  oneOf,
  type Option,
  optionName,
  type Positional,
  type Program,
  size,
  text,
  topic,
  UsageError,
  type Values,
  whole,
} from "./option.ts";
export { read } from "./parse.ts";
export { notPermitted } from "./permission.ts";

/**
 * Reads this process's command line. `--help`, `--version` and `--completion` print that and exit with 0; a mistake prints one
 * line and exits with 2. The language is that of `--lang`, or else the system's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { flag, untranslated } from "./mod.ts";
 * assert.deepEqual(commandLine({ name: "serve", summary: untranslated("Serves."), options: { quick: flag(untranslated("Hurry.")) } }, []), { quick: false });
 * ```
 */
export function commandLine<O extends Options, P extends Positionals>(
  program: Program<O, P>,
  args: readonly string[] = Deno.args,
): Values<O> & Values<P> {
  const language = languageIn(args) ?? systemLanguage();
  try {
    printBuiltIn(program, args, language);
    return read(program, args, language);
  } catch (error) {
    return failReading(program.name, error, language);
  }
}

/**
 * Reads the values of a program with an option `--config`, as {@linkcode commandLine} does; those from the file and the
 * environment as well. A file that cannot be read costs one line and status 1.
 */
export async function configuration<O extends Options, P extends Positionals>(
  program: Program<O, P>,
  args: readonly string[] = Deno.args,
  fileAmong?: (positionals: readonly string[]) => string | undefined,
): Promise<Configuration<O, P>> {
  const language = languageIn(args) ?? systemLanguage();
  try {
    printBuiltIn(program, args, language);
    return await readConfiguration(program, args, language, fileAmong);
  } catch (error) {
    return failReading(program.name, error, language);
  }
}

/** Prints what an option that ends the program asks for, if there is one. */
function printBuiltIn<O extends Options, P extends Positionals>(
  program: Program<O, P>,
  args: readonly string[],
  language: Language,
): void {
  if (args.includes("--help") || args.includes("-h")) print(help(program, language, terminalColumns()));
  if (args.includes("--version")) print(`${program.name} ${VERSION}`);
  const shell = shellIn(args, language);
  if (shell !== undefined) print(completion(program, shell, language));
}

/** Ends the program with a line, if an error is about its command line or its configuration; throws it again if not. */
export function failReading(program: string, error: unknown, language: Language): never {
  if (error instanceof UsageError) failUsage(program, error.message, language);
  if (error instanceof ConfigUnreadable) fail(program, error.message);
  throw error;
}

/** The shell that `--completion` names, whatever else is on the command line. */
function shellIn(args: readonly string[], language: Language): Shell | undefined {
  const at = args.findIndex((arg) => /^--completion(=|$)/.test(arg));
  if (at < 0) return undefined;
  const given = args[at]!.includes("=") ? args.slice(at, at + 1) : args.slice(at, at + 2);
  return read({ options: { completion: builtIn.completion } }, given, language).completion;
}

/** Prints a text, and ends the program with status 0. */
function print(text: string): never {
  console.log(text);
  Deno.exit(0);
}

/** Prints one line about a wrong command line, with a hint at the help, and ends the program with status 2. */
export function failUsage(program: string, message: string, language: Language): never {
  fail(program, `${message} ${catalogues[language].seeHelp}`, 2);
}

/** Prints one line on standard error, and ends the program. */
export function fail(program: string, message: string, status = 1): never {
  console.error(`${program}: ${message}`);
  Deno.exit(status);
}
