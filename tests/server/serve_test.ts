// The loop on sockets that do what they are told: the moments that a real network brings about once a year. What it says
// to people is in tests/chat.

import assert from "node:assert/strict";
import { fakeServer, fakeSocket, msg, presence, quiet } from "./fake.ts";
import { embeddedStore } from "../chat/store.ts";
import { until } from "../chat/within.ts";
import { inspect } from "../token.ts";

Deno.test("serve does not read again before what was read is heard, when the clock rings in between", async () => {
  await using server = fakeServer();
  const ann = server.connect(), bob = server.connect();
  ann.give(presence("ann"));
  bob.give(`${presence("bob")}\n`);
  await quiet();
  bob.give(`${msg("makes ann wait for her gap")}\n`);
  await quiet();
  // The read of ann ends, and before its event is handled the clock rings for her gap.
  ann.give('{"action":"probe","time":1}');
  server.select.post({ kind: "timer" });
  await quiet();
  ann.give('{"action":"quit","time":1}');
  await quiet();
  for (let i = 0; i < 4; i++) {
    server.pass(50);
    await quiet();
  }
  assert.deepEqual(ann.objects.map(({ alert, message }) => alert ?? message), [
    "welcome, ann",
    "makes ann wait for her gap",
    "ok",
    "goodbye",
  ]);
});

Deno.test("serve goes on with the rest when a write takes only part, and a gap begins after the whole", async () => {
  await using server = fakeServer();
  const ann = server.connect(), bob = server.connect();
  ann.take = bob.take = 7;
  ann.give(presence("ann"));
  bob.give(`${presence("bob")}\n${msg("one")}\n${msg("two")}\n`);
  await quiet();
  assert.deepEqual(ann.objects.map(({ response }) => response), [200]);
  assert.deepEqual(bob.objects.map(({ response }) => response), [200, 200, 200]);
  server.pass(50);
  await quiet();
  assert.deepEqual(ann.objects.slice(1).map(({ message }) => message), ["one"]);
});

Deno.test("serve has one write in flight, and the next carries all that was said meanwhile", async () => {
  await using server = fakeServer();
  const ann = server.connect(), bob = server.connect();
  ann.give(`${presence("ann")}\n`);
  bob.give(`${presence("bob")}\n`);
  await quiet();
  bob.take = 0;
  for (const text of ["one", "two", "three"]) {
    ann.give(`${msg(text)}\n`);
    await quiet();
  }
  assert.equal(bob.writes.length, 2);
  bob.take = Infinity;
  await quiet();
  assert.equal(bob.writes.length, 3);
  assert.deepEqual(bob.objects.slice(1).map(({ message }) => message), ["one", "two", "three"]);
});

Deno.test("serve encodes a broadcast once: its readers are written the very same bytes", async () => {
  await using server = fakeServer();
  const [ann, bob, eve] = [server.connect(), server.connect(), server.connect()];
  for (const [socket, name] of [[ann, "ann"], [bob, "bob"], [eve, "eve"]] as const) socket.give(`${presence(name)}\n`);
  await quiet();
  ann.give(`${msg("one")}\n${msg("two")}\n`);
  await quiet();
  assert.equal(bob.writes.length, 2);
  assert.equal(bob.writes[1], eve.writes[1]);
});

Deno.test("serve gathers what is said while the writes of a turn are being started: all then have it in the very same write", async () => {
  await using server = fakeServer();
  const [ann, bob] = [server.connect(), server.connect()], many = Array.from({ length: 300 }, () => server.connect());
  const all = (count: number) =>
    until(`${count} objects for each`, () => many.every(({ objects }) => objects.length >= count));
  for (const [i, socket] of [ann, bob, ...many].entries()) socket.give(`${presence(`p${i}`)}\n`);
  await all(1);
  for (const [socket, text] of [[ann, "one"], [bob, "two"], [ann, "three"]] as const) {
    socket.give(`${msg(text)}\n`);
    for (let i = 0; i < 50; i++) await Promise.resolve(); // the loop handles it; no other write is started meanwhile
  }
  await all(4);
  for (const { writes, objects } of many) {
    assert.deepEqual(objects.slice(1).map(({ message }) => message), ["one", "two", "three"]);
    assert.equal(writes.length, 3);
    assert.equal(writes[1], many[0]!.writes[1]);
    assert.equal(writes[2], many[0]!.writes[2]);
  }
});

