// What another server has appended is put into outboxes in the order of its ids, as it is on that server.

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { COMMON_ROOM, ok } from "../../../jim/mod.ts";
import { Chat } from "../../../server/chat/chat.ts";
import { State } from "../../../server/chat/state.ts";
import { foreignOutput } from "../../../server/peers/foreign_output.ts";
import { between } from "../../../server/journal/conversation.ts";
import type { JournalRecord } from "../../../server/journal/records.ts";
import type { Connection } from "../../../server/net/connection.ts";
import { Delivery } from "../../../server/net/delivery.ts";
import { Meter } from "../../../server/net/meter.ts";
import { OutputBatch } from "../../../server/net/output_batch.ts";
import { makeConnection } from "../fake.ts";

const RULES = { registration: true, guests: true, devices: 9, rooms: 9, replay: 100, sessionDays: 30, editMinutes: 60 };
const FIRST = 1_000_000_000_000_000;

/** A server with two accounts, one of which made the room. */
class Server {
  readonly batch = new OutputBatch("en", undefined, { isShared: false, maxIds: 8_191 });
  readonly meter = new Meter();
  readonly delivery = new Delivery(this.batch, "en", this.meter);
  readonly chat: Chat<Connection>;

  constructor() {
    const state = new State();
    state.apply({ id: 1, kind: "account", name: "ann", password: "", operator: false });
    state.apply({ id: 2, kind: "account", name: "bob", password: "", operator: false });
    state.apply({ id: 3, kind: "room", name: "#cats", by: 1 });
    state.apply({ id: 4, kind: "member", account: 2, room: 3, is: true });
    this.chat = new Chat(RULES, state);
    this.batch.begin(FIRST);
  }

  /** A connection of this server: a line speaker, or a bare program. */
  enter(name: string, isBare = false): Connection {
    const connection = makeConnection(name, !isBare), account = this.chat.account(name);
    connection.name = undefined;
    this.chat.state.apply({ ...this.chat.entrance(connection, name, account), id: 5 }, true);
    this.batch.updateSubscription(connection);
    this.delivery.deliver(this.batch.seal(), true);
    connection.outbox.clear();
    return connection;
  }

  /** Delivers what another one has appended. */
  take(records: readonly JournalRecord[], catchingUp: ReadonlySet<Connection> = new Set()): void {
    for (
      const output of foreignOutput(
        records,
        this.chat,
        catchingUp,
        (_, { message }) => [{ lacks: ["replies"], message }],
      )
    ) {
      this.delivery.deliver(output, true);
    }
  }
}

/** What is in an outbox. */
function relaysIn({ outbox }: Connection): { message: string; id: number }[] {
  let text = "";
  for (let piece = outbox.take(); piece !== undefined; piece = outbox.take()) text += new TextDecoder().decode(piece);
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line)).filter(({ message }) =>
    message
  );
}

const textsIn = (connection: Connection) => relaysIn(connection).map(({ message }) => message);

Deno.test("messages of another server come in the order of their ids, to plain and to translated readers", () => {
  const kinds = fc.array(fc.constantFrom("all", "room", "private"), { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(kinds, (kinds) => {
    const one = new Server(), two = new Server(), ann = one.enter("ann"), beside = one.enter("bob");
    const readers = [two.enter("bob"), two.enter("bob", true)], zoe = two.enter("zoe");
    for (const [i, kind] of kinds.entries()) {
      const msg = (to: string) => ({ action: "msg", time: 1, to, message: `${i}` } as const);
      if (kind === "all") one.batch.relayToAll(ann, msg(COMMON_ROOM), ok(1));
      else if (kind === "room") one.batch.relayToSome(ann, [beside], msg("#cats"), "#3", ok(1));
      else one.batch.relayToSome(ann, [beside], msg("bob"), between("@1", "@2"), ok(1));
    }
    const sealed = one.batch.seal();
    one.delivery.deliver(sealed, true);
    two.take(sealed.batch.records);
    const expected = relaysIn(beside);
    assert.equal(expected.length, kinds.length);
    assert.deepEqual(relaysIn(readers[0]!), expected);
    assert.deepEqual(textsIn(readers[1]!), expected.map(({ message }) => message));
    assert.deepEqual(textsIn(zoe), [...kinds.keys()].filter((i) => kinds[i] === "all").map(String));
    const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
    assert.deepEqual(one.meter.messages, { common: count("all"), room: count("room"), private: count("private") });
    assert.deepEqual(two.meter.messages, { common: 0, room: 0, private: 0 }, "the server of the sender counts them");
    assert.equal(two.meter.deliveries, 2 * kinds.length + count("all"));
  }));
});

Deno.test("several runs to all in one batch are delivered in order", () => {
  const one = new Server(), two = new Server(), ann = one.enter("ann"), bob = two.enter("bob");
  const records = ["first", "second"].flatMap((message) => {
    one.batch.relayToAll(ann, { action: "msg", time: 1, to: COMMON_ROOM, message }, ok(1));
    one.batch.relayToSome(ann, [], { action: "msg", time: 1, to: "bob", message }, between("@1", "@2"), ok(1));
    return one.batch.seal().batch.records;
  });
  two.take(records);
  assert.deepEqual(textsIn(bob), ["first", "first", "second", "second"]);
});

Deno.test("a connection that will be sent what it has missed gets no message to some, and those to all", () => {
  const one = new Server(), two = new Server(), ann = one.enter("ann"), bob = two.enter("bob");
  one.batch.relayToAll(ann, { action: "msg", time: 1, to: COMMON_ROOM, message: "to all" }, ok(1));
  one.batch.relayToSome(ann, [], { action: "msg", time: 1, to: "bob", message: "psst" }, between("@1", "@2"), ok(1));
  two.take(one.batch.seal().batch.records, new Set([bob]));
  assert.deepEqual(textsIn(bob), ["to all"]);
});

Deno.test("a message of a guest is not taken for one of its namesake here; one to a guest is spelt as it is", () => {
  const one = new Server(), two = new Server(), guest = one.enter("zoe"), ann = one.enter("ann");
  const bob = two.enter("bob"), zoe = two.enter("Zoe"), conversation = between("@2", "~zoe");
  one.batch.relayToSome(guest, [], { action: "msg", time: 1, to: "bob", message: "from a guest" }, conversation, ok(1));
  two.take(one.batch.seal().batch.records);
  assert.deepEqual([textsIn(bob), textsIn(zoe)], [["from a guest"], []]);
  one.batch.relayToSome(ann, [], { action: "msg", time: 1, to: "zoe", message: "hi" }, between("@1", "~zoe"), ok(1));
  two.take(one.batch.seal().batch.records);
  const [relay] = relaysIn(zoe) as unknown as { to: string }[];
  assert.deepEqual([relay!.to, textsIn(bob)], ["Zoe", []]);
});

Deno.test("a room that is gone has no readers, and a line that is no message is passed over", () => {
  const two = new Server(), bob = two.enter("bob");
  const lines = new TextEncoder().encode("{no message}\n"),
    run = { kind: "message", id: FIRST, last: FIRST, count: 1 } as const;
  two.take([{ ...run, conversation: "#77", lines }, { ...run, conversation: "@1\u0000@2", lines }]);
  assert.deepEqual(textsIn(bob), []);
});
