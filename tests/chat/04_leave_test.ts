// How a conversation ends: in good order, by the end of the stream, or by breaking off.

import assert from "node:assert/strict";
import { breakOff } from "./break_off.ts";
import { cannot, start } from "./start.ts";

const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, to: "#all", message, ...more });

for (const action of ["quit", "exit"]) {
  Deno.test(`${action} is answered, and the stream ends after all pending output`, { ignore: cannot }, async () => {
    await using chat = await start();
    const ann = await chat.join("ann"), bob = await chat.join("bob");
    await ann.say(msg("one"), { action }, msg("too late"));
    await ann.expect({ response: 200, alert: "ok" });
    await ann.expect({ response: 200, alert: "goodbye" });
    await ann.expectEnd();
    await bob.expect({ from: "ann", message: "one" });
    await bob.silence();
  });
}

Deno.test("a connection that has sent quit receives nothing more, and what it sends later is discarded", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await ann.say({ action: "quit" });
  await ann.expect({ response: 200 });
  await bob.sayOk(msg("gone?"));
  await ann.say(msg("I said goodbye"));
  assert.deepEqual(await ann.end(), []);
  await bob.silence();
});

Deno.test("at the end of a peer's stream all its requests are answered first", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  const MANY = 2000;
  const all = Array.from({ length: MANY }, (_, i) => msg(`${i}`));
  await ann.say(...all);
  const answers = await ann.end();
  assert.deepEqual([answers.length, answers.every(({ response }) => response === 200)], [MANY, true]);
  const heard = await bob.hearAll(MANY);
  assert.deepEqual(heard.map(({ message }) => message), all.map(({ message }) => message));
  await bob.silence();
});

Deno.test("at the end of a bare peer's stream its outbox is written first, one object a write", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ bareGap: 30 });
  const ann = await chat.bare(), bob = await chat.join("bob");
  await ann.enter("ann");
  await bob.say(msg("one"), msg("two"), msg("three"));
  await bob.hearAll(3);
  await ann.say({ action: "probe", time: 1 });
  const owed = await ann.end();
  assert.deepEqual(owed.map(({ message, alert }) => message ?? alert), ["one", "two", "three", "ok"]);
  assert.equal(chat.writesTo(ann).length, 5);
});

Deno.test("nothing new is relayed to a peer that has ended its stream", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true, bareGap: 50, logged: true });
  const ann = await chat.bare(), bob = await chat.join("bob");
  await ann.enter("ann");
  await bob.sayOk(msg("before"));
  const rest = ann.end(); // it is still owed what its gap holds back
  await chat.logged(/ended its stream/);
  await bob.say(msg("private", { to: "ann" }));
  await bob.expect({ response: 410 });
  await bob.sayOk(msg("after"));
  chat.pass(50);
  assert.deepEqual((await rest).map(({ message }) => message), ["before"]);
});

Deno.test("a peer that leaves in the middle of an object is logged", { ignore: cannot }, async () => {
  await using chat = await start({ logged: true });
  const ann = await chat.join("ann");
  await ann.say('{"action":"msg","ti');
  assert.deepEqual(await ann.end(), []);
  const line = chat.log().find((line) => line.includes("in the middle"));
  assert.equal(
    line,
    `info server/net/input end "ann" (127.0.0.1:${ann.port}) ended in the middle of an object; 19 bytes are lost`,
  );
});

Deno.test("a connection reset in the middle of an object disturbs nobody", { ignore: cannot }, async () => {
  await using chat = await start({ logged: true });
  const bob = await chat.join("bob"), eve = await chat.join("eve");
  await breakOff(chat.port, '{"action":"presence","time":1,"user":{"account_name":"ann"}}\n', '{"action":"msg","ti');
  await chat.logged(/^info server\/net close "ann" \([0-9.:]+\) is lost: /);
  await bob.sayOk(msg("still here"));
  await eve.expect({ message: "still here" });
  await eve.silence();
});
