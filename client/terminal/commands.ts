// What a line that was typed asks for. A line that begins with `/` is a command, any other a message; `//` is how a message
// begins with `/`.

import { nearest } from "../../jim/mod.ts";
import { type CommandName, commandNames, isCommand, synonyms } from "../command_words.ts";
import type { InvalidCommand } from "./command.ts";
import { commands } from "./features.ts";
import { usage } from "./help.ts";
import type { KnownNames } from "./names.ts";
import { catalogues, type Texts } from "./words.ts";

/** What is to be done. */
export type TypedCommand =
  | { readonly do: "say"; readonly text: string }
  | { readonly do: "nothing" }
  | Exclude<ReturnType<(typeof commands)[CommandName]["read"]>, undefined>
  | InvalidCommand;

/**
 * Reads a line.
 *
 * @param find how who and what is meant is known here
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(readCommand("hello"), { do: "say", text: "hello" });
 * assert.deepEqual(readCommand("//etc is a folder"), { do: "say", text: "/etc is a folder" });
 * assert.deepEqual(readCommand('/msg "Ann Lee" hi'), { do: "msg", to: "Ann Lee", text: "hi" });
 * assert.deepEqual(readCommand("/join cats"), { do: "join", room: "#cats" });
 * assert.deepEqual(readCommand("/join my room"), { do: "join", room: "#my room" });
 * assert.deepEqual(readCommand("/who now"), { do: "invalid", words: 'Cannot read "/who now": expected /who' });
 * ```
 */
export function readCommand(
  line: string,
  find: KnownNames["find"] = () => undefined,
  texts: Texts = catalogues.en,
): TypedCommand {
  if (line.trim() === "") return { do: "nothing" };
  if (!line.startsWith("/")) return { do: "say", text: line };
  if (line.startsWith("//")) return { do: "say", text: line.slice(1) };
  const [, name = "", rest = ""] = /^\/(\S*)\s*(.*?)\s*$/.exec(line)!;
  if (!isCommand(name)) return { do: "invalid", words: texts.noCommand(name, nearest(name, commandNames, synonyms)) };
  const read = commands[name].read(rest, find, texts);
  if (read !== undefined) return read;
  // What is behind the name is a password, perhaps.
  const secret = name === "login" || name === "register", expected = usage(name, texts);
  return { do: "invalid", words: secret ? texts.noPasswordHere(expected) : texts.unreadable(line, expected) };
}
