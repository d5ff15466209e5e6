/**
 * The values that options are given, before they are read. They lie in layers: a configuration file, the environment, the
 * command line. A value of a stronger layer hides that of a weaker one.
 * @module
 */
import { type Option, optionName, type Options, UsageError } from "./option.ts";
import type { Language } from "./language.ts";
import { catalogues } from "./words.ts";

/** A value as it was given. */
export interface Given {
  /** Its text. That of a flag is `true` or `false`. */
  readonly text: string;
  /** What an error message calls it: `--port`, `HANITA_PORT` or `hanita.toml:3: port`. */
  readonly label: string;
}

/** Values by the keys of their options. */
export type Layer = Readonly<Record<string, Given>>;

/** Whether an option has no value on the command line. */
export function isFlag({ value }: Option<unknown>): boolean {
  return value === undefined;
}

/**
 * The values that count: of each option that of the last layer which has it. A flag that is false there counts as not given.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { flag, untranslated, whole } from "./mod.ts";
 * const options = { port: whole(untranslated("Port."), 7777), web: flag(untranslated("Page.")) };
 * const file = { port: { text: "80", label: "f:1: port" }, web: { text: "true", label: "f:2: web" } };
 * const environment = { web: { text: "false", label: "HANITA_WEB" } };
 * assert.deepEqual(effective(options, [file, environment]), { port: file.port });
 * ```
 */
export function effective(options: Options, layers: readonly Layer[]): Layer {
  const given = Object.entries(Object.assign({}, ...layers) as Layer);
  return Object.fromEntries(given.filter(([key, { text }]) => !(isFlag(options[key]!) && text === "false")));
}

/**
 * The values of all options: each as it was given, or else its default.
 *
 * @throws {UsageError} When one cannot be read, or two do not go together; the message is one line.
 */
export function valuesOf(options: Options, given: Layer, language: Language): Record<string, unknown> {
  const texts = catalogues[language], values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(options)) {
    const value = given[key];
    if (value === undefined) {
      values[key] = option.default;
      continue;
    }
    const { conflictsWith, requires } = option, other = conflictsWith === undefined ? undefined : given[conflictsWith];
    const name = inSentence(key, value);
    if (other !== undefined) throw new UsageError(texts.conflict(inSentence(conflictsWith!, other), name));
    if (requires !== undefined && given[requires] === undefined) {
      throw new UsageError(texts.required(optionName(requires), name));
    }
    values[key] = named(value.label, () => option.read(value.text, language));
  }
  return values;
}

/** An option within a sentence: by its long name where it was typed, and with its place where it was not. */
function inSentence(key: string, { label }: Given): string {
  return label.startsWith("-") ? optionName(key) : label;
}

/** Reads a value; an error names its option or positional. */
export function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}
