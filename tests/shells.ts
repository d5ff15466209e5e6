// Shells, which are asked what a Tab offers.

import assert from "node:assert/strict";
import { within } from "./chat/within.ts";
import { may } from "./may.ts";

/** Milliseconds for a shell. */
const DEADLINE = 60_000;
/** A locale that every machine has: of another one bash complains, and all speak its language. */
const C = { LC_ALL: "C" };
export const shells = ["bash", "zsh", "fish"] as const;

/** The lines that a script prints, run by a shell without the settings of the user. */
export async function shell(name: typeof shells[number], script: string): Promise<string[]> {
  const bare = { bash: "--norc --noprofile", zsh: "-f", fish: "--no-config" }[name];
  const command = new Deno.Command("sh", {
    args: ["-c", `exec ${name} ${bare} -c "$0"`, script],
    env: C,
    stdin: "null",
  });
  const { stdout, stderr } = await within(`the end of ${name}`, command.output(), DEADLINE);
  assert.equal(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout).split("\n").filter((row) => row !== "");
}

/** Whether a shell is installed. */
export function isInstalled(name: string): boolean {
  if (!may("run")) return false;
  return new Deno.Command("sh", { args: ["-c", `command -v ${name}`], stdout: "null" }).outputSync().success;
}
