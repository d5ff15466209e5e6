// What a turn puts into which outbox, in which order. Each test notes things as handlers do, and delivers once.

import assert from "node:assert/strict";
import {
  BARE_BYTES,
  explain,
  explainNote,
  type Language,
  languages,
  type Msg,
  ok,
  quote,
  type RefusalReason,
  refuse,
  refused,
  STATUS_TEXT,
} from "../../../jim/mod.ts";
import { english } from "../../../jim/words/english.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import type { Connection } from "../../../server/net/connection.ts";
import { Delivery } from "../../../server/net/delivery.ts";
import { OutputBatch, type SealedBatch } from "../../../server/net/output_batch.ts";
import { makeConnection } from "../fake.ts";

const said = (message: string): Msg => ({ action: "msg", time: 1, to: "#all", message });

/** A batch, and where it is delivered. */
class TestBatch extends OutputBatch {
  readonly #delivery: Delivery;

  constructor(language: Language) {
    super(language);
    this.#delivery = new Delivery(this, language);
  }

  deliver(sealed: SealedBatch, kept: boolean, shift = 0): Connection[] {
    return this.#delivery.deliver(sealed, kept, shift);
  }
}

/** Connections that are in the chat. */
function people<N extends string>(...names: N[]): { turn: TestBatch } & Record<N, Connection> {
  const turn = new TestBatch("en");
  const all = names.map((name) => [name, makeConnection(name, true)] as const);
  for (const [, connection] of all) turn.updateSubscription(connection);
  deliver(turn);
  return Object.assign({ turn }, Object.fromEntries(all)) as { turn: TestBatch } & Record<N, Connection>;
}

/** Says an object that is its own relay, byte for byte. */
function asItIs(turn: TestBatch, by: Connection, object: string): void {
  const bytes = new TextEncoder().encode(object);
  turn.relayToAllVerbatim(by, new DataView(bytes.buffer), 0, bytes.length);
}

/** Ends the turn. Its messages are kept unless the journal has failed. */
function deliver(turn: TestBatch, kept = true): Connection[] {
  return turn.deliver(turn.seal(), kept);
}

/** What is in an outbox: texts of messages, codes of answers. */
function owed({ outbox }: Pick<Connection, "outbox">): (string | number)[] {
  let text = "";
  for (let piece = outbox.take(); piece !== undefined; piece = outbox.take()) text += new TextDecoder().decode(piece);
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const { response, message } = JSON.parse(line);
    return response ?? message;
  });
}

Deno.test("OutputBatch puts nothing into an outbox before it delivers", () => {
  const { turn, ann, bob } = people("ann", "bob");
  turn.relayToAll(ann, said("one"), ok(1));
  assert.deepEqual([owed(ann), owed(bob)], [[], []]);
  assert.deepEqual(new Set(deliver(turn)), new Set([ann, bob]));
  assert.deepEqual([owed(ann), owed(bob)], [[200], ["one"]]);
});

Deno.test("OutputBatch writes first to connections that have only listened", () => {
  const { turn, ann, bob, eve } = people("ann", "bob", "eve");
  turn.relayToAll(bob, said("one"), ok(1));
  turn.answer(ann, ok(1));
  assert.deepEqual(deliver(turn), [eve, bob, ann]);
});

Deno.test("OutputBatch keeps the order of everything that one connection hears", () => {
  const { turn, ann, bob, eve } = people("ann", "bob", "eve");
  turn.relayToAll(ann, said("one"), ok(1));
  turn.relayToSome(eve, [bob], { ...said("psst"), to: "bob" }, undefined, ok(1));
  turn.answer(bob, ok(1, 202));
  turn.relayToAll(bob, said("two"), ok(1, 201));
  turn.relayToAll(eve, said("three"), ok(1));
  deliver(turn);
  assert.deepEqual(owed(bob), ["one", "psst", 202, 201, "three"]);
  assert.deepEqual(owed(ann), [200, "two", "three"]);
  assert.deepEqual(owed(eve), ["one", 200, "two", 200]);
});

