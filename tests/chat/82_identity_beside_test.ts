// Identity while another program changes the accounts beside the server: their guests are renamed, their sessions end, and what
// is said to a name is for its account of that moment.

import assert from "node:assert/strict";
import { authenticate, cheaply, register, withAccounts } from "./accounts.ts";
import { beside } from "./beside.ts";
import { code, history, join, msg, online, presence, search, texts } from "./requests.ts";
import { cannot } from "./start.ts";

Deno.test("an account that the operator makes takes its name from the guests who use it, and they are told", {
  ignore: cannot,
}, () =>
  beside(async (chat, tool) => {
    const watcher = await chat.connect(), bob = await chat.login("bob");
    await watcher.enter("watcher", { watch: true });
    const squatters = [await chat.join("teacher"), await chat.join("Teacher"), await chat.join("tеacher")];
    const bare = await chat.bare();
    await bare.enter("TEACHER");
    for (const name of ["teacher", "tеacher"]) await watcher.expect({ user: { account_name: name, status: "online" } });
    assert.equal(await code(squatters[0]!, join("#cats")), 201);
    await withAccounts(tool, "teacher");
    const teacher = await chat.login("teacher");
    const names = ["teacher (guest)", "Teacher (guest)", "tеacher (guest)"];
    for (const [index, each] of squatters.entries()) {
      await each.expect({ response: 101, account_name: names[index], role: "guest" });
    }
    await bob.sayOk(msg("for the teacher alone", "teacher"));
    await teacher.expect({ message: "for the teacher alone" });
    for (const each of [...squatters, bare]) assert.equal(await code(each, presence("Teacher")), 401);
    const heard = await watcher.hearAll(5);
    assert.deepEqual(
      heard.map(({ user: { account_name }, state, role }) => `${account_name} ${state} ${role}`).sort(),
      [
        "teacher (guest) online guest",
        "teacher offline guest",
        "teacher online account",
        "tеacher (guest) online guest",
        "tеacher offline guest",
      ].sort(),
    );
    await squatters[1]!.sayOk(msg("no lesson tomorrow"));
    for (const each of [teacher, bob, squatters[0]!]) await each.expect({ from: "Teacher (guest)", guest: 2 });
    assert.equal(await code(squatters[0]!, join("#cats")), 200, "it is in there already");
  }, ["bob"]));

Deno.test(
  "a guest's new name is cut, and is no account's and looks like none",
  { ignore: cannot },
  () =>
    beside(async (chat, tool) => {
      const name = "a name of 25 characters a";
      const guest = await chat.join(name);
      await withAccounts(tool, name, "a name of 25 char (guest)");
      chat.maintenance();
      await guest.expect({ response: 101, account_name: "a name of 25 ch (guest 2)" });
    }),
);

Deno.test("removing an account or changing its password ends its sessions, however fast a new one follows", {
  ignore: cannot,
}, () =>
  beside(
    async (chat, tool) => {
      const ann = await chat.login("ann"), bob = await chat.login("bob"), op = await chat.login("op");
      await op.sayOk(msg("SECRET", "ann"));
      await ann.expect({ message: "SECRET" });
      const [account, other] = tool.snapshot().accounts;
      tool.removeAccount(account!.id);
      await withAccounts(tool, "ann");
      tool.changeAccount(other!.id, { password: await cheaply("battery staple"), operator: false });
      chat.maintenance();
      await ann.expect({ response: 401, error: 'The account "ann" has been removed' });
      await ann.expectEnd();
      await bob.expect({ response: 401 });
      await bob.expectEnd();
      const next = await chat.login("ann");
      assert.deepEqual(await next.ask(history({ with: "op" })), []);
      assert.deepEqual(await next.ask(search("secret", { with: "op" })), []);
      await op.sayOk(msg("to the new ann", "ann"));
      await next.expect({ message: "to the new ann" });
      assert.deepEqual(texts(await next.ask(history({ with: "op" }))), ["to the new ann"]);
      assert.deepEqual(texts(await op.ask(history({ with: "ann" }))), ["to the new ann"]);
      assert.equal(await code(await chat.connect(), authenticate("bob")), 402);
      assert.equal(await code(await chat.connect(), authenticate("bob", "battery staple")), 200);
    },
    ["ann", "bob", "op"],
  ));

Deno.test("a name that another program has just registered is taken, and an operator is not replaced", {
  ignore: cannot,
}, () =>
  beside(async (chat, tool) => {
    await withAccounts(tool, "op");
    assert.equal(await code(await chat.connect(), register("OP")), 409);
    assert.equal(await code(await chat.connect(), presence("Op")), 401);
    assert.equal((await (await chat.login("op")).ask(online))[0].role, "operator");
  }));

Deno.test(
  "an account that becomes an operator's is one at once",
  { ignore: cannot },
  () =>
    beside(async (chat, tool) => {
      const ann = await chat.login("ann"), bob = await chat.join("bob");
      const { id, password } = tool.snapshot().accounts[0]!;
      tool.changeAccount(id, { password, operator: true });
      chat.maintenance();
      await ann.sayOk(msg("hello"));
      await bob.expect({ from: "ann", role: "operator" });
    }, ["ann"]),
);

Deno.test("what is said to a name a moment after it has become another account's is for that one", {
  ignore: cannot,
}, () =>
  beside(
    async (chat, tool) => {
      const bob = await chat.login("bob"), ann = await chat.login("ann"), zoe = await chat.join("zoe");
      await bob.sayOk(msg("hello", "ann"));
      await ann.expect({ message: "hello" });
      tool.removeAccount(tool.snapshot().accounts.find(({ name }) => name === "ann")!.id);
      await withAccounts(tool, "ann", "zoe");
      chat.pass(20);
      assert.equal(await code(bob, msg("to the new ann", "ann")), 202);
      assert.equal(await code(bob, msg("to the account zoe", "zoe")), 202);
      await ann.expect({ response: 401 });
      await ann.expectEnd();
      await zoe.expect({ response: 101 });
      await zoe.silence();
      await (await chat.login("ann")).expect({ message: "to the new ann" });
      await (await chat.login("zoe")).expect({ message: "to the account zoe" });
    },
    ["ann", "bob"],
  ));

Deno.test(
  "a program that shows no answers is told in a message that it has another name",
  { ignore: cannot },
  () =>
    beside(async (chat, tool) => {
      const lesson = await chat.bare();
      await lesson.sayOk({ action: "presence", time: 1, user: { account_name: "teacher" } });
      await withAccounts(tool, "teacher");
      chat.maintenance();
      const { action, sender, mess_text, to } = await lesson.hear();
      assert.deepEqual([action, sender, to], ["message", "#server", "teacher (guest)"]);
      assert.match(mess_text, /"teacher" is taken by the account "teacher" now, so you are teacher \(guest\)/);
    }),
);
