// What is kept has limits: bytes a day of an account and of a network, and of all together. At a limit a refusal says which one
// it is and until when, nothing is kept or heard, and what is never kept goes on.
import assert from "node:assert/strict";
import { makeFolder } from "../log/folder.ts";
import { authenticate, cheaply, PASSWORD } from "./accounts.ts";
import { distant, failing } from "./failing.ts";
import { embeddedStore, memoryStore, openStore } from "./store.ts";
import { cannot, start } from "./start.ts";
import { guest, ways } from "./ways.ts";
import { until } from "./within.ts";

const msg = (message: string, to?: string) => ({ action: "msg", time: 1, to, message });
const texts = (rows: { message: string }[]) => rows.map(({ message }) => message);
const DAY = 86_400, long = "x".repeat(400);

for (const way of ways) {
  Deno.test(
    `${way}: an account's messages of a day are kept up to its limit, then refused until the time that is said`,
    {
      ignore: cannot,
    },
    async () => {
      await using chat = await start({ dailyPerAccount: DAY / 10, accounts: ["ann", "bob"] });
      const bob = await chat.login("bob"), ann = await guest(chat, way, "anna");
      await ann.say(authenticate("ann"));
      await ann.expect({ response: 200 });
      await ann.say({ action: "join", time: 1, room: "#cats" });
      await ann.expect({ response: 201 });
      const heard: string[] = [];
      let refused: { error: string } | undefined;
      // A message in the form of its relay is not parsed, and is counted all the same.
      const relay = (text: string) =>
        `{"action":"msg","time":1,"to":"#all","from":"ann","encoding":"utf-8","message":"${text}"}\n`;
      for (let i = 0; refused === undefined && i < 100; i++) {
        await ann.say(way === "line" ? relay(`${i} ${long}`) : msg(`${i} ${long}`));
        const answer: { response: number; error: string } = await ann.hear();
        if (answer.response !== 200) refused = answer;
        else heard.push((await bob.expect({ action: "msg" }) as { message: string }).message);
      }
      assert.ok(refused !== undefined && heard.length >= 16 && heard.length <= 18, `${heard.length}`);
      const [, seconds] = /^message: 8640 bytes of your messages are kept in a day, .+ try again in (\d+) s$/.exec(
        refused.error,
      )!;
      for (const to of ["#cats", "bob"]) {
        await ann.say(msg("lost", to));
        await ann.expect({ response: 403, error: refused.error });
      }
      await bob.silence();
      await bob.sayOk(msg("mine"));
      await ann.expect({ message: "mine" });
      chat.pass(1000 * Number(seconds));
      await ann.sayOk(msg("again"));
      await bob.expect({ message: "again" });
      assert.deepEqual(texts(await bob.ask({ action: "history", time: 1 })), [...heard, "mine", "again"]);
    },
  );
}

Deno.test("guests of one network have one limit; what is never kept, and what operators say, has none", {
  ignore: cannot,
}, async () => {
  const store = memoryStore();
  store.putAccount({ name: "ann", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  await using chat = await start({ store, dailyPerAddress: 1000 });
  const eve = await chat.join("eve"), zed = await chat.join("zed"), ann = await chat.login("ann");
  for (let i = 0; i < 2; i++) {
    await eve.sayOk(msg(long));
    for (const each of [zed, ann]) await each.expect({ message: long });
  }
  for (const each of [eve, zed]) {
    await each.say(msg("lost"));
    await each.expect({ response: 403 });
  }
  await zed.sayOk(msg("between guests", "eve"));
  await ann.sayOk(msg("I may"));
  await zed.expect({ message: "I may" });
  await zed.say(msg("lost", "ann"));
  const { error } = await zed.expect({ response: 403 }) as { error: string };
  assert.match(error, /^message: 1000 bytes of messages from your network are kept in a day/);
  const other = await chat.from("127.0.0.2");
  await other.sayOk({ action: "presence", time: 1, user: { account_name: "far", status: "" } });
  await other.sayOk(msg("from elsewhere"));
});

Deno.test("a journal that has come to its size says so, keeps what it has, and all else goes on", {
  ignore: cannot,
}, async () => {
  using folder = makeFolder();
  const store = openStore({ path: `${folder.path}/hanita.db`, maxBytes: 400_000 });
  {
    await using chat = await start({ store, accounts: ["ann"], language: "ru" });
    const ann = await chat.login("ann");
    let kept = 0;
    for (;; kept++) {
      await ann.say(msg(`${kept} ${"x".repeat(3000)}`));
      const answer: { response: number; error: string } = await ann.hear();
      if (answer.response === 200) continue;
      assert.equal(answer.response, 500);
      assert.match(answer.error, /^На сервере больше нет места/);
      break;
    }
    assert.ok(kept > 10);
    await (await chat.join("eve")).sayOk({ action: "probe", time: 1 });
    const history = await ann.ask({ action: "history", time: 1, limit: 500 });
    assert.equal(history.length, kept);
  }
  await store.close();
});

Deno.test("what the journal did not take counts for no quota: a message, an edit, a reaction", {
  ignore: cannot,
}, async () => {
  const { store, disk } = failing(embeddedStore(), ["append"]);
  await using chat = await start({ store, frozen: true, dailyPerAccount: 1000, accounts: ["ann", "bob"] });
  const ann = await chat.login("ann");
  await ann.say({ action: "join", time: 1, room: "#cats" });
  await ann.expect({ response: 201 });
  await ann.sayOk(msg("kept"));
  const [{ id }] = await ann.ask({ action: "history", time: 1 });
  const edit = { action: "edit", time: 1, id, message: long }, react = { action: "react", time: 1, id, emoji: "🐈" };
  disk.full = true;
  for (const what of [msg(long), msg(long, "#cats"), msg(long, "bob"), edit, react, edit, msg(long)]) {
    await ann.say(what);
    await ann.expect({ response: 500 });
  }
  disk.full = false;
  await ann.sayOk(msg(long));
  await ann.sayOk(edit);
  await ann.say(react);
  await ann.expect({ response: 403 });
});

Deno.test("a message of which nobody knows whether it is kept counts for a quota until it is known that it is not", {
  ignore: cannot,
}, async () => {
  let isFar = false;
  const { store, commits } = distant(embeddedStore(), () => isFar);
  await using chat = await start({ store, frozen: true, journalWait: 5000, dailyPerAccount: 1000, accounts: ["ann"] });
  const ann = await chat.login("ann"), used = { response: 403 };
  for (const works of [false, true]) {
    isFar = true;
    await ann.say(msg("x".repeat(1000)));
    await until("a batch", () => commits.length > 0);
    chat.pass(5000);
    await ann.expect({ response: 500 });
    await ann.say(msg(long));
    await ann.expect(used);
    isFar = false;
    commits.shift()!(works);
  }
  await ann.say(msg(long));
  await ann.expect(used);
});
