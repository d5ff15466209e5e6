// A pipe and the servers of a chat, whichever of them it is connected to: what breaks and stops when is up to chance.

import assert from "node:assert/strict";
import fc from "fast-check";
import { Session } from "../../../client/pipe/session.ts";
import type { Socket } from "../../../web/connection.ts";
import { Clock } from "../../web/fake_clock.ts";
import { FakeServer } from "../../web/fake_server.ts";

const ME = "ann", OTHER = "bob", ROOM = "#all";
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** The pipe with its loop, as in client/pipe/loop.ts. */
class Pipe {
  readonly told: string[] = [];
  readonly session: Session;
  readonly #server: FakeServer;
  readonly #clock: Clock;
  #socket: Socket | undefined;
  #isDialling = false;
  #hasQuit = false;

  constructor(server: FakeServer, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
    const others = [{ address: "127.0.0.1", port: 7778 }];
    const options = { address: "127.0.0.1", port: 7777, others, only: undefined, name: ME, json: false };
    let isOpen = false;
    this.#dial(() => isOpen = true);
    clock.pass(1);
    assert.ok(isOpen);
    this.session = new Session(options, (line) => this.told.push(line), clock.now, (now) => now, () => 0.5);
    this.work();
  }

  /** What the chat shows, without the clock and the sender. */
  get shown(): string[] {
    return this.session.screen.trimEnd().split("\n").map((line) => line.slice(`HH:MM:SS ${OTHER}: `.length));
  }

  type(text: string | null): void {
    this.session.type(text === null ? null : encoder.encode(text), this.#clock.now);
    this.work();
  }

  work(): void {
    const { session } = this, { link } = session, { now } = this.#clock;
    if (now >= session.due) session.tick(now);
    if (!link.open && this.#socket !== undefined) {
      this.#socket.close();
      this.#socket = undefined;
    }
    if (session.isClosing) return;
    if (!link.open && now >= link.retryAt && !this.#isDialling) {
      link.retryAt = Infinity;
      this.#dial(() => session.connected(this.#clock.now));
    }
    if (!link.open || this.#socket === undefined) return;
    const bytes = link.requests.take(now);
    if (bytes !== undefined) decoder.decode(bytes).trimEnd().split("\n").forEach((line) => this.#socket!.send(line));
    if (!link.isLeft || this.#hasQuit) return;
    this.#hasQuit = true;
    this.#socket.send('{"action":"quit"}'); // as good as the end of the stream
  }

  #dial(then: () => void): void {
    this.#isDialling = true;
    this.#hasQuit = false;
    const socket = this.#server.env(this.#clock).open({
      onOpen: () => {
        this.#isDialling = false;
        this.#socket = socket;
        then();
      },
      onFrame: (frame) => {
        if (this.#socket !== socket) return;
        this.session.link.framer.push(encoder.encode(`${frame}\n`));
        this.session.receive(this.#clock.now);
        this.work();
      },
      onClose: () => {
        if (this.#isDialling) this.session.connectFailed("nobody is there", this.#clock.now);
        else if (this.#socket === socket) this.session.disconnected(this.#clock.now);
        this.#isDialling = false;
        this.work();
      },
    }, 0);
  }
}

/** Milliseconds for which nobody gets through, and that pass in all: a pipe gives up after a minute without a server. */
const DOWN = 10_000, LONGEST = 20_000;

type Happening =
  | { what: "others" | "type"; count: number }
  | { what: "take" | "give" | "cut"; count: number }
  | { what: "pass"; ms: number }
  | { what: "down" | "move" };

const happenings = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ what: fc.constant("others" as const), count: fc.constantFrom(1, 1, 60, 520) }),
    },
    { weight: 4, arbitrary: fc.record({ what: fc.constant("type" as const), count: fc.constantFrom(1, 1, 3, 400) }) },
    {
      weight: 8,
      arbitrary: fc.record({
        what: fc.constantFrom("take" as const, "give" as const),
        count: fc.integer({ min: 1, max: 30 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ what: fc.constant("cut" as const), count: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 3, arbitrary: fc.record({ what: fc.constant("pass" as const), ms: fc.constantFrom(1, 700, 11_000) }) },
    { weight: 3, arbitrary: fc.record({ what: fc.constantFrom("down" as const, "move" as const) }) },
  ),
  { maxLength: 60, size: "max" },
);

Deno.test("A pipe prints each message once and in order, and says each line once and in order, whatever breaks when", () => {
  fc.assert(
    fc.property(happenings, (all: readonly Happening[]) => {
      const server = new FakeServer(), clock = new Clock();
      server.say(OTHER, ROOM, "before");
      let left = LONGEST;
      const pipe = new Pipe(server, clock), mine: string[] = [], others: string[] = [];
      const travel = (rounds: number, count = Infinity) => {
        for (; rounds > 0; rounds--) {
          server.take(count);
          server.give(count);
          pipe.work();
        }
      };
      travel(4);
      for (const each of all) {
        switch (each.what) {
          case "others":
            for (let i = 0; i < each.count; i++) {
              others.push(`${others.length} of ${OTHER}`);
              server.say(OTHER, ROOM, others.at(-1)!);
            }
            break;
          case "type": {
            const lines = Array.from({ length: each.count }, (_, i) => `${mine.length + i} of ${ME}`);
            mine.push(...lines);
            pipe.type(lines.map((line) => `${line}\n`).join(""));
            break;
          }
          case "take":
          case "give":
          case "cut":
            server[each.what](each.count);
            break;
          case "pass":
            if (each.ms <= left) {
              clock.pass(each.ms);
              left -= each.ms;
            }
            break;
          case "down":
            server.isDown = true;
            clock.after(DOWN, () => server.isDown = false);
            break;
          case "move":
            server.move();
        }
        pipe.work();
      }
      pipe.type(null);
      for (let round = 0; round < 200; round++) {
        clock.pass(300);
        travel(1);
      }
      assert.ok(pipe.session.isDone);
      assert.deepEqual(server.rows.filter(({ from }) => from === ME).map(({ message }) => message), mine);
      assert.deepEqual(pipe.shown, others.length === 0 ? [""] : others);
      pipe.session.beginClose(clock.now);
      assert.equal(pipe.session.finish(), 0);
    }),
    { numRuns: 100 },
  );
});
