/** The help of a program, from the table of its options. @module */
import { builtIn } from "./built_in.ts";
import type { Language } from "./language.ts";
import { LAUNCHER } from "./launcher.ts";
import { type Option, optionName, type Options, type Positionals, type Program } from "./option.ts";
import { catalogues, type Topic } from "./words.ts";

/** Columns for the descriptions, below which each goes under its option. */
const READABLE = 24;
/** Columns where no terminal says how many it has. */
const COLUMNS = 80;

/** An option as it is written, and its description. */
type Row = readonly [option: string, description: string];

/**
 * The help of a program: how it is called, and what each option is for. Options with a topic are listed under its heading,
 * in the order of the table. No row is longer than `columns`, unless a single word is. Each letter of the help takes one
 * column.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { flag, untranslated } from "./mod.ts";
 * const program = { name: "serve", summary: untranslated("Serves."), options: { quick: flag({ en: "Hurry.", ru: "Спешить." }) } };
 * assert.match(help(program, "ru"), /--quick {13}Спешить\./);
 * assert.match(help(program, "en", 30), /--quick\n {6}Hurry\./);
 * ```
 */
export function help<O extends Options, P extends Positionals>(
  program: Program<O, P>,
  language: Language = "en",
  columns = COLUMNS,
): string {
  const texts = catalogues[language], positionals = Object.values(program.positionals ?? {});
  const usage = positionals.map(({ required, value }) => required ? ` ${value}` : ` [${value}]`).join("");
  const call = `${texts.usage}: ${command(program.name)}${usage} [${texts.option}...]`;
  const sections = sectionsOf(program, language);
  const left = 4 + Math.max(...sections.flatMap(({ rows }) => rows.map(([option]) => option.length)));
  const shown = sections.map(({ heading, rows }) => {
    const lines = rows.map((row) => rowOf(row, left, columns)).join("\n");
    return heading === undefined ? lines : `${heading}:\n${lines}`;
  });
  return [wrapped(program.summary[language], columns).join("\n"), wrapped(call, columns).join("\n  "), ...shown].join(
    "\n\n",
  );
}

/**
 * How a program is called: by its own name where it is compiled, by the command of the npm package, or as a task.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(command("hanita-server"), "deno task server");
 * ```
 */
export function command(name: string): string {
  if (LAUNCHER !== undefined) return name.replace(/^hanita-/, `${LAUNCHER} `).replace(/ client$/, " chat");
  return Deno.build.standalone ? name : name.replace(/^hanita-/, "deno task ");
}

/** One section for each topic, or a single one without a heading where no option has a topic. */
function sectionsOf(
  { options, positionals = {} }: Program<Options, Positionals>,
  language: Language,
): { heading: string | undefined; rows: Row[] }[] {
  const texts = catalogues[language], hasTopics = Object.values(options).some(({ topic }) => topic !== undefined);
  const sections = new Map<string | undefined, Row[]>();
  function add(heading: string, row: Row): void {
    const key = hasTopics ? heading : undefined;
    sections.set(key, [...sections.get(key) ?? [], row]);
  }
  for (const positional of Object.values(positionals)) {
    add(texts.positionals, [positional.value, describe(positional, language)]);
  }
  for (const [key, option] of Object.entries({ ...options, ...builtIn })) {
    const { short, value, topic = "general" } = option as { short?: string; value?: string; topic?: Topic };
    const written = `${short ? `-${short}, ` : ""}${optionName(key)}${value ? ` ${value}` : ""}`;
    add(texts.topics[topic], [written, describe(option, language)]);
  }
  return [...sections].map(([heading, rows]) => ({ heading, rows }));
}

/** One option, with its description beside it, or under it where the terminal is narrow. */
function rowOf([option, description]: Row, left: number, columns: number): string {
  const isNarrow = columns - left < READABLE, indent = isNarrow ? 6 : left, edge = `\n${" ".repeat(indent)}`;
  const gap = isNarrow ? edge : " ".repeat(indent - 2 - option.length);
  return `  ${option}${gap}${wrapped(description, columns - indent).join(edge)}`;
}

/** The help of an option, with its default. */
function describe(option: Option<unknown> & { readonly required?: boolean }, language: Language): string {
  const { default: defaultValue, value, required } = option, help = option.help[language];
  const isPlain = value === undefined || defaultValue === undefined || defaultValue === "" || required;
  return isPlain ? help : `${help} [${defaultValue}]`;
}

/** A text in rows, broken at its spaces. */
function wrapped(text: string, room: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(" ")) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  return rows;
}

/** Columns of the terminal; a default where the output is none. */
export function terminalColumns(): number {
  try {
    return Deno.stdout.isTerminal() ? Deno.consoleSize().columns || COLUMNS : COLUMNS;
  } catch (error) {
    if (error instanceof Error) return COLUMNS; // the terminal is going away
    throw error;
  }
}
