// What a turn puts into whose outbox, in which order. Each test notes things as handlers do, and delivers once.

import assert from "node:assert/strict";
import { type Msg, ok, roomy } from "../../jim/mod.ts";
import type { Connection } from "../../server/connection.ts";
import { Ids } from "../../server/ids.ts";
import { Turn } from "../../server/turn.ts";
import { makeConnection } from "./fake.ts";

const said = (message: string): Msg => ({ action: "msg", time: 1, to: "#all", message });

/** People who are in already. */
function people<N extends string>(...names: N[]): { turn: Turn } & Record<N, Connection> {
  const turn = new Turn(new Ids(0), roomy, "you are deaf");
  const all = names.map((name) => [name, makeConnection(name, true)] as const);
  for (const [, connection] of all) turn.arrived(connection);
  turn.deliver();
  return Object.assign({ turn }, Object.fromEntries(all)) as { turn: Turn } & Record<N, Connection>;
}

/** What is in an outbox: texts of messages, codes of answers. */
function owed({ outbox }: Connection): (string | number)[] {
  let text = "";
  for (let piece = outbox.take(); piece !== undefined; piece = outbox.take()) text += new TextDecoder().decode(piece);
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const { response, message } = JSON.parse(line);
    return response ?? message;
  });
}

Deno.test("Turn puts nothing into an outbox before it delivers", () => {
  const { turn, ann, bob } = people("ann", "bob");
  turn.toAll(ann, said("one"), ok(1));
  assert.deepEqual([owed(ann), owed(bob)], [[], []]);
  assert.deepEqual(new Set(turn.deliver()), new Set([ann, bob]));
  assert.deepEqual([owed(ann), owed(bob)], [[200], ["one"]]);
});

Deno.test("Turn keeps the order of everything that one connection hears", () => {
  const { turn, ann, bob, eve } = people("ann", "bob", "eve");
  turn.toAll(ann, said("one"), ok(1));
  turn.toSome(eve, [bob], { ...said("psst"), to: "bob" }, ok(1));
  turn.answer(bob, ok(1, 202));
  turn.toAll(bob, said("two"), ok(1, 201));
  turn.toAll(eve, said("three"), ok(1));
  turn.deliver();
  assert.deepEqual(owed(bob), ["one", "psst", 202, 201, "three"]);
  assert.deepEqual(owed(ann), [200, "two", "three"]);
  assert.deepEqual(owed(eve), ["one", 200, "two", 200]);
});

Deno.test("Turn relays to who arrives from there on, and to who goes until there", () => {
  const { turn, ann, bob } = people("ann", "bob");
  const eve = makeConnection("eve", true);
  turn.toAll(ann, said("one"), ok(1));
  turn.arrived(eve);
  turn.toAll(ann, said("two"), ok(1));
  turn.goes(bob);
  turn.toAll(ann, said("three"), ok(1));
  turn.deliver();
  assert.deepEqual([owed(bob), owed(eve)], [["one", "two"], ["two", "three"]]);
  turn.toAll(ann, said("four"), ok(1));
  turn.deliver();
  assert.deepEqual([owed(bob), owed(eve)], [[], ["four"]]);
});

Deno.test("Turn answers many messages of one turn as many times", () => {
  const { turn, ann, bob } = people("ann", "bob");
  const object = new TextEncoder().encode('{"message":"x"}');
  for (let i = 0; i < 150; i++) turn.toAllAsItIs(ann, object);
  turn.deliver();
  assert.deepEqual([owed(ann), owed(bob)], [Array(150).fill(200), Array(150).fill("x")]);
});

Deno.test("Turn tells a deaf writer once, and puts no relay between its answers, not even one of the same turn", () => {
  const { turn, bob } = people("bob");
  const writer = makeConnection("John Doe");
  writer.dialect = { ...writer.dialect, writersListen: false };
  turn.arrived(writer);
  turn.deliver();
  turn.toAll(bob, said("early"), ok(1));
  turn.toAll(writer, said("I write"), ok(1));
  turn.toAll(bob, said("late"), ok(1));
  turn.toAll(writer, said("again"), ok(1));
  turn.deliver();
  const heard: unknown[] = [];
  for (let piece = writer.outbox.takeWhole(); piece !== undefined; piece = writer.outbox.takeWhole()) {
    heard.push(JSON.parse(new TextDecoder().decode(piece)).alert);
  }
  assert.deepEqual(heard, ["ok; you are deaf", "ok"]);
  assert.deepEqual(owed(bob), [200, "I write", 200, "again"]);
});

Deno.test("Turn says nothing to who is gone", () => {
  const { turn, ann, bob } = people("ann", "bob");
  turn.answer(bob, ok(1));
  bob.leaving = "gone";
  turn.arrived(bob);
  turn.toAll(ann, said("one"), ok(1));
  turn.deliver();
  assert.deepEqual(owed(bob), []);
});
