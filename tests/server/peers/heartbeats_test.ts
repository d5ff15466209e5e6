import assert from "node:assert/strict";
import { HEARTBEAT, Heartbeats } from "../../../server/peers/heartbeats.ts";
import type { PeerMessage, Peers } from "../../../server/journal/nats/log.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function setUp() {
  const sent: string[] = [];
  const peers: Peers = {
    self: "a",
    send: (to, kind, bytes) => sent.push(`${to} ${kind} ${new TextDecoder().decode(bytes)}`),
    take: (): PeerMessage[] => [],
  };
  return { sent, heartbeats: new Heartbeats(peers) };
}

Deno.test("a server is gone in the eighth round without a heartbeat, and said so in each until it is removed", () => {
  const { heartbeats, sent } = setUp(), servers = ["a.1", "b.1", "c.1"];
  const gone = Array.from({ length: 9 }, () => {
    heartbeats.receive(bytesOf("c.1"));
    return heartbeats.beat("a.1", servers, true);
  });
  assert.deepEqual(gone, [...Array(7).fill([]), ["b.1"], ["b.1"]]);
  assert.equal(sent[0], `all ${HEARTBEAT} a.1`);
  // A server that has come up again counts from then on.
  assert.deepEqual(heartbeats.beat("a.1", ["a.1", "c.1"], true), []);
  assert.deepEqual(heartbeats.beat("a.1", servers, true), []);
});

Deno.test("what a server could not hear is no silence", () => {
  const { heartbeats } = setUp(), servers = ["a.1", "b.1"];
  for (let i = 0; i < 7; i++) assert.deepEqual(heartbeats.beat("a.1", servers, true), []);
  for (let i = 0; i < 9; i++) assert.deepEqual(heartbeats.beat("a.1", servers, false), [], "it has no link itself");
  for (let i = 0; i < 7; i++) assert.deepEqual(heartbeats.beat("a.1", servers, true), []);
  assert.deepEqual(heartbeats.beat("a.1", servers, true), ["b.1"]);
});

Deno.test("a server that seems to be killed is gone in the third round, unless it lives", () => {
  const { heartbeats } = setUp(), servers = ["a.1", "b.1", "c.1"];
  for (const server of ["b.1", "c.1"]) heartbeats.suspect(server);
  heartbeats.receive(bytesOf("c.1"));
  assert.deepEqual([1, 2, 3].map(() => heartbeats.beat("a.1", servers, true)), [[], [], ["b.1"]]);
});
