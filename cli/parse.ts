/**
 * Reads a command line by a table of options. A mistake becomes one line that says what was wrong and what would be right.
 * docs/dependencies.md has the libraries that were tried instead.
 * @module
 */
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
  const typed: Record<string, Given> = {}, rest: string[] = [], left = [...args];
  for (let arg; (arg = left.shift()) !== undefined && arg !== "--";) {
    if (!OPTION.test(arg)) rest.push(arg);
    else if (arg.startsWith("--")) {
      const [name, ...value] = arg.split("=") as [string, ...string[]];
      note(name, value.length === 0 ? undefined : value.join("="));
    } else noteLetters(arg);
  }
  return { typed, rest: [...rest, ...left] };

  /** Of letters behind one dash the last may take a value, which is the rest of the argument or the next one. */
  function noteLetters(arg: string): void {
    for (let at = 1; at < arg.length; at++) {
      const name = `-${arg[at]}`, behind = arg.slice(at + 1);
      if (!takesValue(options, keyOf(options, name, language))) note(name, undefined);
      else return note(name, behind === "" ? undefined : behind);
    }
  }

  function note(name: string, value: string | undefined): void {
    const key = keyOf(options, name, language), texts = catalogues[language], before = typed[key];
    if (!takesValue(options, key)) {
      if (value !== undefined) throw new UsageError(texts.valueNotExpected(bothNames(options, key)));
      typed[key] = { text: "true", label: name }; // a flag may be given twice: it says the same
      return;
    }
    const text = value ?? nextValue(name, options[key]!.value!);
    const label = text === "" ? optionName(key) : name; // behind one letter nothing is easily overlooked
    if (before !== undefined) {
      throw new UsageError(texts.givenTwice(label, JSON.stringify(before.text), JSON.stringify(text)));
    }
    typed[key] = { text, label };
  }

  /** @param value what the help calls it */
  function nextValue(name: string, value: string): string {
    const next = left.shift();
    if (next !== undefined && !OPTION.test(next)) return next;
    throw new UsageError(`${name}: ${catalogues[language].valueExpected(value, next)}`);
  }
}

/** What begins as an option does. `-5` is a number, and `-` alone a name that programs give to their standard input. */
const OPTION = /^-[^\d]/;

/**
 * The key of an option.
 *
 * @param name as it was typed: `-p` or `--port`
 */
function keyOf(options: Options, name: string, language: Language): string {
  const keys = Object.keys(options), texts = catalogues[language];
  const key = keys.find((key) => name === optionName(key) || name === `-${options[key]!.short}`);
  if (key !== undefined) return key;
  const meant = nearestOption(name, [...keys, ...Object.keys(builtIn)]);
  const right = meant === undefined
    ? texts.knownOptions(keys.map(optionName).join(", "))
    : texts.didYouMean(`--${meant}`);
  throw new UsageError(`${texts.unknownOption(name)}, ${right}`);
}

function takesValue(options: Options, key: string): boolean {
  return options[key]!.value !== undefined;
}

/** The names of an option, as in `-p, --port`. */
function bothNames(options: Options, key: string): string {
  const { short } = options[key]!;
  return short === undefined ? optionName(key) : `-${short}, ${optionName(key)}`;
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