Deno.test("OutputBatch relays to a connection from where it enters, and to where it leaves", () => {
  const { turn, ann, bob } = people("ann", "bob");
  const eve = makeConnection("eve", true);
  turn.relayToAll(ann, said("one"), ok(1));
  turn.updateSubscription(eve);
  turn.relayToAll(ann, said("two"), ok(1));
  bob.closeState = "draining";
  turn.updateSubscription(bob);
  turn.relayToAll(ann, said("three"), ok(1));
  deliver(turn);
  assert.deepEqual([owed(bob), owed(eve)], [["one", "two"], ["two", "three"]]);
  turn.relayToAll(ann, said("four"), ok(1));
  deliver(turn);
  assert.deepEqual([owed(bob), owed(eve)], [[], ["four"]]);
});

Deno.test("OutputBatch answers many messages of one turn as many times", () => {
  const { turn, ann, bob } = people("ann", "bob");
  for (let i = 0; i < 150; i++) asItIs(turn, ann, '{"message":"x"}');
  deliver(turn);
  assert.deepEqual([owed(ann), owed(bob)], [Array(150).fill(200), Array(150).fill("x")]);
});

Deno.test("OutputBatch tells a writer that gets no relays so once, and puts no relay between its answers, not even one of the same turn", () => {
  const { turn, bob } = people("bob");
  const writer = makeConnection("John Doe");
  writer.dialect = { ...writer.dialect, writersReadRelays: false };
  turn.updateSubscription(writer);
  deliver(turn);
  turn.relayToAll(bob, said("early"), ok(1));
  turn.relayToAll(writer, said("I write"), ok(1));
  turn.relayToAll(bob, said("late"), ok(1));
  turn.relayToAll(writer, said("again"), ok(1));
  deliver(turn);
  const heard: unknown[] = [];
  for (let piece = writer.outbox.takeWhole(); piece !== undefined; piece = writer.outbox.takeWhole()) {
    heard.push(JSON.parse(new TextDecoder().decode(piece)).alert);
  }
  assert.deepEqual(heard, [`ok; ${explainNote("norelays")}`, "ok"]);
  assert.deepEqual(owed(bob), [200, "I write", 200, "again"]);
});

for (const language of languages) {
  Deno.test(`OutputBatch explains each reason in ${language} to a bare peer in one recv, in alert beside error or by its code`, () => {
    const turn = new TestBatch(language);
    const bare = makeConnection("ann");
    const got = quote("Щ\u202e".repeat(40)); // as long as it may be, in letters that take most room
    for (const reason of Object.keys(english.refusals) as RefusalReason[]) {
      turn.answer(
        bare,
        refused(refuse(reason, { at: "user.account_name", got, limit: 65_536 }), 1_764_000_000, language),
      );
    }
    deliver(turn);
    for (const reason of Object.keys(english.refusals)) {
      const piece = bare.outbox.takeWhole()!;
      assert.ok(piece.length <= BARE_BYTES, `${reason}: ${piece.length} bytes`);
      const { response, error, alert } = JSON.parse(new TextDecoder().decode(piece));
      assert.ok(alert === error || alert === STATUS_TEXT[response], `${reason}: ${alert}`);
    }
  });
}

Deno.test("OutputBatch tells a long error in alert by its code only, for twice it would not fit one recv", () => {
  const { turn, bob } = people("bob");
  const bare = makeConnection("ann");
  const error = "x".repeat(700);
  turn.answer(bare, { response: 404, time: 1, error });
  turn.answer(bob, { response: 404, time: 1, error });
  deliver(turn);
  const heard = [bare, bob].map(({ outbox }) => JSON.parse(new TextDecoder().decode(outbox.takeWhole())));
  assert.deepEqual(heard, [{ response: 404, time: 1, error, alert: "not found" }, { response: 404, time: 1, error }]);
});

Deno.test("OutputBatch sends nothing to a connection that is gone", () => {
  const { turn, ann, bob } = people("ann", "bob");
  turn.answer(bob, ok(1));
  bob.closeState = "closed";
  turn.updateSubscription(bob);
  turn.relayToAll(ann, said("one"), ok(1));
  deliver(turn);
  assert.deepEqual(owed(bob), []);
});

