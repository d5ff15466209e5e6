// `/help`: how commands are written, and what they do.

import { nearest } from "../../jim/mod.ts";
import { type CommandName, commandNames, isCommand, partOf, synonyms } from "../command_words.ts";
import type { Command } from "./command.ts";
import { PAGE } from "./lists.ts";
import { catalogues, type Texts } from "./words.ts";

/** Behind `/help`: what is done with a message, what is done with a room, what the user says of itself, what is done with its account, and the commands that the server grants to operators alone. */
const PARTS = ["messages", "rooms", "status", "account", "operator"] as const;
type Part = typeof PARTS[number];

/** One command, a part of them, or without a word those that everybody has. */
interface Help {
  readonly do: "help";
  readonly about?: CommandName | Part;
}

export const helpCommands = {
  help: {
    read(rest) {
      if (rest === "") return { do: "help" };
      const word = rest.replace(/^\//, "").toLowerCase(), about = isCommand(word) ? word : nearest(word, [], synonyms);
      const part = PARTS.find((each) => each === word);
      if (part !== undefined) return { do: "help", about: part };
      return about === undefined ? undefined : { do: "help", about: about as CommandName };
    },
    execute({ transcript, texts, withheld }, { about }) {
      transcript.table([...usages(about, texts, withheld), ...about === undefined ? texts.keys : []]);
    },
  } satisfies Command<Help>,
};

/**
 * How a command is written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(usage("msg"), "/msg NAME text");
 * ```
 */
export function usage(name: CommandName, texts: Texts = catalogues.en): string {
  return `/${name} ${texts.commands(PAGE)[name].takes}`.trimEnd();
}

/**
 * What commands are written like, and what they do: one of them, a part, or those that everybody has, which fit into
 * a terminal of 24 rows.
 *
 * @param withheld commands that the server does not allow: they are told of when they are asked for, and not listed
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(usages("who"), [["/who", "list the people here"]]);
 * assert.equal(usages()[0]![0], "/help [COMMAND]");
 * assert.equal(usages("operator")[0]![0], "/kick [#room] NAME [reason]");
 * ```
 */
export function usages(
  about?: CommandName | Part,
  texts: Texts = catalogues.en,
  withheld: ReadonlySet<CommandName> = new Set(),
): (readonly [usage: string, does: string])[] {
  const isMeant = (name: CommandName) =>
    about === undefined || PARTS.some((part) => part === about)
      ? partOf(name) === about && !withheld.has(name)
      : name === about;
  return commandNames.filter(isMeant).map((name) => [usage(name, texts), texts.commands(PAGE)[name].does]);
}
