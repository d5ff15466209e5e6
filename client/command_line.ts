// Command line → options, or the one line that says what is wrong with it. It only reads: the front door prints and exits.
// It calls Optique's parser from `@optique/core`: the `@optique/run` around it does the same and more with `node:process`,
// for 9 MB of memory and 60 ms of every start.

import { type RunOptions, runParserSync } from "@optique/core/facade";
import { formatMessage, type Message } from "@optique/core/message";
import type { Parser } from "@optique/core/parser";

/** Options that were understood; or what to print instead, and the status to exit with: 0 for help, 2 for a mistake. */
export type CommandLine<T> = { readonly options: T } | { readonly status: 0 | 2; readonly text: string };

/**
 * Reads a command line. `--help` and `-h` are added to what the parser knows.
 *
 * @param command what is typed to run the program, for the help and in front of a mistake
 * @param brief what the program does, in one line
 * @param args the command line without the program
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { object } from "@optique/core/constructs";
 * import { message } from "@optique/core/message";
 * import { argument } from "@optique/core/primitives";
 * import { port } from "@optique/core/valueparser";
 *
 * const parser = object({ port: argument(port({ metavar: "PORT" })) });
 * const read = (...args: string[]) => commandLine("demo", message`Shows a port.`, parser, args);
 * assert.deepEqual(read("7777"), { options: { port: 7777 } });
 * assert.deepEqual(read("many"), {
 *   status: 2,
 *   text: 'demo: PORT: Expected a valid port number, but got "many". Try --help',
 * });
 * ```
 */
export function commandLine<T>(
  command: string,
  brief: Message,
  parser: Parser<"sync", T, unknown>,
  args: readonly string[],
): CommandLine<T> {
  let help = "";
  let instead: CommandLine<T> | undefined;
  const settings: RunOptions<void, void> = {
    brief,
    help: { option: { names: ["--help", "-h"] }, onShow: () => void (instead = { status: 0, text: help.trimEnd() }) },
    showDefault: true,
    showChoices: true,
    aboveError: "none",
    stdout: (text) => void (help += text),
    stderr: () => {},
    onError: (_, mistake) => void (instead = { status: 2, text: `${command}: ${oneLine(mistake)} Try --help` }),
  };
  const options = runParserSync(parser as Parser<"sync", unknown, unknown>, command, args, settings) as T;
  return instead ?? { options };
}

/** Optique puts a suggestion under the mistake, and back quotes around the names of options. */
function oneLine(mistake: Message): string {
  return formatMessage(mistake, { quotes: true }).replaceAll("`", "").replaceAll(/\s+/g, " ");
}
