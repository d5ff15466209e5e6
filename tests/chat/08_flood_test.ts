// A flooder is slowed down to the pace that is allowed, by not being read; nothing of what it said is lost.

import assert from "node:assert/strict";
import { cannot, type Chat, type Peer, start } from "./start.ts";

const PACE = { rate: 100, burst: 10 };
const msg = (time: number) => ({ action: "msg", time, to: "#all", message: "flood" });
const MANY = 60;

Deno.test("a flooder's words come at the pace that is allowed, all of them and in order", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ rateLimit: PACE, frozen: true });
  const eve = await chat.join("eve"), bob = await chat.join("bob"), ann = await chat.connect();
  await eve.say(...Array.from({ length: MANY }, (_, i) => msg(i)));
  const BURST = PACE.burst - 1; // one went for presence
  for (let i = 0; i < BURST; i++) await bob.expect({ time: i });
  for (let i = BURST; i < MANY; i++) {
    await ann.say({ action: "probe", time: 1 }); // its answer shows that the server has read all that it would read
    await ann.expect({ response: 401 });
    assert.equal(relaysTo(chat, bob), i, "no more than the pace allows");
    chat.pass(1000 / PACE.rate);
    await bob.expect({ time: i });
  }
  assert.equal((await eve.hearAll(MANY)).length, MANY);
});

Deno.test(
  "a flood that waits for its pace is handled to its end when its sender ends",
  { ignore: cannot },
  async () => {
    await using chat = await start({ rateLimit: { rate: 2000, burst: 10 } });
    const eve = await chat.join("eve"), bob = await chat.join("bob");
    await eve.say(...Array.from({ length: 200 }, (_, i) => msg(i)));
    const answers = await eve.end();
    assert.deepEqual([answers.length, answers.every(({ response }) => response === 200)], [200, true]);
    const heard = await bob.hearAll(200);
    assert.deepEqual(heard.map(({ time }) => time), Array.from({ length: 200 }, (_, i) => i));
  },
);

Deno.test("others chat on while a flooder waits", { ignore: cannot }, async () => {
  await using chat = await start({ rateLimit: { rate: 1, burst: 50 }, frozen: true });
  const eve = await chat.join("eve"), ann = await chat.join("ann"), bob = await chat.join("bob");
  await eve.say(...Array.from({ length: 200 }, (_, i) => msg(i)));
  for (let i = 0; i < 49; i++) await Promise.all([ann.expect({ time: i }), bob.expect({ time: i })]);
  await ann.sayOk({ ...msg(7), message: "undisturbed" });
  await bob.expect({ from: "ann", message: "undisturbed" });
});

function relaysTo(chat: Chat, peer: Peer): number {
  return chat.writesTo(peer).map(({ text }) => text).join("").split('"flood"').length - 1;
}
