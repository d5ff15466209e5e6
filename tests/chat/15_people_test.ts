// From one person to another: private messages, contacts, and notices of presence.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { cannot, start } from "./start.ts";
import { guest, stranger, ways } from "./ways.ts";

const msg = (to: string, message: string) => ({ action: "msg", time: 1, to, message });
const contact = (action: "add_contact" | "del_contact", user_id: string) => ({ action, user_id, time: 1 });
const contacts = { action: "get_contacts", time: 1 };

for (const way of ways) {
  Deno.test(
    `${way}: a private message to a person, to an unknown name, to one that is offline and to one that has left`,
    {
      ignore: cannot,
    },
    async () => {
      await using chat = await start({ accounts: ["bob", "zoe"] });
      const ann = await guest(chat, way, "ann"), bob = await stranger(chat, way), eve = await chat.join("eve");
      await bob.sayOk(authenticate("bob"));
      await ann.sayOk(msg("bob", "psst"));
      await bob.expect({ action: "msg", to: "bob", from: "ann", message: "psst" });
      const refused: [string, number, string][] = [
        ["nobody", 404, 'to: nobody here has the name "nobody"'],
        ["zoe", 202, "accepted; zoe is offline and will get it later"],
        ["gone", 410, 'to: "gone" was a guest and has left'],
      ];
      await (await chat.join("gone")).end();
      for (const [to, response, said] of refused) {
        await ann.say(msg(to, "hello?"));
        const { alert, error } = await ann.expect({ response });
        assert.equal(error ?? alert, said);
      }
      for (const each of [ann, bob, eve]) await each.silence();
    },
  );

  Deno.test(`${way}: contacts are added, listed and removed, each of them once`, { ignore: cannot }, async () => {
    await using chat = await start({ accounts: ["bob"] });
    const ann = await guest(chat, way, "ann");
    await chat.join("zoe");
    assert.deepEqual(await ann.ask(contacts), []);
    for (const name of ["zoe", "bob", "zoe"]) await ann.sayOk(contact("add_contact", name));
    assert.deepEqual(await ann.ask(contacts), [
      { action: "contact_list", user_id: "bob" },
      { action: "contact_list", user_id: "zoe" },
    ]);
    await ann.say(contact("add_contact", "nobody"));
    await ann.expect({ response: 404, error: 'user_id: nobody here has the name "nobody"' });
    await ann.sayOk(contact("del_contact", "zoe"));
    await ann.say(contact("del_contact", "zoe"));
    await ann.expect({ response: 404, error: 'user_id: "zoe" is not among your contacts' });
    assert.deepEqual((await ann.ask(contacts)).map(({ user_id }) => user_id), ["bob"]);
  });
}

Deno.test("two devices of one account: each sees what the other wrote and what both are written", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const phone = await chat.login("ann"), desk = await chat.login("ann"), bob = await chat.login("bob");
  await phone.sayOk(msg("bob", "from my phone"));
  for (const each of [bob, desk]) await each.expect({ to: "bob", from: "ann", message: "from my phone" });
  await bob.sayOk(msg("ann", "to both"));
  for (const each of [phone, desk]) await each.expect({ to: "ann", from: "bob", message: "to both" });
  await desk.sayOk(msg("#all", "to all"));
  for (const each of [phone, bob]) await each.expect({ to: "#all", from: "ann", message: "to all" });
  await phone.sayOk(msg("ann", "a note to myself"));
  await desk.expect({ to: "ann", from: "ann", message: "a note to myself" });
  const { id } = await bob.sayOk(msg("ann", "one more")).then(() => phone.hear());
  assert.ok(Number.isSafeInteger(id));
  await desk.expect({ id });
  await bob.end();
  await phone.say(msg("bob", "when you are back"));
  await phone.expect({ response: 202 });
  await desk.expect({ to: "bob", message: "when you are back" });
  for (const each of [phone, desk]) await each.silence();
});

Deno.test("guests of one name may be several people: all hear what is for the name, none what another of them wrote", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const one = await chat.join("Guest"), other = await chat.join("Guest"), ann = await chat.join("ann");
  await ann.sayOk(msg("Guest", "hello"));
  for (const each of [one, other]) await each.expect({ from: "ann", message: "hello" });
  await one.sayOk(msg("ann", "hello, ann"));
  await ann.expect({ from: "Guest", message: "hello, ann" });
  for (const each of [one, other]) await each.silence();
});

Deno.test("an account's contacts are kept, and the same for all its devices; a guest's end with it", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const ann = await chat.login("ann"), guest = await chat.join("guest");
  for (const each of [ann, guest]) await each.sayOk(contact("add_contact", "bob"));
  const desk = await chat.login("ann");
  assert.equal((await desk.ask(contacts)).length, 1);
  for (const each of [ann, desk, guest]) await each.end();
  assert.equal((await (await chat.login("ann")).ask(contacts)).length, 1);
  assert.equal((await (await chat.join("guest")).ask(contacts)).length, 0);
});

Deno.test(
  "presence is announced to line speakers that asked for it, and to nobody else",
  { ignore: cannot },
  async () => {
    await using chat = await start({ accounts: ["bob"] });
    const ann = await chat.connect(), eve = await chat.join("eve"), bare = await chat.bare();
    await ann.enter("ann", { watch: true });
    await bare.enter("bare", { watch: true });
    const expect = async (account_name: string, status: string) => {
      const { time, ...told } = await ann.hear();
      const state = status === "offline" ? "offline" : "online", role = account_name === "bob" ? "account" : "guest";
      assert.deepEqual(told, { action: "presence", type: "status", user: { account_name, status }, state, role });
      assert.ok(Number.isInteger(time));
    };
    await expect("bare", "online");
    const guest = await chat.connect();
    await guest.enter("", { user: { account_name: "guest", status: "at home" } });
    await expect("guest", "at home");
    await guest.enter("zoe");
    await expect("guest", "offline");
    await expect("zoe", "online");
    await guest.end();
    await expect("zoe", "offline");
    const phone = await chat.login("bob");
    await expect("bob", "online");
    const desk = await chat.login("bob");
    await phone.end();
    await ann.silence();
    await desk.say({ action: "quit" });
    await expect("bob", "offline");
    for (const each of [ann, eve, bare]) await each.silence();
  },
);
