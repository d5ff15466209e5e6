// Programs that do not know the feature `rooms`: after a break they join their rooms again, by the names that they know.

import assert from "node:assert/strict";
import { cannot, type Peer, start } from "./start.ts";
import { about, join, make, modern, msg, refusedAs, roomsOf } from "./rooms.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";

const accounts = ["ann", "bob", "cat", "eve"], operators = ["op"];
const removed = (room: string) => `room: "${room}" was removed; join once more to make a new room of that name`;

/** How a program is sent what is said to a room. */
async function addressee(peer: Peer, message: string): Promise<string> {
  return (await peer.expect({ message })).to;
}

async function rename(owner: Peer, room: string, name: string): Promise<void> {
  await owner.sayOk(about("rename", room, { name }));
  await owner.expect({ action: "rename", name });
}

Deno.test("a room that was removed is not made anew by a program that joins it again after a break", {
  ignore: cannot,
}, async () => {
  const store = embeddedStore();
  {
    await using chat = await start({ store, accounts, operators });
    const ann = await modern(chat, "ann"), bob = await chat.login("bob");
    await make(ann, "#cats");
    await bob.sayOk(join("#cats"));
    await rename(ann, "#cats", "#Dogs");
    await bob.end();
    await ann.sayOk(about("remove", "#dogs"));
    // The same whether it logs in or is a guest, by the names that the room had, in any case.
    const back = await chat.login("bob"), zoe = await chat.join("zoe");
    for (const each of [back, zoe]) {
      await refusedAs(each, join("#cats"), 404, removed("#cats"));
      assert.deepEqual(await roomsOf(each), ["#all"]);
      await refusedAs(each, msg("#cats", "?"), 404, 'to: there is no room "#cats"; the first join makes it');
    }
    await back.end();
  }
  await using chat = await start({ store });
  const bob = await chat.login("bob"), eve = await modern(chat, "eve");
  await refusedAs(bob, join("#DOGS"), 404, removed("#DOGS"));
  await refusedAs(
    bob,
    join("#dogs", { create: false }),
    404,
    'room: there is no room "#dogs"; the first join makes it',
  );
  // A person that has read this joins once more.
  await make(bob, "#dogs");
  await make(eve, "#cats"); // the program knows that the room is gone: the person wants a new one
  for (const room of ["#dogs", "#cats"]) await (await chat.login("cat")).sayOk(join(room));
});

Deno.test("rooms that nobody has removed are made at the first join, as ever", { ignore: cannot }, async () => {
  await using chat = await start({ accounts, operators });
  const ann = await modern(chat, "ann"), zoe = await chat.join("zoe");
  await make(zoe, "#cats");
  await zoe.sayOk(about("leave", "#cats"));
  await make(ann, "#plans", { private: true });
  await ann.sayOk(about("remove", "#plans"));
  await make(zoe, "#plans"); // that there was a private room is known to its members alone
  await refusedAs(await chat.login("bob"), join("#dogs", { create: false }), 404, noRoom("#dogs"));
  await make(await chat.login("bob"), "#dogs");
});

const noRoom = (room: string) => `room: there is no room "${room}"; the first join makes it`;

Deno.test("the members of a private room that was removed do not make an open one of its name", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts, operators });
  const [one, two] = chat.all, ann = await modern(one!, "ann"), bob = await two!.login("bob");
  await make(ann, "#plans", { private: true });
  await ann.sayOk(about("invite", "#plans", { user_id: "bob" }));
  await bob.expect({ response: 100 });
  await bob.sayOk(join("#plans"));
  await ann.sayOk(about("remove", "#plans"));
  await bob.expect({ response: 100, alert: "ann has removed the room #plans" });
  for (const server of chat.all) await refusedAs(await server.login("bob"), join("#plans"), 404, removed("#plans"));
});

Deno.test("an account that was put out of a private room does not make an open one of its name", {
  ignore: cannot,
}, async () => {
  const left = (room: string) =>
    `room: you are not in the private room "${room}" any more; join once more to make a new room of that name`;
  const store = embeddedStore();
  {
    await using chat = await start({ store, accounts, operators });
    const ann = await modern(chat, "ann"), bob = await chat.login("bob");
    await make(ann, "#plans", { private: true });
    await ann.sayOk(about("invite", "#plans", { user_id: "bob" }));
    await bob.expect({ response: 100 });
    await bob.sayOk(join("#plans"));
    await ann.sayOk(about("kick", "#plans", { user_id: "bob" }));
    await bob.expect({ response: 100, alert: "ann has put you out of #plans" });
    await refusedAs(await chat.login("bob"), join("#Plans"), 404, left("#Plans"));
    await refusedAs(bob, join("#plans"), 404, left("#plans"));
    // An account that is invited again is let in.
    await ann.sayOk(about("invite", "#plans", { user_id: "bob" }));
    await (await chat.login("bob")).sayOk(join("#plans"));
    await ann.sayOk(about("kick", "#plans", { user_id: "bob" }));
  }
  await using chat = await start({ store });
  const bob = await chat.login("bob");
  await refusedAs(bob, join("#plans"), 404, left("#plans"));
  await make(bob, "#plans");
});

