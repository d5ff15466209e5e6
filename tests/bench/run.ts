// A benchmark as people start it, by the words of its task in deno.json, with numbers so small that it is over at once.

import config from "../../deno.json" with { type: "json" };
import { within } from "../chat/within.ts";
import { may } from "../may.ts";
import { unmeasured } from "../unmeasured.ts";

export const cannotRun = !may("net", "run");

export interface Outcome {
  readonly code: number;
  /** Its lines. */
  readonly out: string[];
  readonly err: string;
}

const ROOT = new URL("../../", import.meta.url);
const DEADLINE = 120_000;

type Bench = "bench:fanout" | "bench:idle" | "bench:soak" | "bench:fair" | "bench:files" | "bench:scale";

export async function run(task: Bench, ...args: string[]): Promise<Outcome> {
  const [deno, ...words] = config.tasks[task].command.split(" ");
  const command = new Deno.Command(deno!, {
    args: [...words, ...args],
    cwd: ROOT,
    stdin: "null",
    ...unmeasured(),
  });
  const { code, stdout, stderr } = await within(`the end of ${task}`, command.output(), DEADLINE);
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout).trimEnd().split("\n"), err: decoder.decode(stderr) };
}

/** The columns of a line of a table. */
export function columns(line: string | undefined): string[] {
  return (line ?? "").trim().split(/ {2,}/);
}

/** A figure as it is printed. */
export function isFigure(text: string): boolean {
  return /^[\d,]+(\.\d+)?$/.test(text);
}
