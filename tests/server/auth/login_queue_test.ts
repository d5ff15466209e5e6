import assert from "node:assert/strict";
import fc from "fast-check";
import { LoginQueue, type Outcome, type Ticket } from "../../../server/auth/login_queue.ts";

/** An attempt that ends when the test says so. */
interface Tried {
  readonly ticket: Ticket;
  readonly outcomes: Outcome<boolean>[];
  started: boolean;
  cancelled: boolean;
  finish(): void;
}

/** A queue with a hasher and a clock that do what they are told. */
class TestQueue {
  readonly clock = { now: 0 };
  readonly running: Tried[] = [];
  /** What was begun, in order: its name. */
  readonly order: string[] = [];
  /** The most that ran at once. */
  most = 0;
  readonly queue: LoginQueue;
  #wakeAt = Infinity;

  constructor(atOnce = 1) {
    this.queue = new LoginQueue(
      () => this.clock.now,
      (moment) => this.#wakeAt = Math.min(this.#wakeAt, moment),
      atOnce,
    );
  }

  add(
    host: string,
    account: string | undefined,
    options: { right?: boolean; kind?: "check" | "hash"; name?: string } = {},
  ): Tried {
    const { right = false, kind = "check", name = `${host} ${account}` } = options;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const run = () => {
      assert.ok(!tried.started && !tried.cancelled, "it is run twice, or although it was cancelled");
      tried.started = true;
      this.order.push(name);
      this.running.push(tried);
      this.most = Math.max(this.most, this.running.length);
      return promise;
    };
    const settle = (outcome: Outcome<boolean>) => {
      assert.ok(!tried.cancelled, "it is settled although it was cancelled");
      tried.outcomes.push(outcome);
    };
    const isRight = (right: boolean) => right || kind === "hash";
    const tried: Tried = {
      outcomes: [],
      started: false,
      cancelled: false,
      finish: () => resolve(right),
      ticket: this.queue.add<boolean>({ kind, host, account, run, isRight, settle }),
    };
    return tried;
  }

  async finish(): Promise<void> {
    await settled();
    this.running.shift()?.finish();
    await settled();
  }

  /** Moves the clock, as far as somebody waits for at least. */
  async pass(milliseconds = Math.max(0, this.#wakeAt - this.clock.now)): Promise<void> {
    this.clock.now += milliseconds;
    if (this.clock.now < this.#wakeAt) return;
    this.#wakeAt = Infinity;
    this.queue.startDelayed();
    await settled();
  }

  /** Until nothing is left to do. */
  async finishAll(): Promise<void> {
    await settled();
    while (this.running.length > 0 || this.queue.size > 0) {
      if (this.running.length > 0) await this.finish();
      else {
        assert.ok(this.#wakeAt < Infinity, "some wait, and nothing will wake the queue");
        await this.pass();
      }
    }
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve();
}

/** An address of its own for each number, spread over some ranges. */
const address = (n: number) => `10.${n % 7}.${n >> 8}.${n & 255}`;

Deno.test("LoginQueue runs as many at once as it may, and settles or cancels each exactly once", async () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant("add" as const),
      host: fc.nat(4),
      account: fc.option(fc.constantFrom("ann", "bob", "~"), { nil: undefined }),
      right: fc.boolean(),
      kind: fc.constantFrom("check" as const, "hash" as const),
    }),
    fc.record({ do: fc.constantFrom("cancel" as const, "end" as const), which: fc.nat(99) }),
    fc.record({ do: fc.constant("finish" as const) }),
    fc.record({ do: fc.constant("pass" as const), ms: fc.nat(3000) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 150 }), fc.integer({ min: 1, max: 3 }), async (steps, atOnce) => {
      const all: Tried[] = [], at = new TestQueue(atOnce);
      for (const each of steps) {
        switch (each.do) {
          case "add":
            all.push(at.add(address(each.host), each.account, each));
            break;
          case "finish":
            await at.finish();
            break;
          case "pass":
            await at.pass(each.ms);
            break;
          default: {
            const tried = all[each.which % Math.max(1, all.length)];
            if (tried === undefined) break;
            if (each.do === "end") tried.ticket.defer();
            else if (tried.outcomes.length === 0) {
              await settled(); // what was dropped has been told
              if (tried.outcomes.length > 0) break;
              tried.cancelled = true;
              tried.ticket.cancel();
            }
          }
        }
      }
      await at.finishAll();
      for (const { outcomes, cancelled } of all) assert.equal(outcomes.length, cancelled ? 0 : 1);
      assert.ok(at.most <= atOnce);
      assert.equal(at.queue.size, 0);
    }),
  );
});

Deno.test("LoginQueue puts no attempt behind a crowd: not of addresses, not of one address, not of guesses at one account", async () => {
  const at = new TestQueue();
  at.add("10.0.0.1", "first");
  await settled();
  for (let k = 0; k < 40; k++) for (let i = 0; i < 200; i++) at.add(`10.1.0.${i}`, `n${i}x${k}`, { kind: "hash" });
  for (let i = 0; i < 60; i++) at.add("10.1.0.7", "ann", { name: "guess" });
  at.add("10.2.0.9", "ann", { name: "ann" });
  at.add("10.1.0.7", "bob", { name: "bob" });
  for (let i = 0; i < 8; i++) await at.finish();
  assert.ok(at.order.slice(0, 5).includes("ann"), `began ${at.order}`);
  assert.ok(at.order.slice(0, 9).includes("bob"), `began ${at.order}`);
});

