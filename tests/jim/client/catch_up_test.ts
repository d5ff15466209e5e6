import assert from "node:assert/strict";
import fc from "fast-check";
import { readEvent } from "../../../jim/client/read_event.ts";
import {
  acknowledged,
  type Advance,
  arrived,
  caughtUp,
  interrupted,
  isLastPage,
  missingFrom,
  type Numbered,
  pageRead,
  type PastPage,
  pastPage,
  type Progress,
} from "../../../jim/client/catch_up.ts";

interface Message {
  readonly id: number;
}
const said = (...ids: number[]): Message[] => ids.map((id) => ({ id }));

/** A conversation, and what became of it. */
class Conversation<T extends Numbered> {
  progress: Progress<T> = { upTo: undefined, live: true, early: [] };

  /** What is to be shown. */
  take({ progress, ready }: Advance<T>): readonly T[] {
    this.progress = progress;
    return ready;
  }
}

/** Every fifth row is of a kind that the client does not know: it is a row of the past, and is never shown. */
const isKnown = (id: number) => id % 5 !== 0;
const pageOf = (...ids: number[]): PastPage<Message> => ({
  rows: said(...ids.filter(isKnown)),
  size: ids.length,
  first: Math.min(...ids),
  last: Math.max(...ids),
});

/**
 * A server and a client, over some gaps. What is said has growing ids, not each of them this conversation's. In a gap
 * nothing is heard; after it the server may repeat what it thinks was missed, messages go on being said, some by the client
 * itself, and the client reads the past page by page. `choose` decides what happens next.
 */
function talk(choose: (most: number) => number, gaps: number, limit: number): { log: number[]; shown: number[] } {
  const past = new Conversation<Message>(), log: number[] = [], shown: number[] = [];
  const show = (messages: readonly Message[]) => shown.push(...messages.map(({ id }) => id));
  const say = () => log.push((log.at(-1) ?? 0) + 1 + choose(3));
  const hear = (id = log.at(-1)!) => isKnown(id) && show(past.take(arrived(past.progress, { id })));
  for (let gap = 0; gap <= gaps; gap++) {
    for (let times = choose(4); times > 0; times--) {
      say();
      const id = log.at(-1)!;
      if (choose(3) > 0 || !isKnown(id)) hear();
      else { // one's own, shown when it was said; the answer tells its id
        past.progress = acknowledged(past.progress, id);
        shown.push(id);
      }
    }
    past.progress = interrupted(past.progress);
    const { upTo } = past.progress;
    assert.equal(acknowledged(past.progress, log.at(-1) ?? 0).upTo, upTo);
    for (let times = choose(6); times > 0; times--) say(); // nobody hears it
    const replayed = choose(log.length + 1);
    for (const id of log.slice(replayed, replayed + 3)) hear(id);
    while (!past.progress.live) {
      const after = missingFrom(past.progress);
      const page = pageOf(...after === undefined ? log.slice(-limit) : log.filter((id) => id > after).slice(0, limit));
      const isLater = choose(2) === 1; // said before the answer, and heard after it
      if (isLater) say();
      show(past.take(pageRead(past.progress, page)));
      if (isLastPage(page, after, limit)) show(past.take(caughtUp(past.progress)));
      if (isLater) hear();
    }
  }
  return { log: log.filter(isKnown), shown };
}

Deno.test("a conversation shows each message once and in order, whatever was repeated, missed and said meanwhile", () => {
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

Deno.test("a conversation that had begun loses nothing, over any gap", () => {
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

Deno.test("a conversation shows what the server repeats of its own accord, and what lies between that and now", () => {
  const past = new Conversation<Message>();
  past.progress = interrupted(past.progress);
  for (const id of [6, 9]) assert.deepEqual(past.take(arrived(past.progress, { id })), []);
  assert.equal(missingFrom(past.progress), 5);
  assert.deepEqual(past.take(pageRead(past.progress, pageOf(6, 7))), said(6, 7));
  assert.equal(missingFrom(past.progress), 7);
  assert.deepEqual(past.take(pageRead(past.progress, pageOf(9))), said(9));
  assert.deepEqual(past.take(caughtUp(past.progress)), []);
});

Deno.test("a conversation shows messages without a number as they come, and what it held when the past cannot be read", () => {
  const past = new Conversation<{ id: number | undefined }>();
  past.progress = interrupted(past.progress);
  assert.deepEqual(past.take(arrived(past.progress, { id: undefined })), [{ id: undefined }]);
  past.take(arrived(past.progress, { id: 3 }));
  assert.deepEqual(past.take(caughtUp(past.progress)), [{ id: 3 }]);
  assert.deepEqual(past.take(arrived(past.progress, { id: 3 })), []);
});

Deno.test("isLastPage ends at a page that is not full, or that leads no further", () => {
  const full = { rows: [], size: 50, first: 51, last: 100 };
  assert.equal(isLastPage(full, 50, 50), false);
  assert.equal(isLastPage(full, 50, 51), true);
  assert.equal(isLastPage(full, 100, 50), true);
  assert.equal(isLastPage({ ...full, last: -Infinity }, 50, 50), true);
  assert.equal(isLastPage(full, undefined, 50), true);
});

Deno.test("a page of more rows than a call takes arguments is read", () => {
  const rows = Array.from({ length: 200_000 }, (_, id) => readEvent({ action: "msg", from: "ann", message: "", id }));
  const { first, last } = pastPage(rows, ({ id }) => ({ id }));
  assert.deepEqual([first, last], [0, 199_999]);
  const early = Array.from({ length: 200_000 }, (_, id) => ({ id: id + 5 }));
  assert.equal(missingFrom({ upTo: undefined, live: false, early }), 4);
});

Deno.test("an empty page of a conversation of which nothing is known leaves it so", () => {
  const progress = { upTo: undefined, live: false, early: said(5) };
  const read = pageRead(progress, { rows: [], size: 0, first: Infinity, last: -Infinity });
  assert.deepEqual(read, { progress, ready: [] });
  assert.equal(missingFrom(read.progress), 4);
});
