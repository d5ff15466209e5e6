// Rooms: made by the first that joins, delivered to members, closed to all others.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { cannot, start } from "./start.ts";
import { guest, ways } from "./ways.ts";

const join = (room: unknown) => ({ action: "join", time: 1, room });
const leave = (room: unknown) => ({ action: "leave", time: 1, room });
const msg = (to: string, message: string) => ({ action: "msg", time: 1, to, message });
const online = (room?: string) => ({ action: "who_online", time: 1, room });
const names = (rows: { user_id: string }[]) => rows.map(({ user_id }) => user_id);

for (const way of ways) {
  Deno.test(
    `${way}: the first to join makes the room, and each join and leave is answered`,
    { ignore: cannot },
    async () => {
      await using chat = await start();
      const ann = await guest(chat, way, "ann"), bob = await guest(chat, way, "bob");
      const steps: [typeof ann, object, number, string][] = [
        [bob, leave("#cats"), 404, 'room: there is no room "#cats"; the first join makes it'],
        [ann, join("#cats"), 201, "created #cats"],
        [bob, leave("#cats"), 403, 'room: expected a room that you are in, so join "#cats" first'],
        [bob, join("#cats"), 200, "welcome to #cats"],
        [bob, join("#cats"), 200, "you are in #cats already"],
        [bob, leave("#cats"), 200, "you have left #cats"],
        [ann, leave("#cats"), 200, "you have left #cats"],
        [bob, join("#cats"), 200, "welcome to #cats"],
        [bob, join("#all"), 400, "room: #all is everybody's room, it can be neither joined nor left"],
        [bob, leave("#CHAT"), 400, "room: #all is everybody's room, it can be neither joined nor left"],
      ];
      for (const [who, words, response, said] of steps) {
        await who.say(words);
        const { alert, error } = await who.expect({ response });
        assert.equal(error ?? alert, said);
      }
    },
  );

  Deno.test(`${way}: a room's members hear what is said there, and nobody else does`, { ignore: cannot }, async () => {
    await using chat = await start();
    const ann = await guest(chat, way, "ann"), bob = await guest(chat, way, "bob"), eve = await chat.join("eve");
    await eve.say(msg("#cats", "meow?"));
    await eve.expect({ response: 404, error: 'to: there is no room "#cats"; the first join makes it' });
    for (const each of [ann, bob]) await each.say(join("#cats")), await each.hear();
    await ann.sayOk(msg("#cats", "meow"));
    await bob.expect({ action: "msg", to: "#cats", from: "ann", message: "meow" });
    await eve.say(msg("#cats", "woof"));
    await eve.expect({ response: 403, error: 'to: expected a room that you are in, so join "#cats" first' });
    await eve.silence();
    await bob.sayOk(leave("#cats"));
    await ann.sayOk(msg("#cats", "alone"));
    for (const each of [ann, bob, eve]) await each.silence();
  });

  Deno.test(`${way}: which rooms there are and who is there`, { ignore: cannot }, async () => {
    await using chat = await start();
    const ann = await guest(chat, way, "ann"), bob = await guest(chat, way, "bob"), eve = await guest(chat, way, "eve");
    await ann.say(join("#dogs"));
    await ann.expect({ response: 201 });
    await bob.say(join("#cats"));
    await bob.expect({ response: 201 });
    await ann.sayOk(join("#cats"));
    assert.deepEqual(await bob.ask({ action: "rooms", time: 1 }), [
      { action: "room_list", room: "#all", member: true },
      { action: "room_list", room: "#cats", member: true },
      { action: "room_list", room: "#dogs", member: false },
    ]);
    assert.deepEqual(await ann.ask(online("#cats")), [
      { action: "online_list", user_id: "ann", role: "guest" },
      { action: "online_list", user_id: "bob", role: "guest" },
    ]);
    for (const room of [undefined, "#all", "#chat"]) {
      assert.deepEqual(names(await eve.ask(online(room))), ["ann", "bob", "eve"]);
    }
    await eve.say(online("#cats"));
    await eve.expect({ response: 403 });
    await eve.say(online("#birds"));
    await eve.expect({ response: 404 });
    await ann.say({ action: "quit" });
    await ann.expect({ response: 200 });
    await ann.end();
    assert.deepEqual(names(await bob.ask(online("#cats"))), ["bob"]);
  });
}

