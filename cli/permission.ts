/** The error message about a folder that the permissions of a program do not include. @module */
import type { Language } from "./language.ts";
import { LAUNCHER } from "./launcher.ts";
import { catalogues } from "./words.ts";

/**
 * One line with the flags to add. A flag replaces that part of the set, so each flag names the folder.
 *
 * @param set the name of the program's permissions in `deno.json`, which is the name of its task too
 * @param script the program
 * @param needs what the program does with the folder
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(
 *   notPermitted("/srv/chat", "server", "server.ts"),
 *   'Cannot use "/srv/chat": not permitted to deno task server, so add --allow-read=/srv/chat --allow-write=/srv/chat: ' +
 *     "deno run -P=server --allow-read=/srv/chat --allow-write=/srv/chat server.ts, with the same options",
 * );
 * ```
 */
export function notPermitted(
  folder: string,
  set: string,
  script: string,
  language: Language = "en",
  needs: readonly ("read" | "write")[] = ["read", "write"],
): string {
  const flags = needs.map((what) => shell(`--allow-${what}=${folder}`)).join(" ");
  const words = catalogues[language], shown = JSON.stringify(folder);
  if (LAUNCHER !== undefined) return words.notGranted(shown);
  if (isBare()) {
    const more = DEFAULT.test(folder) ? "" : ` ${flags}`;
    return words.bareRun(shown, set, `deno run -P=${set}${more} ${script}`);
  }
  return words.notPermitted(shown, set, flags, `deno run -P=${set} ${flags} ${script}`);
}

/** The folder that each set of permissions includes. */
const DEFAULT = /^(\.\/)?data\/?$/;

/** Whether the program runs without a set of permissions: it has neither the folder nor the host that each set grants. */
function isBare(): boolean {
  const parts = [{ name: "read", path: "./data" }, { name: "net", host: "127.0.0.1" }] as const;
  return parts.every((part) => Deno.permissions.querySync(part).state !== "granted");
}

/** A word, quoted for a shell where it must be. */
function shell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
