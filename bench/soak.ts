// `deno task bench:soak`: whether the server's memory stays flat over as many messages as a chat has in a long while, with
// idle connections beside. Ten receivers get what ten publishers send; the memory is looked at four times a second, and
// the medians are compared: of the second half of what follows the first million against the first half of it. The first
// million itself is left out: the engine compiles, and its heap takes its size.

import { commandLine, text, untranslated, whole } from "../cli/mod.ts";
import { connectLoad } from "./load.ts";
import { gather, open } from "../tools/harness/peer.ts";
import { usage } from "../tools/harness/proc.ts";
import { startServer } from "../tools/harness/served.ts";
import { big, median, mib, row } from "./table.ts";

const program = {
  name: "deno task bench:soak",
  summary: untranslated("Whether the server's memory stays flat over millions of messages."),
  options: {
    messages: whole(untranslated("Messages in all."), 10_000_000, { min: 300 }),
    idle: whole(untranslated("Idle connections beside it."), 1000, { max: 60_000, value: "K" }),
    server: text(untranslated("More options for the server, as in --server='--select race'."), "", {
      value: "OPTIONS",
    }),
  },
};

const PUBLISHERS = 10, RECEIVERS = 10, WINDOW = 16;
/** Seconds in which the idle may say presence, which they never do: longer than any run. */
const PATIENCE = 86_400;
const STEP = 1_000_000;
/** Milliseconds between two looks at the memory. */
const SAMPLE_EVERY = 250;
/** A garbage collector's heap breathes: less than this, as a share and in bytes, is no growth. */
const BREATH = 0.05;
const BREATH_BYTES = 4 * 2 ** 20;

const options = commandLine(program);
const step = Math.min(STEP, options.messages / 10);
let fault: string | undefined;
const later: number[] = [];
{
  await using server = await startServer({ more: `--presence-within ${PATIENCE} ${options.server}` });
  const idle = await gather(options.idle, () => open(server));
  using load = await connectLoad({
    servers: [server],
    receivers: RECEIVERS,
    publishers: PUBLISHERS,
    window: WINDOW,
    body: 100,
    private: false,
    patience: 15_000,
  });
  console.log(row(["messages", "deliveries/s", "RSS MiB", "peak MiB", `${big(options.idle)} idle beside`]));
  for (let said = 0; said < options.messages && fault === undefined;) {
    const seen: number[] = [];
    const sample = async () => void seen.push((await usage(server.pid))?.rss ?? NaN);
    const samples = setInterval(sample, SAMPLE_EVERY);
    const run = await load.run(Math.ceil(step / PUBLISHERS));
    clearInterval(samples);
    await sample();
    if (said > 0) later.push(...seen);
    said += Math.ceil(step / PUBLISHERS) * PUBLISHERS;
    fault = run.fault;
    const peak = (await usage(server.pid))?.peak ?? NaN;
    console.log(row([
      big(said),
      big(run.deliveries / run.seconds),
      mib(median(seen)),
      mib(peak),
      fault === undefined ? "exact" : `NOT EXACT: ${fault}`,
    ]));
  }
  for (const conn of idle) conn.close();
}
Deno.exit(fault === undefined && verdict() ? 0 : 1);

/** Says whether it grew; without figures that is not known, and not claimed. */
function verdict(): boolean {
  const half = later.length >> 1;
  const before = median(later.slice(0, half)), after = median(later.slice(half));
  if (!(before > 0)) {
    console.log("unknown: this system tells no process's memory");
    return false;
  }
  const flat = after - before <= Math.max(BREATH * before, BREATH_BYTES);
  console.log(`${flat ? "flat" : "growing"}: a median of ${mib(before)} MiB, and then of ${mib(after)} MiB`);
  return flat;
}
