// How long others wait while the journal is late: a fake one takes two seconds for each batch, one connection sends messages all
// the time, and another one sends requests. `deno task bench:late` prints milliseconds; a page of the past and a probe are answered within 50 at p99.

import assert from "node:assert/strict";
import { start } from "../tests/chat/start.ts";
import { Store } from "../tests/chat/store.ts";
import { FakeJournal } from "../tests/server/journal/fake.ts";

const LATE = 2_000, BATCHES = 5;
const QUESTIONS = {
  probe: { action: "probe", time: 1 },
  who_online: { action: "who_online", time: 1 },
  history: { action: "history", time: 1, limit: 50 },
};

let batches = 0;
const journal = new FakeJournal({
  ready: () => store.ready(),
  later: (answer) => {
    batches++;
    setTimeout(answer, LATE);
  },
});
const store: Store = new Store(journal);
await using chat = await start({ store });
const ann = await chat.join("ann"), bob = await chat.join("bob"), eve = await chat.join("eve");
const took = new Map<string, number[]>(Object.keys(QUESTIONS).map((name) => [name, []]));
let said = 0, isOver = false;
const speaking = (async () => {
  while (!isOver) {
    await ann.say({ action: "msg", time: 1, message: `message ${said++}` });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
})();
while (batches < BATCHES) {
  for (const [name, words] of Object.entries(QUESTIONS)) {
    const began = performance.now();
    await ask(words);
    took.get(name)!.push(performance.now() - began);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
isOver = true;
await speaking;
const answers = (await ann.hearAll(said)).map(({ response }) => response);
assert.ok(answers.every((response) => response === 200), "each message is answered once, and kept");
assert.deepEqual((await eve.hearAll(said)).map(({ message }) => message), answers.map((_, i) => `message ${i}`));
console.log(`${BATCHES} batches, each ${LATE} ms late; ${said} messages, none lost or doubled`);
for (const [name, all] of took) {
  all.sort((one, other) => one - other);
  const at = (share: number) => all[Math.floor(share * (all.length - 1))]!.toFixed(1);
  console.log(`${name.padEnd(10)} n ${all.length}  p50 ${at(0.5)}  p99 ${at(0.99)}  max ${at(1)} ms`);
}

/** Waits for the answer with all its rows; what is said to all may be there before. */
async function ask(words: object): Promise<void> {
  await bob.say(words);
  let answer = await bob.hear();
  while (answer.response === undefined) answer = await bob.hear();
  await bob.hearAll(answer.quantity ?? 0);
}
