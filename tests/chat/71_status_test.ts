// Away, an emoji and a text: what an account says of itself, in lists and when it changes, for programs that know of it.

import assert from "node:assert/strict";
import { authenticate, cheaply, PASSWORD } from "./accounts.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";

const features = ["status"], PASTA = "\u{1F35D}";
const status = (more: object = {}) => ({ action: "status", time: 1, ...more });
const who = { action: "who_online", time: 1 };

async function device(chat: Chat, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.sayOk({ ...authenticate(name), features });
  return peer;
}

Deno.test("a status is told, listed and kept, for programs that know of it", { ignore: cannot }, async () => {
  const store = embeddedStore();
  store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  {
    await using chat = await start({ store, accounts: ["ann", "bob"] });
    const ann = await device(chat, "ann"), phone = await device(chat, "ann"), bob = await device(chat, "bob");
    const plain = await chat.join("plain");
    const { alert } = await ann.sayOk(status({ away: true, emoji: PASTA, status: " at lunch " }));
    assert.equal(alert, "you are away");
    for (const each of [phone, bob]) {
      const { time, ...notice } = await each.hear();
      const shown = { action: "status", user_id: "ann", role: "account", away: true, emoji: PASTA, status: "at lunch" };
      assert.deepEqual(notice, shown);
      assert.ok(Math.abs(time - Date.now() / 1000) < 100);
    }
    await ann.sayOk(status({ away: true, emoji: PASTA, status: "at lunch" })); // nothing is new
    const row = { action: "online_list", user_id: "ann", role: "account" };
    assert.deepEqual((await bob.ask(who))[0], { ...row, away: true, emoji: PASTA, status: "at lunch" });
    assert.deepEqual((await plain.ask(who))[0], row);
    await bob.sayOk({ action: "add_contact", time: 1, user_id: "ann" });
    const [contact] = await bob.ask({ action: "get_contacts", time: 1 });
    assert.deepEqual(contact, {
      action: "contact_list",
      user_id: "ann",
      away: true,
      emoji: PASTA,
      status: "at lunch",
    });
    assert.equal((await phone.sayOk(status())).alert, "you have no status");
    for (const each of [ann, bob]) {
      const { time: _, ...notice } = await each.hear();
      assert.deepEqual(notice, { action: "status", user_id: "ann", role: "account" });
    }
    assert.deepEqual((await bob.ask(who))[0], row);
    await ann.sayOk(status({ status: "back at two" }));
    for (const each of [phone, bob]) await each.expect({ status: "back at two" });
    for (const each of [ann, phone, bob, plain]) await each.silence();
  }
  await using chat = await start({ store });
  const ann = await device(chat, "ann");
  assert.deepEqual((await ann.ask(who))[0], {
    action: "online_list",
    user_id: "ann",
    role: "account",
    status: "back at two",
  });
  const op = await device(chat, "op");
  await op.sayOk({ action: "mute", time: 1, user_id: "ann" });
  assert.equal((await op.ask(who))[0].status, undefined, "that of a muted account is not shown");
  await ann.say(status({ status: "spam" }));
  await ann.expect({ response: 403 });
  await ann.sayOk(status());
  await op.expect({ action: "status", user_id: "ann" });
});

Deno.test("a status is for accounts, one line and bounded", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const zoe = await chat.join("zoe"), ann = await device(chat, "ann");
  await zoe.say(status({ away: true }));
  await zoe.expect({ response: 401, error: 'action: "status" is for accounts only, so authenticate or register' });
  for (const wrong of [{ status: "a\nb" }, { status: "x".repeat(201) }, { emoji: "x" }, { away: 1 }]) {
    await ann.say(status(wrong));
    await ann.expect({ response: 400 });
  }
});

Deno.test("a status is told and listed on each server", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann", "bob"] });
  const [one, two] = chat.all, ann = await device(one!, "ann"), bob = await device(two!, "bob");
  await ann.sayOk(status({ away: true }));
  await bob.expect({ action: "status", user_id: "ann", away: true });
  assert.deepEqual((await bob.ask(who)).map(({ user_id, away }) => [user_id, away]), [["ann", true], [
    "bob",
    undefined,
  ]]);
});
