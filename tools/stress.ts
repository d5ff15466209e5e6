/**
 * Stress runs against a server that is started for them, with counts and figures at the end:
 *
 *     deno task stress stalled [--connections 1000] [--seconds 10]   half never read, one floods: what do the others get?
 *     deno task stress crowd [--connections 10000] [--seconds 60]    all held, one message a second to each, all closed: what memory is left?
 *     deno task stress stop [--connections 100]                      SIGTERM under load: each acknowledged message arrives
 *
 * Exits with 1 when something was lost, doubled or late.
 */
import { Histogram } from "./harness/histogram.ts";
import { gather, greet, line, open, type ServerAddress } from "./harness/peer.ts";
import { writeAll } from "../select/write_all.ts";
import { fileLimit, usage } from "./harness/proc.ts";
import { type Served, startServer } from "./harness/served.ts";
import { commandLine, fail, oneOf, untranslated, whole } from "../cli/mod.ts";
import { pause } from "./harness/pause.ts";

const runs = { stalled, crowd, stop };
interface Options {
  readonly connections: number;
  readonly seconds: number;
}

const program = {
  name: "hanita-stress",
  summary: untranslated("Tries what a server must bear: stalled, crowd or stop."),
  options: {
    connections: whole(untranslated("Connections."), 0, { max: 60_000 }),
    seconds: whole(untranslated("Seconds that it lasts."), 0, { max: 3600 }),
  },
  positionals: {
    run: {
      ...oneOf(untranslated("stalled, crowd or stop."), ["stalled", "crowd", "stop"], "stalled"),
      value: "RUN",
      required: true,
    },
  },
};

const encoder = new TextEncoder(), decoder = new TextDecoder();
/** Messages a second of a polite publisher. */
const POLITE = 100;
/** Milliseconds in which messages arrive, and between two checks of that. */
const PATIENCE = 20_000, CHECK_EVERY = 50;
/** Milliseconds in which memory is freed. */
const RECOVERY = 30_000;
/** From so many connections on memory is judged: a heap varies by more than fewer ones take. */
const JUDGED = 1_000;

if (import.meta.main) {
  const { run, connections, seconds } = commandLine(program);
  Deno.exit(await runs[run]({ connections, seconds }) ? 0 : 1);
}

/** Half never read, and one floods; against a run in which all read and the second publisher is polite. */
async function stalled({ connections = 0, seconds = 0 }: Options): Promise<boolean> {
  const many = connections || 1000, long = seconds || 10;
  const healthy = await chat(many, 0, long, false);
  const stressed = await chat(many / 2 - 1, many / 2, long, true);
  const ratio = stressed.latency.percentile(0.99) / healthy.latency.percentile(0.99);
  report(`${many} healthy, two polite publishers`, healthy);
  report(`${many / 2 - 1} healthy, ${many / 2} that never read, one floods`, stressed);
  console.log(`p99 is ${ratio.toFixed(2)} times as long (at most 2)`);
  return healthy.fault === "" && stressed.fault === "" && ratio <= 2;
}

interface Outcome {
  readonly messages: number;
  readonly deliveries: number;
  /** What was lost, doubled or out of order; empty when nothing was. */
  readonly fault: string;
  /** Microseconds. */
  readonly latency: Histogram;
  readonly flooded: number;
}

/** A polite publisher, and what its readers receive beside others. */
async function chat(readers: number, stallers: number, seconds: number, flooding: boolean): Promise<Outcome> {
  await using server = await startServer({ paced: true });
  const latency = new Histogram();
  const readerConns = await gather(readers, (index) => enter(server, `r${index}`));
  const stalled = await gather(stallers, (index) => enter(server, `s${index}`));
  const polite = await enter(server, "polite"), other = await enter(server, "other");
  const messages = seconds * POLITE, received = new Uint32Array(readers);
  let fault = "", flooded = 0, deliveries = 0, open = true;
  const reading = readerConns.map((conn, index) =>
    receiveAll(conn, (message) => {
      if (!message.startsWith("polite ")) return;
      const [, number, at] = message.split(" ");
      if (Number(number) !== received[index]) {
        fault ||= `reader ${index} received ${number} after ${received[index]! - 1}`;
      }
      received[index]!++;
      latency.add(Math.round(1000 * (performance.now() - Number(at))));
      deliveries++;
    })
  );
  void receiveAll(polite, () => {});
  if (!flooding) void receiveAll(other, () => {});
  const began = performance.now();
  const noise = (async () => {
    const said = line({ action: "msg", time: 1, message: "flood ".repeat(20) });
    const burst = encoder.encode(decoder.decode(said).repeat(flooding ? 100 : 1));
    if (flooding) void receiveAll(other, () => {});
    try {
      for (let i = 0; open && (flooding || i < messages); i++) {
        await writeAll(other, burst);
        flooded += flooding ? 100 : 1;
        if (!flooding) await until(began + i * 1000 / POLITE);
      }
    } catch (error) {
      if (open) throw error;
    }
  })();
  for (let i = 0; i < messages; i++) {
    await until(began + i * 1000 / POLITE);
    await writeAll(polite, line({ action: "msg", time: 1, message: `polite ${i} ${performance.now()}` }));
  }
  await allReceived(received, messages);
  const missing = received.reduce((sum, count) => sum + messages - count, 0);
  if (missing > 0) fault ||= `${missing} were not received`;
  open = false;
  for (const conn of [...readerConns, ...stalled, polite, other]) conn.close();
  await Promise.allSettled([...reading, noise]);
  return { messages, deliveries, fault, latency, flooded };
}

