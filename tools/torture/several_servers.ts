/**
 * Torments several servers of one chat, their broker and the network between them, while clients write, read and change from
 * one server to another. At the end all readers and all histories must have the same messages: each that was acknowledged
 * once, none that was refused.
 */
import { type Served, startServer } from "../../bench/served.ts";
import { verify } from "../../server/journal/verify.ts";
import { LossyProxy } from "../../tests/lossy_proxy.ts";
import { type Broker, startBroker } from "../../tests/nats_server.ts";
import { type Random, random } from "../fuzz/random.ts";
import { pause } from "../pause.ts";
import { Reader, Writer } from "./chat_client.ts";
import { type Answer, checkSequences } from "./sequence_check.ts";

export interface SeveralServers {
  readonly servers: number;
  readonly seconds: number;
  readonly seed: number;
}

const WRITERS = 6, READERS = 4;
/** Milliseconds: the longest that a process stands still or traffic is swallowed, and the longest pause behind it. */
const LONGEST_FAULT = 5000, LONGEST_PAUSE = 2000;
/** Milliseconds until all readers must have read the end. */
const END = 60_000;
const ROOT = new URL("../../", import.meta.url);

/** Runs it, and returns whether all is well. */
export async function tortureServers({ servers: count, seconds, seed }: SeveralServers): Promise<boolean> {
  const folder = `data/torture-${seed}-${Deno.pid}`, chance = random(seed, "faults");
  await Deno.mkdir(new URL(`${folder}/broker`, ROOT), { recursive: true });
  const broker = await startBroker({}, new URL(`${folder}/broker`, ROOT).pathname);
  const servers: OneServer[] = [];
  try {
    for (let at = 0; at < count; at++) servers.push(await OneServer.start(`${folder}/${at}`, broker));
    const ports = () => servers.map(({ port }) => port);
    const writers = Array.from(
      { length: WRITERS },
      (_, at) => new Writer(`w${at}`, ports, random(seed, `writer ${at}`)),
    );
    const readers = Array.from(
      { length: READERS },
      (_, at) => new Reader(`r${at}`, ports, random(seed, `reader ${at}`)),
    );
    let areOver = false, isRead = false;
    const writing = writers.map((writer) => writer.run(() => areOver)),
      reading = readers.map((reader) => reader.run(() => isRead));
    const end = performance.now() + 1000 * seconds;
    const faults = new Map<string, number>();
    while (performance.now() < end) {
      const name = await disturb(broker, servers, chance);
      faults.set(name, (faults.get(name) ?? 0) + 1);
      await pause(chance.below(LONGEST_PAUSE));
    }
    console.log([...faults].map(([name, times]) => `${name}: ${times}`).sort().join(", "));
    areOver = true;
    await Promise.all(writing);
    for (const [at, server] of servers.entries()) await writers[at % WRITERS]!.sayLast(() => server.port);
    const answers = new Map(writers.flatMap((writer) => [...writer.answers]));
    const histories = servers.map((_, at) => new Reader(`h${at}`, ports, chance));
    for (const [at, history] of histories.entries()) await history.readAll(servers[at]!.port);
    const last = histories[0]!.lines.at(-1)?.id;
    const late = performance.now() + END;
    while (readers.some(({ lines }) => lines.at(-1)?.id !== last) && performance.now() < late) await pause(100);
    isRead = true;
    await Promise.all(reading);
    for (const server of servers) await server.kill();
    const damaged = servers.reduce((sum, { database }) => sum + verify(database).faults.length, 0);
    return report(answers, checkSequences(answers, [...histories, ...readers].map(({ lines }) => lines)), damaged);
  } finally {
    for (const server of servers) await server.end();
    await broker[Symbol.asyncDispose]();
    await Deno.remove(new URL(folder, ROOT), { recursive: true });
  }
}

function report(
  answers: ReadonlyMap<string, Answer>,
  found: ReturnType<typeof checkSequences>,
  damaged: number,
): boolean {
  const count = (what: Answer) => [...answers.values()].filter((answer) => answer === what).length;
  const { kept, ...faults } = found, { lost, doubled, revived, invented, different, back } = faults;
  console.log(
    `said ${answers.size}, acknowledged ${count("acknowledged")}, refused ${
      count("refused")
    }, kept ${kept}: ${lost} lost, ` +
      `${doubled} doubled, ${revived} refused and kept, ${invented} invented, ${different} readers or histories differ, ` +
      `${back} ids gone back, ${damaged} faults of the journals`,
  );
  return damaged === 0 && Object.values(faults).every((each) => each === 0);
}

/** Something that happens to a process or to the network, and passes. */
async function disturb(broker: Broker, servers: readonly OneServer[], chance: Random): Promise<string> {
  const server = chance.pick(servers), time = 300 + chance.below(LONGEST_FAULT - 300);
  switch (chance.below(6)) {
    case 0:
      await broker.kill();
      await broker.start();
      return "broker killed";
    case 1:
      broker.pause();
      await pause(time);
      broker.resume();
      return "broker stopped";
    case 2:
      await server.kill();
      await pause(chance.below(1000));
      await server.start();
      return "server killed";
    case 3:
      server.pause();
      await pause(time);
      server.resume();
      return "server stopped";
    case 4:
      server.proxy.treat("swallow", chance.once(2) ? "swallow" : "pass");
      await pause(time);
      server.proxy.treat("pass");
      return "traffic swallowed";
    default:
      server.proxy.treatPresent("hold", "swallow");
      await pause(time);
      server.proxy.treat("pass");
      return "traffic held";
  }
}

/** A server, and the network between it and the broker. */
class OneServer {
  readonly proxy: LossyProxy;
  readonly #data: string;
  #served: Served | undefined;
  #port = 0;

  private constructor(data: string, broker: Broker) {
    this.#data = data;
    this.proxy = new LossyProxy(broker.port);
  }

  static async start(data: string, broker: Broker): Promise<OneServer> {
    const server = new OneServer(data, broker);
    await server.start();
    return server;
  }

  /** Where it listens, or did. */
  get port(): number {
    return this.#port;
  }

  get database(): string {
    return new URL(`${this.#data}/hanita.db`, ROOT).pathname;
  }

  async start(): Promise<void> {
    const more = `--log-level warning --broker ${this.proxy.url} --chat torture`;
    this.#served = await startServer({ journal: true, data: this.#data, more });
    this.#port = this.#served.port;
  }

  pause(): void {
    this.#served!.pause();
  }

  resume(): void {
    this.#served!.resume();
  }

  async kill(): Promise<void> {
    const served = this.#served;
    this.#served = undefined;
    await served?.kill();
  }

  async end(): Promise<void> {
    await this.kill();
    await this.proxy[Symbol.asyncDispose]();
  }
}
