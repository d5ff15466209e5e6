/**
 * Stress runs against a server that is started for them, with counts and figures at the end:
 *
 *     deno task stress stalled [--connections 1000] [--seconds 10]   half never read, one floods: what do the others hear?
 *     deno task stress crowd [--connections 10000] [--seconds 60]    all held, all spoken to, all gone: what is left?
 *     deno task stress stop [--connections 100]                      SIGTERM under load: what was acknowledged is heard
 *
 * Exits with 1 when something was lost, doubled or late.
 */
import { Histogram } from "../bench/histogram.ts";
import { gather, greet, line, open, type ServerAddress } from "../bench/peer.ts";
import { writeAll } from "../select/write_all.ts";
import { fileLimit, usage } from "../bench/proc.ts";
import { type Served, startServer } from "../bench/served.ts";
import { commandLine, fail, oneOf, untranslated, whole } from "../cli/mod.ts";
import { pause } from "./pause.ts";

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
/** Milliseconds for what was sent to come; between two looks at that. */
const PATIENCE = 20_000, GLANCE = 50;
/** Milliseconds for memory to come back. */
const CALM = 30_000;
/** Fewer connections say nothing of memory: a heap breathes by more than they take. */
const TELLING = 1_000;

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

/** A polite publisher's chat, as its readers hear it beside others. */
async function chat(readers: number, stallers: number, seconds: number, flooding: boolean): Promise<Outcome> {
  await using server = await startServer({ paced: true });
  const latency = new Histogram();
  const ears = await gather(readers, (index) => enter(server, `r${index}`));
  const stalled = await gather(stallers, (index) => enter(server, `s${index}`));
  const polite = await enter(server, "polite"), other = await enter(server, "other");
  const messages = seconds * POLITE, heard = new Uint32Array(readers);
  let fault = "", flooded = 0, deliveries = 0, open = true;
  const listening = ears.map((conn, index) =>
    listen(conn, (message) => {
      if (!message.startsWith("polite ")) return;
      const [, number, at] = message.split(" ");
      if (Number(number) !== heard[index]) fault ||= `reader ${index} heard ${number} after ${heard[index]! - 1}`;
      heard[index]!++;
      latency.add(Math.round(1000 * (performance.now() - Number(at))));
      deliveries++;
    })
  );
  void listen(polite, () => {});
  if (!flooding) void listen(other, () => {});
  const began = performance.now();
  const noise = (async () => {
    const said = line({ action: "msg", time: 1, message: "flood ".repeat(20) });
    const burst = encoder.encode(decoder.decode(said).repeat(flooding ? 100 : 1));
    if (flooding) void listen(other, () => {});
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
  await allHeard(heard, messages);
  const missing = heard.reduce((sum, count) => sum + messages - count, 0);
  if (missing > 0) fault ||= `${missing} were not heard`;
  open = false;
  for (const conn of [...ears, ...stalled, polite, other]) conn.close();
  await Promise.allSettled([...listening, noise]);
  return { messages, deliveries, fault, latency, flooded };
}

function report(what: string, { messages, deliveries, fault, latency, flooded }: Outcome): void {
  const ms = (share: number) => (latency.percentile(share) / 1000).toFixed(1);
  console.log(
    `${what}: ${messages} messages, ${deliveries} deliveries, ${fault === "" ? "exact" : `NOT EXACT (${fault})`}, ` +
      `p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms; the other publisher wrote ${flooded} messages`,
  );
}

/** Many connections, held; each hears a message a second; all closed at once. */
async function crowd({ connections = 0, seconds = 0 }: Options): Promise<boolean> {
  const many = connections || 10_000, long = seconds || 60;
  const limit = await fileLimit();
  if (limit < many + 200) {
    fail(program.name, `Cannot open ${many} connections: this shell allows ${limit} files (ulimit -n ${many + 200})`);
  }
  await using server = await startServer({ more: `--connections ${many + 100}` });
  const start = await rss(server);
  const heard = new Uint32Array(many);
  const ears = await gather(many, (index) => enter(server, `c${index}`));
  const held = await rss(server);
  const listening = ears.map((conn, index) => listen(conn, () => heard[index]!++));
  const speaker = await enter(server, "speaker");
  void listen(speaker, () => {});
  const began = performance.now();
  for (let i = 0; i < long; i++) {
    await writeAll(speaker, line({ action: "msg", time: 1, message: `second ${i}` }));
    await until(began + (i + 1) * 1000);
  }
  await allHeard(heard, long);
  const busy = await rss(server);
  const lost = heard.reduce((sum, count) => sum + Math.abs(long - count), 0);
  for (const conn of ears) conn.close();
  await Promise.allSettled(listening);
  let left = busy;
  const calm = performance.now() + (many < TELLING ? 0 : CALM);
  // Memory comes back when the engine has collected: a few messages are its occasion.
  while (left > start + (busy - start) / 2 && performance.now() < calm) {
    await writeAll(speaker, line({ action: "msg", time: 1, message: "anybody?" }));
    await pause(250);
    left = await rss(server);
  }
  speaker.close();
  console.log(
    `${many} connections for ${long} s: ${many * long} deliveries, ${lost} lost or doubled; ` +
      `memory ${start} MiB at start, ${held} held, ${busy} after, ${left} when all had gone`,
  );
  return lost === 0 && (many < TELLING || left <= start + (busy - start) / 2);
}

/** SIGTERM while writers write: what was acknowledged is heard by all, and the server is gone within 5 s with 0. */
async function stop({ connections = 0 }: Options): Promise<boolean> {
  const readers = connections || 100, writers = 10;
  const server = await startServer({});
  const heard: Set<string>[] = Array.from({ length: readers }, () => new Set());
  const ears = await gather(readers, (index) => enter(server, `r${index}`));
  const listening = ears.map((conn, index) => listen(conn, (message) => heard[index]!.add(message)));
  const mouths = await gather(writers, (index) => enter(server, `w${index}`));
  const acknowledged: string[] = [];
  const writing = mouths.map(async (conn, writer) => {
    const said: string[] = [];
    const answers = listen(conn, () => {}, () => acknowledged.push(said.shift()!));
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
  await Promise.allSettled([...writing, ...listening]);
  const code = await server.ended;
  const took = performance.now() - began;
  const lost = heard.reduce((sum, set) => sum + acknowledged.filter((message) => !set.has(message)).length, 0);
  for (const conn of [...ears, ...mouths]) conn.close();
  console.log(
    `SIGTERM under load: ${acknowledged.length} acknowledged, ${lost} of ${acknowledged.length * readers} not heard; ` +
      `exit ${code} after ${(took / 1000).toFixed(1)} s`,
  );
  await server[Symbol.asyncDispose]();
  return lost === 0 && code === 0 && took <= 5_500 && acknowledged.length > 0;
}

async function enter(place: ServerAddress, name: string): Promise<Deno.TcpConn> {
  const conn = await open(place);
  await greet(conn, name);
  return conn;
}

/** Hears until the end; messages by their text, and answers 200 one by one. */
async function listen(conn: Deno.Conn, onText: (text: string) => void, onAnswer: () => void = () => {}): Promise<void> {
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

/** Waits until each has heard so many, or what is missing is lost. */
async function allHeard(heard: Uint32Array, count: number): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (heard.some((each) => each < count) && performance.now() < deadline) await pause(GLANCE);
}

function until(moment: number): Promise<void> {
  return pause(moment - performance.now());
}