Deno.test("serve closes a connection that cannot be written to, and the others hear all", async () => {
  await using server = fakeServer();
  const ann = server.connect(), bob = server.connect(), eve = server.connect();
  for (const [socket, name] of [[ann, "ann"], [bob, "bob"], [eve, "eve"]] as const) socket.give(`${presence(name)}\n`);
  await quiet();
  bob.take = 0;
  ann.give(`${msg("one")}\n`);
  await quiet();
  bob.failWrite(new Deno.errors.ConnectionReset("reset"));
  ann.give(`${msg("two")}\n${msg("bob?", { to: "bob" })}\n`);
  await quiet();
  assert.equal(bob.closed, true);
  assert.deepEqual(eve.objects.slice(1).map(({ message }) => message), ["one", "two"]);
  ann.give(`${msg("bob?", { to: "bob" })}\n`);
  await quiet();
  assert.equal(ann.objects.at(-1)!.response, 410);
});

Deno.test("serve drops a reader at its limit in the turn that passes it, and counts what is in flight", async () => {
  await using server = fakeServer({ outbox: 1000 });
  const ann = server.connect(), bob = server.connect();
  for (const [socket, name] of [[ann, "ann"], [bob, "bob"]] as const) socket.give(`${presence(name)}\n`);
  await quiet();
  bob.take = 0;
  let said = 0;
  for (; !bob.closed && said < 100; said++) {
    ann.give(`${msg("x".repeat(100))}\n`);
    await quiet();
  }
  const size =
    JSON.stringify(JSON.parse(msg("x".repeat(100), { from: "ann", encoding: "utf-8", id: 10 ** 15 }))).length + 1;
  assert.equal(said, Math.floor(1000 / size) + 1);
  assert.deepEqual(server.meter.dropped, { own: 1, all: 0 });
  assert.equal(ann.objects.length, 1 + said);
});

Deno.test("serve drops the slowest while all together are owed more than may be", async () => {
  await using server = fakeServer({ outboxes: 1500 });
  const ann = server.connect(), bob = server.connect(), eve = server.connect();
  for (const [socket, name] of [[ann, "ann"], [bob, "bob"], [eve, "eve"]] as const) socket.give(`${presence(name)}\n`);
  await quiet();
  bob.take = eve.take = 0;
  ann.give(`${msg("x".repeat(600))}\n${msg("x".repeat(200), { to: "eve" })}\n`);
  await quiet();
  server.select.post({ kind: "maintenance" });
  await quiet();
  assert.deepEqual([bob.closed, eve.closed, server.meter.dropped], [false, true, { own: 0, all: 1 }]);
});

Deno.test("serve tells an inspector of what went out although nothing else happens", async () => {
  await using server = fakeServer();
  const teacher = server.connect(), ann = server.connect();
  teacher.give(`${JSON.stringify(inspect)}\n`);
  await quiet();
  ann.give(`${presence("ann")}\n`);
  await quiet();
  assert.deepEqual(teacher.objects.map(({ way }) => way), [undefined, "here", "in", "out"]);
});

Deno.test("serve shows each second which connections have much pending output, and once when they have caught up", async () => {
  await using server = fakeServer();
  const teacher = server.connect(), ann = server.connect(), bob = server.connect();
  for (const [socket, name] of [[ann, "ann"], [bob, "bob"]] as const) socket.give(`${presence(name)}\n`);
  await quiet();
  teacher.give(`${JSON.stringify(inspect)}\n`);
  await quiet();
  bob.take = 0;
  ann.give(`${msg("x".repeat(3900))}\n${msg("x".repeat(300))}\n`);
  for (const take of [0, 0, Infinity, Infinity]) {
    await quiet();
    bob.take = take;
    await quiet();
    server.select.post({ kind: "maintenance" });
  }
  await quiet();
  const owed = teacher.objects.filter(({ way, name }) => way === "here" && name === "bob").map(({ owed }) =>
    Number(owed)
  );
  assert.ok(owed[1]! > 4096);
  assert.deepEqual(owed, [0, owed[1], owed[1], 0]);
});

