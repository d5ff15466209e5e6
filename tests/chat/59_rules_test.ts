// What the server does not allow need not be tried: a program that names the feature `rules` is told on coming in. And an
// operator can ask for the greeting.

import assert from "node:assert/strict";
import { memoryStore } from "./store.ts";
import { authenticate, cheaply, PASSWORD, register } from "./accounts.ts";
import { cannot, start } from "./start.ts";

const features = ["rules"];
const presence = (account_name: string) => ({ action: "presence", time: 1, user: { account_name, status: "" } });

for (const [registration, guests] of [[true, true], [false, true], [true, false]] as const) {
  Deno.test(`rules: registration ${registration}, guests ${guests}`, { ignore: cannot }, async () => {
    await using chat = await start({ accounts: ["ann"], rules: { registration, guests } });
    const rules = { registration, guests }, ann = await chat.connect();
    assert.deepEqual((await ann.sayOk({ ...authenticate("ann"), features })).rules, rules);
    const again = await chat.connect();
    assert.equal("rules" in await again.sayOk(authenticate("ann")), false, "it has not asked");
    assert.deepEqual((await again.sayOk({ ...presence("ann"), features })).rules, rules);
    if (!guests) return;
    const bob = await chat.connect();
    assert.deepEqual((await bob.sayOk({ ...presence("bob"), features })).rules, rules);
    assert.deepEqual((await bob.sayOk(presence("bob2"))).rules, rules, "a feature holds");
    if (!registration) return;
    await bob.say(register("bob2"));
    assert.deepEqual((await bob.expect({ response: 201 })).rules, rules);
  });
}

Deno.test(
  "an operator reads the greeting, and a motd without a text takes nothing away",
  { ignore: cannot },
  async () => {
    const store = memoryStore();
    store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
    await using chat = await start({ store });
    const op = await chat.login("op"), bob = await chat.join("bob"), ask = { action: "motd", time: 1 };
    assert.equal((await op.sayOk(ask)).text, "");
    await op.sayOk({ ...ask, text: "Lesson 7" });
    for (const text of [undefined, null]) assert.equal((await op.sayOk({ ...ask, text })).text, "Lesson 7");
    await bob.say(ask);
    await bob.expect({ response: 403 });
    await op.sayOk({ ...ask, text: "" });
    assert.equal((await op.sayOk(ask)).text, "");
  },
);
