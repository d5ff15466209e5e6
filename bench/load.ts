// The load: N receivers and P publishers in one process, at most W messages of each publisher on the way. It is as light
// as Deno lets it be: bytes are scanned where they were read, up to 64 KiB at a time, and the lines that go out lie ready
// but for a few letters. It still takes a processor of its own: where a run says that the generator used all of one, it
// is the generator that was measured.

import process from "node:process";
import type { Histogram } from "./histogram.ts";
import { gather, greet, line, open, type Place, presence } from "./peer.ts";
import { writeAll } from "../select/write_all.ts";
import { LEAST_BODY, MARK, PUBLISHER, SEQUENCE, type Shape, Tally, writeNumber } from "./tally.ts";

const READ = 64 * 1024;
const WRITE = 64 * 1024;
/** Milliseconds between two looks at whether anything still comes. */
const GLANCE = 100;
/** Characters of what a publisher heard last, when it comes to explain a silence. */
const EXCERPT = 200;

/** What to load, and how. */
export interface Conduct extends Shape, Place {
  /** Milliseconds without anything new after which what is missing is lost. */
  readonly patience: number;
}

/** What came of it. */
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

export interface Load extends Disposable {
  readonly tally: Tally;
  /** Lets a publisher send so many messages more, as soon as its window has room. */
  allow(publisher: number, count: number): void;
  /** Waits until all that was allowed has arrived, or something has gone wrong. */
  arrived(): Promise<void>;
  /** Every publisher sends so many messages, as fast as its window lets it; the counting starts anew. */
  say(count: number): Promise<Run>;
}

/** Connects all of them, and lets each say its presence. */
export async function join(conduct: Conduct): Promise<Load> {
  const { receivers, publishers, body, window, patience } = conduct;
  if (body < LEAST_BODY) throw new RangeError(`Cannot make a text of ${body} bytes: expected ${LEAST_BODY} or more`);
  const tally = new Tally(conduct);
  const allowed = new Uint32Array(publishers);
  const writing = new Uint8Array(publishers);
  const lines = Array.from({ length: publishers }, (_, publisher) => {
    return linesOf(publisher, conduct.private ? nameOf("r", publisher % receivers) : "#all", body, window);
  });
  let closed = false;
  let heardAt = 0;
  let answer = new Uint8Array(0);
  let look = () => {};

  const ears = await gather(receivers, (index) => enter(conduct, nameOf("r", index)));
  const mouths = await gather(publishers, (index) => enter(conduct, nameOf("p", index)));
  ears.forEach(listen);
  mouths.forEach(drain);
  return { tally, allow, arrived, say, [Symbol.dispose]: close };

  async function say(count: number): Promise<Run> {
    tally.measure();
    const began = performance.now(), cpu = processor();
    for (let publisher = 0; publisher < publishers; publisher++) allow(publisher, count);
    await arrived();
    const seconds = (heardAt - began) / 1000, generator = processor() - cpu;
    const { delivered: deliveries, latency } = tally;
    await silence();
    return { deliveries, seconds, latency, generator, fault: tally.fault };
  }

  function allow(publisher: number, count: number): void {
    allowed[publisher]! += count;
    publish(publisher);
  }

  /** One write at a time: what may be sent meanwhile goes together into the next. */
  function publish(publisher: number): void {
    const { bytes, size, sequenceAt } = lines[publisher]!;
    const due = Math.min(allowed[publisher]! - tally.sent[publisher]!, tally.room(publisher));
    const count = Math.min(due, bytes.length / size);
    if (writing[publisher] === 1 || count <= 0 || closed) return;
    const now = performance.now();
    for (let i = 0; i < count; i++) writeNumber(bytes, i * size + sequenceAt, SEQUENCE, tally.send(publisher, now));
    writing[publisher] = 1;
    writeAll(mouths[publisher]!, bytes.subarray(0, count * size)).then(() => {
      writing[publisher] = 0;
      publish(publisher);
    }, lost);
  }

  async function listen(conn: Deno.Conn, receiver: number): Promise<void> {
    const bytes = new Uint8Array(READ);
    let kept = 0;
    try {
      for (let count; (count = await conn.read(bytes.subarray(kept))) !== null;) {
        const filled = kept + count;
        heardAt = performance.now();
        const end = tally.scan(receiver, bytes, filled, heardAt);
        bytes.copyWithin(0, end, filled);
        kept = filled - end;
        if (kept === bytes.length) throw new Error(`a line of more than ${READ} bytes came`);
        for (let publisher = 0; publisher < publishers; publisher++) publish(publisher);
        look();
      }
      throw new Error("the server closed a receiver's connection");
    } catch (error) {
      lost(error);
    }
  }

  /** What a publisher hears is its answers, and what the others say: read away, and not counted. */
  async function drain(conn: Deno.Conn): Promise<void> {
    const bytes = new Uint8Array(READ);
    try {
      for (let count; (count = await conn.read(bytes)) !== null;) answer = bytes.subarray(0, count);
      throw new Error("the server closed a publisher's connection");
    } catch (error) {
      lost(error);
    }
  }

  function lost(error: unknown): void {
    if (closed) return;
    tally.fail(error instanceof Error ? error.message : String(error));
    look();
  }

  function arrived(): Promise<void> {
    const all = () => allowed.every((count, publisher) => tally.done[publisher] === count);
    return until(all, () => {
      const missing = allowed.reduce((sum, count, publisher) => sum + count - tally.done[publisher]!, 0);
      const last = new TextDecoder().decode(answer.subarray(0, EXCERPT)).split("\n", 1)[0];
      return `messages that have not arrived everywhere: ${missing}; a publisher heard last: ${last}`;
    });
  }

  /** Nothing more comes, no relay a second time: each receiver asks something, and the answer is what it hears next. */
  async function silence(): Promise<void> {
    const expected = tally.answers.map((count) => count + 1);
    await Promise.all(ears.map((conn, index) => writeAll(conn, presence(nameOf("r", index))))).catch(lost);
    await until(
      () => expected.every((count, receiver) => tally.answers[receiver]! >= count),
      () => "a receiver got no answer at the end",
    );
  }

  /** Waits for it, unless something goes wrong, or nothing comes any more. */
  async function until(reached: () => boolean, missing: () => string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    heardAt = performance.now();
    look = () => {
      if (tally.fault !== undefined || reached()) resolve();
    };
    const glances = setInterval(() => {
      if (performance.now() - heardAt > patience) tally.fail(missing());
      look();
    }, GLANCE);
    look();
    await promise;
    clearInterval(glances);
    look = () => {};
  }

  function close(): void {
    closed = true;
    for (const conn of [...ears, ...mouths]) conn.close();
  }
}

async function enter(place: Place, name: string): Promise<Deno.TcpConn> {
  const conn = await open(place);
  await greet(conn, name);
  return conn;
}

/** As many lines as go into one write, with everything in them but the sequence. */
function linesOf(publisher: number, to: string, body: number, window: number) {
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
