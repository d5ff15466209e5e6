/** The options of a program as data: each has its form, its default and its help. @module */
import { nearest } from "../jim/mod.ts";
import { type Language, languages, systemLanguage, type Text } from "./language.ts";
import { catalogues, didYouMean, type Topic } from "./words.ts";

/** One option. */
export interface Option<T> {
  /** Its letter, for `-p` beside `--port`. */
  readonly short?: string;
  /** What stands for its value in the help; none for a flag. A shell completes `FILE` with files and `DIR` with folders. */
  readonly value?: string;
  /** The words that it can have; none where any text may be right. */
  readonly choices?: readonly string[];
  /** The group of the help that lists it. */
  readonly topic?: Topic;
  readonly help: Text;
  /** Its value where it is not given. */
  readonly default: T;
  /** The key of an option that it cannot be given with. */
  readonly conflictsWith?: string;
  /** The key of an option that it must be given with. */
  readonly requires?: string;
  /**
   * The value of a text.
   *
   * @throws {UsageError} When it has none; the message is in this language.
   */
  read(text: string, language: Language): T;
}

/** An argument without a dash, known by its position. */
export interface Positional<T> extends Option<T> {
  readonly value: string;
  /** It must be given: `default` is then unused, and gives only the type. */
  readonly required?: boolean;
}

/** A command line that cannot be read. The message says what was wrong, and what would be right. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** What an option may have beside its help and its default. */
type Details = Partial<Pick<Option<unknown>, "short" | "value" | "requires" | "conflictsWith">>;

/** An option with any text as its value. */
export function text<T extends string | undefined>(
  help: Text,
  defaultValue: T,
  details: Details = {},
): Option<string | T> {
  return { value: "TEXT", ...details, help, default: defaultValue, read: (text) => text };
}

/** A whole number from `min` to `max`, both included. */
export function whole(
  help: Text,
  defaultValue: number,
  details: Details & { min?: number; max?: number } = {},
): Option<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, ...rest } = details;
  const most = max === Number.MAX_SAFE_INTEGER ? undefined : max;
  return {
    value: "N",
    ...rest,
    help,
    default: defaultValue,
    read(text, language) {
      const number = /^\d+$/.test(text) ? Number(text) : NaN;
      if (number >= min && number <= max) return number;
      throw new UsageError(catalogues[language].whole(min, most, JSON.stringify(text)));
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/**
 * A number of bytes, with a unit or without: `500MB`, `1.5GB`, `4096`. A unit is a power of 1000, as disks are sold.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { read, untranslated } from "./mod.ts";
 * const program = { name: "keep", summary: untranslated("Keeps."), options: { most: size(untranslated("Most."), 0) } };
 * assert.deepEqual(read(program, ["--most", "1.5GB"]), { most: 1_500_000_000 });
 * assert.throws(() => read(program, ["--most", "big"]), { message: '--most: expected a size such as 500MB or 2GB, or 0, got "big"' });
 * ```
 */
export function size(help: Text, defaultValue: number, details: Details = {}): Option<number> {
  return {
    value: "SIZE",
    ...details,
    help,
    default: defaultValue,
    read(text, language) {
      const [, number, unit] = /^(\d+(?:\.\d+)?) ?([KMGT]?B)?$/i.exec(text) ?? [];
      const bytes = Math.round(Number(number) * UNITS[(unit ?? "B").toUpperCase()]!);
      if (Number.isSafeInteger(bytes)) return bytes;
      throw new UsageError(catalogues[language].size(JSON.stringify(text)));
    },
  };
}

/**
 * One of some words.
 *
 * @param details `synonyms` maps other words to the one that each stands for, which the error message then suggests
 */
export function oneOf<const T extends string, U extends T | undefined = T>(
  help: Text,
  words: readonly T[],
  defaultValue: U,
  { synonyms = {}, ...details }: Details & { synonyms?: Readonly<Record<string, T>> } = {},
): Option<T | U> {
  return {
    value: words.join("|"),
    choices: words,
    ...details,
    help,
    default: defaultValue,
    read(text, language) {
      const word = words.find((each) => each === text);
      if (word !== undefined) return word;
      const mistake = catalogues[language].oneOf(words.join(", "), JSON.stringify(text));
      throw new UsageError(didYouMean(mistake, nearest(text, words, synonyms), language));
    },
  };
}

/** The option `--lang`: the language of all that a program prints. */
export const lang: Option<Language> = oneOf(
  { en: "The language of all that this program says.", ru: "Язык программы." },
  languages,
  systemLanguage(),
);

/** Without a value: true where it is given. */
export function flag(help: Text, details: Omit<Details, "value"> = {}): Option<boolean> {
  return { ...details, help, default: false, read: () => true };
}

/** Options by key: `logLevel` is `--log-level`. */
export type Options = Readonly<Record<string, Option<unknown>>>;
/** Positionals by key, in their order. */
export type Positionals = Readonly<Record<string, Positional<unknown>>>;
/** The values of options or positionals, by key. */
export type Values<O> = { -readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** A program and its command line. */
export interface Program<O extends Options, P extends Positionals> {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly summary: Text;
  readonly options: O;
  readonly positionals?: P;
}

/**
 * Options under one topic, for the help.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { untranslated } from "./mod.ts";
 * const options = { ...topic("network", { port: whole(untranslated("Port."), 7777) }), quick: flag(untranslated("Hurry.")) };
 * assert.equal(options.port.topic, "network");
 * ```
 */
export function topic<O extends Options>(topic: Topic, options: O): O {
  return Object.fromEntries(Object.entries(options).map(([key, option]) => [key, { ...option, topic }])) as O;
}

/**
 * An option's name on the command line: `logLevel` is `--log-level`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(optionName("logLevel"), "--log-level");
 * ```
 */
export function optionName(key: string): string {
  return `--${dashed(key)}`;
}

/** A key as its option is written, without the dashes before it. */
export function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
