// `deno task bench:scale`: what several servers of one chat cost, beside one without a broker. Three parts:
//
// - latency: a message at a time to one reader, at another server where there is one.
// - readers: many of them, dealt to all servers. Processor time counts, not speed: servers, broker and generator share the
//   cores of this machine. What falls with the number of servers is the time of the busiest one; what all take together is
//   the price. Twice: messages one at a time by the clock, and as many as go.
// - catching up: until a server with an empty folder has all messages of a stream and listens.
//
// All servers run all the time, and the rounds alternate, since two runs of one program differ by more than what is looked for.
// The time comes from /proc in steps of 10 ms.

import { DatabaseSync } from "node:sqlite";
import { commandLine, fail, oneOf, type Option, text, untranslated, whole } from "../cli/mod.ts";
import { type Broker, hasBroker, startBroker } from "../tests/nats_server.ts";
import { usage } from "../tools/harness/proc.ts";
import { type Served, startServer } from "../tools/harness/served.ts";
import { connectLoad, type Load } from "./load.ts";
import { fillStream } from "./stream.ts";
import { big, median, mib, row } from "./table.ts";

const PARTS = ["all", "latency", "readers", "catching-up"] as const;

const program = {
  name: "deno task bench:scale",
  summary: untranslated("What several servers of one chat cost, beside one alone. It needs nats-server."),
  options: {
    part: oneOf(untranslated("The part to run."), PARTS, "all"),
    readers: whole(untranslated("Readers, dealt to all servers."), 900, { short: "n", min: 3, max: 9_000 }),
    rate: whole(untranslated("Messages a second, by the clock."), 40, { min: 1 }),
    window: whole(untranslated("Messages of each of ten publishers on the way, where as many go as can."), 64, {
      short: "w",
      min: 1,
      max: 4_096,
    }),
    time: whole(untranslated("Milliseconds of each measurement."), 2_000, { min: 100, value: "MS" }),
    rounds: whole(untranslated("Rounds, of which the medians count."), 3, { min: 1, max: 100 }),
    messages: whole(untranslated("Messages to catch up with."), 1_000_000, { min: 1 }),
    batches: sizes(untranslated("Messages in each entry of the stream, for each run of catching up.")),
  },
};

/** Servers of one chat. */
interface Group {
  readonly name: string;
  readonly servers: readonly Served[];
}

/** What a group took, in microseconds a delivery but for the latency. */
interface Cost {
  readonly busiest: number;
  readonly servers: number;
  readonly broker: number;
  /** The median, in microseconds. */
  readonly latency: number;
  readonly speed: number;
}

const PUBLISHERS = 10, BODY = 100;
/** Deliveries to warm up with, for each server that has readers: at most, and for each millisecond of a measurement. */
const WARM_UP = 100_000, WARM_UP_RATE = 50;
/** Messages to warm up a path with. */
const WARM_PATH = 300;
/** Messages a second to measure how long each takes. */
const PATH_RATE = 400;

const options = commandLine(program), { part } = options;
if (!hasBroker) fail(program.name, "It needs the program nats-server. Install it: apt install nats-server");
let fault: string | undefined;
{
  const data = `data/scale-${crypto.randomUUID().slice(0, 8)}`,
    { pathname: folder } = new URL(`../${data}`, import.meta.url);
  Deno.mkdirSync(folder, { recursive: true });
  const broker = await startBroker({}, folder);
  try {
    if (part !== "catching-up") await compare(broker);
    if (part === "all" || part === "catching-up") {
      for (const batch of options.batches) await catchUp(broker, data, batch);
    }
  } finally {
    await broker[Symbol.asyncDispose](); // its folder, too
  }
}
if (fault !== undefined) console.log(`NOT EXACT: ${fault}`);
Deno.exit(fault === undefined ? 0 : 1);

