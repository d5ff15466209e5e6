/**
 * The command line as data: a program lists its options, each with its form, its default and its help, and gets a typed
 * object back. The splitting is `node:util`'s; what is added here is that a mistake costs one line, which says what was
 * wrong and what would be right. (A parser library that did this and more took 7 to 16 MB of memory: a server may use 64
 * when it is busy, and the clients of a class often share one machine.)
 * @module
 */
import { parseArgs } from "node:util";
import { VERSION } from "./version.ts";

export { notPermitted } from "./permission.ts";

/** One option. */
export interface Option<T> {
  /** Its letter, for `-p` beside `--port`. */
  readonly short?: string;
  /** What stands for its value in the help; none for a flag. */
  readonly value?: string;
  readonly help: string;
  readonly otherwise: T;
  /** The key of an option that it cannot be given with. */
  readonly not?: string;
  /** The key of an option that it must be given with. */
  readonly with?: string;
  /** The value of a text; throws {@linkcode Mistake} when it has none. */
  read(text: string): T;
}

/** One argument that stands by itself, in its place. */
export interface Place<T> extends Option<T> {
  readonly value: string;
  /** It must be given: `otherwise` is not used, and only says which type there is. */
  readonly needed?: boolean;
}

/** A mistake on the command line. The message says what was expected. */
export class Mistake extends Error {
  override name = "Mistake";
}

type About = { short?: string; value?: string; with?: string };

/** Any text. */
export function text<T extends string | undefined>(help: string, otherwise: T, about: About = {}): Option<string | T> {
  return { value: "TEXT", ...about, help, otherwise, read: (text) => text };
}

/** A whole number, between two bounds. */
export function whole(
  help: string,
  otherwise: number,
  about: About & { min?: number; max?: number } = {},
): Option<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, ...rest } = about;
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  return {
    value: "N",
    ...rest,
    help,
    otherwise,
    read(text) {
      const number = /^\d+$/.test(text) ? Number(text) : NaN;
      if (number >= min && number <= max) return number;
      throw new Mistake(`expected a whole number ${range}, got ${JSON.stringify(text)}`);
    },
  };
}

/** One of some words. */
export function oneOf<T extends string>(help: string, words: readonly T[], otherwise: T, about: About = {}): Option<T> {
  return {
    value: words.join("|"),
    ...about,
    help,
    otherwise,
    read(text) {
      const word = words.find((each) => each === text);
      if (word !== undefined) return word;
      throw new Mistake(`expected one of ${words.join(", ")}, got ${JSON.stringify(text)}`);
    },
  };
}

/** There or not. */
export function flag(help: string, about: { short?: string; not?: string } = {}): Option<boolean> {
  return { ...about, help, otherwise: false, read: () => true };
}

type Options = Readonly<Record<string, Option<unknown>>>;
type Places = Readonly<Record<string, Place<unknown>>>;
/** What options, or places, come to: a value for each key. */
export type Values<O> = { -readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** A program, as its help tells of it. */
export interface Program<O extends Options, P extends Places> {
  readonly name: string;
  readonly does: string;
  readonly options: O;
  readonly places?: P;
}

/**
 * Reads a command line.
 *
 * @throws {Mistake} When something on it is wrong; the message is one line.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const program = { name: "serve", does: "Serves.", options: { logLevel: text("Level.", "info"), port: whole("Port.", 7777, { max: 65535 }) } };
 * assert.deepEqual(read(program, ["--port", "1234"]), { logLevel: "info", port: 1234 });
 * assert.throws(() => read(program, ["--port", "99999"]), { message: '--port: expected a whole number from 0 to 65535, got "99999"' });
 * ```
 */
export function read<O extends Options, P extends Places>(
  program: Program<O, P>,
  args: readonly string[],
): Values<O> & Values<P> {
  const { options, places = {} as P } = program;
  const values: Record<string, unknown> = {};
  const { given, loose } = split(options, args);
  for (const [key, option] of Object.entries(options)) {
    const value = given[dashed(key)];
    const rival = option.not === undefined ? undefined : dashed(option.not);
    if (value !== undefined && rival !== undefined && given[rival] !== undefined) {
      throw new Mistake(`expected --${rival} or --${dashed(key)}, got both`);
    }
    if (value !== undefined && option.with !== undefined && given[dashed(option.with)] === undefined) {
      throw new Mistake(`expected --${dashed(option.with)} with --${dashed(key)}, got only the latter`);
    }
    values[key] = value === undefined ? option.otherwise : at(`--${dashed(key)}`, () => option.read(String(value)));
  }
  for (const [key, place] of Object.entries(places)) {
    const value = loose.shift();
    if (value === undefined && place.needed) throw new Mistake(`expected ${place.value}: ${place.help}`);
    values[key] = value === undefined ? place.otherwise : at(place.value, () => place.read(value));
  }
  if (loose.length > 0) throw new Mistake(`expected no more arguments, got ${JSON.stringify(loose[0])}`);
  return values as Values<O> & Values<P>;
}

/**
 * Reads this process's command line: `--help` and `--version` print that and exit with 0, a mistake prints one line and exits
 * with 2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(commandLine({ name: "serve", does: "Serves.", options: { quick: flag("Hurry.") } }, []), { quick: false });
 * ```
 */
export function commandLine<O extends Options, P extends Places>(
  program: Program<O, P>,
  args: readonly string[] = Deno.args,
): Values<O> & Values<P> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(help(program));
    Deno.exit(0);
  }
  if (args.includes("--version")) {
    console.log(`${program.name} ${VERSION}`);
    Deno.exit(0);
  }
  try {
    return read(program, args);
  } catch (error) {
    if (error instanceof Mistake) fail(program.name, `${error.message} (--help says more)`, 2);
    throw error;
  }
}

