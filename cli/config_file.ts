/**
 * Values of options from a configuration file in TOML: one line for each, under the option's own name.
 *
 *     port = 7777
 *     log-level = "debug"
 *
 * @module
 */
import { parse } from "smol-toml";
import { ConfigUnreadable } from "./config_unreadable.ts";
import type { Language } from "./language.ts";
import { type Given, isFlag, type Layer } from "./layers.ts";
import { dashed, type Option, type Options, UsageError } from "./option.ts";
import { nearestOption } from "./parse.ts";
import { systemReason } from "./system.ts";
import { catalogues } from "./words.ts";

/**
 * The options that a file gives.
 *
 * @throws {ConfigUnreadable} When there is no such file, or the program may not read it.
 * @throws {UsageError} When something in it is wrong: the message names the file, the line and the key.
 */
export function configLayer(path: string, options: Options, language: Language): Layer {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const texts = catalogues[language], isForbidden = error instanceof Deno.errors.NotCapable;
    const why = isForbidden ? texts.readNotPermitted(path) : systemReason(error.message, language);
    throw new ConfigUnreadable(texts.configUnreadable(JSON.stringify(path), why));
  }
  return parseConfig(bytes, path, options, language);
}

/**
 * The options in the text of a file.
 *
 * @param path what error messages call it
 * @throws {UsageError} When something in it is wrong.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { untranslated, whole } from "./mod.ts";
 * const options = { port: whole(untranslated("Port."), 7777) };
 * const layer = (text: string) => parseConfig(new TextEncoder().encode(text), "hanita.toml", options, "en");
 * assert.deepEqual(layer("# the chat\nport = 80\n"), { port: { text: "80", label: "hanita.toml:2: port" } });
 * assert.throws(() => layer("prot = 80\n"), { message: "hanita.toml:1: prot: no such option, did you mean port?" });
 * ```
 */
export function parseConfig(bytes: Uint8Array, path: string, options: Options, language: Language): Layer {
  const texts = catalogues[language], keys = new Map(Object.keys(options).map((key) => [dashed(key), key]));
  const text = decoded(bytes, path, language), layer: Record<string, Given> = {};
  for (const [name, value] of Object.entries(parsed(text, path, language))) {
    const label = `${path}:${lineOf(name, text)}: ${name}`, key = keys.get(name);
    if (key === undefined) {
      const meant = nearestOption(name, Object.keys(options));
      const right = meant === undefined ? texts.knownOptions([...keys.keys()].join(", ")) : texts.didYouMean(meant);
      throw new UsageError(`${label}: ${texts.noSuchOption}, ${right}`);
    }
    layer[key] = { text: textOf(value, options[key]!, label, language), label };
  }
  return layer;
}

function decoded(bytes: Uint8Array, path: string, language: Language): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${path}: ${catalogues[language].notUtf8}`);
    throw error;
  }
}

function parsed(text: string, path: string, language: Language): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof Error && "line" in error)) throw error;
    const [first = ""] = error.message.split("\n");
    const reason = first.replace("Invalid TOML document: ", "");
    throw new UsageError(`${path}:${error.line}: ${catalogues[language].notToml(reason)}`);
  }
}

/** The line of a key, or 1 where it is written in a way that is not searched for. */
function lineOf(name: string, text: string): number {
  const escaped = name.replace(/[^\w-]/g, String.raw`\$&`);
  const start = text.search(new RegExp(String.raw`^[ \t]*(?:\[[ \t]*)?(["']?)${escaped}\1[ \t]*[=.\]]`, "m"));
  return start < 0 ? 1 : text.slice(0, start).split("\n").length;
}

/** A value as the command line would have it. A list becomes a text with commas. */
function textOf(value: unknown, option: Option<unknown>, label: string, language: Language): string {
  const texts = catalogues[language], list = Array.isArray(value) ? value : [value];
  if (isFlag(option)) {
    if (typeof value === "boolean") return `${value}`;
    throw new UsageError(`${label}: ${texts.flagExpected(JSON.stringify(value))}`);
  }
  if (list.every((each) => typeof each === "string" || typeof each === "number")) return list.join(",");
  throw new UsageError(`${label}: ${texts.valueInQuotes(option.value!, JSON.stringify(value))}`);
}
