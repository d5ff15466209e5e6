// What one server shows another: in messages that every broker takes, never too much at once, and what is left out is counted.

import assert from "node:assert/strict";
import fc from "fast-check";
import { Roster } from "../../../server/chat/roster.ts";
import type { PeerMessage } from "../../../server/journal/nats/log.ts";
import type { Connection } from "../../../server/net/connection.ts";
import { Trace } from "../../../server/observe/trace.ts";
import type { TraceEvent } from "../../../server/observe/trace_event.ts";
import { INSPECT, Inspections, TRACE } from "../../../server/peers/inspections.ts";
import { makeConnection } from "../fake.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** A server with some connections. */
class Server {
  readonly sent: PeerMessage[] = [];
  readonly told: TraceEvent[] = [];
  readonly connections: Connection[] = [];
  readonly roster = new Roster();
  /** When it wants to send more. */
  wakeAt = Infinity;
  moment = 0;
  readonly trace = new Trace(() => 0, () => this.moment, (_, event) => this.told.push(event));
  readonly inspections: Inspections;

  constructor(readonly name: string) {
    this.roster.self = `${name}.1`;
    this.inspections = new Inspections({
      name,
      peers: {
        self: name,
        send: (_to, kind, bytes) => this.sent.push({ from: name, kind, bytes }),
        take: () => [],
      },
      roster: this.roster,
      trace: this.trace,
      connections: () => this.connections,
      now: () => this.moment,
      wake: (moment) => this.wakeAt = Math.min(this.wakeAt, moment),
    });
  }

  /** Sends what waits, in turns of its own, as long as it wants more. Returns the bytes of each turn. */
  flushAll(): number[] {
    const turns: number[] = [];
    while (this.wakeAt < Infinity) {
      this.moment = Math.max(this.moment, this.wakeAt);
      this.wakeAt = Infinity;
      const before = this.sent.length;
      this.inspections.flush();
      turns.push(this.sent.slice(before).reduce((sum, { bytes }) => sum + bytes.length, 0));
    }
    return turns;
  }
}

const inspects = (numbers: string): PeerMessage => ({ from: "one", kind: INSPECT, bytes: encoder.encode(numbers) });

Deno.test("nothing is sent to a server on which nobody inspects", () => {
  const two = new Server("two");
  two.connections.push(makeConnection("ann"));
  two.trace.received(two.connections[0]!, encoder.encode("{}"));
  two.inspections.runRound();
  two.inspections.receive(inspects(""));
  assert.deepEqual([two.flushAll(), two.sent, two.trace.on], [[], [], false]);
});

Deno.test("each event is sent once or counted as left out, in messages of at most 4,000 bytes, 64 KiB at once", () => {
  const texts = fc.array(fc.string({ unit: "binary", maxLength: 900 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 200 }), (texts, times) => {
      const one = new Server("one"), two = new Server("two"), teacher = makeConnection("ann");
      one.trace.add(teacher, []);
      two.inspections.receive(inspects("1"));
      two.connections.push(makeConnection("ann"));
      let events = 0;
      for (let i = 0; i < times; i++) {
        for (const text of texts) {
          two.trace.received(two.connections[0]!, encoder.encode(text));
          if (text !== "") events++;
        }
      }
      const turns = two.flushAll();
      two.trace.closed(two.connections[0]!, "the last");
      turns.push(...two.flushAll());
      assert.ok(turns.every((bytes) => bytes <= 64 * 1024 + 4000), `${turns}`);
      for (const message of two.sent) {
        assert.ok(message.bytes.length <= 4000);
        one.inspections.receive(message);
        one.inspections.flush(); // in a turn of its own
      }
      const seen = one.told, missed = seen.reduce((sum, { missed = 0 }) => sum + missed, 0);
      assert.equal(seen.at(-1)!.text, "the last");
      assert.equal(seen.length - 1 + missed >= events, true, `${seen.length} ${missed} ${events}`);
      assert.ok(seen.length - 1 <= events);
      assert.ok(seen.every(({ server }) => server === "two"));
    }),
    { numRuns: 30 },
  );
});

Deno.test("a list of many connections goes to the inspector that has asked, and to no other", () => {
  const two = new Server("two");
  for (let i = 0; i < 300; i++) two.connections.push(makeConnection("ann"));
  two.inspections.receive(inspects("1"));
  two.flushAll();
  const list = (messages: readonly PeerMessage[]) => messages.map(({ bytes }) => decoder.decode(bytes).split("\n")[0]);
  assert.ok(two.sent.length > 1);
  assert.deepEqual([...new Set(list(two.sent))], ["1"]);
  const first = two.sent.length;
  two.inspections.receive(inspects("1 2"));
  two.flushAll();
  assert.deepEqual([...new Set(list(two.sent.slice(first)))], ["2"]);
  assert.ok(two.sent.every(({ kind }) => kind === TRACE));
});

Deno.test("an inspector is given no more at once than it can read, and bytes that are no events are ignored", () => {
  const one = new Server("one"), teacher = makeConnection("ann");
  one.trace.add(teacher, []);
  const event = { action: "trace", server: "two", address: "a", way: "in", text: "x".repeat(3000) };
  const trace = (text: string): PeerMessage => ({ from: "two", kind: TRACE, bytes: encoder.encode(text) });
  for (const text of ["", "\n", "\nnull", "\n{", "\n7\n[]", '\n{"way":7}']) one.inspections.receive(trace(text));
  assert.equal(one.told.length, 0);
  for (let i = 0; i < 200; i++) one.inspections.receive(trace(`\n${JSON.stringify(event)}\n`)); // in one turn
  assert.ok(one.told.length > 50 && one.told.length < 100, `${one.told.length}`);
  const { length } = one.told;
  one.inspections.flush();
  one.inspections.receive(trace(`\n${JSON.stringify(event)}\n`));
  assert.equal(one.told.at(-1)!.missed, 200 - length);
});
