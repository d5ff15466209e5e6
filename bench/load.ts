// The load: N receivers and P publishers in one process, at most W messages of each publisher on the way. It is as light
// as Deno lets it be: bytes are scanned where they were read, up to 64 KiB at a time, and the lines that go out lie ready
// but for a few letters. It still takes a processor of its own: where a run says that the generator used all of one, it
// is the generator that was measured.

import process from "node:process";
import type { Histogram } from "../tools/harness/histogram.ts";
import { gather, greet, line, open, presence, type ServerAddress } from "../tools/harness/peer.ts";
import { writeAll } from "../select/write_all.ts";
import { LEAST_BODY, MARK, PUBLISHER, SEQUENCE, type Shape, Tally, writeNumber } from "./tally.ts";

const READ = 64 * 1024;
const WRITE = 64 * 1024;
/** Milliseconds between two checks for a delivery. */
const CHECK_EVERY = 100;
/** Characters of the last answer to a publisher, in the message about missing deliveries. */
const EXCERPT = 200;

/** What to load, and how. */
export interface LoadOptions extends Shape {
  /** One, or several of one chat: receivers are dealt to them in turn, and publishers in turn from the last one on. */
  readonly servers: readonly ServerAddress[];
  /** Milliseconds without a delivery after which what is missing is lost. */
  readonly patience: number;
}

/** The result of a run. */
export interface Run {
  readonly deliveries: number;
  /** From the first message to the last delivery. */
  readonly seconds: number;
  /** Microseconds. */
  readonly latency: Histogram;
  /** Processor seconds that the generator itself used. */
  readonly generator: number;
  /** Why it is not exact. */
  readonly fault: string | undefined;
}

/** Connects all receivers and publishers, and sends the presence of each. */
export async function connectLoad(options: LoadOptions): Promise<Load> {
  const { receivers, publishers, body, servers } = options, backwards = servers.toReversed();
  if (body < LEAST_BODY) throw new RangeError(`Cannot make a text of ${body} bytes: expected ${LEAST_BODY} or more`);
  return new Load(
    options,
    await gather(receivers, (index) => enter(servers[index % servers.length]!, nameOf("r", index))),
    await gather(publishers, (index) => enter(backwards[index % servers.length]!, nameOf("p", index))),
  );
}

/** The load on one server. */
export class Load implements Disposable {
  readonly tally: Tally;
  readonly #receivers: readonly Deno.Conn[];
  readonly #publishers: readonly Deno.Conn[];
  readonly #patience: number;
  /** The lines of each publisher. */
  readonly #lines: readonly Lines[];
  /** Messages that each publisher may send in all, and whether one of its writes is in flight (1). */
  readonly #allowed: Uint32Array;
  readonly #writing: Uint8Array;
  /** The last bytes that a publisher has received. */
  #lastAnswer = new Uint8Array(0);
  #lastDeliveryAt = 0;
  /** Called after each change of what {@linkcode #until} waits for. */
  #onChange = () => {};
  #isClosed = false;

