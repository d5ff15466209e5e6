// Which connection of the web port gives way at the limit. Timers are long: none of them goes off.

import assert from "node:assert/strict";
import { type HttpConnection, Pool, type Stage } from "../../../server/web/pool.ts";
import { type FakeSocket, fakeSocket } from "../fake.ts";

const MINUTE = 60_000;

/** A full pool of three, with connections of the given addresses in the order in which they came. */
function fill(...hosts: string[]) {
  const pool = new Pool(3);
  const opened: { socket: FakeSocket; connection: HttpConnection }[] = [];
  const open = (host: string) => {
    const socket = fakeSocket(1, host);
    opened.push({ socket, connection: pool.add(socket, MINUTE) });
  };
  hosts.forEach(open);
  return {
    pool,
    open,
    enter: (which: number, stage: Stage) => pool.enter(opened[which]!.connection, stage, MINUTE),
    remove: (which: number) => pool.remove(opened[which]!.connection),
    /** The indices of those that were closed. */
    closed: () => opened.flatMap(({ socket }, i) => socket.closed ? [i] : []),
    [Symbol.dispose]: () => opened.forEach(({ connection }) => pool.remove(connection)),
  };
}

Deno.test("Pool closes nobody up to its limit", () => {
  using full = fill("a", "a", "a");
  assert.deepEqual(full.closed(), []);
});

Deno.test("Pool closes the connection that was idle for the longest time", () => {
  using full = fill("a", "a", "a");
  full.enter(0, "answered");
  full.enter(0, "idle"); // its request has been answered just now
  full.open("a");
  assert.deepEqual(full.closed(), [1]);
});

Deno.test("Pool closes an idle connection of the address that holds the most", () => {
  using full = fill("a", "b", "b");
  full.open("c");
  assert.deepEqual(full.closed(), [1]);
  full.open("c");
  assert.deepEqual(full.closed(), [0, 1]); // each holds one: the oldest goes
});

Deno.test("Pool closes neither a request that waits nor an upgrade while another is idle or reads its answer", () => {
  using full = fill("a", "a", "b");
  full.enter(0, "upgrading");
  full.enter(1, "asking");
  full.open("a");
  assert.deepEqual(full.closed(), [2]);
  full.enter(3, "answered");
  full.open("a");
  assert.deepEqual(full.closed(), [2, 3]);
  full.enter(4, "asking");
  assert.equal(full.pool.isBusy, true);
  full.open("a"); // the oldest request has to go, for the number is limited in any case
  assert.deepEqual(full.closed(), [1, 2, 3]);
  assert.equal(full.pool.isBusy, false);
  full.enter(5, "upgrading");
  full.enter(4, "upgrading");
  full.open("a"); // and in the end the oldest upgrade
  assert.deepEqual(full.closed(), [0, 1, 2, 3]);
});

Deno.test("Pool forgets what it has closed: neither its stage nor its address counts any more", () => {
  using full = fill("a", "a", "b");
  full.enter(0, "asking");
  full.remove(0);
  full.enter(0, "asking"); // too late
  full.enter(1, "asking");
  full.enter(2, "asking");
  assert.equal(full.pool.isBusy, false);
  full.open("b");
  full.enter(3, "asking");
  assert.equal(full.pool.isBusy, true);
  full.open("c"); // of the address that holds the most
  assert.deepEqual(full.closed(), [2]);
});

Deno.test("Pool closes nothing that it has let go of", () => {
  using full = fill("a", "a", "a");
  full.remove(0);
  full.open("a");
  assert.deepEqual(full.closed(), []);
  full.pool.close();
  assert.deepEqual(full.closed(), [1, 2, 3]);
});

Deno.test("Pool has no timer once it is closed, whatever its connections still do", () => {
  const full = fill("a", "a", "b");
  full.enter(0, "asking");
  full.pool.close();
  full.enter(0, "answered"); // its answer was on its way; a timer would be left behind
  full.enter(1, "idle");
  assert.deepEqual(full.closed(), [0, 1, 2]);
});
