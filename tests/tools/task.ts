// A task of deno.json, run as people run it, and the program of one that may read another folder beside.

import type { Outcome } from "../chat/program.ts";
import { within } from "../chat/within.ts";
import { measuredOnce } from "../unmeasured.ts";

/** Milliseconds; the longest takes half a minute where nothing else runs. */
const DEADLINE = 240_000;

/** Runs it to its end. */
export function task(name: string, ...args: readonly string[]): Promise<Outcome> {
  return outcome(name, ["task", "-q", name, ...args]);
}

/** Runs the program of `tools/` with the permissions of its task, and that of reading a folder. */
export function tool(name: string, folder: string, ...args: readonly string[]): Promise<Outcome> {
  return outcome(name, [
    "run",
    "-q",
    "--no-prompt",
    `-P=${name}`,
    `--allow-read=${folder}`,
    `tools/${name}.ts`,
    ...args,
  ]);
}

async function outcome(name: string, args: readonly string[]): Promise<Outcome> {
  const command = new Deno.Command("deno", {
    args: [...args],
    ...measuredOnce(name, args, { LC_ALL: "C" }),
    stdin: "null",
  });
  const { code, stdout, stderr } = await within(`the end of ${name}`, command.output(), DEADLINE);
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
