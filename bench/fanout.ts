// `deno task bench:fanout`: how many deliveries a second a server makes of what publishers say to everybody, and that it
// makes each of them once and in order. With HOST PORT it loads any server that speaks JIM by lines; without, one that it
// starts for each cell. A cell is receivers x publishers x window; a message is done when all receivers have it.
//
// The generator is one process of Deno. Its share is printed, as processor time over time: near 100 % it was the limit,
// and the server could do more. A message from one publisher to another is read and not counted. The distance of the cores
// is printed as it was before and after the run: see cores.ts.

import { commandLine, fail, flag, type Option, text, untranslated, whole } from "../cli/mod.ts";
import { coreDistance } from "./cores.ts";
import { gather, open, type ServerAddress } from "../tools/harness/peer.ts";
import { connectLoad, type Load, type Run } from "./load.ts";
import { usage } from "../tools/harness/proc.ts";
import { startServer } from "../tools/harness/served.ts";
import { big, mib, percent, row } from "./table.ts";
import { LEAST_BODY } from "./tally.ts";

const program = {
  name: "deno task bench:fanout",
  summary: untranslated(
    "What fan-out costs, at N receivers, P publishers and W messages of each on the way. Checks each delivery.",
  ),
  options: {
    receivers: whole(untranslated("Receivers."), 100, { short: "n", min: 1, max: 60_000 }),
    publishers: whole(untranslated("Publishers."), 10, { short: "p", min: 1, max: 4096 }),
    window: whole(untranslated("Messages of each publisher on the way."), 16, { short: "w", min: 1, max: 65_536 }),
    cells: maybe(text(untranslated("Several such runs, as in 10x10x16,100x1x1."), "", { value: "NxPxW,…" })),
    messages: whole(untranslated("Messages of each publisher; 0: as many as take two seconds."), 0, { max: 2 ** 26 }),
    body: whole(untranslated("Bytes of a message's text."), 100, { min: LEAST_BODY, max: 32_768, value: "BYTES" }),
    idle: whole(untranslated("Idle connections beside it."), 0, { max: 60_000, value: "K" }),
    patience: whole(untranslated("Seconds without anything new after which what is missing is lost."), 15, { min: 1 }),
    journal: flag(untranslated("The server that is started persists messages.")),
    server: text(untranslated("More options for the server that is started, as in --server='--select race'."), "", {
      value: "OPTIONS",
    }),
    pid: maybe(whole(untranslated("The process of the server at HOST, for its time and memory."), 0, { min: 1 })),
  },
  positionals: {
    host: { ...maybe(text(untranslated("A server that runs already."), "")), value: "HOST" },
    port: { ...whole(untranslated("Its port."), 7777, { min: 1, max: 65_535 }), value: "PORT" },
  },
};

/** Receivers, publishers, window. */
type Cell = readonly [number, number, number];

const HEADS = "cell,deliveries/s,p50 µs,p99 µs,p99.9 µs,server µs/delivery,peak MiB,generator,cores ns,check".split(
  ",",
);
/** Seconds that a run takes when nothing else was said. */
const SECONDS = 2;
/** Deliveries to warm up with: enough for the engines on both sides to compile what is hot. */
const WARM_UP = 200_000;
const WARM_UP_ALONE = 10_000;

const options = commandLine(program);
const cells = options.cells === undefined
  ? [[options.receivers, options.publishers, options.window] as const]
  : options.cells.split(",").map(readCell);
let exact = true;
console.log(row(HEADS));
for (const cell of cells) {
  if (options.host !== undefined) {
    await measure(cell, { hostname: options.host, port: options.port }, options.pid).catch(unreachable);
  } else {
    await using server = await startServer({ journal: options.journal, more: options.server });
    await measure(cell, server, server.pid);
  }
}
Deno.exit(exact ? 0 : 1);

/** Runs one cell and prints its line. */
async function measure(cell: Cell, address: ServerAddress, pid: number | undefined): Promise<void> {
  const [receivers, publishers, window] = cell;
  const idle = await gather(options.idle, () => open(address));
  using load = await connectLoad({
    servers: [address],
    receivers,
    publishers,
    window,
    body: options.body,
    private: false,
    patience: options.patience * 1000,
  });
  const messages = options.messages || await twoSeconds(load, cell);
  const distance = await coreDistance(), before = await usage(pid);
  const run = await load.run(messages);
  const after = await usage(pid), distanceAfter = await coreDistance();
  for (const conn of idle) conn.close();
  const { latency, fault } = run;
  exact &&= fault === undefined;
  console.log(row([
    cell.join("x"),
    big(run.deliveries / run.seconds),
    ...[0.5, 0.99, 0.999].map((share) => big(latency.percentile(share))),
    before && after ? ((after.cpu - before.cpu) * 1e6 / run.deliveries).toFixed(2) : "-",
    after ? mib(after.peak) : "-",
    percent(run.generator / run.seconds),
    `${big(distance)}-${big(distanceAfter)}`,
    fault === undefined ? "exact" : `NOT EXACT: ${fault}`,
  ]));
}

/** Warms up, and finds how many messages of each publisher take two seconds. */
async function twoSeconds(load: Load, [receivers, publishers, window]: Cell): Promise<number> {
  const deliveries = window === 1 ? WARM_UP_ALONE : WARM_UP;
  const { seconds }: Run = await load.run(Math.max(20, Math.ceil(deliveries / receivers / publishers)));
  const messages = load.tally.delivered / receivers / publishers;
  return Math.max(20, Math.ceil(messages * SECONDS / seconds));
}

function readCell(words: string): Cell {
  const cell = words.split("x").map(Number);
  if (cell.length === 3 && cell.every((part) => Number.isInteger(part) && part > 0)) return cell as unknown as Cell;
  return fail(program.name, `--cells: expected cells like 100x10x16, got ${JSON.stringify(words)}`, 2);
}

function unreachable(error: unknown): never {
  if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
  return fail(program.name, `Cannot connect to ${options.host} port ${options.port}: nobody listens there`);
}

function maybe<T>(option: Option<T>): Option<T | undefined> {
  return { ...option, default: undefined };
}
