// The chat itself: what each client receives, from which sender, and how the sender is answered. On both backends of select/.

import { ACTION_LIST } from "../action_list.ts";
import assert from "node:assert/strict";
import { type SelectName, selects } from "../../select/mod.ts";
import { cannot, start } from "./start.ts";

const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1764000000, to: "#all", message, ...more });

for (const select of Object.keys(selects) as SelectName[]) {
  Deno.test(`${select}: everybody but its sender hears a message, and its sender gets one 200`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ select });
    const ann = await chat.join("ann"), bob = await chat.join("bob"), eve = await chat.join("eve");
    await ann.say(msg("Привет, 😀!"));
    await ann.expect({ response: 200, alert: "ok" });
    for (const other of [bob, eve]) {
      const { id, ...relay } = await other.hear();
      assert.ok(Number.isSafeInteger(id));
      assert.deepEqual(relay, {
        action: "msg",
        time: 1764000000,
        to: "#all",
        from: "ann",
        encoding: "utf-8",
        message: "Привет, 😀!",
      });
    }
    for (const each of [ann, bob, eve]) await each.silence();
  });

  Deno.test(`${select}: many speak at once, and each hears all that the others said, in each one's order`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ select });
    const names = ["ann", "bob", "eve", "joe"];
    const peers = await Promise.all(names.map((name) => chat.join(name)));
    const MANY = 50;
    await Promise.all(peers.map(async (peer, who) => {
      for (let i = 0; i < MANY; i++) await peer.say(msg(`${names[who]} ${i}`));
    }));
    for (const [who, peer] of peers.entries()) {
      const heard = await peer.hearAll(MANY * names.length);
      const own = heard.filter(({ response }) => response === 200);
      assert.equal(own.length, MANY);
      const next = new Map(names.map((name) => [name, 0]));
      for (const { from, message } of heard.filter(({ action }) => action === "msg")) {
        assert.equal(message, `${from} ${next.get(from)}`);
        next.set(from, next.get(from)! + 1);
      }
      assert.deepEqual([...next.values()], names.map((_, i) => i === who ? 0 : MANY));
      await peer.silence();
    }
  });
}

Deno.test("a message goes to the common chat by each of its names, or by none", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  for (const to of ["#all", "#chat", "#", "#ALL", "#Chat", "", null, undefined]) {
    await ann.sayOk(msg(`to ${to}`, { to }));
    await bob.expect({ to: "#all", message: `to ${to}` });
  }
});

Deno.test("who said it is what the server knows, not what the message claims", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await ann.sayOk(msg("it was bob", { from: "bob", id: 1, encoding: "ascii" }));
  await bob.expect({ from: "ann", message: "it was bob", encoding: "utf-8" });
});

Deno.test("ids grow, whichever way a message took", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob"), eve = await chat.join("eve");
  const canonical = '{"action":"msg","time":1,"to":"#all","from":"ann","encoding":"utf-8","message":"as it is"}\n';
  const before = Date.now() * 1000;
  await ann.say(msg("one"), canonical, msg("for you", { to: "bob" }), canonical, canonical);
  await ann.hearAll(5);
  await eve.hearAll(4);
  await eve.sayOk(msg("two"));
  const heard = await bob.hearAll(6);
  const ids = heard.map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
  assert.ok(ids[0] > before - 60e6, "a later server counts on from its clock");
  assert.deepEqual(heard.map(({ message }) => message), ["one", "as it is", "for you", "as it is", "as it is", "two"]);
});

Deno.test("a time comes as a number or a numeric string, and is relayed as a number", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  for (const [time, relayed] of [[1.5, 1.5], [0, 0], ["1764000000", 1764000000], [" 1764000000.25 ", 1764000000.25]]) {
    await ann.sayOk(msg("when", { time }));
    await bob.expect({ time: relayed });
  }
});

Deno.test("another time is refused to a line speaker", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  for (const time of [" 11:47PM", "2026-11-22T12:03:00", null, undefined, {}]) {
    await ann.say(msg("when", { time }));
    const { error } = await ann.expect({ response: 400 });
    assert.match(error, /^time: expected Unix seconds as a number, got /);
  }
  await bob.silence();
});

Deno.test(
  "another time of a bare speaker is the server's own, and the answer says so",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    const ann = await chat.bare(), bob = await chat.join("bob");
    await ann.enter("ann");
    for (const time of [" 11:47PM", "2026-11-22T12:03:00"]) {
      const { alert } = await ann.sayOk(msg("when", { time }));
      assert.match(
        alert,
        /^ok; time: expected Unix seconds as a number, such as 1764000000, so the server's own time is used/,
      );
      const heard = await bob.hear();
      assert.ok(Math.abs(heard.time - Date.now() / 1000) < 60, `${heard.time}`);
    }
  },
);

Deno.test("a private message goes to everybody of that name and to nobody else", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), eve = await chat.join("eve");
  const guests = [await chat.join("Guest"), await chat.join("Guest")];
  await ann.sayOk(msg("psst", { to: "Guest" }));
  for (const guest of guests) await guest.expect({ from: "ann", to: "Guest", message: "psst" });
  for (const each of [ann, eve, ...guests]) await each.silence();
  // A namesake's own word is not sent back to it.
  await guests[0]!.sayOk(msg("you too", { to: "Guest" }));
  await guests[1]!.expect({ from: "Guest", message: "you too" });
  await guests[0]!.silence();
});

Deno.test("a message to nobody is 404, and nobody hears it", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await chat.connect(); // has no name, so cannot be meant
  for (const to of ["eve", "Bobby"]) {
    await ann.say(msg("hello?", { to }));
    await ann.expect({ response: 404, error: `to: nobody here has the name ${JSON.stringify(to)}` });
  }
  await ann.say(msg("hello?", { to: "#cats" }));
  await ann.expect({ response: 404, error: 'to: there is no room "#cats"; the first join makes it' });
  await bob.silence();
});

Deno.test("a guest that has left is gone, even while it is still connected", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await bob.say({ action: "quit", time: 1 });
  await bob.expect({ response: 200 });
  await ann.say(msg("bob?", { to: "bob" }));
  await ann.expect({ response: 410, error: 'to: "bob" was a guest and has left' });
  await bob.expectEnd();
});

Deno.test("a message that needs no mending is relayed by its own bytes", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  const said = '{"action":"msg","time":1764000000.50,"to":"#all","from":"ann","encoding":"utf-8","message":"Ж😀/"';
  await ann.sayOk(`${said}}\n`);
  const { id } = await bob.hear();
  assert.equal(bob.segments.at(-1), `${said},"id":${id}}\n`);
});

Deno.test("an action that nobody knows is refused, and all that are known are named", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann");
  await ann.say({ action: "dance", time: 1 });
  const { error } = await ann.expect({ response: 400 });
  assert.equal(
    error,
    `action: expected one of ${ACTION_LIST}, got "dance", which is no action of JIM`,
  );
});
