// A task of deno.json, run as people run it.

import { within } from "../chat/within.ts";

/** Runs it to its end. */
export async function task(
  name: string,
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const command = new Deno.Command("deno", { args: ["task", "-q", name, ...args], stdin: "null" });
  const { code, stdout, stderr } = await within(`the end of ${name}`, command.output(), 90_000);
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