/** What a sealed turn wants kept, without what every relay has. */
function wanted({ batch: { records } }: SealedBatch): object[] {
  return records.filter((record) => record.kind === "message").map((record) => {
    const { conversation, id: first, last, count, lines: bytes } = record;
    const texts = new TextDecoder().decode(bytes).trimEnd().split("\n").map((line) => JSON.parse(line).message);
    assert.equal(texts.length, count);
    return { conversation, ids: [first, last], texts };
  });
}

Deno.test("OutputBatch.seal hands over what must be kept: the common chat in one run, each other conversation by itself", () => {
  const { turn, ann, bob, eve } = people("ann", "bob", "eve");
  turn.relayToAll(ann, said("one"), ok(1));
  turn.relayToSome(eve, [bob], { ...said("psst"), to: "bob" }, "bob\0eve", ok(1));
  asItIs(turn, bob, '{"message":"two"}');
  turn.relayToSome(eve, [ann], { ...said("not kept"), to: "ann" }, undefined, ok(1));
  turn.relayToSome(eve, [bob], { ...said("meow"), to: "#cats" }, "#cats", ok(1));
  const sealed = turn.seal();
  assert.deepEqual(wanted(sealed), [
    { conversation: "#all", ids: [1, 3], texts: ["one", "two"] },
    { conversation: "bob\0eve", ids: [2, 2], texts: ["psst"] },
    { conversation: "#cats", ids: [5, 5], texts: ["meow"] },
  ]);
  turn.deliver(sealed, true);
  assert.deepEqual(wanted(turn.seal()), [], "the next turn begins with nothing");
});

Deno.test("OutputBatch notes for the next while one is being kept, and delivers each as a whole", () => {
  const { turn, ann, bob } = people("ann", "bob");
  turn.relayToAll(ann, said("one"), ok(1));
  const first = turn.seal();
  turn.relayToAll(bob, said("two"), ok(1, 201));
  turn.relayToAll(ann, said("three"), ok(1));
  assert.deepEqual([owed(ann), owed(bob)], [[], []]);
  turn.deliver(first, true);
  assert.deepEqual([owed(ann), owed(bob)], [[200], ["one"]]);
  deliver(turn);
  assert.deepEqual([owed(ann), owed(bob)], [["two", 200], [201, "three"]]);
});

Deno.test("OutputBatch tells the senders of what is not kept, and nobody gets that; what needs no keeping is sent", () => {
  const { turn, ann, bob, eve } = people("ann", "bob", "eve");
  turn.relayToAll(ann, said("lost"), ok(1));
  for (let i = 0; i < 2; i++) asItIs(turn, bob, '{"message":"lost"}');
  turn.relayToSome(ann, [bob], { ...said("lost too"), to: "bob" }, "ann\0bob", ok(1));
  turn.relayToSome(eve, [bob], { ...said("psst"), to: "bob" }, undefined, ok(1));
  turn.answer(eve, ok(1, 202));
  turn.updateSubscription(eve);
  deliver(turn, false);
  assert.deepEqual([owed(ann), owed(bob), owed(eve)], [[500, 500], [500, 500, "psst"], [200, 202]]);
  turn.relayToAll(ann, said("again"), ok(1));
  deliver(turn);
  assert.deepEqual([owed(ann), owed(bob), owed(eve)], [[200], ["again"], ["again"]]);
});

Deno.test("OutputBatch tells a program that awaits no answer in a message that its words are not kept", () => {
  const { turn } = people("bob");
  const learner = makeConnection("lea");
  learner.dialect = { ...learner.dialect, awaitsAnswers: false };
  turn.updateSubscription(learner);
  turn.relayToAll(learner, said("lost"), ok(1));
  deliver(turn, false);
  const { action, from, to, message } = JSON.parse(new TextDecoder().decode(learner.outbox.takeWhole()));
  assert.deepEqual([action, from, to, message], ["msg", "#server", "lea", explain(refuse("store"))]);
  assert.equal(learner.outbox.bytes, 0);
});

