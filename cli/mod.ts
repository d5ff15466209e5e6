/**
 * The command line as data: a program lists its options, each with its form, its default and its help, and gets a typed
 * object back. The splitting is `node:util`'s; what is added here is that a mistake costs one line, which says what was
 * wrong and what would be right. (A parser library that did this and more took 7 to 16 MB of memory: a server may use 64
 * when it is busy, and the clients of a class often share one machine.)
 * @module
 */
import { parseArgs } from "node:util";
import { nearest } from "../jim/mod.ts";
import { type Language, languageIn, languages, systemLanguage, type Text } from "./language.ts";
import { VERSION } from "./version.ts";
import { catalogues } from "./words.ts";

export { type Language, languageIn, LocalizedError, systemLanguage, type Text, untranslated } from "./language.ts";
export { notPermitted } from "./permission.ts";

/** One option. */
export interface Option<T> {
  /** Its letter, for `-p` beside `--port`. */
  readonly short?: string;
  /** What stands for its value in the help; none for a flag. */
  readonly value?: string;
  readonly help: Text;
  /** Its value where it is not given. */
  readonly default: T;
  /** The key of an option that it cannot be given with. */
  readonly conflictsWith?: string;
  /** The key of an option that it must be given with. */
  readonly requires?: string;
  /** The value of a text; throws {@linkcode UsageError}, in this language, when it has none. */
  read(text: string, language: Language): T;
}

/** An argument without a dash, known by its position. */
export interface Positional<T> extends Option<T> {
  readonly value: string;
  /** It must be given: `default` is then unused, and gives only the type. */
  readonly required?: boolean;
}

/** A mistake on the command line. The message says what was expected. */
export class UsageError extends Error {
  override name = "UsageError";
}

type About = { short?: string; value?: string; requires?: string };

/** Any text. */
export function text<T extends string | undefined>(help: Text, defaultValue: T, about: About = {}): Option<string | T> {
  return { value: "TEXT", ...about, help, default: defaultValue, read: (text) => text };
}

/** A whole number, between two bounds. */
export function whole(
  help: Text,
  defaultValue: number,
  about: About & { min?: number; max?: number } = {},
): Option<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, ...rest } = about;
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
 * A number of bytes, as a person writes it: `500MB`, `1.5GB`, or a bare number. A unit is a power of 1000, as on a disk's box.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const program = { name: "keep", summary: untranslated("Keeps."), options: { most: size(untranslated("Most."), 0) } };
 * assert.deepEqual(read(program, ["--most", "1.5GB"]), { most: 1_500_000_000 });
 * assert.throws(() => read(program, ["--most", "big"]), { message: '--most: expected a size such as 500MB or 2GB, or 0, got "big"' });
 * ```
 */
export function size(help: Text, defaultValue: number, about: About & { conflictsWith?: string } = {}): Option<number> {
  return {
    value: "SIZE",
    ...about,
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
 * @param about `synonyms` are other words, and which of these each stands for: a mistake asks whether that is meant
 */
export function oneOf<T extends string, U extends T | undefined = T>(
  help: Text,
  words: readonly T[],
  defaultValue: U,
  { synonyms = {}, ...about }: About & { synonyms?: Readonly<Record<string, T>> } = {},
): Option<T | U> {
  return {
    value: words.join("|"),
    ...about,
    help,
    default: defaultValue,
    read(text, language) {
      const word = words.find((each) => each === text);
      if (word !== undefined) return word;
      const mistake = catalogues[language].oneOf(words.join(", "), JSON.stringify(text));
      throw new UsageError(asked(mistake, nearest(text, words, synonyms), language));
    },
  };
}

/** The option `--lang`: the language of all that a program says. */
export const lang: Option<Language> = oneOf(
  { en: "The language of all that this program says.", ru: "Язык программы." },
  languages,
  systemLanguage(),
);

/** There or not. */
export function flag(help: Text, about: { short?: string; conflictsWith?: string } = {}): Option<boolean> {
  return { ...about, help, default: false, read: () => true };
}

type Options = Readonly<Record<string, Option<unknown>>>;
type Positionals = Readonly<Record<string, Positional<unknown>>>;
/** The values of options or positionals, by key. */
export type Values<O> = { -readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** A program, as its help tells of it. */
export interface Program<O extends Options, P extends Positionals> {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly summary: Text;
  readonly options: O;
  readonly positionals?: P;
}

/**
 * Reads a command line.
 *
 * @throws {UsageError} When something on it is wrong; the message is one line.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const program = { name: "serve", summary: untranslated("Serves."), options: { logLevel: text(untranslated("Level."), "info"), port: whole(untranslated("Port."), 7777, { max: 65535 }) } };
 * assert.deepEqual(read(program, ["--port", "1234"]), { logLevel: "info", port: 1234 });
 * assert.throws(() => read(program, ["--port", "99999"]), { message: '--port: expected a whole number from 0 to 65535, got "99999"' });
 * assert.throws(() => read(program, ["--port=1", "--port=2"]), { message: '--port: expected one value, got "1" and "2"' });
 * assert.throws(() => read(program, ["--prot", "1"]), { message: "Unknown option '--prot', did you mean --port?" });
 * ```
 */
