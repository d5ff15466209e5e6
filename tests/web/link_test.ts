import assert from "node:assert/strict";
import { type Hearer, type Link, newLink, type Told } from "../../web/link.ts";
import { Clock } from "./fake_server.ts";

/** A link whose wires are in the test's hand. */
function linked() {
  const clock = new Clock(), told: Told[] = [];
  const wires: { hearer: Hearer; sent: string[]; closed: boolean }[] = [];
  const link: Link = newLink({
    now: () => clock.now,
    random: () => 1,
    after: (ms, then) => clock.after(ms, then),
    open(hearer) {
      const wire = { hearer, sent: [] as string[], closed: false };
      wires.push(wire);
      return { send: (frame) => wire.sent.push(frame), close: () => wire.closed = true };
    },
  }, (what) => told.push(what));
  return { clock, told, wires, link, last: () => wires.at(-1)!, ons: () => told.splice(0).map(({ on }) => on) };
}

Deno.test("link waits twice as long before each attempt, and no longer than 20 seconds", () => {
  const { clock, told, link, last, wires } = linked();
  link.connect();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    last().hearer.closed();
    const { at } = told.at(-1) as Told & { on: "pause" };
    pauses.push(at - clock.now);
    const before = wires.length;
    clock.pass(at - clock.now - 1);
    assert.equal(wires.length, before);
    clock.pass(1);
    assert.equal(wires.length, before + 1);
  }
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
});

Deno.test("link begins with short pauses again after a connection that has lasted, and not after one that has not", () => {
  const { clock, told, link, last } = linked();
  const pause = () => (told.at(-1) as Told & { on: "pause" }).at - clock.now;
  link.connect();
  for (const expected of [500, 1_000, 2_000]) {
    last().hearer.opened();
    last().hearer.heard("{}");
    last().hearer.closed();
    assert.equal(pause(), expected);
    clock.pass(expected);
  }
  last().hearer.opened();
  clock.pass(6_000);
  last().hearer.heard("{}");
  last().hearer.closed();
  assert.equal(pause(), 500);
});

Deno.test("link asks a silent server whether it is there, and makes the connection anew when nothing comes", () => {
  const { clock, link, last, ons, wires } = linked();
  link.connect();
  last().hearer.opened();
  clock.pass(24_999);
  assert.deepEqual(ons(), ["up"]);
  clock.pass(1);
  assert.deepEqual(ons(), ["quiet"]);
  last().hearer.heard("{}");
  clock.pass(24_999);
  assert.deepEqual(ons(), ["frame"]);
  clock.pass(1 + 8_000);
  assert.deepEqual(ons(), ["quiet", "down", "pause"]);
  assert.ok(wires[0]!.closed);
  wires[0]!.hearer.heard("late");
  wires[0]!.hearer.closed();
  assert.deepEqual(ons(), []);
  clock.pass(500);
  assert.equal(wires.length, 2);
});

Deno.test("link that wakes after an hour looks at once whether its connection stands, and does not wait to make another", () => {
  const { clock, link, last, ons, wires } = linked();
  link.connect();
  last().hearer.opened();
  ons();
  link.wake();
  assert.deepEqual(ons(), ["quiet"]);
  clock.pass(3_000);
  assert.deepEqual(ons(), ["down", "pause"]);
  link.wake();
  assert.equal(wires.length, 2);
  // An attempt that nobody answers ends too.
  clock.pass(8_000);
  assert.deepEqual(ons(), ["down", "pause"]);
  link.disconnect();
  clock.pass(3_600_000);
  link.wake();
  assert.equal(wires.length, 2);
});

Deno.test("link that finishes lets the server end the connection, or ends it after a while", () => {
  const { clock, link, last, wires, ons } = linked();
  link.connect();
  last().hearer.opened();
  link.say("one");
  link.finish();
  assert.deepEqual([last().sent, last().closed], [["one"], false]);
  last().hearer.heard("{}");
  last().hearer.closed();
  clock.pass(7_999);
  assert.equal(last().closed, false);
  clock.pass(1);
  assert.deepEqual([last().closed, wires.length, ons()], [true, 1, ["up"]]);
  link.connect();
  link.finish();
  assert.equal(last().closed, true, "nothing was said there");
});