Deno.test(
  "joining ten thousand rooms ends at the limit, and one that is left makes room",
  { ignore: cannot },
  async () => {
    await using chat = await start({ accounts: ["ann"], rules: { rooms: 100 } });
    for (const ann of [await chat.join("guest"), await chat.login("ann")]) {
      await ann.say(...Array.from({ length: 10_000 }, (_, i) => join(`#${i}`)));
      const answers = await ann.hearAll(10_000);
      assert.ok(answers.slice(0, 100).every(({ response }) => response === 201 || response === 200));
      const error = "room: expected at most 100 rooms at a time, so leave one first";
      assert.ok(answers.slice(100).every((each) => each.response === 403 && each.error === error));
      const rooms: { member: boolean }[] = await ann.ask({ action: "rooms", time: 1 });
      assert.equal(rooms.filter(({ member }) => member).length, 101, "and #all");
      await ann.sayOk(join("#7"));
      await ann.sayOk(leave("#7"));
      await ann.say(join("#100"));
      assert.ok((await ann.hear()).response < 300);
      await ann.sayOk(leave("#100"));
      await ann.sayOk(join("#7"));
    }
  },
);

Deno.test("a room of two hundred: each hears each word once, a stranger none, an offline account later", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const phone = await chat.login("ann"), desk = await chat.login("ann");
  const away = await chat.login("bob");
  await phone.say(join("#cats"));
  await phone.expect({ response: 201 });
  await away.sayOk(join("#cats"));
  await away.end();
  const others = await Promise.all(Array.from({ length: 198 }, (_, i) => chat.join(`cat ${i}`)));
  const outside = await chat.join("dog");
  for (const each of others) await each.sayOk(join("#cats"));
  assert.equal((await phone.ask(online("#cats"))).length, 199, "ann counts once");

  await phone.sayOk(msg("#cats", "from ann"));
  await others[0]!.expect({ message: "from ann" });
  await others[0]!.sayOk(msg("#cats", "from a cat"));
  for (const each of [desk, ...others.slice(1)]) {
    await each.expect({ to: "#cats", from: "ann", message: "from ann" });
    await each.expect({ to: "#cats", from: "cat 0", message: "from a cat" });
  }
  await phone.expect({ message: "from a cat" });
  for (const each of [phone, desk, outside, ...others]) await each.silence();

  const back = await chat.login("bob");
  await back.expect({ from: "ann", message: "from ann" });
  await back.expect({ from: "cat 0", message: "from a cat" });
  await back.silence();
});

Deno.test("an account is in its rooms by all its devices and when it comes back, a guest as long as it stays", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const ann = await chat.login("ann"), guest = await chat.join("guest");
  await ann.say(join("#cats"));
  await ann.expect({ response: 201 });
  await guest.sayOk(join("#cats"));
  await ann.end();
  await guest.end();
  const back = await chat.login("ann"), again = await chat.join("guest");
  await back.sayOk(msg("#cats", "I am in"));
  await again.say(msg("#cats", "and I?"));
  await again.expect({ response: 403 });
  // A guest that becomes somebody has that one's rooms, and somebody that becomes a guest none.
  await again.sayOk(join("#cats"));
  await back.sayOk(leave("#cats"));
  await again.sayOk(authenticate("ann"));
  await again.say(msg("#cats", "and now?"));
  await again.expect({ response: 403 });
});

Deno.test("a join that is to make no room makes none: of one that was removed, or is hidden by now", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const ann = await chat.login("ann"), bob = await chat.login("bob"), again = { ...join("#plans"), create: false };
  const none = { response: 404, error: 'room: there is no room "#plans"; the first join makes it' };
  await bob.say(again);
  await bob.expect(none);
  await ann.say({ ...join("#plans"), private: true });
  await ann.expect({ response: 201 });
  await ann.sayOk({ action: "invite", time: 1, room: "#plans", user_id: "bob" });
  await bob.expect({ response: 100 });
  await bob.sayOk(again);
  await bob.sayOk(again);
  await ann.sayOk({ action: "kick", time: 1, room: "#plans", user_id: "bob" });
  await bob.expect({ response: 100 });
  await bob.say(again);
  await bob.expect(none);
  assert.deepEqual((await bob.ask({ action: "rooms", time: 1 })).map(({ room }) => room), ["#all"]);
});
