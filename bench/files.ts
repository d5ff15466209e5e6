// `deno task bench:files`: what people notice of files. A hundred of them chat by the clock, alone and while files are sent and
// read back by a process of its own; then alone again, since a machine is not the same for a minute. The server is the one that
// people start, with a data folder.
//
// Memory is what Linux counts of the server's process: before the first file, at most until the last one, and after it.

import { commandLine, text, untranslated, whole } from "../cli/mod.ts";
import { connectLoad, type Load } from "./load.ts";
import { usage } from "../tools/harness/proc.ts";
import { startServer } from "../tools/harness/served.ts";
import { big, mib, row } from "./table.ts";
import type { Transferred } from "./transfers.ts";

const program = {
  name: "deno task bench:files",
  summary: untranslated("What files that are sent and read do to the latency and the memory of a chat."),
  options: {
    people: whole(untranslated("People who chat."), 100, { short: "n", min: 2, max: 10_000 }),
    rate: whole(untranslated("Messages a second, each to all of them."), 50, { min: 1, max: 1000 }),
    seconds: whole(untranslated("Seconds of each measurement without files."), 10, { min: 1, max: 600 }),
    files: whole(untranslated("Files, each up and down."), 1000, { min: 1, max: 100_000 }),
    size: whole(untranslated("Bytes of a file."), 2 ** 20, { min: 4, max: 2 ** 24 }),
    clients: whole(untranslated("Clients that send files at a time."), 4, { min: 1, max: 20 }),
    server: text(untranslated("More options for the server, as in '--sync full'."), "", { value: "OPTIONS" }),
  },
};

const PUBLISHERS = 10, WINDOW = 4096;
/** Warming up: as a part of a measurement, and how many times as many messages there are then. */
const WARM_UP = 0.5, WARM_UP_TIMES = 10;
/** Seconds of a step of the chat while files go. */
const STEP = 0.5;
/** Milliseconds that one file may take, and that all may. */
const PATIENCE = 30_000, ALL = 600_000;
const ROOT = new URL("../", import.meta.url);

const options = commandLine(program);
let fault: string | undefined;
{
  const more = `--daily-files 0 --file-space 0 --log-level warning ${options.server}`;
  await using server = await startServer({ journal: true, more });
  using load = await connectLoad({
    servers: [server],
    receivers: options.people,
    publishers: PUBLISHERS,
    window: WINDOW,
    body: 100,
    private: false,
    patience: 15_000,
  });
  const memory = async () => await usage(server.pid) ?? { rss: NaN, peak: NaN };
  await chat(load, WARM_UP * options.seconds, WARM_UP_TIMES);
  console.log(row(["", "messages", "p50 µs", "p99 µs", `to ${options.people} people`]));
  const quiet = await measure("quiet", load, () => chat(load, options.seconds));
  const before = await memory();
  let files: Transferred | undefined;
  const busy = await measure("with files", load, async () => {
    files = await transfer(server.port, load);
  });
  const { peak } = await memory();
  const again = await measure("quiet again", load, () => chat(load, options.seconds));
  const after = await memory();
  fault ??= files?.fault;
  if (fault === undefined && files !== undefined) {
    const { seconds, up, down } = files, bytes = files.files * options.size;
    console.log(`p99 with files over the mean of the quiet ones: ${(2 * busy / (quiet + again)).toFixed(2)}`);
    console.log(
      `${big(files.files)} files of ${mib(options.size)} MiB, up and down in ${seconds.toFixed(1)} s: ` +
        `${mib(2 * bytes / seconds)} MiB/s; the median ${big(up)} ms up, ${big(down)} ms down`,
    );
    console.log(
      `memory of the server, MiB: ${mib(before.rss)} before, ${mib(peak)} at most, ${mib(after.rss)} after`,
    );
  }
}
if (fault !== undefined) console.log(`NOT EXACT: ${fault}`);
Deno.exit(fault === undefined ? 0 : 1);

/** All publishers in turn, by the clock. */
function chat(load: Load, seconds: number, times = 1): Promise<void> {
  return load.speak(Array.from({ length: PUBLISHERS }, (_, publisher) => publisher), times * options.rate, seconds);
}

/** Prints what the chat was like meanwhile. Returns its p99, in microseconds. */
async function measure(kind: string, load: Load, act: () => Promise<void>): Promise<number> {
  await load.arrived();
  load.tally.measure();
  await act();
  await load.arrived();
  const { latency, delivered } = load.tally, p99 = latency.percentile(0.99);
  fault ??= load.tally.fault;
  console.log(row([kind, big(delivered / options.people), big(latency.percentile(0.5)), big(p99), ""]));
  return p99;
}

/** The chat goes on until all files were sent and read. */
async function transfer(port: number, load: Load): Promise<Transferred | undefined> {
  const { files, size, clients } = options, args = [port, files, size, clients, PATIENCE].map(String);
  const child = new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", "--allow-net=127.0.0.1", "bench/transfers.ts", ...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const began = performance.now();
  let isOver = false;
  const ended = child.output().then((output) => {
    isOver = true;
    return output;
  });
  while (!isOver && performance.now() - began < ALL) await chat(load, STEP);
  if (!isOver) child.kill("SIGKILL");
  const { stdout, success } = await ended;
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  fault ??= isOver ? "the transfers ended with an error" : `the transfers took more than ${ALL / 1000} s`;
  return undefined;
}
