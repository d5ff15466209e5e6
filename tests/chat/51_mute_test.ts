// A muted person shows others no words of its own: no message, status, room or account, and no greeting. A new name is no way out of it.

import assert from "node:assert/strict";
import { memoryStore } from "./store.ts";
import { authenticate, cheaply, PASSWORD, register } from "./accounts.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";

const time = 1_764_000_000, UNTIL = 4_000_000_000;

async function withOperators(): Promise<Chat> {
  const store = memoryStore();
  for (const name of ["op", "second"]) {
    store.putAccount({ name, password: await cheaply(PASSWORD), operator: true, seen: 0 });
  }
  store.putAccount({ name: "own", password: await cheaply(PASSWORD), operator: false, seen: 0 });
  return await start({ store });
}

function presence(name: string, status = "", watch = false): object {
  return { action: "presence", time, user: { account_name: name, status }, watch };
}

/** An order is refused by a field with words that others would read. */
async function refusedAt(peer: Peer, at: string, order: object): Promise<void> {
  await peer.say({ time, ...order });
  await peer.expect({
    response: 403,
    error: `${at}: others would read it, and you may not write here until 2096-10-02T07:06:40.000Z: spam`,
    until: UNTIL,
  });
}

Deno.test("a mute covers what others would read, and goes along to another name", { ignore: cannot }, async () => {
  await using chat = await withOperators();
  const op = await chat.login("op"), eve = await chat.join("eve"), bob = await chat.join("bob");
  await bob.say({ action: "join", time, room: "#cats" });
  await bob.expect({ response: 201 });
  await op.sayOk({ action: "mute", time, user_id: "eve", until: UNTIL, reason: "spam" });
  await eve.expect({ response: 100, until: UNTIL });
  await bob.sayOk(presence("bob", "", true));
  for (const to of ["#all", "bob"]) {
    await eve.say({ action: "msg", time, to, message: "hello" });
    await eve.expect({ response: 403, until: UNTIL });
  }
  await refusedAt(eve, "user.account_name", register("EVE is right"));
  await refusedAt(eve, "room", { action: "join", room: "#eve is right" });
  await bob.silence();
  // It may still read, join, be asked for a presence, and log in to the account that it has.
  await eve.sayOk({ action: "join", time, room: "#cats" });
  await bob.expect({ action: "join", room: "#cats" });
  await eve.sayOk(presence("zoe", "EVE is right"));
  await bob.expect({ action: "presence", user: { account_name: "eve", status: "offline" } });
  await bob.expect({ action: "presence", user: { account_name: "zoe", status: "online" } });
  await eve.sayOk(authenticate("own"));
  await eve.say({ action: "msg", time, message: "hello" });
  await eve.expect({ response: 403 });
});

Deno.test("a guest that enters muted has no status of its own, and is told when the mute ends", {
  ignore: cannot,
}, async () => {
  await using chat = await withOperators();
  const op = await chat.login("op"), bob = await chat.join("bob"), eve = await chat.connect();
  await bob.sayOk(presence("bob", "", true));
  await op.sayOk({ action: "mute", time, user_id: "eve" });
  await eve.sayOk(presence("eve", "EVE is right"));
  const { user } = await bob.expect({ action: "presence" });
  assert.deepEqual(user, { account_name: "eve", status: "online" });
  await eve.say({ action: "msg", time, message: "hello" });
  assert.equal("until" in await eve.expect({ response: 403 }), false, "it does not end by itself");
  await op.sayOk({ action: "unmute", time, user_id: "eve" });
  await eve.sayOk(presence("zoe", "here"));
  await bob.expect({ action: "presence", user: { account_name: "eve", status: "offline" } });
  await bob.expect({ action: "presence", user: { account_name: "zoe", status: "here" } });
});

Deno.test("a muted operator sets no greeting, and a ban says when it ends", { ignore: cannot }, async () => {
  await using chat = await withOperators();
  const op = await chat.login("op"), second = await chat.login("second");
  await op.sayOk({ action: "mute", time, user_id: "second", until: UNTIL, reason: "spam" });
  await second.expect({ response: 100 });
  await refusedAt(second, "text", { action: "motd", text: "op is wrong" });
  await op.sayOk({ action: "ban", time, user_id: "zoe", until: UNTIL });
  const zoe = await chat.connect();
  await zoe.say(presence("zoe"));
  await zoe.expect({ response: 403, error: "You may not come in here until 2096-10-02T07:06:40.000Z", until: UNTIL });
});

Deno.test(
  "an operator that another one has muted may lift that, as all operators may",
  { ignore: cannot },
  async () => {
    await using chat = await withOperators();
    const op = await chat.login("op"),
      second = await chat.login("second"),
      msg = { action: "msg", time, message: "hi" };
    await op.sayOk({ action: "mute", time, user_id: "second", until: UNTIL, reason: "spam" });
    await second.expect({ response: 100, until: UNTIL });
    await second.say(msg);
    await second.expect({ response: 403, until: UNTIL });
    await second.sayOk({ action: "unmute", time, user_id: "SECOND" });
    await second.sayOk(msg);
  },
);