  constructor(options: LoadOptions, receivers: readonly Deno.Conn[], publishers: readonly Deno.Conn[]) {
    const { body, window, patience } = options, count = publishers.length;
    this.tally = new Tally(options);
    this.#receivers = receivers;
    this.#publishers = publishers;
    this.#patience = patience;
    this.#lines = Array.from({ length: count }, (_, publisher) => {
      return linesOf(publisher, options.private ? nameOf("r", publisher % receivers.length) : "#all", body, window);
    });
    this.#allowed = new Uint32Array(count);
    this.#writing = new Uint8Array(count);
    receivers.forEach((connection, receiver) => void this.#receive(connection, receiver));
    publishers.forEach((connection) => void this.#drain(connection));
  }

  /** Every publisher sends so many messages, as fast as its window allows. The counting starts anew. */
  async run(count: number): Promise<Run> {
    const { tally } = this;
    tally.measure();
    const began = performance.now(), cpu = processor();
    for (let publisher = 0; publisher < this.#publishers.length; publisher++) this.allow(publisher, count);
    await this.arrived();
    const seconds = (this.#lastDeliveryAt - began) / 1000, generator = processor() - cpu;
    const { delivered: deliveries, latency } = tally;
    await this.#nothingMore();
    return { deliveries, seconds, latency, generator, fault: tally.fault };
  }

  /** Lets a publisher send so many messages more, as soon as its window has room. */
  allow(publisher: number, count: number): void {
    this.#allowed[publisher]! += count;
    this.#publish(publisher);
  }

  /** Lets publishers send in turn by the clock, so many messages a second. */
  async speak(publishers: readonly number[], rate: number, seconds: number): Promise<void> {
    const began = performance.now(), all = Math.round(rate * seconds);
    for (let said = 0; said < all;) {
      const due = Math.min(all, Math.floor((performance.now() - began) * rate / 1000) + 1);
      for (; said < due; said++) this.allow(publishers[said % publishers.length]!, 1);
      await new Promise((done) => setTimeout(done, Math.max(0, began + said * 1000 / rate - performance.now())));
    }
  }

  /** Waits until all that was allowed has arrived, or something has gone wrong. */
  arrived(): Promise<void> {
    const { done } = this.tally, allowed = this.#allowed;
    const all = () => allowed.every((count, publisher) => done[publisher] === count);
    return this.#until(all, () => {
      const missing = allowed.reduce((sum, count, publisher) => sum + count - done[publisher]!, 0);
      const last = new TextDecoder().decode(this.#lastAnswer.subarray(0, EXCERPT)).split("\n", 1)[0];
      return `messages that have not arrived everywhere: ${missing}; a publisher received last: ${last}`;
    });
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const connection of [...this.#receivers, ...this.#publishers]) connection.close();
  }

  /** One write at a time: what may be sent meanwhile goes together into the next. */
  #publish(publisher: number): void {
    const { tally } = this, { bytes, size, sequenceAt } = this.#lines[publisher]!;
    const due = Math.min(this.#allowed[publisher]! - tally.sent[publisher]!, tally.room(publisher));
    const count = Math.min(due, bytes.length / size);
    if (this.#writing[publisher] === 1 || count <= 0 || this.#isClosed) return;
    const now = performance.now();
    for (let i = 0; i < count; i++) writeNumber(bytes, i * size + sequenceAt, SEQUENCE, tally.send(publisher, now));
    this.#writing[publisher] = 1;
    writeAll(this.#publishers[publisher]!, bytes.subarray(0, count * size)).then(() => {
      this.#writing[publisher] = 0;
      this.#publish(publisher);
    }, (error) => this.#fail(error));
  }

  async #receive(connection: Deno.Conn, receiver: number): Promise<void> {
    const bytes = new Uint8Array(READ), { tally } = this, publishers = this.#publishers.length;
    let kept = 0;
    try {
      for (let count; (count = await connection.read(bytes.subarray(kept))) !== null;) {
        const filled = kept + count, now = this.#lastDeliveryAt = performance.now();
        const end = tally.scan(receiver, bytes, filled, now);
        bytes.copyWithin(0, end, filled);
        kept = filled - end;
        if (kept === bytes.length) throw new Error(`a line of more than ${READ} bytes came`);
        for (let publisher = 0; publisher < publishers; publisher++) this.#publish(publisher);
        this.#onChange();
      }
      throw new Error("the server closed a receiver's connection");
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Reads the answers to a publisher and the messages of others away. They are not counted. */
  async #drain(connection: Deno.Conn): Promise<void> {
    const bytes = new Uint8Array(READ);
    try {
      for (let count; (count = await connection.read(bytes)) !== null;) this.#lastAnswer = bytes.subarray(0, count);
      throw new Error("the server closed a publisher's connection");
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.tally.fail(error instanceof Error ? error.message : String(error));
    this.#onChange();
  }

  /** Checks that no relay arrives a second time: each receiver sends a request, and receives its answer next. */
  async #nothingMore(): Promise<void> {
    const { answers } = this.tally, expected = answers.map((count) => count + 1);
    const requests = this.#receivers.map((connection, index) => writeAll(connection, presence(nameOf("r", index))));
    await Promise.all(requests).catch((error) => this.#fail(error));
    await this.#until(
      () => expected.every((count, receiver) => answers[receiver]! >= count),
      () => "a receiver got no answer at the end",
    );
  }

  /** Waits for a condition, a fault, or the end of patience. */
  async #until(isReached: () => boolean, missing: () => string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>(), { tally } = this;
    this.#lastDeliveryAt = performance.now();
    this.#onChange = () => {
      if (tally.fault !== undefined || isReached()) resolve();
    };
    const checks = setInterval(() => {
      if (performance.now() - this.#lastDeliveryAt > this.#patience) tally.fail(missing());
      this.#onChange();
    }, CHECK_EVERY);
    this.#onChange();
    await promise;
    clearInterval(checks);
    this.#onChange = () => {};
  }
}

async function enter(address: ServerAddress, name: string): Promise<Deno.TcpConn> {
  const connection = await open(address);
  await greet(connection, name);
  return connection;
}

/** Lines of a publisher, all of one size, and the place of the sequence in each. */
interface Lines {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly sequenceAt: number;
}

/** As many lines as go into one write, with everything in them but the sequence. */
function linesOf(publisher: number, to: string, body: number, window: number): Lines {
  const from = nameOf("p", publisher);
  const message = MARK.padEnd(body, "x");
  const time = Math.floor(Date.now() / 1000);
  const one = line({ action: "msg", time, to, from, encoding: "utf-8", message });
  const text = one.length - '"}\n'.length - body;
  writeNumber(one, text + MARK.length, PUBLISHER, publisher);
  const count = Math.max(1, Math.min(window, Math.floor(WRITE / one.length)));
  const bytes = new Uint8Array(count * one.length);
  for (let i = 0; i < count; i++) bytes.set(one, i * one.length);
  return { bytes, size: one.length, sequenceAt: text + MARK.length + PUBLISHER };
}

/** All of one length, so that all relays are. */
function nameOf(letter: string, index: number): string {
  return `${letter}${String(index).padStart(5, "0")}`;
}

/** Processor seconds of this process. */
function processor(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
