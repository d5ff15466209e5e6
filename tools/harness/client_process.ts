// client.ts as a child process, for the programs that start several. The command is `deno` by its name, since
// `Deno.execPath()` fails where npx runs Deno.

import { Lines } from "../../client/pipe/lines.ts";
import type { Peer } from "../../client/options.ts";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";
import { Refused } from "../refused.ts";
import { catalogues } from "../words.ts";

const ROOT = new URL("../..", import.meta.url);
/** Characters that are kept of a child's line. */
const LINE = 1_000;

/** How the three streams of a child are connected. */
export type Streams = Required<Pick<Deno.CommandOptions, "stdin" | "stdout" | "stderr">>;

/**
 * Starts a client. Whatever is the current folder, it runs in Hanita's own: its permissions and its log are there.
 *
 * @param args the rest of the client's command line
 * @throws {Refused} If the system starts no process, as where `deno` is in no folder of PATH.
 */
export function startClient(
  { address, port, tls, ca, lang }: Peer,
  args: readonly string[],
  streams: Streams,
): Deno.ChildProcess {
  const run = [
    "run",
    "-q",
    "--no-prompt",
    "-P=client",
    ...ca === undefined ? [] : [`--allow-read=./data,${ca}`],
    "client.ts",
  ];
  const where = [
    address,
    `${port}`,
    ...tls ? ["--tls"] : [],
    ...ca === undefined ? [] : ["--ca", ca],
    ...lang === undefined ? [] : ["--lang", lang],
  ];
  try {
    return new Deno.Command("deno", { args: [...run, ...where, ...args], cwd: ROOT, ...streams }).spawn();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Refused(catalogues[lang ?? "en"].cannotStart(systemErrorText(error)));
  }
}

/** Sends a child SIGTERM, unless it has ended already. */
export function terminate(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // "Child process has already terminated"
  }
}

/** Hands over each line of a child's output, until that ends. */
export async function eachLine(stream: ReadableStream<Uint8Array>, each: (line: string) => void): Promise<void> {
  const lines = new Lines(LINE);
  const tell = (line: unknown) => typeof line === "string" && each(line); // a client of ours writes UTF-8
  for await (const bytes of stream) lines.push(bytes).forEach(tell);
  lines.end().forEach(tell);
}