Deno.test("serve tells apart what holds a connection up: its rate, its reading, or objects without an end", async () => {
  await using server = fakeServer({ rateLimit: { rate: 1, burst: 60 } });
  const teacher = server.connect(), flood = server.connect(), silent = server.connect();
  const bare = server.connect(), ann = server.connect();
  flood.give(`${presence("flood")}\n`);
  silent.give(`${presence("silent")}\n`);
  bare.give(presence("bare"));
  ann.give(`${presence("ann")}\n`);
  await quiet();
  server.pass(10_000); // what a bare writer may be kept from is over
  teacher.give(`${JSON.stringify(inspect)}\n`);
  await quiet();
  silent.take = 0;
  for (let i = 0; i < 3; i++) {
    ann.give(`${msg("x".repeat(3900))}\n`);
    await quiet();
  }
  flood.give(`${JSON.stringify({ action: "probe", time: 1 })}\n`.repeat(200));
  await quiet();
  const delays = () =>
    Object.fromEntries(
      teacher.objects.filter(({ way }) => way === "here").map(({ name, delay }) => [name, delay]),
    );
  for (let i = 0; i < 6; i++) {
    server.select.post({ kind: "maintenance" });
    await quiet();
  }
  assert.deepEqual(delays(), { ann: undefined, flood: "fast", silent: "unread", bare: "gaps" });
  const ofSilent = teacher.objects.filter(({ way, name }) => way === "here" && name === "silent");
  assert.deepEqual(new Set(ofSilent.map(({ delay }) => delay)), new Set([undefined, "unread"]), "it never was slow");
  silent.take = Infinity;
  for (let i = 0; i < 10; i++) {
    server.pass(20_000);
    await quiet();
  }
  server.select.post({ kind: "maintenance" });
  await quiet();
  assert.deepEqual(delays(), { ann: undefined, flood: undefined, silent: undefined, bare: undefined });
});

Deno.test("serve leaves out what an inspector that does not read would be owed, and nobody is dropped for looking", async () => {
  await using server = fakeServer({ outbox: 512 * 1024 });
  const teacher = server.connect(), ann = server.connect();
  ann.give(`${presence("ann")}\n`);
  await quiet();
  teacher.give(`${JSON.stringify(inspect)}\n`);
  await quiet();
  teacher.take = 0;
  const MANY = 480, probe = JSON.stringify({ action: "probe", time: 1, pad: "x".repeat(360) });
  for (let i = 0; i < MANY; i += 20) {
    ann.give(`${probe}\n`.repeat(20));
    await quiet();
  }
  teacher.take = Infinity;
  await quiet();
  ann.end();
  await quiet();
  assert.equal(teacher.closed, false);
  const seen = teacher.objects.filter(({ way }) => way === "in").length, last = teacher.objects.at(-1)!;
  assert.ok(seen > 100 && seen < MANY, `${seen}`);
  assert.deepEqual([last.way, Number(last.missed) > MANY - seen], ["gone", true]);
});

Deno.test("serve loses nothing when one moment brings more than a turn relays", async () => {
  await using server = fakeServer({ outbox: 1 << 26 });
  const bob = server.connect();
  bob.give(`${presence("bob")}\n`);
  const speakers = Array.from({ length: 8 }, () => server.connect());
  await quiet(); // all are let in, so from here on their reads end together
  const MANY = 60;
  const texts = Array.from({ length: MANY }, (_, i) => `${i} ${"x".repeat(3900)}`);
  for (const [who, speaker] of speakers.entries()) {
    speaker.give(`${presence(`speaker ${who}`)}\n${texts.map((text) => `${msg(text)}\n`).join("")}`);
  }
  const expected = 1 + MANY * speakers.length;
  for (let tries = 0; bob.objects.length < expected && tries < 100; tries++) await quiet();
  assert.equal(bob.objects.length, expected);
  for (const who of speakers.keys()) {
    const own = bob.objects.filter(({ from }) => from === `speaker ${who}`).map(({ message }) => message);
    assert.deepEqual(own, texts);
  }
});

Deno.test("serve tries again when it cannot accept, after a while and for as long as it takes", async () => {
  await using server = fakeServer();
  for (let i = 0; i < 3; i++) {
    server.refuse(new Error("Too many open files"));
    await quiet();
    assert.equal(server.accepts, false);
    server.pass(99);
    await quiet();
    assert.equal(server.accepts, false);
    server.pass(1);
    await quiet();
    assert.equal(server.accepts, true);
  }
  assert.equal(server.meter.acceptFailures, 3);
  const ann = server.connect();
  ann.give(`${presence("ann")}\n`);
  await quiet();
  assert.equal(ann.objects[0]!.response, 200);
});

