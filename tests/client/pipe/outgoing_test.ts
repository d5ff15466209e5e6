import assert from "node:assert/strict";
import fc from "fast-check";
import { Outgoing } from "../../../client/pipe/outgoing.ts";

const decoder = new TextDecoder();

/** The objects of one write. */
function taken(outgoing: Outgoing, now: number) {
  const text = decoder.decode(outgoing.take(now) ?? new Uint8Array());
  assert.ok(text === "" || text.endsWith("\n"));
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

/** One whose presence was answered, at 0. */
function joined(how: "slow" | "fast" = "slow", name = "ann"): Outgoing {
  const outgoing = new Outgoing(name);
  outgoing.join(0);
  outgoing.take(0);
  outgoing.answered(0);
  if (how === "fast") outgoing.hurry();
  return outgoing;
}

Deno.test("Outgoing says the presence first, with the name where any server looks for it", () => {
  const outgoing = new Outgoing("ann");
  outgoing.say("hello", 1000);
  outgoing.join(2000);
  const user = { account_name: "ann", status: "online" };
  assert.deepEqual(taken(outgoing, 2000), [{ action: "presence", time: 2, type: "status", account_name: "ann", user }]);
});

Deno.test("Outgoing sends one object at a time and waits for its answer when the server is not known", () => {
  const outgoing = joined();
  outgoing.say("one", 1500);
  outgoing.say("two", 1500);
  const one = { action: "msg", time: 1.5, to: "#all", from: "ann", encoding: "utf-8", message: "one" };
  assert.deepEqual(taken(outgoing, 2000), [one]);
  assert.deepEqual(taken(outgoing, 2699), []);
  assert.deepEqual(outgoing.answered(2699), { text: "one" });
  assert.equal(taken(outgoing, 2699)[0].message, "two");
  assert.equal(outgoing.idle, false);
  outgoing.answered(2700);
  assert.equal(outgoing.idle, true);
});

Deno.test("Outgoing goes on after 0.7 s when a server does not answer", () => {
  const outgoing = joined();
  outgoing.say("one", 0);
  outgoing.say("two", 0);
  taken(outgoing, 1000);
  assert.equal(outgoing.due, 1700);
  assert.deepEqual(outgoing.giveUp(1699), []);
  assert.deepEqual(outgoing.giveUp(1700), [{ text: "one" }]);
  assert.equal(taken(outgoing, 1700)[0].message, "two");
});

Deno.test("Outgoing fits every object into 1024 bytes and loses no character when the server is not known", () => {
  const name = fc.string({ unit: "binary", minLength: 1, maxLength: 25 });
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 1500 }), fc.constant("Ж".repeat(4000)));
  fc.assert(
    fc.property(name, text, (name, text) => {
      const outgoing = joined("slow", name);
      outgoing.say(text, 1795391115770);
      let said = "";
      for (let bytes = outgoing.take(0); bytes !== undefined; bytes = outgoing.take(0)) {
        assert.ok(bytes.length <= 1024);
        assert.ok(bytes.every((byte) => byte < 127));
        said += JSON.parse(decoder.decode(bytes)).message;
        outgoing.answered(0);
      }
      assert.equal(said, text);
    }),
    { numRuns: 30 },
  );
});

Deno.test("Outgoing sends 256 objects in one write, raw, when the server takes many", () => {
  const outgoing = joined("fast");
  for (let i = 0; i < 300; i++) outgoing.say(`строка ${i}`, 0);
  const bytes = outgoing.take(0)!;
  const lines = decoder.decode(bytes).split("\n");
  assert.equal(lines.length - 1, 256);
  assert.ok(lines[0]!.includes("строка 0"));
  assert.equal(outgoing.take(0), undefined);
  outgoing.answered(0);
  outgoing.answered(0);
  assert.deepEqual(taken(outgoing, 0).map(({ message }) => message), ["строка 256", "строка 257"]);
  assert.equal(outgoing.unsent, 42);
  assert.equal(outgoing.unanswered, 256);
});

Deno.test("Outgoing is full from 1,000 texts in wait on", () => {
  const outgoing = joined();
  for (let i = 0; i < 1000; i++) {
    assert.equal(outgoing.full, false);
    outgoing.say("text", 0);
  }
  assert.equal(outgoing.full, true);
});

Deno.test("Outgoing waits 10 s from the last answer when the server takes many", () => {
  const outgoing = joined("fast");
  outgoing.say("one", 0);
  outgoing.say("two", 0);
  outgoing.take(0);
  outgoing.answered(5_000);
  assert.equal(outgoing.due, 15_000);
  assert.deepEqual(outgoing.giveUp(15_000), [{ text: "two" }]);
  assert.equal(outgoing.due, Infinity);
});