async function compare(broker: Broker): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const start = async (task: "server" | "cluster", more: string) =>
    stack.use(await startServer({ task, journal: true, more: `--log-level warning ${more}` }));
  const groups: Group[] = [{ name: "1, no broker", servers: [await start("server", "")] }];
  for (const count of [1, 2, 3]) {
    const servers: Served[] = [];
    for (let i = 0; i < count; i++) servers.push(await start("cluster", `--broker ${broker.url} --chat chat${count}`));
    groups.push({ name: `${count}`, servers });
  }
  if (part !== "readers") await compareLatency(groups.slice(0, 3), broker);
  if (part !== "latency") await compareReaders(groups, broker);
}

async function compareLatency(groups: readonly Group[], broker: Broker): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const loads = await Promise.all(groups.map(({ servers }) => connected(servers, 1, 1, 1)));
  for (const load of loads) {
    stack.use(load);
    await load.run(WARM_PATH);
  }
  const costs = await measure(groups, broker, loads, (load) => speak(load, 1, PATH_RATE));
  console.log(row(["servers", "p50 µs", "added µs", "one reader, at another server where there is one"]));
  for (const [i, { name }] of groups.entries()) {
    const added = costs[i]!.latency - costs[0]!.latency;
    console.log(row([name, big(costs[i]!.latency), i === 0 ? "" : big(added), ""]));
  }
}

async function compareReaders(groups: readonly Group[], broker: Broker): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const loads: Load[] = [];
  for (const { servers } of groups) {
    const load = stack.use(await connected(servers, options.readers, PUBLISHERS, options.window));
    const deliveries = servers.length * Math.min(WARM_UP, options.time * WARM_UP_RATE);
    await load.run(Math.ceil(deliveries / options.readers / PUBLISHERS));
    loads.push(load);
  }
  const byClock = await measure(groups, broker, loads, (load) => speak(load, PUBLISHERS, options.rate));
  print(groups, byClock, `${options.rate} messages a second`);
  /** As many messages as took the time in the run before. */
  const counts = new Map<Load, number>();
  const run = async (load: Load) => {
    const count = counts.get(load) ?? 20, { seconds } = await load.run(count);
    counts.set(load, Math.max(20, Math.ceil(count * options.time / 1000 / seconds)));
  };
  for (const load of loads) await run(load);
  print(groups, await measure(groups, broker, loads, run), "as many as go");
}

function print(groups: readonly Group[], costs: readonly Cost[], what: string): void {
  const [alone] = costs as [Cost, ...Cost[]],
    times = (value: number) => Number.isFinite(value) ? `${value.toFixed(2)}x` : "-";
  const heads = [
    "servers",
    "deliveries/s",
    "busiest µs",
    "less",
    "servers µs",
    "times",
    "and broker",
    "times",
    "p50 µs",
  ];
  console.log(`\n${row([...heads, `${options.readers} readers, ${what}; µs of processor time a delivery`])}`);
  for (const [i, { busiest, servers, broker, latency, speed }] of costs.entries()) {
    console.log(row([
      groups[i]!.name,
      big(speed),
      busiest.toFixed(3),
      times(alone.busiest / busiest),
      servers.toFixed(3),
      times(servers / alone.servers),
      i === 0 ? "" : (servers + broker).toFixed(3),
      i === 0 ? "" : times((servers + broker) / alone.servers),
      big(latency),
      "",
    ]));
  }
}

/** By the clock, until all has arrived. */
async function speak(load: Load, publishers: number, rate: number): Promise<void> {
  await load.speak(Array.from({ length: publishers }, (_, publisher) => publisher), rate, options.time / 1000);
  await load.arrived();
}

