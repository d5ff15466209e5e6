// What this server does with the others of its chat, apart from its place among them.

import assert from "node:assert/strict";
import { noCounts } from "../../../server/journal/nats/log.ts";
import { Outbox } from "../../../server/net/outbox.ts";
import { PeerServers } from "../../../server/peers/peer_servers.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

function alone(): PeerServers {
  const peers = { self: "w1", send: () => {}, take: () => [] };
  return new PeerServers({ peers, isUp: true, counts: noCounts(), home: 1 }, "one");
}

Deno.test("messages of several batches are one piece for a reader of all of them", () => {
  const peers = alone(), outbox = new Outbox();
  for (const text of ["one\n", "two\n", "three\n"]) {
    const bytes = encoder.encode(`before ${text}behind`), from = "before ".length;
    const range = peers.continued({ bytes, start: from, end: from + text.length });
    bytes.fill(0); // the copy is its own
    outbox.add(range.bytes, range.start, range.end);
  }
  assert.equal(decoder.decode(outbox.takeWhole()), "one\ntwo\nthree\n");
  assert.equal(outbox.takeWhole(), undefined);
});

Deno.test("no messages take no room", () => {
  const { start, end } = alone().continued({ bytes: new Uint8Array(0), start: 0, end: 0 });
  assert.equal(start, end);
});