Deno.test("a program that knows one name of a renamed room is sent that one alone, when it is back, too", {
  ignore: cannot,
}, async () => {
  const store = embeddedStore();
  {
    await using chat = await start({ store, accounts, operators });
    const ann = await modern(chat, "ann"), bob = await chat.login("bob");
    await make(ann, "#cats");
    await bob.sayOk(join("#Cats"));
    await rename(ann, "#cats", "#dogs");
    await ann.sayOk(msg("#dogs", "one"));
    assert.equal(await addressee(bob, "one"), "#Cats");
    await bob.end();
    await ann.sayOk(msg("#dogs", "two"));
    const back = await chat.login("bob");
    assert.equal(await addressee(back, "two"), "#Cats");
    assert.deepEqual(await roomsOf(back), ["#all", "#Cats"]);
    assert.equal((await back.sayOk(join("#Cats"))).room, undefined); // as programs do after a break
    assert.deepEqual(await roomsOf(back), ["#all", "#Cats"]);
    assert.deepEqual((await back.ask(about("history", "#Cats"))).map(({ to }) => to), ["#Cats", "#Cats"]);
    const page = await modern(chat, "bob");
    assert.deepEqual((await page.ask(about("history", "#dogs"))).map(({ to }) => to), ["#dogs", "#dogs"]);
    assert.deepEqual(await roomsOf(page), ["#all", "#dogs"]);
    // One that is told of new names may have been away when the room got it.
    assert.equal((await page.sayOk(join("#CATS"))).room, "#dogs");
    // Somebody tells bob the new name. From now on the program knows that one.
    await back.sayOk(join("#dogs"));
    await back.end();
  }
  await using chat = await start({ store });
  const ann = await modern(chat, "ann"), bob = await chat.login("bob");
  assert.deepEqual(await roomsOf(bob), ["#all", "#dogs"]);
  // Four names later the first one leads nowhere: the program is told the present one.
  for (const [room, name] of [["#dogs", "#a"], ["#a", "#b"], ["#b", "#c"]] as const) {
    await rename(ann, room, name);
    await ann.sayOk(msg(name, "hello"));
    assert.equal(await addressee(bob, "hello"), "#dogs");
  }
  await bob.sayOk(msg("#dogs", "still here"));
  assert.equal(await addressee(ann, "still here"), "#c");
  await rename(ann, "#c", "#d");
  await ann.sayOk(msg("#d", "at last"));
  assert.equal(await addressee(bob, "at last"), "#d");
});

Deno.test(
  "a guest does not make an open room of the name of one that is private by now",
  { ignore: cannot },
  async () => {
    const store = embeddedStore(), hidden = { private: true };
    {
      await using chat = await start({ store, accounts, operators });
      const ann = await modern(chat, "ann"), zoe = await chat.join("zoe"), bob = await chat.login("bob");
      await make(ann, "#cats");
      for (const each of [zoe, bob]) await each.sayOk(join("#cats"));
      await ann.sayOk(about("configure", "#cats", hidden));
      await zoe.sayOk(msg("#cats", "still here"));
      await zoe.end();
      const back = await chat.join("zoe");
      await refusedAs(back, join("#Cats"), 404, removed("#Cats"));
      await back.sayOk(about("leave", "#Cats"));
      await (await chat.login("bob")).sayOk(join("#cats")); // a member
      const eve = await modern(chat, "eve");
      await make(eve, "#cats"); // its program knows the feature: a person wants a room
      await make(eve, "#birds");
      await eve.sayOk(about("configure", "#birds", hidden));
    }
    await using chat = await start({ store });
    const zoe = await chat.join("zoe");
    await refusedAs(zoe, join("#birds"), 404, removed("#birds"));
    await make(zoe, "#birds");
  },
);

Deno.test("a program leaves a room that it was put out of or that was removed, and joins it again", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts, operators });
  const ann = await modern(chat, "ann"), bob = await chat.login("bob"), eve = await modern(chat, "eve");
  const zoe = await chat.join("zoe"), room = "#cats", leave = about("leave", room);
  const outside = 'room: expected a room that you are in, so join "#cats" first';
  await make(ann, room);
  for (const each of [bob, eve, zoe]) await each.sayOk(join(room));
  for (const [each, user_id] of [[bob, "bob"], [zoe, "zoe"]] as const) {
    await ann.sayOk(about("kick", room, { user_id }));
    await each.expect({ response: 100, alert: "ann has put you out of #cats" });
    await refusedAs(each, msg(room, "am I?"), 403, outside.replace("room:", "to:"));
    assert.equal((await each.sayOk(leave)).alert, "you have left #cats");
    await refusedAs(each, leave, 403, outside); // as ever
    await each.sayOk(join(room));
  }
  // A program that knows the feature does not show the room any more.
  await ann.sayOk(about("kick", room, { user_id: "eve" }));
  await eve.expect({ action: "kick", room });
  await refusedAs(eve, leave, 403, outside);
  // One that is in again leaves it in earnest.
  await ann.sayOk(about("kick", room, { user_id: "bob" }));
  await bob.expect({ response: 100 });
  await bob.sayOk(join(room));
  await bob.sayOk(leave);
  await refusedAs(bob, leave, 403, outside);
  // A program that is not let in again after a break.
  await ann.sayOk(about("ban", room, { user_id: "bob" }));
  await refusedAs(bob, join(room), 403, "room: you may not come into #cats");
  await bob.sayOk(leave);
  // A room that is removed, by the name that the program knows.
  await rename(ann, room, "#dogs");
  await ann.sayOk(about("remove", "#dogs"));
  await zoe.expect({ response: 100, alert: "ann has removed the room #cats" });
  await zoe.sayOk(leave);
  await refusedAs(zoe, leave, 404, noRoom(room));
  await refusedAs(zoe, join(room), 404, removed(room));
  await zoe.sayOk(leave);
  await make(zoe, room);
});
