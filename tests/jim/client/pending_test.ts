import assert from "node:assert/strict";
import fc from "fast-check";
import { readEvent } from "../../../jim/client/read_event.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { NOTHING_PENDING, type Pending, receive, sent } from "../../../jim/client/pending.ts";

Deno.test("receive gives each request its answer and its rows, of whatever kind they are", () => {
  const row = fc.constantFrom(
    { action: "online_list", user_id: "ann" },
    { action: "msg", from: "ann", message: "hi", id: 1 },
    { action: "presence", user: { account_name: "eve" } },
    { action: "vote" },
    {},
  );
  const answers = fc.array(fc.oneof(fc.constant(undefined), fc.array(row, { maxLength: 5 })), { maxLength: 10 });
  fc.assert(fc.property(answers, (lists) => {
    let pending: Pending<number> = sent(NOTHING_PENDING, ...lists.keys());
    const got: [number, number | undefined][] = [];
    const objects: Fields[] = lists.flatMap((rows): Fields[] =>
      rows === undefined ? [{ response: 200 }] : [{ response: 202, quantity: rows.length }, ...rows]
    );
    for (const object of objects) {
      const { pending: next, matched, event } = receive(pending, readEvent(object, true));
      pending = next;
      assert.equal(event, undefined);
      got.push(...matched.map(({ request, rows }): [number, number | undefined] => [request, rows?.length]));
    }
    assert.deepEqual(got, lists.map((rows, at) => [at, rows?.length]));
    assert.deepEqual(pending, { asked: [], list: undefined });
  }));
});

Deno.test("receive hands on what nobody asked for: a probe and a notice in a list too", () => {
  const events = [{ action: "probe" }, { response: 100, alert: "closing" }].map((object) => readEvent(object, true));
  const { pending } = receive(sent(NOTHING_PENDING, "who"), readEvent({ response: 202, quantity: 1 }, true));
  for (const event of events) assert.deepEqual(receive(pending, event), { pending, matched: [], event });
  const refusal = readEvent({ response: 403, error: "banned" }, true);
  assert.equal(receive(NOTHING_PENDING, refusal).event, refusal);
  assert.equal(receive(NOTHING_PENDING, readEvent({ action: "vote" }, true)).event?.kind, "unknown");
});

Deno.test("receive ends a list at an answer that arrives before its last row, and gives both", () => {
  let pending: Pending<string> = sent(NOTHING_PENDING, "who", "join");
  const objects: Fields[] = [{ response: 202, quantity: 1e15 }, { action: "online_list", user_id: "ann" }, {
    response: 200,
  }];
  const matched = objects.flatMap((object) => {
    const received = receive(pending, readEvent(object, true));
    pending = received.pending;
    return received.matched;
  });
  assert.deepEqual(matched.map(({ request, rows }) => [request, rows?.length]), [["who", 1], ["join", undefined]]);
});
