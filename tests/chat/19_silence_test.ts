// A silent connection is probed, and closed only if it has answered a probe before. The
// clock is in the test's hand.

import assert from "node:assert/strict";
import { cannot, type Chat, type Options, start } from "./start.ts";

const AFTER = 60_000;
const presence = { action: "presence", time: 1 };
const canonical = '{"action":"msg","time":1,"to":"#all","from":"ann","encoding":"utf-8","message":"I talk"}\n';

/** A server that keeps a connection without presence: it is never probed, and shows when the server has looked. */
async function started(
  more: Options = {},
): Promise<{ chat: Chat; later(ms: number): Promise<void> } & AsyncDisposable> {
  const chat = await start({ frozen: true, probeAfter: AFTER, presenceWithin: 1e9, ...more });
  const witness = await chat.connect();
  return {
    chat,
    async later(ms) {
      chat.pass(ms);
      chat.maintenance();
      await witness.say({ action: "probe", time: 1 });
      await witness.expect({ response: 401 });
    },
    [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose](),
  };
}

Deno.test("a silent line speaker is asked once, and each time when it has answered and is silent again", {
  ignore: cannot,
}, async () => {
  await using server = await started();
  const { chat, later } = server;
  const ann = await chat.join("ann");
  for (let round = 0; round < 2; round++) {
    await later(AFTER - 1);
    await ann.sayOk(presence);
    await later(AFTER);
    const { time, ...probe } = await ann.hear();
    assert.deepEqual([probe, Number.isInteger(time)], [{ action: "probe" }, true]);
    await later(AFTER / 2);
    await ann.sayOk(presence);
  }
});

Deno.test("a connection that has answered a probe and not the next one is closed, one that never did is kept", {
  ignore: cannot,
}, async () => {
  await using server = await started({ logged: true });
  const { chat, later } = server;
  const answers = await chat.join("answers"), never = await chat.join("never");
  await later(AFTER);
  for (const each of [answers, never]) await each.expect({ action: "probe" });
  await answers.sayOk(presence);
  await later(AFTER);
  await answers.expect({ action: "probe" });
  await later(AFTER - 1);
  assert.equal(chat.writesTo(answers).length, 4, "nothing yet, a millisecond before");
  await later(AFTER / 4);
  await answers.expectBreak();
  await chat.logged(/info server\/net close "answers" .* has not answered a probe for 60 s$/);
  for (let i = 0; i < 5; i++) await later(AFTER);
  await never.silence();
});

Deno.test(
  "a connection that sends anything is alive, whatever it sends instead of an answer",
  { ignore: cannot },
  async () => {
    await using server = await started();
    const { chat, later } = server;
    const ann = await chat.join("ann");
    await later(AFTER);
    await ann.expect({ action: "probe" });
    await ann.sayOk(presence);
    for (const words of [canonical, "no JSON\n", { action: "probe", time: 1 }]) {
      await later(AFTER);
      await ann.expect({ action: "probe" });
      await ann.say(words);
      await ann.hear();
      await later(AFTER - 1);
    }
    await ann.silence();
  },
);

Deno.test("bare peers and connections without presence are never probed", { ignore: cannot }, async () => {
  await using server = await started();
  const { chat, later } = server;
  const bare = await chat.bare(), stranger = await chat.connect();
  await bare.enter("bare");
  for (let i = 0; i < 3; i++) await later(AFTER);
  assert.deepEqual([chat.writesTo(bare).length, chat.writesTo(stranger).length], [1, 0]);
  await bare.silence();
});
