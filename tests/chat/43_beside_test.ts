// What the account tool changes beside a running server counts for the next request, and not only within a second.

import assert from "node:assert/strict";
import { PASSWORD, withAccounts } from "./accounts.ts";
import { beside } from "./beside.ts";
import { cannot, type Chat, start } from "./start.ts";
import { memoryStore, type Store } from "./store.ts";

const time = 1;

/** A server with an operator `op`, which looks at the journal only when it is told to; and the store as another program has it. */
const withOperator = (act: (chat: Chat, tool: Store) => Promise<void>) => beside(act, ["op"], { frozen: true });

const ORDERS = [
  { action: "kick", time, user_id: "bob" },
  { action: "ban", time, user_id: "bob" },
  { action: "ban", time, address: "10.0.0.7" },
  { action: "mute", time, user_id: "bob" },
  { action: "unban", time, user_id: "bob" },
  { action: "promote", time, user_id: "op" },
  { action: "bans", time },
  { action: "motd", time, text: "hello" },
  { action: "inspect", time },
];

Deno.test(
  "an operator that was just demoted or removed gives no order any more",
  { ignore: cannot },
  () =>
    withOperator(async (chat, tool) => {
      const { id } = tool.snapshot().accounts[0]!;
      const bob = await chat.join("bob");
      for (const order of ORDERS) {
        tool.changeAccount(id, { operator: true });
        chat.maintenance();
        const op = await chat.login("op");
        tool.changeAccount(id, { operator: false });
        await op.say(order);
        assert.equal((await op.hear()).response, 403, JSON.stringify(order));
        await op.end();
      }
      const op = await chat.login("op");
      tool.removeAccount(id);
      await op.say(ORDERS[0]!);
      await op.expect({ response: 401, error: 'The account "op" has been removed' });
      await op.expectEnd();
      await bob.silence();
    }),
);

Deno.test(
  "a guest says nothing more by a name that was just given to an account",
  { ignore: cannot },
  () =>
    withOperator(async (chat, tool) => {
      const squatter = await chat.join("teacher"), bob = await chat.join("bob"), watcher = await chat.connect();
      await watcher.enter("watcher", { watch: true });
      await watcher.say({ action: "join", time, room: "#cats" });
      await watcher.expect({ response: 201 });
      await squatter.sayOk({ action: "join", time, room: "#cats" });
      await watcher.expect({ action: "join", user: { account_name: "teacher" } });
      await withAccounts(tool, "teacher");
      chat.pass(20);
      await squatter.say({ action: "msg", time, to: "#all", message: "no lesson tomorrow" });
      await squatter.expect({ response: 101, account_name: "teacher (guest)" });
      await squatter.expect({ response: 200 });
      await bob.expect({ from: "teacher (guest)", message: "no lesson tomorrow" });
      const guest = { account_name: "teacher (guest)" };
      await watcher.expect({ action: "presence", user: { account_name: "teacher", status: "offline" } });
      await watcher.expect({ action: "presence", user: { ...guest, status: "online" } });
      await watcher.expect({ action: "join", room: "#cats", user: guest });
    }),
);

Deno.test(
  "an account that is renamed is logged out, and has all of its past by the new name",
  { ignore: cannot },
  () =>
    withOperator(async (chat, tool) => {
      await withAccounts(tool, "an\u200bn", "bob");
      const bob = await chat.login("bob"), watcher = await chat.connect(), squatter = await chat.join("anna");
      await watcher.enter("watcher", { watch: true });
      await bob.sayOk({ action: "add_contact", time, user_id: "bob" });
      const id = tool.snapshot().accounts.find(({ name }) => name === "an\u200bn")!.id;
      tool.changeAccount(id, { name: "ann" });
      const ann = await chat.login("ann");
      await bob.sayOk({ action: "msg", time, to: "ann", message: "hello" });
      await ann.expect({ from: "bob", to: "ann" });
      await bob.sayOk({ action: "add_contact", time, user_id: "ann" });
      tool.changeAccount(id, { name: "Anna" });
      chat.maintenance();
      await ann.expect({ response: 401, error: 'The account "ann" is "Anna" now, so authenticate by that name' });
      await ann.expectEnd();
      await squatter.expect({ response: 101, account_name: "anna (guest)" });
      const anna = await chat.login("Anna");
      assert.equal((await anna.ask({ action: "history", time, with: "bob" })).length, 1);
      assert.equal((await bob.ask({ action: "history", time, with: "anna" })).length, 1);
      assert.deepEqual(
        (await bob.ask({ action: "get_contacts", time })).map(({ user_id }) => user_id),
        ["Anna", "bob"],
      );
      const guest = await chat.join("ann"); // the name that the account had
      await guest.sayOk({ action: "msg", time, to: "Anna", message: "hello" });
      await anna.expect({ from: "ann", to: "Anna" });
    }),
);

Deno.test(
  "an account that is renamed stays banned and muted",
  { ignore: cannot },
  () =>
    withOperator(async (chat, tool) => {
      await withAccounts(tool, "eve");
      const op = await chat.login("op"), eve = await chat.login("eve");
      await op.sayOk({ action: "mute", time, user_id: "eve" });
      const id = tool.snapshot().accounts.find(({ name }) => name === "eve")!.id;
      tool.changeAccount(id, { name: "eva" });
      chat.maintenance();
      await eve.expect({ response: 401 });
      const eva = await chat.login("eva");
      await eva.say({ action: "msg", time, to: "#all", message: "spam" });
      await eva.expect({ response: 403, error: "You may not write here" });
      await op.sayOk({ action: "ban", time, user_id: "eva" });
      tool.changeAccount(id, { name: "evi" });
      assert.deepEqual(
        (await op.ask({ action: "bans", time })).map(({ kind, user_id }) => [kind, user_id]),
        [["ban", "evi"], ["mute", "evi"]],
      );
      const evi = await chat.connect();
      await evi.say({ action: "authenticate", time, user: { account_name: "evi", password: PASSWORD } });
      await evi.expect({ response: 403 });
      await chat.join("eve"); // nobody's name any more
    }),
);

Deno.test(
  "the server says at its start which accounts nobody can log in to, and what to do",
  { ignore: cannot },
  async () => {
    const store = memoryStore();
    await withAccounts(store, "an\u200bn", "bob");
    await using chat = await start({ store, logged: true });
    await chat.join("eve");
    const warnings = chat.log().filter((line) => line.includes("Nobody can log in as"));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /"an.*n", for that is no name any more; give .* deno task account rename NAME NEW/);
  },
);
