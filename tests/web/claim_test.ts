// Pages of one browser with copies of one tab's storage: one goes on with what was kept.

import assert from "node:assert/strict";
import fc from "fast-check";
import { claim, claimEnv } from "../../web/claim.ts";
import { withGlobals } from "./globals.ts";

/** Pages that share a channel: what is posted waits until it is delivered. */
class Browser {
  readonly #channels: { onmessage: ((event: MessageEvent) => void) | null }[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #timers: (() => void)[] = [];

  /** Opens a page in a tab with this number, and something to go on with; `random` is what it draws first. */
  open(number: string | null, random = Math.random(), hasPending = true) {
    const channel = {
      onmessage: null as ((event: MessageEvent) => void) | null,
      postMessage: (data: unknown) => {
        for (const each of this.#channels.filter((each) => each !== channel)) {
          this.#waiting.push(() => each.onmessage?.({ data } as MessageEvent));
        }
      },
    };
    this.#channels.push(channel);
    const page = { number, owns: undefined as boolean | undefined, isLost: false, isLeaving: false };
    const store = { get: () => page.number, set: (_: string, text: string | null) => void (page.number = text) };
    let first: number | undefined = random;
    const draw = () => {
      const drawn = first ?? Math.random();
      first = undefined;
      return drawn;
    };
    const after = (_: number, then: () => void) => void this.#timers.push(then);
    claim(
      { store, channel, isLeaving: () => page.isLeaving, random: draw, after },
      hasPending,
      () => page.isLost = true,
    )
      .then((owns) => page.owns = owns);
    return page;
  }

  /** Delivers all messages; `choose` picks the next one of so many. */
  async deliver(choose = (_: number) => 0): Promise<void> {
    while (this.#waiting.length > 0) this.#waiting.splice(choose(this.#waiting.length), 1)[0]!();
    await Promise.resolve().then();
  }

  /** Lets all be over for which a page waits. */
  async pass(): Promise<void> {
    for (const then of this.#timers.splice(0)) then();
    await Promise.resolve().then();
  }
}

Deno.test("page that is loaded again goes on with what it has kept, and so does one with a number of its own", async () => {
  const browser = new Browser(), other = browser.open("2", undefined, false), again = browser.open("1");
  await browser.deliver();
  assert.deepEqual([other.owns, again.owns], [true, undefined]);
  await browser.pass();
  assert.deepEqual([again.owns, again.number, again.isLost], [true, "1", false]);
});

Deno.test("of a tab and its copies only the tab goes on, however often it is copied", async () => {
  const browser = new Browser(), original = browser.open(null);
  await browser.pass();
  const copies = [browser.open(original.number), browser.open(original.number, undefined, false)];
  await browser.deliver();
  await browser.pass();
  const copy = browser.open(copies[0]!.number); // of a copy that has begun something of its own
  await browser.deliver();
  await browser.pass();
  assert.deepEqual([original, ...copies, copy].map(({ owns, isLost }) => [owns, isLost]), [
    [true, false],
    [false, false],
    [true, false], // it has nothing to go on with
    [false, false],
  ]);
  assert.equal(new Set([original, ...copies, copy].map(({ number }) => number)).size, 4);
});

Deno.test("of pages that ask at once one goes on, in whatever order they hear of each other", async () => {
  const randoms = fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 5 });
  await fc.assert(fc.asyncProperty(randoms, fc.infiniteStream(fc.nat()), async (drawn, order) => {
    const browser = new Browser(), pages = drawn.map((random) => browser.open("1", random));
    await browser.deliver((count) => order.next().value! % count);
    await browser.pass();
    assert.deepEqual(pages.map(({ owns }) => owns), drawn.map((each) => each === Math.min(...drawn)));
  }));
});

Deno.test("page that has begun stops when the answer of another one is late", async () => {
  const browser = new Browser(), original = browser.open(null), copy = browser.open(original.number);
  await browser.pass();
  assert.deepEqual([copy.owns, copy.isLost], [true, false]);
  await browser.deliver();
  assert.deepEqual([original.isLost, copy.isLost], [false, true]);
  assert.notEqual(copy.number, original.number);
});

Deno.test("page that is loaded again is not answered by itself, on its way out", async () => {
  const browser = new Browser(), before = browser.open(null);
  await browser.pass();
  before.isLeaving = true;
  const again = browser.open(before.number);
  await browser.deliver();
  await browser.pass();
  assert.deepEqual([again.owns, again.number], [true, before.number]);
});

Deno.test("page that may keep nothing has no channel in Firefox, and begins all the same", () => {
  class Forbidden {
    constructor() {
      throw new DOMException("The operation is insecure.", "SecurityError");
    }
  }
  using _firefox = withGlobals({ BroadcastChannel: Forbidden });
  assert.equal(claimEnv({ get: () => null, set: () => {} }).channel, undefined);
});

Deno.test("page in a browser without a channel goes on", async () => {
  const store = { get: () => "1", set: () => {} };
  const env = {
    store,
    channel: undefined,
    isLeaving: () => false,
    random: Math.random,
    after: () => assert.fail("it waits for nobody"),
  };
  assert.equal(await claim(env, true, () => {}), true);
});
