// What a teacher sees.

import assert from "node:assert/strict";
import { cannot, start } from "./start.ts";

const now = 1_764_000_000;

Deno.test("inspect shows what each connection says, is told, and got wrong", { ignore: cannot }, async () => {
  await using chat = await start();
  const teacher = await chat.connect();
  await teacher.sayOk({ action: "inspect", time: now });
  const ann = await chat.connect();
  await teacher.expect({ action: "trace", way: "event", text: "connected", framing: "bare" });
  await ann.say("hello\n");
  await ann.expect({ response: 400 });
  const refused = await teacher.expect({ way: "refused", address: `127.0.0.1:${ann.port}` });
  assert.match(refused.text, /^Expected a JSON object that begins with \{.*got "hello"$/);
  assert.match((await teacher.expect({ way: "out" })).text, /^\{"response":400/);
  await ann.enter("ann");
  await teacher.expect({ way: "in", framing: "lines", dialect: "plain" });
  await teacher.expect({ way: "out", name: "ann" });
  ann.close();
  await teacher.expect({ way: "event", name: "ann" });
});

Deno.test("what an inspector says and gets is not shown", { ignore: cannot }, async () => {
  await using chat = await start();
  const one = await chat.connect(), other = await chat.connect();
  await one.sayOk({ action: "inspect", time: now });
  await other.sayOk({ action: "inspect", time: now });
  await chat.join("ann");
  await one.say({ action: "probe", time: now }, { action: "get_contacts", time: now });
  for (const way of ["event", "in", "out"]) await other.expect({ action: "trace", way });
  await other.sayOk({ action: "inspect", time: now }); // the next thing it hears is the answer
});
