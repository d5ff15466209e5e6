/**
 * Reads a command line by a table of options. `node:util` splits it into options and values; here a mistake becomes one line
 * that says what was wrong and what would be right. docs/dependencies.md has the libraries that were tried instead.
 * @module
 */
import { parseArgs } from "node:util";
import { nearest } from "../jim/mod.ts";
import { builtIn } from "./built_in.ts";
import type { Language } from "./language.ts";
import { effective, type Given, type Layer, named, valuesOf } from "./layers.ts";
import { dashed, optionName, type Options, type Positionals, type Program, UsageError, type Values } from "./option.ts";
import { catalogues } from "./words.ts";

/**
 * Reads a command line.
 *
 * @param layers values from elsewhere, which those of the command line hide
 * @throws {UsageError} When something on it is wrong; the message is one line.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { text, untranslated, whole } from "./mod.ts";
 * const program = { name: "serve", summary: untranslated("Serves."), options: { logLevel: text(untranslated("Level."), "info"), port: whole(untranslated("Port."), 7777, { max: 65535 }) } };
 * assert.deepEqual(read(program, ["--port", "1234"]), { logLevel: "info", port: 1234 });
 * assert.throws(() => read(program, ["--port", "99999"]), { message: '--port: expected a whole number from 0 to 65535, got "99999"' });
 * assert.throws(() => read(program, ["--port=1", "--port=2"]), { message: '--port: expected one value, got "1" and "2"' });
 * assert.throws(() => read(program, ["--prot", "1"]), { message: "Unknown option '--prot', did you mean --port?" });
 * ```
 */
export function read<O extends Options, P extends Positionals>(
  program: Pick<Program<O, P>, "options" | "positionals">,
  args: readonly string[],
  language: Language = "en",
  layers: readonly Layer[] = [],
): Values<O> & Values<P> {
  const { options, positionals = {} as P } = program, texts = catalogues[language];
  const { typed, rest } = split(options, args, language);
  const values = valuesOf(options, effective(options, [...layers, typed]), language);
  for (const [key, positional] of Object.entries(positionals)) {
    const argument = rest.shift();
    if (argument === undefined && positional.required) {
      throw new UsageError(texts.argumentExpected(positional.value, positional.help[language]));
    }
    values[key] = argument === undefined
      ? positional.default
      : named(positional.value, () => positional.read(argument, language));
  }
  if (rest.length > 0) throw new UsageError(texts.argumentNotExpected(JSON.stringify(rest[0])));
  return values as Values<O> & Values<P>;
}

/** What a command line has. */
interface Arguments {
  /** The options. The label of each is as it was typed: `-p` or `--port`. */
  readonly typed: Layer;
  /** The arguments without a dash, and those after `--`. */
  readonly rest: string[];
}

/** Splits a command line into its options and the rest. */
export function split(options: Options, args: readonly string[], language: Language): Arguments {
  const texts = catalogues[language], keys = new Map(Object.keys(options).map((key) => [dashed(key), key]));
  const forms = Object.fromEntries(
    Object.entries(options).map(([key, { short, value }]) => [
      dashed(key),
      { type: value === undefined ? "boolean" as const : "string" as const, ...(short ? { short } : {}) },
    ]),
  );
  try {
    const { positionals, tokens } = parseArgs({
      args: withNegatives(options, args, language),
      options: forms,
      allowPositionals: true,
      tokens: true,
    });
    const typed: Record<string, Given> = {};
    for (const token of tokens) {
      if (token.kind !== "option") continue;
      const { rawName, value } = token, key = keys.get(token.name)!, before = typed[key];
      if (before !== undefined && value !== undefined) { // a flag may be given twice: it says the same
        throw new UsageError(texts.givenTwice(rawName, JSON.stringify(before.text), JSON.stringify(value)));
      }
      typed[key] = { text: value ?? "true", label: rawName };
    }
    return { typed, rest: positionals.map((each) => each.replace(NEGATIVE, "")) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // "Unknown option '--x'. To specify a positional argument ...", "Option '-q, --quick' does not take an argument"
    const [, option = ""] = /'([^']*)'/.exec(error.message) ?? [];
    if (!error.message.startsWith("Unknown option")) throw new UsageError(texts.valueNotExpected(option));
    const meant = nearestOption(option, [...Object.keys(options), ...Object.keys(builtIn)]);
    const known = Object.keys(options).map(optionName).join(", ");
    const right = meant === undefined ? texts.knownOptions(known) : texts.didYouMean(`--${meant}`);
    throw new UsageError(`${texts.unknownOption(option)}, ${right}`);
  }
}

/**
 * The option that an unknown one probably means: it is a few letters away, or begins exactly one option.
 *
 * @returns its name, without dashes before it
 */
export function nearestOption(wrong: string, keys: readonly string[]): string | undefined {
  const word = dashed(wrong.replace(/^-+/, "")).replace(/^-/, ""), names = keys.map(dashed);
  const begun = word.length > 1 ? names.filter((name) => name.startsWith(word)) : [];
  const plain = names.map((name) => name.replaceAll("-", "_")), near = nearest(word, plain);
  if (begun.length === 1) return begun[0];
  return near === undefined ? undefined : names[plain.indexOf(near)];
}

/** Marks a negative number that is no option. No argument of a process can contain it. */
const NEGATIVE = "\0";

/**
 * The arguments with each option's value joined to it, since `parseArgs` takes `-5` for an option. A missing value is
 * refused here, where its option is known.
 */
function withNegatives(options: Options, args: readonly string[], language: Language): string[] {
  const joined: string[] = [];
  const valued = Object.entries(options).filter(([, { value }]) => value !== undefined);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") return [...joined, ...args.slice(i)];
    const found = valued.find(([key, { short }]) => arg === optionName(key) || arg === `-${short}`);
    if (found === undefined) {
      joined.push(/^-\d/.test(arg) ? `${NEGATIVE}${arg}` : arg);
      continue;
    }
    const [key, { value }] = found, next = args[++i];
    if (next === undefined || /^-[^\d]/.test(next)) {
      throw new UsageError(`${arg}: ${catalogues[language].valueExpected(value!, next)}`);
    }
    // A short option is followed by its value at once, so an empty value needs the long form.
    joined.push(arg.startsWith("--") || next === "" ? `${optionName(key)}=${next}` : `${arg}${next}`);
  }
  return joined;
}