Deno.test("OutputBatch tells in the order in which it was noted, and has rows between what is said to all", () => {
  const { turn, ann, bob } = people("ann", "bob");
  turn.relayToAll(ann, said("one"), ok(1));
  turn.sendObject(bob, { message: "an object" });
  turn.streamRows(bob, () => undefined);
  turn.relayToAll(ann, said("two"), ok(1));
  deliver(turn);
  assert.deepEqual(owed({ outbox: bob.rowStream!.ahead }), ["one", "an object"]);
  assert.deepEqual(owed(bob), ["two"]);
});

Deno.test("OutputBatch announces once for all: consecutive notices lie together, and the connection that caused them gets none", () => {
  const { turn, ann, bob, eve } = people("ann", "bob", "eve");
  turn.announce(ann, [ann, bob, eve], { message: "one" });
  turn.announce(ann, [ann, bob, eve], { message: "two" });
  deliver(turn);
  const [first, second] = [bob.outbox.take()!, eve.outbox.take()!];
  assert.equal(first, second);
  const texts = (bytes: Uint8Array) =>
    new TextDecoder().decode(bytes).trimEnd().split("\n").map((line) => JSON.parse(line).message);
  assert.deepEqual(texts(first), ["one", "two"]);
  assert.deepEqual(owed(ann), []);
  turn.relayToAll(bob, said("before"), ok(1));
  turn.announce(ann, [eve], { message: "between" });
  turn.relayToAll(bob, said("behind"), ok(1));
  deliver(turn);
  assert.deepEqual(owed(eve), ["before", "between", "behind"]);
});

Deno.test("OutputBatch writes a message to a room once for all that read plain JIM, and keeps those very bytes", () => {
  const { turn, ann, bob, eve } = people("ann", "bob", "eve");
  turn.relayToSome(ann, [bob, eve], { ...said("meow"), to: "#cats" }, "#cats", ok(1));
  const sealed = turn.seal();
  turn.deliver(sealed, true);
  const [first, second] = [bob.outbox.take()!, eve.outbox.take()!];
  assert.equal(first, second);
  assert.deepEqual([...first], [...wholeOf(sealed)]);
});

Deno.test("OutputBatch is full by what it has noted for some, or for all, or by the time that requests took", () => {
  const { turn, ann, bob } = people("ann", "bob");
  assert.equal(turn.isFull, false);
  turn.announce(ann, [bob], { message: "x".repeat(200_000) });
  assert.equal(turn.isFull, false);
  turn.countWork(5);
  assert.equal(turn.isFull, true);
  assert.ok(turn.work >= 5);
  deliver(turn);
  assert.equal(turn.isFull, false);
  assert.equal(turn.work, 0);
});

/** The bytes of the only run of messages. */
function wholeOf({ batch: { records: [run] } }: SealedBatch): Uint8Array {
  assert.ok(run?.kind === "message");
  return run.lines;
}

Deno.test("OutputBatch.seal gives records ids behind all messages, and says which connection waits for which", () => {
  const { turn, ann } = people("ann", "bob");
  const outcomes: unknown[] = [];
  turn.begin(1000);
  turn.propose({ proposed: { kind: "motd", text: "hello" }, settle: (outcome) => outcomes.push(outcome) });
  turn.relayToAll(ann, said("one"), ok(1));
  turn.propose({ proposed: { kind: "room", name: "#cats" } });
  const { batch, proposals } = turn.seal();
  assert.deepEqual([batch.first, batch.end, batch.records.map(({ id, kind }) => [id, kind])], [1000, 1003, [
    [1000, "message"],
    [1001, "motd"],
    [1002, "room"],
  ]]);
  proposals.get(1001)!.settle!("lost");
  assert.deepEqual([outcomes, turn.isEmpty, turn.lastId], [["lost"], true, 1002]);
  turn.begin(1001); // ids never go back
  assert.equal(turn.takeId(), 1003);
});

Deno.test("OutputBatch.deliver says the ids that the journal has given, where others have appended before", () => {
  const { turn, ann, bob } = people("ann", "bob");
  const spelt = makeConnection("eve", true);
  turn.begin(1000);
  turn.relayToSome(
    ann,
    [bob, spelt],
    { ...said("meow"), to: "#cats" },
    "#cats",
    ok(1),
    (reader) => reader === spelt ? "#CATS" : "#cats",
  );
  turn.deliver(turn.seal(), true, 7);
  assert.equal(JSON.parse(new TextDecoder().decode(spelt.outbox.take()!)).id, 1007);
});

