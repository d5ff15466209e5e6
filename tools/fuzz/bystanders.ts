/**
 * Two writers and two readers in the chat that is fuzzed. Each of their messages must reach both readers once, and those of
 * one writer in order.
 */
import { connect, type ServerObject } from "./line_client.ts";

/** Milliseconds between two messages of one writer. */
const EVERY = 20;
const WRITERS = 2, READERS = 2;

/** How the messages arrived. */
export interface BystanderReport {
  readonly sent: number;
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
  /** Answers to them that were not 200. */
  readonly refused: number;
}

export interface Bystanders {
  /** Stops writing. What has not come is waited for, and then lost; or, after a fault, is not judged. */
  finish(wait: boolean): Promise<BystanderReport>;
}

/** Lets four people join and chat. Their names and texts are marked, for others may be mutated into anything. */
export async function bystanders(port: number, mark: string): Promise<Bystanders> {
  const encoder = new TextEncoder();
  const names = Array.from({ length: WRITERS }, (_, i) => `writer ${i} ${mark}`);
  const received = Array.from({ length: READERS }, () => new Map<string, number[]>(names.map((name) => [name, []])));
  const readers = await Promise.all(received.map((numbers, i) => {
    return join(`reader ${i} ${mark}`, ({ from, message }) => numbers.get(from ?? "")?.push(Number(message)));
  }));
  const writers = await Promise.all(names.map((name) => join(name)));
  let sent = 0;
  const clock = setInterval(() => {
    const said = encoder.encode(`{"action":"msg","time":1764000000,"to":"#all","message":"${sent++}"}\n`);
    for (const writer of writers) writer.send(said);
  }, EVERY);

  return {
    async finish(wait) {
      clearInterval(clock);
      if (wait) await allHeard();
      const streams = received.flatMap((numbers) => [...numbers.values()]);
      for (const line of [...readers, ...writers]) line.close();
      return {
        sent: WRITERS * sent,
        lost: wait ? sum(streams, (numbers) => sent - new Set(numbers).size) : 0,
        doubled: sum(streams, (numbers) => numbers.length - new Set(numbers).size),
        disordered: sum(streams, (numbers) => numbers.filter((number, i) => number < numbers[i - 1]!).length),
        refused: sum(writers, ({ answers }) => answers.filter(({ response }) => response !== 200).length),
      };
    },
  };

  async function allHeard(): Promise<void> {
    await Promise.all(
      readers.map((reader, i) => reader.until(() => names.every((name) => received[i]!.get(name)!.length >= sent))),
    );
    await Promise.all(writers.map((writer) => writer.until(() => writer.answers.length >= sent)));
  }

  async function join(name: string, onMessage?: (said: ServerObject) => void) {
    const line = await connect(port, onMessage === undefined ? {} : { onOther: onMessage });
    await line.send(encoder.encode(`{"action":"presence","time":1764000000,"user":{"account_name":"${name}"}}\n`));
    await line.until(() => line.answers.length > 0);
    line.answers.shift();
    return line;
  }
}

function sum<T>(list: readonly T[], count: (each: T) => number): number {
  return list.reduce((all, each) => all + count(each), 0);
}