export function read<O extends Options, P extends Positionals>(
  program: Program<O, P>,
  args: readonly string[],
  language: Language = "en",
): Values<O> & Values<P> {
  const { options, positionals = {} as P } = program, words = catalogues[language];
  const values: Record<string, unknown> = {};
  const { given, typed, loose } = split(options, args, language);
  for (const [key, option] of Object.entries(options)) {
    const value = given[dashed(key)];
    const rival = option.conflictsWith === undefined ? undefined : dashed(option.conflictsWith);
    if (value !== undefined && rival !== undefined && given[rival] !== undefined) {
      throw new UsageError(words.rival(`--${rival}`, `--${dashed(key)}`));
    }
    if (value !== undefined && option.requires !== undefined && given[dashed(option.requires)] === undefined) {
      throw new UsageError(words.alone(`--${dashed(option.requires)}`, `--${dashed(key)}`));
    }
    values[key] = value === undefined
      ? option.default
      : at(typed[dashed(key)]!, () => option.read(String(value), language));
  }
  for (const [key, positional] of Object.entries(positionals)) {
    const value = loose.shift();
    if (value === undefined && positional.required) {
      throw new UsageError(words.missing(positional.value, positional.help[language]));
    }
    values[key] = value === undefined
      ? positional.default
      : at(positional.value, () => positional.read(value, language));
  }
  if (loose.length > 0) throw new UsageError(words.noArgument(JSON.stringify(loose[0])));
  return values as Values<O> & Values<P>;
}

/**
 * Reads this process's command line: `--help` and `--version` print that and exit with 0, a mistake prints one line and exits
 * with 2; in the language that `--lang` asks for, or else in the system's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(commandLine({ name: "serve", summary: untranslated("Serves."), options: { quick: flag(untranslated("Hurry.")) } }, []), { quick: false });
 * ```
 */
export function commandLine<O extends Options, P extends Positionals>(
  program: Program<O, P>,
  args: readonly string[] = Deno.args,
): Values<O> & Values<P> {
  const language = languageIn(args) ?? systemLanguage();
  if (args.includes("--help") || args.includes("-h")) {
    console.log(help(program, language, columns()));
    Deno.exit(0);
  }
  if (args.includes("--version")) {
    console.log(`${program.name} ${VERSION}`);
    Deno.exit(0);
  }
  try {
    return read(program, args, language);
  } catch (error) {
    if (error instanceof UsageError) failUsage(program.name, error.message, language);
    throw error;
  }
}

/** One line about a mistake on the command line, with the way to the help, and the end of the program with status 2. */
export function failUsage(program: string, message: string, language: Language): never {
  fail(program, `${message} ${catalogues[language].more}`, 2);
}

/** One line on standard error, and the end of the program. */
export function fail(program: string, message: string, status = 1): never {
  console.error(`${program}: ${message}`);
  Deno.exit(status);
}

/** Columns of the right side of the help below which it goes under the left one. */
const READABLE = 24;
/** Columns where no terminal says how many it has. */
const COLUMNS = 80;

/**
 * The help of a program: how it is called, and what each option is for. No row is longer than `columns`, unless a single word
 * is. Each letter of the help takes one column.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const program = { name: "serve", summary: untranslated("Serves."), options: { quick: flag({ en: "Hurry.", ru: "Спешить." }) } };
 * assert.match(help(program, "ru"), /--quick {5}Спешить\./);
 * assert.match(help(program, "en", 30), /--quick\n {6}Hurry\./);
 * ```
 */
export function help<O extends Options, P extends Positionals>(
  program: Program<O, P>,
  language: Language = "en",
  columns = COLUMNS,
): string {
  const words = catalogues[language], positionals = Object.values(program.positionals ?? {});
  const usage = positionals.map((positional) => positional.required ? ` ${positional.value}` : ` [${positional.value}]`)
    .join("");
  const rows: [left: string, right: string][] = [
    ...positionals.map((positional): [string, string] => [positional.value, describe(positional, language)]),
    ...Object.entries(program.options).map(([key, option]): [string, string] => [
      `${option.short ? `-${option.short}, ` : ""}--${dashed(key)}${option.value ? ` ${option.value}` : ""}`,
      describe(option, language),
    ]),
    ["-h, --help", words.helpHelp],
    ["--version", words.versionHelp],
  ];
  const beside = Math.max(...rows.map(([left]) => left.length)) + 4, isNarrow = columns - beside < READABLE;
  const indent = isNarrow ? 6 : beside, edge = `\n${" ".repeat(indent)}`;
  const lines = rows.map(([left, right]) => {
    const gap = isNarrow ? edge : " ".repeat(indent - 2 - left.length);
    return `  ${left}${gap}${wrapped(right, columns - indent).join(edge)}`;
  });
  const summary = wrapped(program.summary[language], columns).join("\n");
  // Compiled, it is a program by its own name; otherwise a task.
  const called = Deno.build.standalone ? program.name : program.name.replace(/^hanita-/, "deno task ");
  const call = wrapped(`${words.usage}: ${called}${usage} [${words.option}...]`, columns).join("\n  ");
  return `${summary}\n\n${call}\n\n${lines.join("\n")}`;
}

