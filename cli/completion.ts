/** Completion of a command line by a shell: the script that `--completion` prints, from the table of the options. @module */
import { builtIn, type Shell } from "./built_in.ts";
import { bash } from "./completion/bash.ts";
import { fish } from "./completion/fish.ts";
import { zsh } from "./completion/zsh.ts";
import type { Argument, Command, Values } from "./completion/command.ts";
import { command } from "./help.ts";
import type { Language } from "./language.ts";
import { dashed, type Option, type Options, type Positionals, type Program } from "./option.ts";

const scripts: Readonly<Record<Shell, (command: Command) => string>> = { bash, fish, zsh };

/**
 * The script with which a shell completes the command line of a program: of the compiled program by its name, and elsewhere
 * of its task. The script knows all options, so that the program is not started at a Tab.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { oneOf, untranslated } from "./mod.ts";
 * const program = { name: "hanita-try", summary: untranslated("Tries."), options: { level: oneOf(untranslated("Level."), ["low", "high"], "low") } };
 * assert.match(completion(program, "bash", "en"), /--level\) choices='low high'/);
 * ```
 */
export function completion<O extends Options, P extends Positionals>(
  program: Program<O, P>,
  shell: Shell,
  language: Language,
): string {
  const { name, positionals = {}, options } = program;
  return scripts[shell]({
    name,
    task: Deno.build.standalone ? undefined : name.replace(/^hanita-/, ""),
    printedBy: `${command(name)} --completion ${shell}`,
    options: Object.entries({ ...options, ...builtIn }).map(([key, option]) => ({
      name: dashed(key),
      short: (option as Option<unknown>).short,
      ...argument(option, language),
    })),
    positionals: Object.values<Option<unknown>>(positionals).map((positional) => argument(positional, language)),
  });
}

/** What follows an option, or stands in a position. */
function argument(option: Option<unknown>, language: Language): Argument {
  const { value, help } = option;
  return { value, values: value === undefined ? undefined : valuesOf(option), help: help[language] };
}

function valuesOf({ value, choices }: Option<unknown>): Values {
  if (choices !== undefined) return choices;
  return value === "FILE" ? "files" : value === "DIR" ? "folders" : "any";
}
