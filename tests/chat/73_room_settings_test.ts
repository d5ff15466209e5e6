// Rooms that are renamed, cleared and removed; messages that are pinned; and direct groups.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { cannot, type Chat, start } from "./start.ts";
import { about, join, make, modern, msg, refusedAs, roomsOf } from "./rooms.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";

const accounts = ["ann", "bob", "cat", "eve"], operators = ["op"];
const history = (room: string) => about("history", room);

Deno.test("a room gets another name, and the old one leads on for programs that know no other", {
  ignore: cannot,
}, async () => {
  const store = embeddedStore();
  {
    await using chat = await start({ store, accounts, operators });
    const ann = await modern(chat, "ann"), bob = await chat.login("bob"), cat = await modern(chat, "cat");
    const zoe = await chat.join("zoe");
    await make(ann, "#cats");
    for (const each of [bob, cat]) await each.sayOk(join("#cats"));
    await zoe.sayOk(join("#Cats"));
    await ann.sayOk(msg("#cats", "before"));
    for (const each of [bob, cat, zoe]) await each.expect({ message: "before" });
    const rename = (name: string, room = "#cats") => about("rename", room, { name });
    await refusedAs(cat, rename("#dogs"), 403, 'action: "rename" is for the owners of #cats, and for operators');
    await refusedAs(
      ann,
      rename("#all"),
      400,
      'name: expected a room such as "#cats", of 1 to 25 characters after the #, got "#all"',
    );
    await make(cat, "#birds");
    await refusedAs(ann, rename("#BIRDS"), 409, 'name: there is a room "#BIRDS" already');
    const { alert } = await ann.sayOk(rename("#dogs"));
    assert.equal(alert, "#cats is #dogs now");
    for (const each of [ann, cat]) await each.expect({ action: "rename", room: "#cats", name: "#dogs", by: "ann" });
    await cat.ask(about("pins", "#cats")); // it was on its way when the name was changed
    await ann.sayOk(msg("#dogs", "after"));
    for (const [each, to] of [[bob, "#cats"], [cat, "#dogs"], [zoe, "#Cats"]] as const) {
      await each.expect({ message: "after", to });
    }
    await bob.sayOk(msg("#cats", "as ever"));
    for (const [each, to] of [[ann, "#dogs"], [cat, "#dogs"], [zoe, "#Cats"]] as const) {
      await each.expect({ message: "as ever", to });
    }
    const rows = async (peer: typeof ann, room: string) =>
      (await peer.ask(history(room))).map(({ to, message }) => [to, message]);
    const texts = ["before", "after", "as ever"];
    assert.deepEqual(await rows(bob, "#cats"), texts.map((text) => ["#cats", text]));
    assert.deepEqual(await rows(ann, "#dogs"), texts.map((text) => ["#dogs", text]));
    const late = await chat.join("late");
    await late.sayOk(join("#cats")); // the old name leads to it, so no second room is made
    assert.deepEqual(await roomsOf(late), ["#all", "#birds", "#cats"]);
    for (const each of [ann, bob, cat, zoe]) await each.silence();
    await bob.end();
    await ann.sayOk(msg("#dogs", "bob has missed this"));
    await ann.sayOk(rename("#mice", "#dogs"));
  }
  await using chat = await start({ store });
  const bob = await chat.login("bob");
  await bob.expect({ message: "bob has missed this", to: "#cats", replayed: true }); // as it joined, and knows no other name
  assert.deepEqual(await roomsOf(bob), ["#all", "#birds", "#cats"]);
  const page = await modern(chat, "bob");
  const last = (await page.ask(history("#mice"))).at(-1); // bob is connected, so it is sent nothing as missed
  assert.deepEqual([last.to, last.message], ["#mice", "bob has missed this"]);
  assert.deepEqual(await roomsOf(page), ["#all", "#birds", "#mice"]);
  for (const name of ["#cats", "#dogs", "#mice"]) await bob.sayOk(msg(name, "?"));
});

