// Which other servers there are, and how far they are, by what they say.
import assert from "node:assert/strict";
import { JournalPeers } from "../../../../server/journal/nats/journal_peers.ts";
import { FakeLog } from "./fake_log.ts";

/** Servers of one chat, and a clock. */
function servers(count: number) {
  let moment = 0;
  const hub = new FakeLog({ later: (arrive) => arrive() });
  const all = Array.from({ length: count }, (_, at) => {
    const progress = { base: 7, applied: 10 * (at + 1), oldest: at + 1 };
    return new JournalPeers(hub.join().peers, () => moment, () => progress);
  });
  return {
    all,
    /** Some seconds in which these servers say each second that they are there. */
    pass(seconds: number, speaking: readonly JournalPeers[] = all): void {
      for (let second = 0; second < seconds; second++) {
        moment += 1000;
        for (const each of speaking) each.send("all", "heartbeat", new Uint8Array(1));
        for (const each of speaking) each.receive();
      }
    },
    /** These servers take what has come, and reply. */
    answer(...some: readonly JournalPeers[]): void {
      for (const each of some) {
        each.receive();
        each.reply();
      }
    },
  };
}

Deno.test("JournalPeers knows when all others have said how far they are", () => {
  const { all, pass, answer } = servers(3), [one, two, three] = all as [JournalPeers, JournalPeers, JournalPeers];
  one.ask();
  answer(two, three, one);
  assert.equal(one.haveAllTold, false, "there may be others that it has not heard yet");
  pass(4);
  one.ask();
  answer(two, one);
  assert.deepEqual([one.haveAllTold, one.hasMore, one.isFirst], [false, true, false]);
  answer(three, one);
  assert.deepEqual([one.haveAllTold, one.hasMore, one.isFirst], [true, true, false]);
  assert.deepEqual([one.canRestore(2), one.canRestore(1), one.canRestore(10)], [true, false, false]);
  two.ask(); // what others ask says how far they are
  answer(one);
  assert.equal(two.haveAllTold, false);
  three.ask();
  answer(one, two, three);
  assert.deepEqual([three.haveAllTold, three.hasMore, three.isFirst], [true, false, true]);
});

Deno.test("JournalPeers forgets a server that is silent while others are not, and nobody for its own silence", () => {
  const { all, pass, answer } = servers(3), [one, two, three] = all as [JournalPeers, JournalPeers, JournalPeers];
  pass(4);
  pass(60, []);
  one.ask();
  answer(two, one);
  assert.equal(one.haveAllTold, false, "nothing has come, so nobody was silent");
  pass(8, [one, two]);
  one.ask();
  answer(two, one);
  assert.equal(one.haveAllTold, true);
  pass(1, [three]);
  answer(one);
  assert.equal(one.haveAllTold, false);
});

Deno.test("JournalPeers replies when it is told to, and gives all else to the server", () => {
  const { all, pass } = servers(2), [one, two] = all as [JournalPeers, JournalPeers];
  pass(4);
  assert.deepEqual(two.take().map(({ kind }) => kind), Array(4).fill("heartbeat"));
  one.ask();
  assert.deepEqual(two.take(), []);
  one.receive();
  assert.equal(one.hasMore, false, "what has come may not be applied yet");
  two.reply();
  one.receive();
  assert.equal(one.hasMore, true);
});

Deno.test("JournalPeers is told the names of all others by one that knows them", () => {
  const { all, pass, answer } = servers(4), [one, two, three, late] = all as JournalPeers[];
  pass(4, [one!, two!, three!]);
  late!.ask();
  answer(one!, late!);
  assert.equal(late!.haveAllTold, false, "there are two more");
  answer(two!, three!, late!);
  assert.deepEqual([late!.haveAllTold, late!.hasMore], [true, false]);
  late!.ask();
  assert.equal(late!.haveAllTold, false, "others may have come since");
});

Deno.test("JournalPeers waits for no server that has ended in order, and knows what it had", () => {
  const { all, pass, answer } = servers(3), [one, two, three] = all as [JournalPeers, JournalPeers, JournalPeers];
  pass(4);
  three.leave();
  two.ask();
  answer(one, two);
  assert.deepEqual([two.haveAllTold, two.hasMore], [true, true]);
  pass(8, [one, two]);
  two.ask();
  answer(one, two);
  assert.deepEqual([two.haveAllTold, two.hasMore], [true, false]);
});
