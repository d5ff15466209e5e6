/**
 * Checks a configuration of the server, or shows each value of it with its source. It starts nothing.
 *
 *     deno task config check [FILE] [the server's options]
 *     deno task config show [FILE] [the server's options]
 *
 * Exit status: 0 the configuration is right, 1 the file cannot be read, 2 something in it or on the command line is wrong.
 */
import {
  configuration,
  dashed,
  failReading,
  type Layer,
  oneOf,
  type Positional,
  systemLanguage,
  text,
} from "../cli/mod.ts";
import { program as server } from "../server/options.ts";
import { parsedOptions } from "../server/parsed_options.ts";
import { catalogues, type Texts } from "./words.ts";

/** The file that is checked where none is named. */
const FILE = "hanita.toml";
/** The column of the sources. */
const COLUMN = 32;

export const program = {
  name: "hanita-config",
  summary: {
    en: "Checks a configuration of the server, or shows each value of it with its source; it starts nothing.",
    ru: "Проверяет настройки сервера или показывает каждую и откуда она взята; ничего не запускает.",
  },
  options: server.options,
  positionals: {
    command: {
      ...oneOf({ en: "What to do.", ru: "Что сделать." }, ["check", "show"], "check", { synonyms: { test: "check" } }),
      value: "check|show",
      required: true,
    } satisfies Positional<string>,
    file: {
      ...text({ en: "The configuration file.", ru: "Файл настроек." }, undefined),
      value: "FILE",
    } satisfies Positional<string | undefined>,
  },
};

if (import.meta.main) {
  const { values, given } = await configuration(program, Deno.args, ([command, file]) => {
    return file ?? (command === "check" ? FILE : undefined);
  });
  const language = values.lang ?? systemLanguage(), texts = catalogues[language];
  await parsedOptions(values, language).catch((error) => failReading(program.name, error, language));
  const file = values.config ?? values.file ?? FILE;
  if (values.command === "check") console.log(texts.configRight(file));
  else for (const line of shown(values, given, texts)) console.log(line);
}

/** All options as lines of a configuration file; the source of each is behind it. */
function* shown(values: Readonly<Record<string, unknown>>, given: Layer, texts: Texts): Generator<string> {
  for (const key of Object.keys(server.options)) {
    if (key === "config") continue;
    const value = values[key], line = value === undefined ? `# ${dashed(key)}` : `${dashed(key)} = ${literal(value)}`;
    yield `${line.padEnd(COLUMN)}  # ${given[key]?.label.replace(/: [a-z-]+$/, "") ?? texts.defaultValue}`;
  }
}

/** A value in TOML. */
function literal(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.join(",") : value);
}