Deno.test("LoginQueue takes an IPv6 /64 for one network", async () => {
  const at = new TestQueue();
  at.add("10.0.0.1", "first");
  await settled();
  for (let i = 0; i < 60; i++) at.add(`2001:db8:0:1::${i.toString(16)}`, `a${i}`, { name: "crowd" });
  at.add("2001:db8:0:2::1", "ann", { name: "ann" });
  for (let i = 0; i < 3; i++) await at.finish();
  assert.ok(at.order.includes("ann"), `began ${at.order}`);
});

Deno.test("LoginQueue slows guesses from one network down to one a second, whatever account they are for", async () => {
  const at = new TestQueue();
  for (let i = 0; i < 50; i++) at.add("10.0.0.1", `account ${i}`);
  for (let i = 0; i < 50; i++) await at.finish();
  assert.equal(at.order.length, 40);
  for (let second = 1; second <= 5; second++) {
    await at.pass(999);
    assert.equal(at.order.length, 39 + second);
    await at.pass(1);
    assert.equal(at.order.length, 40 + second);
    await at.finish();
  }
  at.add("10.0.0.2", "ann"); // and nobody else
  await at.finish();
  assert.equal(at.order.at(-1), "10.0.0.2 ann");
});

Deno.test("LoginQueue slows guesses at one account from everywhere, and lets its owner in from a known network", async () => {
  const at = new TestQueue();
  at.add("10.9.9.9", "ann", { right: true });
  await at.finish();
  for (let i = 0; i < 150; i++) at.add(address(i), "ann", { name: "guess" });
  for (let i = 0; i < 150; i++) await at.finish();
  const guessed = at.order.filter((name) => name === "guess").length;
  assert.equal(guessed, 100);
  at.add("10.9.9.9", "ann", { right: true, name: "ann" });
  await at.finish();
  assert.equal(at.order.at(-1), "ann");
});

Deno.test("LoginQueue takes a registration for a first login: guesses of others there do not delay the next one", async () => {
  const at = new TestQueue();
  at.add("10.0.0.1", "ann", { kind: "hash" });
  await at.finish();
  for (let i = 0; i < 60; i++) at.add("10.0.0.1", `account ${i}`);
  for (let i = 0; i < 60; i++) await at.finish();
  assert.equal(at.order.length, 41);
  at.add("10.0.0.1", "ann", { right: true, name: "ann again" });
  await at.finish();
  assert.equal(at.order.at(-1), "ann again");
});

Deno.test("LoginQueue asks nothing for what was right", async () => {
  const at = new TestQueue();
  for (let i = 0; i < 200; i++) {
    at.add("10.0.0.1", `student ${i}`, { right: true });
    await at.finish();
  }
  assert.equal(at.order.length, 200);
});

Deno.test("LoginQueue drops the newest of the longest line when too many wait, and tells", async () => {
  const at = new TestQueue();
  at.add("10.0.0.1", "first");
  await settled();
  const guesses = Array.from({ length: 65 }, () => at.add("10.0.0.1", "ann"));
  await settled();
  assert.deepEqual(guesses.map(({ outcomes }) => outcomes.length), [...new Array(64).fill(0), 1]);
  assert.deepEqual(guesses.at(-1)!.outcomes, [{ limit: 64 }]);
  const students = Array.from({ length: 250 }, (_, i) => at.add("10.0.0.1", `student ${i}`));
  await settled();
  assert.equal(at.queue.size, 256);
  assert.ok(guesses.slice(6, 64).every(({ outcomes }) => outcomes.length === 1), "the crowd has made room");
  assert.ok(students.every(({ outcomes }) => outcomes.length === 0));
});

Deno.test("LoginQueue serves last, and keeps few of, the attempts that are deferred", async () => {
  const at = new TestQueue();
  at.add("10.0.0.1", "first");
  await settled();
  const ended = Array.from({ length: 20 }, (_, i) => at.add("10.0.0.1", `gone ${i}`));
  for (const { ticket } of ended) ticket.defer();
  at.add("10.0.0.1", "ann", { name: "ann" });
  await settled();
  assert.equal(ended.filter(({ ticket }) => ticket.isDeferred).length, 16);
  assert.equal(ended.filter(({ outcomes }) => outcomes.length === 1).length, 4);
  await at.finish();
  assert.equal(at.order.at(-1), "ann");
  await at.finish();
  assert.equal(at.order.at(-1), "10.0.0.1 gone 0");
});

Deno.test("LoginQueue begins nothing once it is closed, and waits for what is under way", async () => {
  const at = new TestQueue();
  const first = at.add("10.0.0.1", "ann"), second = at.add("10.0.0.1", "bob");
  await settled();
  let over = false;
  const closed = at.queue.close().then(() => over = true);
  await settled();
  assert.equal(over, false);
  await at.finish();
  await closed;
  assert.deepEqual([first.outcomes, second.outcomes, second.started], [[], [], false]);
  await new LoginQueue(() => 0, () => {}).close();
});