Deno.test("OutputBatch is full when half of the ids that its journal allows are used, and leaves what has no room to the next batch", () => {
  const batch = new OutputBatch("en", undefined, { isShared: true, maxIds: 10 }), ann = makeConnection("ann", true);
  batch.begin(1_000_000_000_000_000);
  for (let i = 0; i < 5; i++) {
    assert.ok(!batch.isFull);
    batch.relayToAll(ann, said(`${i}`), ok(1));
  }
  assert.ok(batch.isFull);
  for (let i = 0; i < 7; i++) batch.propose({ proposed: { kind: "motd", text: `${i}` } });
  const first = batch.seal();
  assert.deepEqual([first.batch.end - first.batch.first, first.proposals.size], [10, 5]);
  assert.ok(!batch.isFull && !batch.isEmpty);
  const second = batch.seal();
  assert.equal(second.batch.first, first.batch.end);
  assert.deepEqual([...second.proposals.values()].map(({ proposed }) => "text" in proposed && proposed.text), [
    "5",
    "6",
  ]);
  assert.ok(batch.isEmpty);
});

Deno.test("OutputBatch refuses a message between guests if its id is not in a shared log, and takes no id for a notice", () => {
  const batch = new OutputBatch("en", undefined, { isShared: true, maxIds: 10 });
  const delivery = new Delivery(batch, "en"),
    ann = makeConnection("ann", true),
    bob = makeConnection("bob", true);
  batch.relayToSome(ann, [bob], { ...said("psst"), to: "bob" }, undefined, ok(1));
  delivery.deliver(batch.seal(), false);
  assert.deepEqual([owed(ann), owed(bob)], [[500], []]);
  const before = batch.lastId;
  batch.notice(bob, refused(refuse("json", { code: 400 }), 1));
  assert.equal(batch.lastId, before);
});

Deno.test("OutputBatch's message between guests has the id that the log gave it, and is sent to the servers of its readers", () => {
  const batch = new OutputBatch("en", undefined, { isShared: true, maxIds: 10 }), sent: [string, number][] = [];
  const sendGuestMessage = (to: string, line: Uint8Array) =>
    void sent.push([to, JSON.parse(new TextDecoder().decode(line)).id]);
  const delivery = new Delivery(batch, "en", undefined, undefined, undefined, { sendGuestMessage });
  const ann = makeConnection("ann", true), bob = makeConnection("bob", true), FIRST = 1_000_000_000_000_000;
  batch.begin(FIRST);
  batch.relayToSome(ann, [bob], { ...said("psst"), to: "bob" }, undefined, ok(1), undefined, ["two", "three"]);
  delivery.deliver(batch.seal(), true, 8_192);
  assert.deepEqual(sent, [["two", FIRST + 8_192], ["three", FIRST + 8_192]]);
  assert.deepEqual(owed(bob), ["psst"]);
});

Deno.test("a turn is full after so many proposals as can be done in its time, by what the last ones took", () => {
  const { turn, ann } = people("ann");
  const proposalsOfATurn = () => {
    let count = 0;
    while (!turn.isFull && count < 2_000) {
      turn.propose({ proposed: { kind: "topic", room: "#cats", topic: "" } as unknown as StateProposal });
      count++;
    }
    turn.seal();
    return count;
  };
  const learn = (count: number, milliseconds: number) => {
    for (let i = 0; i < 30; i++) turn.noteProposals(count, milliseconds);
    return proposalsOfATurn();
  };
  const isAbout = (count: number, expected: number) =>
    assert.ok(Math.abs(count - expected) <= 1, `${count}, not ${expected}`);
  isAbout(proposalsOfATurn(), 160);
  isAbout(learn(10, 5), 32);
  isAbout(learn(7, 1_000), 32); // a few tell nothing: the commit takes as long for one
  isAbout(learn(10, 1_000), 16); // a slow disk
  isAbout(learn(1_000, 1), 800);
  turn.sendObject(ann, {});
  assert.equal(turn.isFull, false);
});