Deno.test("an owner deletes all messages of a room, or the room", { ignore: cannot }, async () => {
  const store = embeddedStore();
  {
    await using chat = await start({ store, accounts, operators });
    const ann = await modern(chat, "ann"), bob = await chat.login("bob"), zoe = await chat.join("zoe");
    await make(ann, "#cats");
    for (const each of [bob, zoe]) await each.sayOk(join("#cats"));
    const { id } = await ann.sayOk(msg("#cats", "a secret, by mistake"));
    for (const each of [bob, zoe]) await each.hear();
    await refusedAs(bob, about("clear", "#cats"), 403, 'action: "clear" is for the owners of #cats, and for operators');
    assert.equal((await ann.sayOk(about("clear", "#cats"))).alert, "the messages of #cats are deleted");
    await ann.expect({ action: "clear", room: "#cats", by: "ann" });
    for (const each of [bob, zoe]) await each.expect({ response: 100, alert: "ann has deleted all messages of #cats" });
    for (const each of [ann, bob, zoe]) assert.deepEqual(await each.ask(history("#cats")), []);
    assert.deepEqual(await bob.ask(about("search", "#cats", { text: "secret" })), []);
    await refusedAs(
      ann,
      msg("#cats", "x", { reply_to: id }),
      404,
      `reply_to: expected the id of a message of this conversation, got ${id}; history has the ids`,
    );
    await zoe.sayOk(msg("#cats", "afresh"));
    for (const each of [ann, bob]) await each.expect({ message: "afresh", to: "#cats" });
    await make(ann, "#dogs");
    await bob.sayOk(join("#dogs"));
    await ann.sayOk(msg("#dogs", "woof"));
    await bob.hear();
    assert.equal((await ann.sayOk(about("remove", "#dogs"))).alert, "#dogs is removed");
    await ann.expect({ action: "remove", room: "#dogs", by: "ann" });
    await bob.expect({ response: 100, alert: "ann has removed the room #dogs" });
    await refusedAs(bob, msg("#dogs", "?"), 404, 'to: there is no room "#dogs"; the first join makes it');
  }
  await using chat = await start({ store });
  const bob = await chat.login("bob");
  assert.deepEqual(await roomsOf(bob), ["#all", "#cats"]);
  assert.deepEqual((await bob.ask(history("#cats"))).map(({ message }) => message), ["afresh"]);
  await make(await modern(chat, "ann"), "#dogs"); // the name is free
  await bob.sayOk(join("#dogs"));
  assert.deepEqual(await bob.ask(history("#dogs")), []);
});

Deno.test(
  "messages are pinned in a room by its moderators, and in everybody's by operators",
  { ignore: cannot },
  async () => {
    const store = embeddedStore();
    let id = 0;
    const pin = (to: string, id: number, is?: boolean) => ({
      action: "pin",
      time: 1,
      to,
      id,
      ...is === undefined ? {} : { is },
    });
    {
      await using chat = await start({ store, accounts, operators });
      const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), op = await modern(chat, "op");
      await make(ann, "#cats");
      await bob.sayOk(join("#cats"));
      ({ id } = await bob.sayOk(msg("#cats", "the rules")));
      await ann.hear();
      await refusedAs(
        bob,
        pin("#cats", id),
        403,
        'action: "pin" is for the owners and moderators of #cats, and for operators',
      );
      await refusedAs(
        ann,
        pin("#cats", 7),
        404,
        "id: expected the id of a message of this conversation, got 7; history has the ids",
      );
      await ann.sayOk(pin("#cats", id));
      for (const each of [ann, bob]) await each.expect({ action: "pin", to: "#cats", of: id, is: true, by: "ann" });
      await ann.sayOk(pin("#cats", id));
      await refusedAs(ann, pin("#cats", 7, false), 404, "id: the message 7 is not pinned");
      await refusedAs(
        ann,
        pin("bob", id),
        400,
        'to: expected a room such as "#cats", of 1 to 25 characters after the #, got "bob"',
      );
      const said = await op.sayOk(msg("#all", "welcome"));
      for (const each of [ann, bob]) await each.hear();
      await refusedAs(
        ann,
        pin("#all", said.id),
        403,
        'action: "pin" is for the owners and moderators of #all, and for operators',
      );
      await op.sayOk(pin("#all", said.id));
      for (const each of [ann, bob, op]) {
        await each.expect({
          action: "pin",
          to: "#all",
          of: said.id,
          is: true,
          by: "op",
        });
      }
    }
    await using chat = await start({ store });
    const bob = await chat.login("bob"), ann = await chat.login("ann");
    const pins = async (room: string) =>
      (await bob.ask(about("pins", room))).map(({ action, id, by }) => [action, id, by]);
    assert.deepEqual(await pins("#cats"), [["pin_list", id, "ann"]]);
    assert.equal((await pins("#all")).length, 1);
    await ann.sayOk(pin("#cats", id, false));
    assert.deepEqual(await pins("#cats"), []);
    await ann.sayOk(pin("#cats", id));
    await bob.sayOk({ action: "delete", time: 1, to: "#cats", id });
    assert.deepEqual(await pins("#cats"), []);
    await refusedAs(ann, pin("#cats", id, false), 404, `id: the message ${id} is not pinned`);
  },
);