/** Each group in turn, in each round. Returns the medians of each group. */
async function measure(
  groups: readonly Group[],
  broker: Broker,
  loads: readonly Load[],
  act: (load: Load) => Promise<void>,
): Promise<Cost[]> {
  const costs = groups.map((): Cost[] => []);
  for (let round = 0; round < options.rounds; round++) {
    for (const [i, { servers }] of groups.entries()) {
      costs[i]!.push(await costOf([...servers.map(({ pid }) => pid), broker.pid], loads[i]!, act));
    }
  }
  const ofAll = (some: readonly Cost[], field: keyof Cost) => median(some.map((each) => each[field]));
  return costs.map((some) => ({
    busiest: ofAll(some, "busiest"),
    servers: ofAll(some, "servers"),
    broker: ofAll(some, "broker"),
    latency: ofAll(some, "latency"),
    speed: ofAll(some, "speed"),
  }));
}

/** @param pids the broker's is the last */
async function costOf(pids: readonly number[], load: Load, act: (load: Load) => Promise<void>): Promise<Cost> {
  const { tally } = load;
  tally.measure();
  const before = await times(pids), began = performance.now();
  await act(load);
  const speed = tally.delivered * 1000 / (performance.now() - began), after = await times(pids);
  fault ??= tally.fault;
  const each = after.map((time, i) => (time - before[i]!) * 1e6 / tally.delivered), servers = each.slice(0, -1);
  return {
    busiest: Math.max(...servers),
    servers: servers.reduce((sum, time) => sum + time),
    broker: each.at(-1)!,
    latency: tally.latency.percentile(0.5),
    speed,
  };
}

/** Processor seconds of each. */
function times(pids: readonly number[]): Promise<number[]> {
  return Promise.all(pids.map(async (pid) => (await usage(pid))?.cpu ?? NaN));
}

function connected(
  servers: readonly Served[],
  receivers: number,
  publishers: number,
  window: number,
): Promise<Load> {
  return connectLoad({ servers, receivers, publishers, window, body: BODY, private: false, patience: 15_000 });
}

/** Starts a server with an empty folder, and waits until it listens. */
async function catchUp(broker: Broker, parent: string, batch: number): Promise<void> {
  const { messages } = options, chat = `full${batch}`, data = `${parent}/${chat}`;
  const entries = await fillStream({ url: broker.url, chat, messages, batch });
  const before = (await usage(broker.pid))?.cpu ?? NaN, began = performance.now();
  const more = `--log-level warning --broker ${broker.url} --chat ${chat}`;
  const server = await startServer({ task: "cluster", journal: true, data, more });
  const seconds = (performance.now() - began) / 1000, took = await usage(server.pid);
  const ofBroker = ((await usage(broker.pid))?.cpu ?? NaN) - before;
  await server[Symbol.asyncDispose]();
  const found = countOf(`${broker.folder}/${chat}/hanita.db`);
  if (found !== messages) fault ??= `the new server has ${found} of ${messages} messages`;
  console.log(
    `\n${big(messages)} messages in ${big(entries)} entries, of ${batch} each: ready after ${seconds.toFixed(1)} s, ` +
      `${big(messages / seconds)} messages/s; processor seconds: server ${took?.cpu.toFixed(1) ?? "-"}, ` +
      `broker ${ofBroker.toFixed(1)}; peak ${took === undefined ? "-" : mib(took.peak)} MiB`,
  );
}

function countOf(path: string): unknown {
  using database = new DatabaseSync(path);
  return database.prepare("SELECT sum(count) AS count FROM runs").get()?.count;
}

/** Whole numbers with commas. */
function sizes(help: ReturnType<typeof untranslated>): Option<readonly number[]> {
  const { read, ...option } = text(help, "", { value: "SIZE,…" });
  return {
    ...option,
    default: [50],
    read(given, language) {
      const found = read(given, language).split(",").map(Number);
      if (found.every((size) => Number.isInteger(size) && size > 0 && size < 8_192)) return found;
      return fail(
        program.name,
        `--batches: expected sizes from 1 to 8191 such as 1,50, got ${JSON.stringify(given)}`,
        2,
      );
    },
  };
}
