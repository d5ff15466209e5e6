import assert from "node:assert/strict";
import fc from "fast-check";
import { CatchUp } from "../../../client/terminal/catch_up.ts";

interface Message {
  readonly id: number;
}
const said = (...ids: number[]): Message[] => ids.map((id) => ({ id }));

/**
 * A server and a client, over some gaps. What is said has growing ids, not each of them this conversation's. In a gap
 * nothing is heard; after it the server may repeat what it thinks was missed, messages go on being said, some by the client
 * itself, and the client reads the past page by page. `choose` decides what happens next.
 */
function talk(choose: (most: number) => number, gaps: number, page: number): { log: number[]; shown: number[] } {
  const past = new CatchUp<Message>(), log: number[] = [], shown: number[] = [];
  const show = (messages: readonly Message[]) => shown.push(...messages.map(({ id }) => id));
  const say = () => log.push((log.at(-1) ?? 0) + 1 + choose(3));
  const hear = () => show(past.hear({ id: log.at(-1)! }));
  for (let gap = 0; gap <= gaps; gap++) {
    for (let times = choose(4); times > 0; times--) {
      say();
      const id = log.at(-1)!;
      if (choose(3) > 0) hear();
      else { // one's own, shown when it was said; the answer tells its id
        assert.equal(past.pass(id), true);
        shown.push(id);
      }
    }
    past.begin();
    assert.equal(past.pass(log.at(-1) ?? 0), false);
    for (let times = choose(6); times > 0; times--) say(); // nobody hears it
    const replayed = choose(log.length + 1);
    for (const id of log.slice(replayed, replayed + 3)) show(past.hear({ id }));
    while (past.holds) {
      const asked = past.next;
      const rows = "after" in asked ? log.filter((id) => id > asked.after).slice(0, page) : log.slice(-page);
      const whole = !("after" in asked) || rows.length < page;
      if (choose(2) === 1) { // said before the answer, and heard after it
        say();
        show(past.read(said(...rows), whole));
        hear();
      } else show(past.read(said(...rows), whole));
    }
  }
  return { log, shown };
}

Deno.test("CatchUp shows each message once and in order, whatever was repeated, missed and said meanwhile", () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      (random, gaps, page) => {
        const { log, shown } = talk((most) => random.next().value! % most, gaps, page);
        // What was said before the first look at the past need not be all there: a chat begins with the latest page.
        assert.deepEqual(shown, log.slice(log.length - shown.length));
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("CatchUp that had begun loses nothing, over any gap", () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      (random, gaps, page) => {
        let first = true;
        const choose = (most: number) => first ? (first = false, 1) : random.next().value! % most; // one is heard at once
        const { log, shown } = talk(choose, gaps, page);
        assert.deepEqual(shown, log);
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("CatchUp shows what the server repeats of its own accord, and what lies between that and now", () => {
  const past = new CatchUp<Message>();
  past.begin();
  assert.deepEqual([past.hear({ id: 5 }), past.hear({ id: 9 })], [[], []]);
  assert.deepEqual(past.next, { after: 4 });
  assert.deepEqual(past.read(said(5, 7), false), said(5, 7));
  assert.deepEqual(past.next, { after: 7 });
  assert.deepEqual(past.read(said(9), true), said(9));
});

Deno.test("CatchUp shows messages without a number as they come, and what it held when the past cannot be read", () => {
  const past = new CatchUp<{ id: number | undefined }>();
  past.begin();
  assert.deepEqual(past.hear({ id: undefined }), [{ id: undefined }]);
  past.hear({ id: 3 });
  assert.deepEqual(past.end(), [{ id: 3 }]);
  assert.deepEqual(past.hear({ id: 3 }), []);
});
