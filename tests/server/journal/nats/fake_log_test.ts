// That the log for other tests does what a log promises.
import assert from "node:assert/strict";
import { FakeLog, type FakeMember } from "./fake_log.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** What a member was given, in short. */
function given(member: FakeMember): string[] {
  return member.take().map((event) =>
    event.kind === "entry" ? `${event.sequence} ${event.writer} ${decoder.decode(event.bytes)}` : event.kind
  );
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("FakeLog gives every member every entry in one order, and one that joins later all of them", async () => {
  const hub = new FakeLog(), one = hub.join(), two = hub.join();
  one.append(encoder.encode("a"));
  assert.ok(one.busy);
  assert.throws(() => one.append(encoder.encode("b")), /an entry is under way/);
  await settled();
  two.append(encoder.encode("b"));
  await settled();
  assert.deepEqual(given(one), ["up", "1 w1 a", "2 w2 b"]);
  assert.deepEqual(given(two), ["up", "1 w1 a", "2 w2 b"]);
  assert.deepEqual(given(hub.join({ after: hub.entries[0] })), ["2 w2 b", "up"]);
  assert.ok(!one.busy && !two.busy);
});

Deno.test("FakeLog keeps an entry once, whatever becomes of its answer", async () => {
  const hub = new FakeLog(), one = hub.join();
  one.failNext("refuse", "swallow", "unanswered");
  one.append(encoder.encode("refused"));
  await settled();
  assert.deepEqual(given(one), ["up", "refused"]);
  one.append(encoder.encode("swallowed"));
  await settled();
  one.proceed();
  await settled(); // it is there now, and the member does not know
  assert.deepEqual(given(one), ["down"]);
  assert.ok(one.busy);
  one.proceed();
  await settled();
  one.up();
  assert.deepEqual(given(one), ["1 w1 swallowed", "up"]);
  assert.equal(hub.entries.length, 1);
  one.down();
  one.append(encoder.encode("without a link"));
  assert.deepEqual(given(one), ["down", "refused"]);
});

Deno.test("FakeLog is set back, and gets entries back under their sequences", async () => {
  const hub = new FakeLog(), one = hub.join(), two = hub.join();
  for (const text of ["a", "b", "c"]) {
    one.append(encoder.encode(text));
    await settled();
  }
  const missing = hub.entries;
  hub.setBack(1);
  two.append(encoder.encode("x"));
  one.proceed(missing);
  two.proceed(missing);
  await settled();
  assert.deepEqual(given(one).slice(4), ["down", "setBack", "up"]);
  assert.deepEqual(given(two).slice(4), ["down", "setBack", "refused", "up"]);
  assert.deepEqual(hub.entries.map(({ sequence }) => sequence), [1, 2, 3]);
  assert.deepEqual(given(hub.join({ after: hub.entries[1] })), ["3 w1 c", "up"]);
  hub.delete();
  one.restart();
  two.append(encoder.encode("y"));
  one.append(encoder.encode("z"));
  await settled();
  assert.deepEqual(given(one), ["down", "setBack", "up", "1 w1 z"]);
  assert.deepEqual(given(two), ["down", "setBack", "refused"]);
});

Deno.test("FakeLog takes nothing back into a log that was begun anew", async () => {
  const hub = new FakeLog(), one = hub.join(), two = hub.join();
  for (const text of ["a", "b", "c"]) {
    one.append(encoder.encode(text));
    await settled();
  }
  const missing = hub.entries;
  hub.delete();
  one.restart();
  one.append(encoder.encode("anew"));
  await settled();
  two.proceed(missing);
  await settled();
  assert.deepEqual(hub.entries.map(({ bytes }) => decoder.decode(bytes)), ["anew"]);
  assert.deepEqual(given(two).slice(4), ["down", "setBack", "setBack"]);
  two.restart();
  assert.deepEqual(given(two), ["1 w1 anew", "up"]);
});

Deno.test("FakeLog passes messages between members", async () => {
  const hub = new FakeLog(), one = hub.join(), two = hub.join(), three = hub.join();
  one.peers.send("all", "beat", encoder.encode("1"));
  one.peers.send(two.writer, "said", encoder.encode("2"));
  await settled();
  assert.deepEqual(two.peers.take().map(({ from, kind }) => [from, kind]), [["w1", "beat"], ["w1", "said"]]);
  assert.deepEqual(three.peers.take().map(({ kind }) => kind), ["beat"]);
  assert.deepEqual(one.peers.take(), []);
});