/** One line on standard error, and the end of the program. */
export function fail(program: string, message: string, status = 1): never {
  console.error(`${program}: ${message}`);
  Deno.exit(status);
}

/** The help of a program: how it is called, and a line for each option. */
export function help<O extends Options, P extends Places>(program: Program<O, P>): string {
  const places = Object.values(program.places ?? {});
  const usage = places.map((place) => place.needed ? ` ${place.value}` : ` [${place.value}]`).join("");
  const rows: [left: string, right: string][] = [
    ...places.map((place): [string, string] => [place.value, describe(place)]),
    ...Object.entries(program.options).map(([key, option]): [string, string] => [
      `${option.short ? `-${option.short}, ` : ""}--${dashed(key)}${option.value ? ` ${option.value}` : ""}`,
      describe(option),
    ]),
    ["-h, --help", "Print this."],
    ["--version", "Print the version."],
  ];
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
  return `${program.does}\n\nUsage: ${program.name}${usage} [OPTION...]\n\n${lines.join("\n")}`;
}

function describe({ help, otherwise, value, needed }: Option<unknown> & { needed?: boolean }): string {
  return value === undefined || otherwise === undefined || needed ? help : `${help} [${otherwise}]`;
}

function split(options: Options, args: readonly string[]): { given: Record<string, unknown>; loose: string[] } {
  const forms = Object.fromEntries(
    Object.entries(options).map(([key, { short, value }]) => [
      dashed(key),
      { type: value === undefined ? "boolean" as const : "string" as const, ...(short ? { short } : {}) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: withNegatives(options, args),
      options: forms,
      allowPositionals: true,
    });
    return { given: values, loose: positionals.map((each) => each.replace(NEGATIVE, "")) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // "Unknown option '--x'. To specify a positional argument …": the first sentence says what was wrong.
    const [wrong = ""] = error.message.split(/\.\s|\n/, 1);
    const known = Object.keys(forms).map((name) => `--${name}`).join(", ");
    throw new Mistake(wrong.startsWith("Unknown option") ? `${wrong}, expected one of ${known}` : wrong);
  }
}

/** Before a negative number that stands by itself. No argument of a process has it. */
const NEGATIVE = "\0";

/**
 * The arguments with each option's value joined to it, since `parseArgs` takes `-5` for an option. A value that is missing is
 * a mistake here, so that it can be said which.
 */
function withNegatives(options: Options, args: readonly string[]): string[] {
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
      throw new Mistake(`--${dashed(key)}: expected ${value} behind it, got ${next ?? "nothing"}`);
    }
    joined.push(`--${dashed(key)}=${next}`);
  }
  return joined;
}

function at<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Mistake) throw new Mistake(`${name}: ${error.message}`);
    throw error;
  }
}

/** `logLevel` is `--log-level`. */
function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