function describe(option: Option<unknown> & { required?: boolean }, language: Language): string {
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
function columns(): number {
  try {
    return Deno.stdout.isTerminal() ? Deno.consoleSize().columns || COLUMNS : COLUMNS;
  } catch (error) {
    if (error instanceof Error) return COLUMNS; // the terminal is going away
    throw error;
  }
}

/** A mistake, followed by the question whether another word is meant, if there is a likely one. */
function asked(mistake: string, meant: string | undefined, language: Language): string {
  return meant === undefined ? mistake : `${mistake}; ${catalogues[language].meant(meant)}`;
}

/** The option that an unknown one probably means, both with dashes: a slip, or the beginning of exactly one option. */
function meantOption(wrong: string, known: readonly string[]): string | undefined {
  const word = dashed(wrong.replace(/^-+/, "")).replace(/^-/, "");
  const begun = word.length > 1 ? known.filter((each) => each.startsWith(word)) : [];
  const plain = known.map((each) => each.replaceAll("-", "_")), near = nearest(word, plain);
  const meant = begun.length === 1 ? begun[0] : near === undefined ? undefined : known[plain.indexOf(near)];
  return meant === undefined ? undefined : `--${meant}`;
}

function split(
  options: Options,
  args: readonly string[],
  language: Language,
): {
  given: Record<string, unknown>;
  /** Each option as it was typed: `-p` or `--port`. */
  typed: Record<string, string>;
  loose: string[];
} {
  const words = catalogues[language];
  const forms = Object.fromEntries(
    Object.entries(options).map(([key, { short, value }]) => [
      dashed(key),
      { type: value === undefined ? "boolean" as const : "string" as const, ...(short ? { short } : {}) },
    ]),
  );
  try {
    const { values, positionals, tokens } = parseArgs({
      args: withNegatives(options, args, language),
      options: forms,
      allowPositionals: true,
      tokens: true,
    });
    const typed: Record<string, string> = {}, seen = new Map<string, string>();
    for (const token of tokens) {
      if (token.kind !== "option") continue;
      const { name, rawName, value } = token, before = seen.get(name);
      if (before !== undefined) {
        throw new UsageError(words.twice(rawName, JSON.stringify(before), JSON.stringify(value)));
      }
      typed[name] = rawName;
      if (value !== undefined) seen.set(name, value);
    }
    return { given: values, typed, loose: positionals.map((each) => each.replace(NEGATIVE, "")) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // "Unknown option '--x'. To specify a positional argument …", "Option '-q, --quick' does not take an argument"
    const [, option = ""] = /'([^']*)'/.exec(error.message) ?? [], known = Object.keys(forms);
    if (!error.message.startsWith("Unknown option")) throw new UsageError(words.noValue(option));
    const meant = meantOption(option, known);
    const right = meant === undefined ? words.options(known.map((each) => `--${each}`).join(", ")) : words.meant(meant);
    throw new UsageError(`${words.unknown(option)}, ${right}`);
  }
}

/** Before a negative number that stands by itself. No argument of a process has it. */
const NEGATIVE = "\0";

/**
 * The arguments with each option's value joined to it, since `parseArgs` takes `-5` for an option. A value that is missing is
 * a mistake here, so that it can be said which.
 */
function withNegatives(options: Options, args: readonly string[], language: Language): string[] {
  const joined: string[] = [];
  const valued = Object.entries(options).filter(([, { value }]) => value !== undefined);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") return [...joined, ...args.slice(i)];
    const found = valued.find(([key, { short }]) => arg === `--${dashed(key)}` || arg === `-${short}`);
    if (found === undefined) {
      joined.push(/^-\d/.test(arg) ? `${NEGATIVE}${arg}` : arg);
      continue;
    }
    const [key, { value }] = found, next = args[++i];
    if (next === undefined || /^-[^\d]/.test(next)) {
      throw new UsageError(`${arg}: ${catalogues[language].behind(value!, next)}`);
    }
    // A short one takes its value without a sign between, so an empty value needs the long form.
    joined.push(arg.startsWith("--") || next === "" ? `--${dashed(key)}=${next}` : `${arg}${next}`);
  }
  return joined;
}

function at<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}

/** `logLevel` is `--log-level`. */
function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
