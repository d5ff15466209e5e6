/** Values of options from the environment: `--log-level` is `HANITA_LOG_LEVEL` there. @module */
import type { Language } from "./language.ts";
import { type Given, isFlag, type Layer } from "./layers.ts";
import { dashed, type Options, UsageError } from "./option.ts";
import { catalogues } from "./words.ts";

/** Words for a flag that is set, and for one that is not. */
const FLAG = new Map([["true", "true"], ["1", "true"], ["yes", "true"], ["false", "false"], ["0", "false"], [
  "no",
  "false",
]]);

/**
 * The name of an option in the environment.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(variableName("logLevel"), "HANITA_LOG_LEVEL");
 * ```
 */
export function variableName(key: string): string {
  return `HANITA_${dashed(key).replaceAll("-", "_").toUpperCase()}`;
}

/**
 * The options that the environment gives. An empty variable gives nothing.
 *
 * @param read the value of a variable; that of this process by default, as far as its permissions reach
 * @throws {UsageError} When a flag has another value than true or false.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { flag, untranslated, whole } from "./mod.ts";
 * const options = { port: whole(untranslated("Port."), 7777), web: flag(untranslated("Page.")) };
 * const environment = new Map([["HANITA_PORT", "80"], ["HANITA_WEB", "1"]]);
 * assert.deepEqual(environmentLayer(options, "en", (name) => environment.get(name)), {
 *   port: { text: "80", label: "HANITA_PORT" },
 *   web: { text: "true", label: "HANITA_WEB" },
 * });
 * ```
 */
export function environmentLayer(
  options: Options,
  language: Language,
  read: (name: string) => string | undefined = variable,
): Layer {
  const layer: Record<string, Given> = {};
  for (const [key, option] of Object.entries(options)) {
    const label = variableName(key), found = read(label);
    if (found === undefined || found === "") continue;
    const text = isFlag(option) ? FLAG.get(found.toLowerCase()) : found;
    if (text === undefined) {
      throw new UsageError(`${label}: ${catalogues[language].flagExpected(JSON.stringify(found))}`);
    }
    layer[key] = { text, label };
  }
  return layer;
}

/** A variable of this process. A program that runs without the permission to read it has none. */
function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}