Deno.test("serve accepts on at once when a connection has broken off before it was accepted", async () => {
  await using server = fakeServer();
  for (const reason of [Deno.errors.NotConnected, Deno.errors.ConnectionAborted, Deno.errors.ConnectionReset]) {
    server.refuse(new reason("Transport endpoint is not connected"));
    await quiet();
    assert.equal(server.accepts, true);
  }
});

Deno.test("serve accepts a few of the connections that wait, and then the others are heard", async () => {
  await using server = fakeServer();
  await quiet();
  for (let i = 0; i < 100; i++) server.connect();
  for (let i = 0; i < 10_000; i++) await Promise.resolve(); // all that can happen before the runtime goes round
  assert.equal(server.meter.accepted, 8);
  await until("all to be accepted", () => server.meter.accepted >= 100);
});

Deno.test("serve takes in no socket that was closed before it is here, and goes on", async () => {
  await using server = fakeServer();
  await quiet();
  const closed = () => {
    throw new Deno.errors.BadResource("Bad resource ID");
  };
  const socket = Object.assign(fakeSocket(1), { setNoDelay: closed, close: closed });
  server.select.post({ kind: "connected", socket });
  await quiet();
  assert.equal(server.meter.accepted, 0);
  const ann = server.connect();
  ann.give(`${presence("ann")}\n`);
  await quiet();
  assert.equal(ann.objects[0]!.response, 200);
  server.select.post({ kind: "stop" });
  server.select.post({ kind: "connected", socket });
});

Deno.test("serve accepts no connection in the very moment of the stop, and ends", async () => {
  const server = fakeServer();
  await quiet();
  const ann = server.connect();
  server.select.post({ kind: "stop" });
  await server.over;
  assert.equal(ann.closed, true);
});

Deno.test("serve announces the stop to no connection that has quit", async () => {
  await using server = fakeServer();
  const ann = server.connect();
  ann.give(`${presence("ann")}\n{"action":"quit"}\n`);
  await quiet();
  assert.equal(ann.shut, true);
  server.select.post({ kind: "stop" });
  await quiet();
  assert.deepEqual(ann.objects.map(({ alert }) => alert), ["welcome, ann", "goodbye"]);
  assert.equal(ann.closed, false, "it may still be reading");
});

Deno.test("serve closes a connection with unread bytes only after it has read them", async () => {
  await using server = fakeServer();
  const ann = server.connect();
  ann.give(`${presence("ann")}\n{"action":"quit"}\n`);
  await quiet();
  ann.give("some more");
  await quiet();
  assert.deepEqual([ann.shut, ann.closed], [true, false]);
  ann.end();
  await quiet();
  assert.equal(ann.closed, true);
});

Deno.test("serve starts every write of a turn although more than a turn relays comes meanwhile", async () => {
  await using server = fakeServer();
  const [ann, ...speakers] = Array.from({ length: 7 }, () => server.connect());
  const readers = Array.from({ length: 300 }, () => server.connect()), MANY = 50;
  const all = (count: number) =>
    until(`${count} objects for each`, () => readers.every(({ objects }) => objects.length >= count));
  for (const [i, socket] of [ann!, ...speakers, ...readers].entries()) socket.give(`${presence(`p${i}`)}\n`);
  await all(1);
  ann!.give(`${msg("one")}\n`);
  for (let i = 0; i < 50; i++) await Promise.resolve(); // the loop handles it; no other write is started meanwhile
  for (const speaker of speakers) speaker.give(`${msg("x".repeat(1_900))}\n`.repeat(MANY));
  await all(1 + 1 + speakers.length * MANY);
  for (const { objects } of readers) assert.equal(objects.length, 1 + 1 + speakers.length * MANY);
});

