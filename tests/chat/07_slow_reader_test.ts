// A reader that does not read: it is owed up to a limit and then dropped, and nobody else feels it.

import assert from "node:assert/strict";
import { cannot, start } from "./start.ts";

/** In pieces of this size it takes some dozens to fill what the system itself keeps for a reader. */
const LONG = "x".repeat(3900);
const LIMIT = 64 * 1024;

Deno.test("a stalled reader is dropped at the limit, with a reason in the log; the others get exactly all", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ outbox: LIMIT, logged: true });
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  const stalled = await chat.staller();
  await stalled.say({ action: "presence", time: 1, user: { account_name: "stalled" } });
  await chat.logged(new RegExp(`perform 127.0.0.1:${stalled.port}`));
  const dropped = () => chat.log().filter((line) => / close "stalled" .* dropped: /.test(line));

  let count = 0;
  for (; count % 50 > 0 || dropped().length === 0; count++) {
    assert.ok(count < 20_000, "nobody is dropped");
    await ann.sayOk({ action: "msg", time: count, message: LONG });
    await bob.expect({ time: count, message: LONG });
  }
  await ann.silence();
  await bob.silence();
  assert.match(
    dropped()[0]!,
    /^info server\/net close "stalled" \([0-9.:]+\) dropped: it reads too slowly and was owed \d+ bytes, over 65536, \d+ bytes not sent$/,
  );
  const owed = Number(/owed (\d+)/.exec(dropped()[0]!)![1]);
  assert.ok(owed > LIMIT && owed < LIMIT + 2 * 4100, `${owed}`);
  await ann.say({ action: "msg", time: 1, to: "stalled", message: "?" });
  await ann.expect({ response: 410 });
});

Deno.test("a reader that is merely late loses nothing", { ignore: cannot }, async () => {
  await using chat = await start({ outbox: 64 * LIMIT });
  const ann = await chat.join("ann"), late = await chat.staller();
  const MANY = 600; // 2.4 MB: more than the system keeps for a reader
  await late.say({ action: "presence", time: 1, user: { account_name: "late" } });
  await ann.silence();
  for (let i = 0; i < MANY; i++) await ann.say({ action: "msg", time: i, message: LONG });
  await ann.hearAll(MANY);
  late.listen();
  await late.expect({ response: 200 });
  for (let i = 0; i < MANY; i++) await late.expect({ time: i, message: LONG });
  await late.silence();
});

Deno.test("a client that leaves with much pending output is sent it first", { ignore: cannot }, async () => {
  await using chat = await start({ outbox: 64 * LIMIT });
  const ann = await chat.join("ann"), late = await chat.staller();
  const MANY = 600;
  await late.say({ action: "presence", time: 1, user: { account_name: "late" } });
  await ann.silence();
  for (let i = 0; i < MANY; i++) await ann.say({ action: "msg", time: i, message: LONG });
  await ann.hearAll(MANY);
  late.listen();
  const heard = await late.end();
  assert.deepEqual(heard.map(({ time }) => time).slice(1), Array.from({ length: MANY }, (_, i) => i));
});

Deno.test("a client that leaves and does not read has five seconds", { ignore: cannot }, async () => {
  await using chat = await start({ outbox: 64 * LIMIT, logged: true, frozen: true });
  const ann = await chat.join("ann"), late = await chat.staller();
  await late.say({ action: "presence", time: 1, user: { account_name: "late" } }, { action: "quit" });
  await chat.logged(new RegExp(`perform "late" \\(127.0.0.1:${late.port}`));
  chat.pass(4999);
  await ann.silence();
  assert.ok(!chat.log().some((line) => line.includes("close")));
  chat.pass(1);
  await chat.logged(/close "late" .* closed, having had 5 s to read and to go$/);
});
