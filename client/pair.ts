// `deno task pair [ADDR [PORT]]`: a reader and a writer in one terminal, as the original Hanita began. What the keyboard
// says goes to the writer, what the reader hears appears below it. When one of the two ends, so does the other.

import { message } from "@optique/core/message";
import { ask, startClient } from "./child.ts";
import { commandLine } from "./command_line.ts";
import { peer } from "./options.ts";

if (import.meta.main) Deno.exit(await pair(Deno.args));

/** Runs both. Returns the exit status of the one that ended first: the other ends because of it. */
async function pair(args: readonly string[]): Promise<number> {
  const read = commandLine("deno task pair", message`A reader and a writer in one terminal.`, peer, args);
  if ("status" in read) {
    (read.status === 0 ? console.log : console.error)(read.text);
    return read.status;
  }
  const { address, port } = read.options;
  const reader = startClient([address, `${port}`, "-r"], { stdin: "null", stdout: "inherit", stderr: "inherit" });
  const writer = startClient([address, `${port}`, "-w"], { stdin: "inherit", stdout: "inherit", stderr: "inherit" });
  const both = [reader, writer];
  const stop = () => both.forEach(ask);

  // A terminal tells the children itself; this one only has to outlive them.
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);
  const { code } = await Promise.race(both.map((child) => child.status));
  stop();
  await Promise.all(both.map((child) => child.status));
  return code;
}
