// A program with each form of option, for the tests of the command line.

import { flag, oneOf, type Positional, text, untranslated, whole } from "../../cli/mod.ts";

export const host: Positional<string> = { ...text(untranslated("Where."), "unused"), value: "ADDR", required: true };
const port: Positional<number> = { ...whole(untranslated("Which port."), 7777, { max: 65535 }), value: "PORT" };
export const program = {
  name: "try",
  summary: untranslated("Tries things."),
  options: {
    name: text(untranslated("What it is called."), "it", { short: "n", value: "NAME" }),
    data: text(untranslated("Where it is kept."), undefined),
    times: whole(untranslated("How often."), 1, { short: "t", min: 1, max: 9 }),
    logLevel: oneOf(untranslated("How loud."), ["low", "high"], "low"),
    quick: flag(untranslated("Hurry."), { short: "q" }),
    takeTime: flag(untranslated("Do not hurry."), { conflictsWith: "quick" }),
    lock: text(untranslated("What it is locked with."), undefined, { requires: "key" }),
    key: text(untranslated("What opens it."), undefined, { requires: "lock" }),
  },
  positionals: { host, port },
};