Deno.test("a pin goes with its message, whichever of two servers deletes it, and makes place for others", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts, operators });
  const [one, two] = chat.all, op = await modern(one!, "op"), ann = await modern(one!, "ann");
  const bob = await modern(two!, "bob"), pin = (id: number) => ({ action: "pin", time: 1, to: "#all", id });
  /** The pins that a server lists. */
  const pins = async (chat: Chat): Promise<number[]> => {
    using cat = await chat.login("cat");
    return (await cat.ask(about("pins", "#all"))).map(({ id }) => id);
  };
  const say = async (text: string): Promise<number> => {
    const { id } = await bob.sayOk(msg("#all", text));
    for (const each of [op, ann]) await each.expect({ message: text });
    return id;
  };
  const first = await say("one");
  await op.sayOk(pin(first));
  for (const each of [op, ann, bob]) await each.expect({ action: "pin", of: first, is: true });
  await bob.sayOk({ action: "delete", time: 1, to: "#all", id: first });
  for (const each of [op, ann, bob]) await each.expect({ action: "pin", of: first, is: false, by: "bob" });
  // Pinned on one server and deleted on the other at once: whichever is first, no pin is left.
  const second = await say("two");
  await Promise.all([op.say(pin(second)), bob.say({ action: "delete", time: 1, to: "#all", id: second })]);
  for (const each of [op, bob]) while ((await each.hear()).response === undefined);
  for (const server of chat.all) assert.deepEqual(await pins(server), []);
  // Messages that are too old by now.
  for (let of = 1; of <= 50; of++) chat.log.say({ kind: "pin", is: true, by: "op", time: 1, of });
  const other = await modern(one!, "op", ["id"]), third = (await other.sayOk(msg("#all", "three"))).id;
  await other.sayOk(pin(third));
  for (const server of chat.all) assert.deepEqual(await pins(server), [third]);
});

