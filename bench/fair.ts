// `deno task bench:fair`: what a flood does to others. The server keeps its pace, as users have it. A polite publisher says
// 100 messages a second to 100 receivers; alone, then beside one that writes as fast as TCP takes it, then beside a second
// polite one that sends as many as the server accepted from the flooder. The last is what the load by itself costs; what the
// flood is over that is unfair. The flooder's burst, which its pace grants, is over before anything is measured.
//
// Latency is from handing a message to the socket until a read brought it, and the polite speak by the clock, whatever has
// arrived: a slow server is not spared.

import { commandLine, text, untranslated, whole } from "../cli/mod.ts";
import { connectLoad, type Load } from "./load.ts";
import { greet, line, open, type ServerAddress } from "../tools/harness/peer.ts";
import { writeAll } from "../select/write_all.ts";
import { startServer } from "../tools/harness/served.ts";
import { big, median, row } from "./table.ts";

const program = {
  name: "deno task bench:fair",
  summary: untranslated("What a client that floods does to the latency of others."),
  options: {
    receivers: whole(untranslated("Receivers."), 100, { short: "n", min: 1, max: 10_000 }),
    rate: whole(untranslated("Messages a second of a polite publisher."), 100, { min: 1, max: 1000 }),
    seconds: whole(untranslated("Seconds of each measurement."), 5, { min: 1, max: 600 }),
    rounds: whole(untranslated("Rounds of three measurements."), 5, { min: 1, max: 100 }),
    server: text(untranslated("More options for the server, as in '--rate 50'."), "", { value: "OPTIONS" }),
  },
};

/** Messages on the way at most; the polite never reach it. */
const WINDOW = 4096;
/** Lines of the flooder in one write. */
const FLOOD = 300;
/** The flood is at its pace when not more than so many times the polite rate comes in a look of so many milliseconds. */
const LOOK = 500;
const CALM = 2;
/** A flood that is never held back is not waited for longer: looks. */
const LOOKS = 20;

const options = commandLine(program);
const p99s: Record<"alone" | "flooded" | "matched", number[]> = { alone: [], flooded: [], matched: [] };
let fault: string | undefined;
{
  await using server = await startServer({ paced: true, more: options.server });
  console.log(row(["", "messages/s", "p50 µs", "p99 µs", `to ${options.receivers} receivers`]));
  for (let round = 1; round <= options.rounds && fault === undefined; round++) {
    await measure("alone", server, [options.rate]);
    const passed = await flooded(server);
    await measure("matched", server, [options.rate, passed]);
  }
}
if (fault !== undefined) console.log(`NOT EXACT: ${fault}`);
else {
  const [alone, flooded, matched] = [median(p99s.alone), median(p99s.flooded), median(p99s.matched)];
  console.log(`median p99 µs: alone ${big(alone)}, flooded ${big(flooded)}, as many from the polite ${big(matched)}`);
  console.log(`flooded over as many from the polite: ${(flooded / matched).toFixed(2)}`);
}
Deno.exit(fault === undefined ? 0 : 1);

/** Polite publishers, each at its own rate. */
async function measure(kind: "alone" | "matched", server: ServerAddress, rates: number[]): Promise<void> {
  using load = await crowd(server, rates.length);
  await Promise.all(rates.map((rate, publisher) => load.speak([publisher], rate, options.seconds)));
  await report(kind, load, rates.reduce((sum, rate) => sum + rate));
}

/** One polite publisher, and the flooder. Returns how many messages a second the server took from that. */
async function flooded(server: ServerAddress): Promise<number> {
  using load = await crowd(server, 1);
  using _flood = await flood(server);
  const received = () => load.tally.others / options.receivers;
  for (let look = 0, before = -Infinity; look < LOOKS; look++) {
    await new Promise((done) => setTimeout(done, LOOK));
    const calm = options.rate * LOOK / 1000 * CALM;
    if (received() > 0 && received() - before < calm) break;
    before = received();
  }
  const before = received(), began = performance.now();
  await load.speak([0], options.rate, options.seconds);
  const passed = (received() - before) * 1000 / (performance.now() - began);
  await report("flooded", load, options.rate + passed);
  return passed;
}

async function report(kind: keyof typeof p99s, load: Load, rate: number): Promise<void> {
  await load.arrived();
  const { latency } = load.tally;
  fault ??= load.tally.fault;
  const p99 = latency.percentile(0.99);
  p99s[kind].push(p99);
  console.log(row([kind, big(rate), big(latency.percentile(0.5)), big(p99), ""]));
}

function crowd(server: ServerAddress, publishers: number): Promise<Load> {
  return connectLoad({
    servers: [server],
    receivers: options.receivers,
    publishers,
    window: WINDOW,
    body: 100,
    private: false,
    patience: 15_000,
  });
}

/** A client that writes without end, and reads its answers. */
async function flood(server: ServerAddress): Promise<Disposable> {
  const conn = await open(server);
  await greet(conn, "flooder");
  const said = { action: "msg", time: 1764000000, to: "#all", from: "flooder", message: "flood ".repeat(17) };
  const one = line(said), many = new Uint8Array(one.length * FLOOD);
  for (let i = 0; i < FLOOD; i++) many.set(one, i * one.length);
  let over = false;
  async function write(): Promise<void> {
    while (!over) await writeAll(conn, many);
  }
  async function read(): Promise<void> {
    for (const bytes = new Uint8Array(many.length); await conn.read(bytes) !== null;);
  }
  Promise.all([write(), read()]).catch((error) => {
    if (!over) fault ??= `the flooder lost its connection (${error.message})`;
  });
  return {
    [Symbol.dispose]() {
      over = true;
      conn.close();
    },
  };
}
