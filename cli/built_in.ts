/** The options of every program: they print something and end it. @module */
import { flag, oneOf, topic } from "./option.ts";
import { inEach } from "./words.ts";

/** The shells for which there is completion. */
export const shells = ["bash", "zsh", "fish"] as const;
/** One of them. */
export type Shell = typeof shells[number];

export const builtIn = topic("general", {
  completion: oneOf<Shell, undefined>(inEach(({ completion }) => completion), shells, undefined, { value: "SHELL" }),
  help: flag(inEach(({ help }) => help), { short: "h" }),
  version: flag(inEach(({ version }) => version)),
});
