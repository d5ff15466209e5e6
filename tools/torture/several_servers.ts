/**
 * Kills and pauses several servers of one chat and their broker, and cuts the network between them, while clients write, read
 * and change from one server to another. What happens to the broker and what happens to a server overlap. At the end all readers and all
 * histories must have the same messages: each that was acknowledged once, none that was refused, and one without a certain
 * answer once at most.
 */
import { type Served, startServer } from "../harness/served.ts";
import { verify } from "../../server/journal/verify.ts";
import { LossyProxy, type Treatment } from "../../tests/lossy_proxy.ts";
import { within } from "../../tests/chat/within.ts";
import { type Broker, startBroker, startCluster } from "../../tests/nats_server.ts";
import { type Random, random } from "../fuzz/random.ts";
import { pause } from "../harness/pause.ts";
import { type Ports, Reader, readHistory, Writer } from "./chat_client.ts";
import { checkChanged, Editor, readChanged } from "./editor.ts";
import { type Answer, checkSequences, type Line } from "./sequence_check.ts";

export interface SeveralServers {
  readonly servers: number;
  /** One, or three that keep the stream three times. */
  readonly brokers: 1 | 3;
  readonly seconds: number;
  readonly seed: number;
}

const WRITERS = 6, READERS = 4, EDITORS = 2;
/** Milliseconds that a process stands still or traffic is swallowed, and the longest pause before it. */
const SHORTEST_FAULT = 300, LONGEST_FAULT = 5000, LONGEST_PAUSE = 3000;
/** Milliseconds until a server that found no broker is started again. */
const RETRY = 200;
/** Milliseconds after the last fault until all servers must take messages again, and all readers have read the end. */
const END = 60_000;
/** Faults that are told one by one. */
const TOLD = 20;
const ROOT = new URL("../../", import.meta.url);

/** Runs it, and returns whether all is well. */
export async function tortureServers(
  { servers: count, brokers: howMany, seconds, seed }: SeveralServers,
): Promise<boolean> {
  const folder = `data/torture-${seed}-${Deno.pid}`;
  const brokers = await startBrokers(new URL(`${folder}/broker`, ROOT).pathname, howMany);
  const servers: OneServer[] = [];
  let isWell = false;
  try {
    for (let at = 0; at < count; at++) servers.push(await OneServer.start(`${folder}/${at}`, brokers));
    const clients = new Clients(seed, () => servers.map(({ port }) => port));
    await torment(brokers, servers, { seconds, seed });
    isWell = await checkAll(servers, clients);
    return isWell;
  } finally {
    for (const server of servers) await server.end();
    for (const broker of brokers) await broker.kill();
    if (isWell) await Deno.remove(new URL(folder, ROOT), { recursive: true });
    else console.log(`what the servers and the broker have is in ${folder}`);
  }
}

/** The clients, from the first message on. */
class Clients {
  readonly writers: readonly Writer[];
  readonly readers: readonly Reader[];
  readonly editors: readonly Editor[];
  readonly #writing: readonly Promise<void>[];
  readonly #reading: readonly Promise<void>[];
  #isWritten = false;
  #isRead = false;

  constructor(seed: number, ports: Ports) {
    const make = <T>(length: number, what: string, client: new (name: string, ports: Ports, chance: Random) => T) =>
      Array.from({ length }, (_, at) => new client(`${what[0]}${at}`, ports, random(seed, `${what} ${at}`)));
    this.writers = make(WRITERS, "writer", Writer);
    this.readers = make(READERS, "reader", Reader);
    this.editors = make(EDITORS, "editor", Editor);
    this.#writing = [...this.writers, ...this.editors].map((writer) => writer.run(() => this.#isWritten));
    this.#reading = this.readers.map((reader) => reader.run(() => this.#isRead));
  }

