// How fast requests go out, and in which pieces: a server that is not known takes one object at a time, of 1024 bytes.

import assert from "node:assert/strict";
import fc from "fast-check";
import { message, presence } from "../../../jim/client/objects.ts";
import { readEvent } from "../../../jim/client/read_event.ts";
import { Requests } from "../../../jim/client/requests.ts";

const decoder = new TextDecoder();

/** What one client says: its presence and texts. */
function speaker(name = "ann") {
  const requests = new Requests(), givenUp: string[] = [];
  return {
    requests,
    givenUp,
    join: (time: number) => requests.enqueueFirst({ object: presence(name, time) }),
    say: (text: string, time: number) =>
      requests.enqueue({
        object: message(name, text, time),
        message: { from: name, to: "#all", text, time },
        then: (reply) => reply === undefined && givenUp.push(text),
      }),
    answer: (now: number, more: object = {}) => requests.receive(readEvent({ response: 200, ...more }), now),
    taken(now: number) {
      const text = decoder.decode(requests.take(now) ?? new Uint8Array());
      assert.ok(text === "" || text.endsWith("\n"));
      return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
    },
  };
}

/** Requests after the answer to the presence, at 0. */
function joined(how: "slow" | "fast" = "slow", name = "ann") {
  const speaks = speaker(name);
  speaks.join(0);
  speaks.requests.take(0);
  speaks.answer(0, how === "fast" ? { jim: 1 } : {});
  return speaks;
}

Deno.test("Requests says the presence first, with the name where any server looks for it", () => {
  const { say, join, taken } = speaker();
  say("hello", 1000);
  join(1500);
  join(2000);
  const user = { account_name: "ann", status: "online" };
  assert.deepEqual(taken(2000), [{ action: "presence", time: 2, type: "status", account_name: "ann", user }]);
});

Deno.test("Requests waits anew when the program did not run, unless the server speaks JIM", () => {
  const due = ({ say, taken, requests }: ReturnType<typeof joined>) => {
    say("one", 0);
    taken(0);
    return [700, 750, 751, 10_051].map((now) => {
      requests.waitAgainIfLate(now);
      return requests.due;
    });
  };
  assert.deepEqual(due(joined()), [700, 700, 1_451, 10_751]);
  assert.deepEqual(due(joined("fast")), [10_000, 10_000, 10_000, 10_000]);
});

Deno.test("Requests sends one object at a time and waits for its answer when the server is not known", () => {
  const { say, answer, taken, requests } = joined();
  say("one", 1500);
  say("two", 1500);
  const one = { action: "msg", time: 1.5, to: "#all", from: "ann", encoding: "utf-8", message: "one" };
  assert.deepEqual(taken(2000), [one]);
  assert.deepEqual(taken(2699), []);
  assert.equal(answer(2699), undefined);
  assert.equal(taken(2699)[0].message, "two");
  assert.equal(requests.isIdle, false);
  answer(2700);
  assert.equal(requests.isIdle, true);
});

Deno.test("Requests goes on after 0.7 s when a server does not answer", () => {
  const { say, taken, requests, givenUp } = joined();
  say("one", 0);
  say("two", 0);
  taken(1000);
  assert.equal(requests.due, 1700);
  requests.expire(1699);
  assert.deepEqual(givenUp, []);
  requests.expire(1700);
  assert.deepEqual(givenUp, ["one"]);
  assert.equal(taken(1700)[0].message, "two");
});

Deno.test("Requests fits every object into 1024 bytes and loses no character when the server is not known", () => {
  const name = fc.string({ unit: "binary", minLength: 1, maxLength: 25 });
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 1500 }), fc.constant("Ж".repeat(4000)));
  fc.assert(
    fc.property(name, text, (name, text) => {
      const { say, answer, requests } = joined("slow", name);
      say(text, 1795391115770);
      let said = "";
      for (let bytes = requests.take(0); bytes !== undefined; bytes = requests.take(0)) {
        assert.ok(bytes.length <= 1024);
        assert.ok(bytes.every((byte) => byte < 127));
        said += JSON.parse(decoder.decode(bytes)).message;
        answer(0);
      }
      assert.equal(said, text);
    }),
    { numRuns: 30 },
  );
});

Deno.test("Requests sends 256 objects in one write, raw, when the server takes many", () => {
  const { say, answer, taken, requests } = joined("fast");
  for (let i = 0; i < 300; i++) say(`строка ${i}`, 0);
  const bytes = requests.take(0)!;
  const lines = decoder.decode(bytes).split("\n");
  assert.equal(lines.length - 1, 256);
  assert.ok(lines[0]!.includes("строка 0"));
  assert.equal(requests.take(0), undefined);
  answer(0);
  answer(0);
  assert.deepEqual(taken(0).map(({ message }) => message), ["строка 256", "строка 257"]);
  assert.deepEqual([requests.unsent, requests.waiting, requests.unanswered], [42, 42, 256]);
});

Deno.test("Requests waits 10 s from the last answer when the server takes many", () => {
  const { say, answer, requests, givenUp } = joined("fast");
  say("one", 0);
  say("two", 0);
  requests.take(0);
  answer(5_000);
  assert.equal(requests.due, 15_000);
  requests.expire(15_000);
  assert.deepEqual(givenUp, ["two"]);
  assert.equal(requests.due, Infinity);
});
