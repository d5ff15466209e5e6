// `deno task bench:idle`: what idle connections cost. First in memory, connected and then with a
// presence; and then in speed: ten pairs that chat privately, alone and beside the idle ones, which receive nothing of it. The
// rounds alternate on one server, since two runs of a program differ by more than what is looked for.
//
// Each connection is two file descriptors, one in each process. All come from 127.0.0.1, which has some 28,000 ports to
// give to connections to one other port.

import { commandLine, fail, text, untranslated, whole } from "../cli/mod.ts";
import { connectLoad, type LoadOptions } from "./load.ts";
import { gather, greet, open } from "../tools/harness/peer.ts";
import { fileLimit, usage } from "../tools/harness/proc.ts";
import { startServer } from "../tools/harness/served.ts";
import { big, median, row } from "./table.ts";

const program = {
  name: "deno task bench:idle",
  summary: untranslated("What idle connections cost: memory each, and the speed of ten busy pairs beside them."),
  options: {
    connections: whole(untranslated("Idle connections."), 10_000, { min: 1, max: 25_000, value: "K" }),
    rounds: whole(untranslated("Rounds, each alone and beside."), 5, { min: 1, max: 100 }),
    messages: whole(untranslated("Messages of each busy publisher in a run; 0: as many as take two seconds."), 0, {
      max: 2 ** 26,
    }),
    server: text(untranslated("More options for the server, as in --server='--select race'."), "", {
      value: "OPTIONS",
    }),
  },
};

const PAIRS = 10, WINDOW = 16;
const SECONDS = 2;
const WARM_UP = 2000;
/** Files that a process has open beside its connections. */
const OTHER_FILES = 200;
/** Looks at the memory, and milliseconds between them: the lowest counts, when what was only in passing is gone. */
const SAMPLES = 5;
const SAMPLE_EVERY = 200;

const options = commandLine(program);
const limit = await fileLimit();
if (limit < options.connections + OTHER_FILES) {
  fail(
    program.name,
    `Cannot open ${options.connections} connections: they need ${options.connections + OTHER_FILES} open files, ` +
      `and ulimit -n is ${limit}`,
  );
}
const ratios: number[] = [];
let exact = true;
{
  await using server = await startServer({ more: options.server });
  const busy: LoadOptions = {
    servers: [server],
    receivers: PAIRS,
    publishers: PAIRS,
    window: WINDOW,
    body: 100,
    private: true,
    patience: 15_000,
  };
  const memory = async () => {
    let least = Infinity;
    for (let i = 0; i < SAMPLES; i++) {
      await new Promise((done) => setTimeout(done, SAMPLE_EVERY));
      least = Math.min(least, (await usage(server.pid))?.rss ?? NaN);
    }
    return least;
  };
  /** Private messages a second. */
  const speed = async (messages: number) => {
    using load = await connectLoad(busy);
    const { seconds: warm } = await load.run(WARM_UP);
    const run = await load.run(messages || Math.ceil(WARM_UP * SECONDS / warm));
    exact &&= run.fault === undefined;
    if (run.fault !== undefined) console.log(`NOT EXACT: ${run.fault}`);
    return run.deliveries / run.seconds;
  };

  await speed(options.messages);
  for (let round = 1; round <= options.rounds && exact; round++) {
    const alone = await speed(options.messages);
    const before = round === 1 ? await memory() : 0;
    const idle = await gather(options.connections, () => open(server));
    const connected = round === 1 ? await memory() : 0;
    await gather(idle.length, (index) => greet(idle[index]!, `idle${index}`));
    if (round === 1) {
      const present = await memory();
      console.log(`${big(options.connections)} idle connections, bytes of memory each:`);
      console.log(row(["connected", "with presence", ""]));
      console.log(row([...[connected, present].map((bytes) => big((bytes - before) / options.connections)), ""]));
      console.log(`\n${PAIRS} busy pairs, private messages a second:`);
      console.log(row(["alone", "beside", "ratio"]));
    }
    const beside = await speed(options.messages);
    ratios.push(beside / alone);
    console.log(row([big(alone), big(beside), (beside / alone).toFixed(3)]));
    for (const conn of idle) conn.close();
  }
}
if (exact) console.log(`median ratio ${median(ratios).toFixed(3)}`);
Deno.exit(exact ? 0 : 1);