Deno.test("a direct group is seen by its members alone, who are all alike", { ignore: cannot }, async () => {
  const store = embeddedStore();
  let room = "";
  {
    await using chat = await start({ store, accounts, operators });
    const ann = await modern(chat, "ann"), bob = await chat.login("bob"), cat = await modern(chat, "cat");
    const op = await chat.login("op"), zoe = await chat.join("zoe"), eve = await modern(chat, "eve");
    const group = (...users: string[]) => ({ action: "group", time: 1, users });
    await refusedAs(zoe, group("ann", "bob"), 401, 'action: "group" is for accounts only, so authenticate or register');
    await refusedAs(ann, group("bob"), 400, "users: expected a group of 3 to 20 accounts with your own, got 2");
    await refusedAs(
      ann,
      group("bob", "zoe"),
      404,
      'user_id: "zoe" has no account: a guest\'s name is proved by nobody, so it cannot be invited',
    );
    await ann.say(group("bob", "CAT"));
    ({ room } = await ann.expect({ response: 201 }));
    assert.match(room, /^#group-[a-z0-9]+$/);
    await cat.expect({ action: "group", room, users: ["ann", "bob", "cat"], by: "ann" });
    await bob.expect({ response: 100, alert: `ann has taken you into the group ${room}: ann, bob, cat` });
    assert.equal((await cat.sayOk(group("ann", "bob"))).room, room); // there is one already
    await bob.sayOk(msg(room, "hello"));
    for (const each of [ann, cat]) await each.expect({ message: "hello", to: room });
    for (const each of [op, zoe, eve]) {
      assert.deepEqual(await roomsOf(each), ["#all"]);
      await refusedAs(each, history(room), 404, `room: there is no room "${room}"; the first join makes it`);
    }
    const row = (await cat.ask({ action: "rooms", time: 1 }))[1];
    assert.deepEqual(row, {
      ...{ action: "room_list", room, member: true, private: true, group: true, users: ["ann", "bob", "cat"] },
    });
    for (const action of ["kick", "mute", "ban"]) {
      const said = about(action, room, { user_id: "bob" });
      await refusedAs(
        ann,
        said,
        403,
        `action: "${action}" is for rooms, and ${room} is a group: all its members are alike`,
      );
    }
    await bob.sayOk(about("invite", room, { user_id: "eve" }));
    await eve.expect({ action: "group", room, users: ["ann", "bob", "cat", "eve"], by: "bob" });
    await bob.sayOk(about("leave", room));
    await refusedAs(bob, msg(room, "?"), 404, `to: there is no room "${room}"; the first join makes it`);
  }
  await using chat = await start({ store });
  const eve = await chat.login("eve"), bob = await chat.login("bob");
  assert.deepEqual((await eve.ask(history(room))).map(({ message }) => message), ["hello"]);
  assert.deepEqual(await roomsOf(bob), ["#all"]);
});

Deno.test("on two servers names, clearings, pins and groups are the same", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts, operators });
  const [one, two] = chat.all;
  const ann = await modern(one!, "ann"), bob = await modern(two!, "bob"), plain = await two!.connect();
  await plain.sayOk(authenticate("cat"));
  await make(ann, "#cats");
  for (const each of [bob, plain]) await each.sayOk(join("#cats"));
  await ann.sayOk(about("rank", "#cats", { user_id: "bob", rank: "owner" }));
  for (const each of [ann, bob]) await each.expect({ action: "rank" });
  await ann.sayOk(about("rename", "#cats", { name: "#dogs" }));
  for (const each of [ann, bob]) await each.expect({ action: "rename", room: "#cats", name: "#dogs" });
  const { id } = await ann.sayOk(msg("#dogs", "woof"));
  await bob.expect({ message: "woof", to: "#dogs" });
  await plain.expect({ message: "woof", to: "#cats" });
  await bob.sayOk({ action: "pin", time: 1, to: "#dogs", id });
  for (const each of [ann, bob]) await each.expect({ action: "pin", to: "#dogs", of: id, by: "bob" });
  await bob.sayOk(about("clear", "#dogs"));
  for (const each of [ann, bob]) await each.expect({ action: "clear", room: "#dogs", by: "bob" });
  await plain.expect({ response: 100, alert: "bob has deleted all messages of #cats" });
  for (const each of [ann, bob]) {
    assert.deepEqual(await each.ask(history("#dogs")), []);
    assert.deepEqual(await each.ask(about("pins", "#dogs")), []);
  }
  await plain.sayOk(msg("#cats", "meow"));
  for (const each of [ann, bob]) await each.expect({ message: "meow", to: "#dogs" });
  // A client that was away learns that what it has is gone.
  for (const each of [ann, bob]) {
    const row = (await each.ask({ action: "rooms", time: 1 })).find(({ room }) => room === "#dogs");
    assert.ok(row.cleared > id && row.cleared < (await each.ask(history("#dogs")))[0].id);
  }
  assert.equal((await ann.ask(history("#dogs"))).length, 1);
  await ann.say({ action: "group", time: 1, users: ["bob", "cat"] });
  const { room } = await ann.expect({ response: 201 });
  await bob.expect({ action: "group", room, by: "ann" });
  await plain.expect({ response: 100 });
  await plain.sayOk(msg(room, "three of us"));
  for (const each of [ann, bob]) await each.expect({ message: "three of us", to: room });
  await bob.sayOk(about("remove", "#dogs"));
  for (const each of [ann, bob]) await each.expect({ action: "remove", room: "#dogs", by: "bob" });
  await plain.expect({ response: 100, alert: "bob has removed the room #cats" });
  // What is kept about an account is the same from each server, its sessions aside.
  using other = await one!.login("cat");
  const [here, there] = await Promise.all(
    [plain, other].map(async (peer) =>
      (await peer.ask({ action: "export", time: 1 })).filter(({ action }) => action !== "session_list")
    ),
  );
  assert.deepEqual(here, there);
  assert.deepEqual(here!.map(({ action }) => action), ["account_list", "room_list"]);
});
