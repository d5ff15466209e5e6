import assert from "node:assert/strict";
import { type Connection, type ConnectionEvent, newConnection, type SocketHandlers } from "../../web/connection.ts";
import { Clock } from "./fake_clock.ts";

/** A connection with sockets that the test controls, to one of so many servers. */
function connected(servers = 1) {
  const clock = new Clock(), events: ConnectionEvent[] = [];
  const sockets: { hearer: SocketHandlers; server: number; sent: string[]; closed: boolean }[] = [];
  const connection: Connection = newConnection({
    now: () => clock.now,
    random: () => 1,
    after: (ms, then) => clock.after(ms, then),
    servers,
    open(hearer, server) {
      const socket = { hearer, server, sent: [] as string[], closed: false };
      sockets.push(socket);
      return { send: (frame) => socket.sent.push(frame), close: () => socket.closed = true };
    },
  }, (what) => events.push(what));
  return {
    clock,
    events,
    sockets,
    connection,
    last: () => sockets.at(-1)!,
    ons: () => events.splice(0).map(({ on }) => on),
  };
}

Deno.test("connection waits twice as long before each attempt, and no longer than 20 seconds", () => {
  const { clock, events, connection, last, sockets } = connected();
  connection.connect();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    last().hearer.onClose();
    const { at } = events.at(-1) as ConnectionEvent & { on: "pause" };
    pauses.push(at - clock.now);
    const before = sockets.length;
    clock.pass(at - clock.now - 1);
    assert.equal(sockets.length, before);
    clock.pass(1);
    assert.equal(sockets.length, before + 1);
  }
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
});

Deno.test("connection tries each server of the chat once before it waits longer", () => {
  const { clock, events, connection, last, sockets } = connected(3);
  connection.connect();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    last().hearer.onClose();
    const { at } = events.at(-1) as ConnectionEvent & { on: "pause" };
    pauses.push(at - clock.now);
    clock.pass(at - clock.now);
  }
  assert.deepEqual(sockets.map(({ server }) => server), [0, 1, 2, 0, 1, 2, 0]);
  assert.deepEqual(pauses, [500, 500, 500, 1_000, 1_000, 1_000]);
});

Deno.test("connection begins with short pauses again after a connection that has lasted, and not after one that has not", () => {
  const { clock, events, connection, last } = connected();
  const pause = () => (events.at(-1) as ConnectionEvent & { on: "pause" }).at - clock.now;
  connection.connect();
  for (const expected of [500, 1_000, 2_000]) {
    last().hearer.onOpen();
    last().hearer.onFrame("{}");
    last().hearer.onClose();
    assert.equal(pause(), expected);
    clock.pass(expected);
  }
  last().hearer.onOpen();
  clock.pass(6_000);
  last().hearer.onFrame("{}");
  last().hearer.onClose();
  assert.equal(pause(), 500);
});

Deno.test("connection asks a silent server whether it is there, and makes the connection anew when nothing comes", () => {
  const { clock, connection, last, ons, sockets } = connected();
  connection.connect();
  last().hearer.onOpen();
  clock.pass(24_999);
  assert.deepEqual(ons(), ["up"]);
  clock.pass(1);
  assert.deepEqual(ons(), ["idle"]);
  last().hearer.onFrame("{}");
  clock.pass(24_999);
  assert.deepEqual(ons(), ["frame"]);
  clock.pass(1 + 8_000);
  assert.deepEqual(ons(), ["idle", "down", "pause"]);
  assert.ok(sockets[0]!.closed);
  sockets[0]!.hearer.onFrame("late");
  sockets[0]!.hearer.onClose();
  assert.deepEqual(ons(), []);
  clock.pass(500);
  assert.equal(sockets.length, 2);
});

Deno.test("connection that wakes after an hour looks at once whether its connection stands, and does not wait to make another", () => {
  const { clock, connection, last, ons, sockets } = connected();
  connection.connect();
  last().hearer.onOpen();
  ons();
  connection.checkNow();
  assert.deepEqual(ons(), ["idle"]);
  clock.pass(3_000);
  assert.deepEqual(ons(), ["down", "pause"]);
  connection.checkNow();
  assert.equal(sockets.length, 2);
  // An attempt that nobody answers ends too.
  clock.pass(8_000);
  assert.deepEqual(ons(), ["down", "pause"]);
  connection.disconnect();
  clock.pass(3_600_000);
  connection.checkNow();
  assert.equal(sockets.length, 2);
});

Deno.test("connection that finishes lets the server end the connection, or ends it after a while", () => {
  const { clock, connection, last, sockets, ons } = connected();
  connection.connect();
  last().hearer.onOpen();
  connection.send("one");
  connection.closeGracefully();
  assert.deepEqual([last().sent, last().closed], [["one"], false]);
  last().hearer.onFrame("{}");
  last().hearer.onClose();
  clock.pass(7_999);
  assert.equal(last().closed, false);
  clock.pass(1);
  assert.deepEqual([last().closed, sockets.length, ons()], [true, 1, ["up"]]);
  connection.connect();
  connection.closeGracefully();
  assert.equal(last().closed, true, "nothing was said there");
});