function report(what: string, { messages, deliveries, fault, latency, flooded }: Outcome): void {
  const ms = (share: number) => (latency.percentile(share) / 1000).toFixed(1);
  console.log(
    `${what}: ${messages} messages, ${deliveries} deliveries, ${fault === "" ? "exact" : `NOT EXACT (${fault})`}, ` +
      `p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms; the other publisher wrote ${flooded} messages`,
  );
}

/** Many connections are held; each receives a message a second; all are closed at once. */
async function crowd({ connections = 0, seconds = 0 }: Options): Promise<boolean> {
  const many = connections || 10_000, long = seconds || 60;
  const limit = await fileLimit();
  if (limit < many + 200) {
    fail(program.name, `Cannot open ${many} connections: this shell allows ${limit} files (ulimit -n ${many + 200})`);
  }
  await using server = await startServer({ more: `--connections ${many + 100}` });
  const start = await rss(server);
  const received = new Uint32Array(many);
  const readerConns = await gather(many, (index) => enter(server, `c${index}`));
  const held = await rss(server);
  const reading = readerConns.map((conn, index) => receiveAll(conn, () => received[index]!++));
  const publisher = await enter(server, "publisher");
  void receiveAll(publisher, () => {});
  const began = performance.now();
  for (let i = 0; i < long; i++) {
    await writeAll(publisher, line({ action: "msg", time: 1, message: `second ${i}` }));
    await until(began + (i + 1) * 1000);
  }
  await allReceived(received, long);
  const busy = await rss(server);
  const lost = received.reduce((sum, count) => sum + Math.abs(long - count), 0);
  for (const conn of readerConns) conn.close();
  await Promise.allSettled(reading);
  let left = busy;
  const calm = performance.now() + (many < JUDGED ? 0 : RECOVERY);
  // Memory comes back when the engine has collected: a few messages are its occasion.
  while (left > start + (busy - start) / 2 && performance.now() < calm) {
    await writeAll(publisher, line({ action: "msg", time: 1, message: "anybody?" }));
    await pause(250);
    left = await rss(server);
  }
  publisher.close();
  console.log(
    `${many} connections for ${long} s: ${many * long} deliveries, ${lost} lost or doubled; ` +
      `memory ${start} MiB at start, ${held} held, ${busy} after, ${left} when all were closed`,
  );
  return lost === 0 && (many < JUDGED || left <= start + (busy - start) / 2);
}

/** SIGTERM while writers write: each acknowledged message reaches all, and the server ends within 5 s with status 0. */
async function stop({ connections = 0 }: Options): Promise<boolean> {
  const readers = connections || 100, writers = 10;
  const server = await startServer({});
  const received: Set<string>[] = Array.from({ length: readers }, () => new Set());
  const readerConns = await gather(readers, (index) => enter(server, `r${index}`));
  const reading = readerConns.map((conn, index) => receiveAll(conn, (message) => received[index]!.add(message)));
  const writerConns = await gather(writers, (index) => enter(server, `w${index}`));
  const acknowledged: string[] = [];
  const writing = writerConns.map(async (conn, writer) => {
    const said: string[] = [];
    const answers = receiveAll(conn, () => {}, () => acknowledged.push(said.shift()!));
    try {
      for (let i = 0;; i++) {
        const message = `${writer} ${i}`;
        said.push(message);
        await writeAll(conn, line({ action: "msg", time: 1, message }));
        if (i % 16 === 15) await pause(1);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)) throw error;
    }
    await answers;
  });
  await pause(1000);
  const began = performance.now();
  server.stop();
  await Promise.allSettled([...writing, ...reading]);
  const code = await server.ended;
  const took = performance.now() - began;
  const lost = received.reduce((sum, set) => sum + acknowledged.filter((message) => !set.has(message)).length, 0);
  for (const conn of [...readerConns, ...writerConns]) conn.close();
  console.log(
    `SIGTERM under load: ${acknowledged.length} acknowledged, ${lost} of ${
      acknowledged.length * readers
    } not received; ` +
      `exit ${code} after ${(took / 1000).toFixed(1)} s`,
  );
  await server[Symbol.asyncDispose]();
  return lost === 0 && code === 0 && took <= 5_500 && acknowledged.length > 0;
}

async function enter(address: ServerAddress, name: string): Promise<Deno.TcpConn> {
  const conn = await open(address);
  await greet(conn, name);
  return conn;
}

/** Reads to the end: calls `onText` with the text of each message, and `onAnswer` for each answer 200. */
async function receiveAll(
  conn: Deno.Conn,
  onText: (text: string) => void,
  onAnswer: () => void = () => {},
): Promise<void> {
  const buffer = new Uint8Array(65_536), decoder = new TextDecoder();
  let rest = "";
  try {
    for (let count; (count = await conn.read(buffer)) !== null;) {
      const lines = (rest + decoder.decode(buffer.subarray(0, count), { stream: true })).split("\n");
      rest = lines.pop()!;
      for (const each of lines) {
        const from = each.indexOf('"message":"');
        if (from >= 0) onText(each.slice(from + 11, each.indexOf('"', from + 11)));
        else if (each.startsWith('{"response":200')) onAnswer();
      }
    }
  } catch (error) {
    if (
      !(error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted ||
        error instanceof Deno.errors.ConnectionReset)
    ) throw error;
  }
}

async function rss(server: Served): Promise<number> {
  return Math.round((await usage(server.pid))!.rss / 1024 / 1024);
}

/** Waits until each has received so many, or the time is over. */
async function allReceived(received: Uint32Array, count: number): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (received.some((each) => each < count) && performance.now() < deadline) await pause(CHECK_EVERY);
}

function until(moment: number): Promise<void> {
  return pause(moment - performance.now());
}
