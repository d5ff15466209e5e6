// Coming and going without a word.

import assert from "node:assert/strict";
import { cannot, start } from "./start.ts";
import { embeddedStore } from "./store.ts";

Deno.test("a peer that says nothing is told nothing", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.connect();
  const bob = await chat.join("bob");
  await bob.sayOk({ action: "msg", time: 1, message: "is anybody there?" });
  await ann.say({ action: "probe", time: 1 });
  await ann.expect({ response: 401 });
  assert.equal(chat.writesTo(ann).length, 1);
});

Deno.test("a peer that closes without a message disturbs no other", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  const silent = await chat.connect();
  assert.deepEqual(await silent.end(), []);
  await ann.sayOk({ action: "msg", time: 1, message: "still here" });
  await bob.expect({ from: "ann", message: "still here" });
});

Deno.test("the log has each connection that opens and closes, with an address that people know, and the reason", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ logged: true, store: embeddedStore() });
  const ann = await chat.join("ann");
  await ann.end();
  const about = chat.log().filter((line) => line.startsWith("info"));
  assert.deepEqual(about, [
    `info server/serve onAccepted 127.0.0.1:${ann.port} connected, 1 in all`,
    `info server/net close "ann" (127.0.0.1:${ann.port}) closed`,
  ]);
});
