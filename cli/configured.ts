/**
 * The values of a program that has a configuration file: the option `--config` names it. The order is: default, file,
 * environment, command line; a later one hides an earlier one.
 * @module
 */
import { environmentLayer } from "./environment.ts";
import type { Language } from "./language.ts";
import { effective, type Layer } from "./layers.ts";
import type { Options, Positionals, Program, Values } from "./option.ts";
import { read, split } from "./parse.ts";

/** All values of a program, and the options that were given. */
export interface Configuration<O extends Options, P extends Positionals> {
  readonly values: Values<O> & Values<P>;
  readonly given: Layer;
}

/**
 * Reads the values of a program. The module that reads a file is loaded only if there is one.
 *
 * @param fileAmong the file where no option names it, for a program that takes it as a positional
 * @throws {UsageError} When a value is wrong; the message is one line that names its place.
 * @throws {ConfigUnreadable} When the file cannot be read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { text, untranslated, whole } from "./mod.ts";
 * const options = { port: whole(untranslated("Port."), 7777), config: text(untranslated("File."), undefined) };
 * const { values, given } = await readConfiguration({ options }, ["--port", "80"], "en");
 * assert.equal(values.port, 80);
 * assert.deepEqual(given, { port: { text: "80", label: "--port" } });
 * ```
 */
export async function readConfiguration<O extends Options, P extends Positionals>(
  program: Pick<Program<O, P>, "options" | "positionals">,
  args: readonly string[],
  language: Language,
  fileAmong: (positionals: readonly string[]) => string | undefined = () => undefined,
): Promise<Configuration<O, P>> {
  const { options } = program, { typed, rest } = split(options, args, language);
  const above = [environmentLayer(options, language), typed];
  const file = effective(options, above).config?.text ?? fileAmong(rest);
  const layers = file === undefined ? above : [await fileLayer(file, options, language), ...above];
  return { values: read(program, args, language, layers), given: effective(options, layers) };
}

async function fileLayer(path: string, options: Options, language: Language): Promise<Layer> {
  const { configLayer } = await import("./config_file.ts"), { config: _, ...rest } = options;
  return configLayer(path, rest, language);
}
