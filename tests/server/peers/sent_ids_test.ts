import assert from "node:assert/strict";
import { RemoteSession } from "../../../server/chat/present_side.ts";
import type { Account } from "../../../server/chat/state.ts";
import type { Peers } from "../../../server/journal/nats/log.ts";
import { SENT, SentIds } from "../../../server/peers/sent_ids.ts";

const servers = (...names: string[]) => new Map(names.map((name) => [name, { name, home: 1, sessions: new Map() }]));

function setUp() {
  const sent: Uint8Array[] = [];
  const peers: Peers = {
    self: "a",
    send: (to, kind, bytes) => {
      assert.deepEqual([to, kind], ["all", SENT]);
      sent.push(bytes);
    },
    take: () => [],
  };
  return { sent, sentIds: new SentIds(peers) };
}

/** A session of an account at a server that is gone. */
function sessionOf(id: number, since: number, receivesRelays = true) {
  const member = new RemoteSession("b.1", id, receivesRelays);
  member.account = { id } as Account;
  member.since = since;
  return { kind: "presence", member, old: undefined, now: undefined } as const;
}

const gone = (...left: ReturnType<typeof sessionOf>[]) => ({ kind: "server", server: "b.1", is: false, left } as const);

Deno.test("an account at a server that is gone was sent what the server has said, unless it came later or is excepted", () => {
  const there = setUp(), { sentIds } = setUp();
  there.sentIds.tell({ self: "b.1", servers: servers("b.1") }, 100, [3]);
  sentIds.receive(there.sent[0]!);
  const writer = sessionOf(4, 50, false), guest = sessionOf(5, 50);
  guest.member.account = undefined;
  const found = sentIds.takeGone(gone(sessionOf(1, 100), sessionOf(2, 101), sessionOf(3, 50), writer, guest));
  assert.deepEqual(found.map(({ account, last }) => [account.id, last]), [[1, 100]]);
  assert.deepEqual(sentIds.takeGone(gone(sessionOf(1, 100))), [], "only once");
});

Deno.test("of a server that says nothing of this version, or is no more, nothing is known", () => {
  const { sentIds } = setUp();
  for (const text of ["", "b.1", "b.1 x", "b.1 100 x", "b.1 1.5", '{"server":"b.1"}']) {
    sentIds.receive(new TextEncoder().encode(text));
    assert.deepEqual(sentIds.takeGone(gone(sessionOf(1, 1))), [], text);
  }
  sentIds.receive(new TextEncoder().encode("b.1 100"));
  sentIds.tell({ self: "a.1", servers: servers("a.1") }, 1, []);
  assert.deepEqual(sentIds.takeGone(gone(sessionOf(1, 1))), []);
});

Deno.test("a server with too many exceptions says nothing, so that what it said last stands", () => {
  const { sent, sentIds } = setUp();
  sentIds.tell({ self: "a.1", servers: servers("a.1") }, 100, Array.from({ length: 501 }, (_, i) => i));
  assert.deepEqual(sent, []);
});