  /** Returns when all have written their last message. */
  async endWriting(): Promise<void> {
    this.#isWritten = true;
    await Promise.all(this.#writing);
  }

  /** Returns when all have read up to an id, or have not for too long. */
  async endReading(last: number | undefined): Promise<void> {
    const late = performance.now() + END;
    while (this.readers.some(({ lines }) => lines.at(-1)?.id !== last) && performance.now() < late) await pause(100);
    this.#isRead = true;
    await Promise.all(this.#reading);
  }
}

/** Lets faults happen to the brokers, and others to the servers at the same time. */
async function torment(
  brokers: readonly Broker[],
  servers: readonly OneServer[],
  { seconds, seed }: Pick<SeveralServers, "seconds" | "seed">,
): Promise<void> {
  const end = performance.now() + 1000 * seconds, faults = new Map<string, number>();
  const disturb = async (cause: (chance: Random) => Promise<string>, chance: Random) => {
    while (performance.now() < end) {
      await pause(chance.below(LONGEST_PAUSE));
      const name = await cause(chance);
      faults.set(name, (faults.get(name) ?? 0) + 1);
    }
  };
  const pickBroker = (chance: Random) => brokers.length === 1 ? brokers[0]! : chance.pick(brokers);
  await Promise.all([
    disturb((chance) => disturbBroker(pickBroker(chance), chance), random(seed, "broker")),
    disturb((chance) => disturbServer(chance.pick(servers), chance), random(seed, "servers")),
  ]);
  console.log([...faults].map(([name, times]) => `${name}: ${times}`).sort().join(", "));
}

/** Ends the clients and then the servers, and compares what all of them have. Returns whether all is well. */
async function checkAll(servers: readonly OneServer[], clients: Clients): Promise<boolean> {
  const { writers, readers, editors } = clients;
  await clients.endWriting();
  for (const [at, server] of servers.entries()) {
    await within(`server ${at} takes a message`, writers[at % WRITERS]!.sayLast(() => server.port), END);
  }
  const answers = new Map(writers.flatMap((writer) => [...writer.answers]));
  const histories: (readonly Line[])[] = [], changed = [];
  for (const [at, { port }] of servers.entries()) {
    histories.push(await within(`server ${at} sends its history`, readHistory(`h${at}`, port), END));
  }
  for (const [at, { port }] of servers.entries()) {
    changed.push(await within(`server ${at} sends what was changed`, readChanged(port), END));
  }
  await clients.endReading(histories[0]!.at(-1)?.id);
  for (const server of servers) await server.kill();
  const damaged = servers.reduce((sum, { database }) => sum + verify(database).faults.length, 0);
  const isSame = reportChanged(editors, changed);
  return report(answers, checkSequences(answers, [...histories, ...readers.map(({ lines }) => lines)]), damaged) &&
    isSame;
}

/** Says what became of messages that were edited, deleted and reacted to. Returns whether all is well. */
function reportChanged(editors: readonly Editor[], histories: Awaited<ReturnType<typeof readChanged>>[]): boolean {
  const faults = checkChanged(new Map(editors.flatMap(({ expected }) => [...expected])), histories);
  const changes = editors.reduce((sum, { changes }) => sum + changes, 0);
  console.log(
    `changed ${
      histories[0]?.length ?? 0
    } messages ${changes} times: ${faults.length} not as they were left, or not the same on all servers`,
  );
  for (const fault of faults.slice(0, TOLD)) console.log(fault);
  return faults.length === 0;
}

function report(
  answers: ReadonlyMap<string, Answer>,
  found: ReturnType<typeof checkSequences>,
  damaged: number,
): boolean {
  const count = (what: Answer) => [...answers.values()].filter((answer) => answer === what).length;
  const { kept, evidence, ...faults } = found, { lost, doubled, revived, invented, different, back } = faults;
  console.log(
    `said ${answers.size}, acknowledged ${count("acknowledged")}, refused ${count("refused")}, ` +
      `unknown ${
        count("unknown")
      }, kept ${kept}: ${lost} lost, ${doubled} doubled, ${revived} refused and kept, ${invented} invented, ${different} readers or histories differ, ` +
      `${back} ids gone back, ${damaged} faults of the journals`,
  );
  for (const line of evidence) console.log(line);
  return damaged === 0 && Object.values(faults).every((each) => each === 0);
}

async function startBrokers(folder: string, count: 1 | 3): Promise<readonly Broker[]> {
  await Deno.mkdir(folder, { recursive: true });
  return count === 1 ? [await startBroker({}, folder)] : (await startCluster(folder)).brokers;
}

/** Something that happens to a broker, and passes. */
async function disturbBroker(broker: Broker, chance: Random): Promise<string> {
  if (chance.once(2)) {
    await broker.kill();
    await pause(chance.below(1000));
    await broker.start();
    return "broker killed";
  }
  broker.pause();
  await pause(faultTime(chance));
  broker.resume();
  return "broker stopped";
}

/** Something that happens to a server or to the network between it and the broker, and passes. */
async function disturbServer(server: OneServer, chance: Random): Promise<string> {
  switch (chance.below(4)) {
    case 0:
      await server.kill();
      await pause(chance.below(1000));
      await within("a killed server listens again", server.restart(), END);
      return "server killed";
    case 1:
      server.pause();
      await pause(faultTime(chance));
      server.resume();
      return "server stopped";
    case 2:
      server.treat("swallow", chance.once(2) ? "swallow" : "pass");
      await pause(faultTime(chance));
      server.treat("pass");
      return "traffic swallowed";
    default:
      server.treatPresent("hold", "swallow");
      await pause(faultTime(chance));
      server.treat("pass");
      return "traffic held";
  }
}

/** Milliseconds. */
function faultTime(chance: Random): number {
  return SHORTEST_FAULT + chance.below(LONGEST_FAULT - SHORTEST_FAULT);
}

/** A server, and the network between it and the brokers. */
class OneServer {
  readonly #proxies: readonly LossyProxy[];
  readonly #data: string;
  #served: Served | undefined;
  #port = 0;

  private constructor(data: string, brokers: readonly Broker[]) {
    this.#data = data;
    this.#proxies = brokers.map(({ port }) => new LossyProxy(port));
  }

  static async start(data: string, brokers: readonly Broker[]): Promise<OneServer> {
    const server = new OneServer(data, brokers);
    await server.restart();
    return server;
  }

  /** What becomes of the traffic with the brokers from now on; see {@linkcode LossyProxy.treat}. */
  treat(up: Treatment, down?: Treatment): void {
    for (const proxy of this.#proxies) proxy.treat(up, down);
  }

  /** The same of the connections that there are. */
  treatPresent(up: Treatment, down?: Treatment): void {
    for (const proxy of this.#proxies) proxy.treatPresent(up, down);
  }

  /** Where it listens, or did. */
  get port(): number {
    return this.#port;
  }

  get database(): string {
    return new URL(`${this.#data}/hanita.db`, ROOT).pathname;
  }

  async start(): Promise<void> {
    const more = `--log-level warning --broker ${this.#proxies.map(({ url }) => url).join()} --chat torture`;
    this.#served = await startServer({ task: "cluster", journal: true, data: this.#data, more });
    this.#port = this.#served.port;
  }

  /** Starts it until it listens: without its broker, or while three have not chosen a leader, it ends with an error, and a service manager starts it again. */
  async restart(): Promise<void> {
    const late = performance.now() + END;
    for (;;) {
      try {
        return await this.start();
      } catch (error) {
        if (performance.now() >= late) throw error;
        await pause(RETRY);
      }
    }
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
    for (const proxy of this.#proxies) await proxy[Symbol.asyncDispose]();
  }
}
