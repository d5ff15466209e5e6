// The web port's accepting, with a listener from the test's hand.

import assert from "node:assert/strict";
import type { Socket } from "../../../server/net/connection.ts";
import { until, within } from "../../chat/within.ts";
import { fakeSocket } from "../fake.ts";
import { openPort } from "./port.ts";

const HEALTH = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

Deno.test("openWeb accepts on at once when peers have broken off before they were accepted", async () => {
  const { NotConnected, ConnectionAborted, ConnectionReset } = Deno.errors;
  const resets = Array.from(
    { length: 100 },
    () => [new NotConnected(), new ConnectionAborted(), new ConnectionReset()],
  );
  const socket = fakeSocket(1);
  socket.give(HEALTH);
  using web = await openPort(...resets.flat(), socket);
  await within("the last accept", web.accepted);
  await until("the end of an answer", () => socket.shut);
  assert.match(socket.heard, /^HTTP\/1\.1 200 OK\r\n/);
  assert.deepEqual(web.failures, []); // a pause would have been told
  socket.end();
});

Deno.test("openWeb pauses when the system has no descriptor left, says so once, and accepts on", async () => {
  const full = () => Object.assign(new Error("Too many open files"), { code: "EMFILE" });
  const socket = fakeSocket(1);
  socket.give(HEALTH);
  using web = await openPort(full(), full(), socket, full());
  await within("the accept behind all of them", web.accepted);
  await until("the end of an answer", () => socket.shut);
  assert.match(socket.heard, /^HTTP\/1\.1 200 OK\r\n/);
  assert.deepEqual(web.failures, ["Too many open files"]);
  socket.end();
});

Deno.test("openWeb drops a socket that is gone when it is accepted", async () => {
  const gone = fakeSocket(1), next = fakeSocket(2);
  gone.setNoDelay = () => {
    throw new Deno.errors.BadResource("Bad resource ID");
  };
  next.give(HEALTH);
  using web = await openPort(gone, next);
  await within("the next accept", web.accepted);
  await until("the end of an answer", () => next.shut);
  assert.match(next.heard, /^HTTP\/1\.1 200 OK\r\n/);
  next.end();
});

Deno.test("openWeb shuts what is accepted while it closes", async () => {
  const socket = fakeSocket(1), accepting = Promise.withResolvers<Socket>();
  const web = await openPort(accepting.promise);
  web[Symbol.dispose]();
  accepting.resolve(socket);
  await until("the end", () => socket.shut || socket.closed);
  assert.equal(socket.closed, true);
});

Deno.test("openWeb answers JIM with one refusal in JIM that names the right port, and closes", async () => {
  for (const given of ['{"action":"presence"', "\0\0\0\x14"]) {
    const socket = fakeSocket(1);
    socket.give(given);
    using _web = await openPort(socket);
    await until("the end of an answer", () => socket.shut);
    const isPrefixed = given.startsWith("\0"), answer = JSON.parse(socket.heard.slice(isPrefixed ? 4 : 0));
    assert.equal(typeof answer.time, "number");
    assert.deepEqual(answer, {
      response: 400,
      time: answer.time,
      error: "this is the page's port, for browsers: JIM is on port 7777, connect there",
    });
    socket.end();
  }
});
