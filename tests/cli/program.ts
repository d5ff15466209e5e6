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

/** A program with texts in both languages. */
export const bilingual = {
  name: "try",
  summary: { en: "Tries things, many of them, one after the other.", ru: "Пробует разное, по очереди." },
  options: {
    port: whole({ en: "Port to listen on.", ru: "На каком порту слушать, если не на обычном." }, 7777, { short: "p" }),
    key: text({ en: "What opens it.", ru: "Чем открыть." }, undefined, { requires: "lock" }),
    lock: { ...text({ en: "What shuts it.", ru: "Чем закрыть." }, undefined), conflictsWith: "quick" },
    quick: flag({ en: "Hurry.", ru: "Спешить." }),
    level: oneOf({ en: "How loud.", ru: "Громкость." }, ["low", "high"], "low"),
  },
  positionals: { host: { ...text({ en: "Where.", ru: "Где." }, ""), value: "ADDR", required: true } },
};