Deno.test("serve leaves nothing behind when it has stopped: neither a timer nor an event of one", async () => {
  const server = fakeServer({ probeAfter: 1_000 }), many = Array.from({ length: 304 }, () => server.connect());
  const settle = async () => {
    for (let i = 0; i < 500; i++) await Promise.resolve(); // no timer goes off meanwhile
  };
  for (const [i, socket] of many.entries()) socket.give(`${presence(`p${i}`)}\n`);
  await until("an object for each", () => many.every(({ objects }) => objects.length > 0));
  many[0]!.give('{"action":"users","time":1}\n'); // rows that are made in a later turn
  many[1]!.give(`${msg("to all")}\n`); // writes that are started in several
  const late = Array.from({ length: 8 }, () => server.connect()); // after as many there is a pause
  await settle();
  server.select.post({ kind: "stop" });
  await settle();
  for (const socket of [...many, ...late]) socket.fail(new Deno.errors.ConnectionReset("reset"));
  await settle();
  server.pass(60_000);
  await settle();
  await server.over;
  const posted: unknown[] = [];
  server.select.post = (event) => posted.push(event);
  await quiet();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(posted, []);
});

Deno.test("serve has the network polled while rows are made that take long", async () => {
  const store = embeddedStore(), { journal } = store, read = journal.read.bind(journal);
  await using server = fakeServer({}, store);
  const readers = Array.from({ length: 8 }, () => server.connect());
  for (const [i, socket] of readers.entries()) socket.give(`${presence(`p${i}`)}\n`);
  await quiet();
  readers[0]!.give(`${msg("hello")}\n`);
  await quiet();
  let some = 0, most = 0;
  journal.read = (...args) => {
    server.clock.now += 10;
    some++;
    return read(...args);
  };
  for (const reader of readers) reader.give('{"action":"history","time":1}\n');
  await until("all pages", () => { // looks each time that timers go off, as the network is polled
    most = Math.max(most, some);
    some = 0;
    return readers.every(({ objects }) => objects.at(-1)!.message === "hello" && objects.at(-2)!.response === 202);
  });
  assert.ok(most <= 2, `${most} pages between two polls`);
});

Deno.test("serve has the network polled while readers of long pages take all at once", async () => {
  await using server = fakeServer();
  const ann = server.connect(), readers = Array.from({ length: 4 }, () => server.connect()), MANY = 100, BYTES = 3_000;
  for (const [i, socket] of [ann, ...readers].entries()) socket.give(`${presence(`p${i}`)}\n`);
  await quiet();
  ann.give(`${msg("x".repeat(BYTES))}\n`.repeat(MANY));
  await until("all messages", () => ann.objects.length === 1 + MANY);
  const written = () => readers.reduce((sum, { heard }) => sum + heard.length, 0), before = written();
  for (const reader of readers) reader.give('{"action":"history","limit":500,"time":1}\n');
  let most = 0, last = before;
  await until("all pages", () => { // looks each time that timers go off, as the network is polled
    most = Math.max(most, written() - last);
    last = written();
    return last - before > readers.length * MANY * BYTES;
  });
  assert.ok(most < 600_000, `${most} bytes between two polls`);
});

Deno.test("serve ends a turn when its records have taken their time, and goes on with the rest in the next ones", async () => {
  const store = embeddedStore(), { journal } = store, turns: number[] = [];
  await using server = fakeServer({}, store);
  const { append } = journal;
  journal.append = (batch) => {
    turns.push(batch.records.length);
    server.clock.now += 2 * batch.records.length; // milliseconds
    append.call(journal, batch);
  };
  const sockets = Array.from({ length: 60 }, () => server.connect());
  await until("all to be accepted", () => server.meter.accepted === sockets.length);
  for (const [i, socket] of sockets.entries()) socket.give(`${presence(`guest${i}`)}\n`);
  await until("all to be in", () => sockets.every(({ objects }) => objects.length === 1));
  for (const [i, socket] of sockets.entries()) {
    const join = (k: number) => `{"action":"join","time":1,"room":"#r${i}-${k}"}\n`;
    socket.give(join(1) + join(2) + join(3));
  }
  await until("all to be answered", () => sockets.every(({ objects }) => objects.length === 4));
  assert.equal(turns.reduce((sum, count) => sum + count, 0), 180);
  assert.equal(turns[0], 60); // nothing was known of their time
  assert.ok(turns.slice(1).every((count) => count <= 32), `${turns}`);
  assert.ok(turns.length > 5, `${turns}`);
  for (const { objects } of sockets) assert.deepEqual(objects.map(({ response }) => response), [200, 201, 201, 201]);
});
