/** What a program says of a folder that its task may not use. @module */
import type { Language } from "./language.ts";
import { catalogues } from "./words.ts";

/**
 * One line with the flags to add. A flag takes the place of that part of the set, so both name the folder.
 *
 * @param set the program's permissions in `deno.json`, called as its task is
 * @param script the program
 * @param needs what it does with the folder
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
  if (isBare()) {
    const more = DEFAULT.test(folder) ? "" : ` ${flags}`;
    return words.bareRun(shown, set, `deno run -P=${set}${more} ${script}`);
  }
  return words.notPermitted(shown, set, flags, `deno run -P=${set} ${flags} ${script}`);
}

/** The folder that each set of permissions has. */
const DEFAULT = /^(\.\/)?data\/?$/;

/** Whether the program runs without a set of permissions: has nothing of what the sets give where no flag replaces it. */
function isBare(): boolean {
  const parts = [{ name: "read", path: "./data" }, { name: "net", host: "127.0.0.1" }] as const;
  return parts.every((part) => Deno.permissions.querySync(part).state !== "granted");
}

/** A word as a shell reads it. */
function shell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
