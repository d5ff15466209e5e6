// Rooms with owners and moderators: who may do what there, and what every kind of program is told of it.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";

const room = "#cats", features = ["rooms", "id"];
const join = { action: "join", time: 1, room };
const msg = (message: string) => ({ action: "msg", time: 1, to: room, message });
const rank = (user_id: string, rank: string) => ({ action: "rank", time: 1, room, user_id, rank });
const order = (action: string, user_id: string, more: object = {}) => ({ action, time: 1, room, user_id, ...more });
const list = (action: string) => ({ action, time: 1, room });

async function modern(chat: Chat, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.sayOk({ ...authenticate(name), features });
  return peer;
}

async function refusedAs(peer: Peer, said: object, response: number, error: string): Promise<void> {
  await peer.say(said);
  assert.equal((await peer.expect({ response })).error, error);
}

const accounts = ["ann", "bob", "cat", "eve"], operators = ["op"];

Deno.test("the account that makes a room owns it, and shares that with others", { ignore: cannot }, async () => {
  await using chat = await start({ accounts, operators });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), cat = await chat.login("cat");
  const zoe = await chat.join("zoe"), op = await chat.login("op");
  await ann.say(join);
  await ann.expect({ response: 201 });
  for (const each of [bob, cat, zoe]) await each.sayOk(join);
  await refusedAs(bob, rank("cat", "moderator"), 403, 'action: "rank" is for the owners of #cats, and for operators');
  await refusedAs(
    ann,
    rank("eve", "owner"),
    404,
    'user_id: "eve" is no member of #cats; the action members lists them',
  );
  await refusedAs(
    ann,
    rank("zoe", "owner"),
    404,
    'user_id: "zoe" has no account: a guest\'s name is proved by nobody, so it can have no rank',
  );
  await refusedAs(ann, rank("bob", "king"), 400, 'rank: expected "owner", "moderator" or "member", got "king"');
  await refusedAs(
    op,
    { ...rank("bob", "owner"), room: "#dogs" },
    404,
    'room: there is no room "#dogs"; the first join makes it',
  );

  await ann.sayOk(rank("BOB", "moderator"));
  const told = { action: "rank", room, user_id: "bob", rank: "moderator", by: "ann" };
  for (const each of [ann, bob]) await each.expect(told);
  for (const each of [cat, zoe]) await each.silence();
  await ann.sayOk(rank("cat", "owner"));
  for (const each of [ann, bob]) await each.expect({ user_id: "cat", rank: "owner" });
  await cat.expect({ response: 100, alert: "ann has made you an owner of #cats" });
  await refusedAs(ann, rank("cat", "owner"), 409, 'user_id: "cat" has the rank owner already');
  const rows = await zoe.ask(list("members"));
  assert.deepEqual(rows, [
    { action: "member_list", user_id: "ann", role: "account", rank: "owner", online: true },
    { action: "member_list", user_id: "cat", role: "account", rank: "owner", online: true },
    { action: "member_list", user_id: "bob", role: "account", rank: "moderator", online: true },
    { action: "member_list", user_id: "zoe", role: "guest", online: true },
  ]);
  const [, row] = await bob.ask({ action: "rooms", time: 1 });
  assert.deepEqual(row, { action: "room_list", room, member: true, rank: "moderator" });
  assert.deepEqual((await cat.ask({ action: "rooms", time: 1 }))[1], { action: "room_list", room, member: true });

  await cat.sayOk(rank("ann", "member"));
  for (const each of [ann, bob]) await each.expect({ user_id: "ann", rank: "member", by: "cat" });
  await refusedAs(ann, rank("ann", "owner"), 403, 'action: "rank" is for the owners of #cats, and for operators');
  await op.sayOk(rank("cat", "member")); // an operator need not be in the room
  for (const each of [ann, bob]) await each.expect({ user_id: "cat", rank: "member", by: "op" });
  await cat.expect({ response: 100, alert: "op has taken away your rank in #cats" });
});

Deno.test("a moderator takes away messages, silences and puts out, those alone that have no rank", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts, operators });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), cat = await chat.login("cat");
  const zoe = await chat.join("zoe"), op = await chat.login("op"), eve = await chat.login("eve");
  await ann.say(join);
  await ann.expect({ response: 201 });
  for (const each of [bob, cat, zoe, op]) await each.sayOk(join);
  await ann.sayOk(rank("bob", "moderator"));
  for (const each of [ann, bob]) await each.expect({ action: "rank" });

  await cat.sayOk(msg("spam"));
  const { id } = await bob.expect({ message: "spam" });
  for (const each of [ann, zoe, op]) await each.expect({ message: "spam" });
  const deletion = { action: "delete", time: 1, to: room, id };
  await refusedAs(zoe, deletion, 403, `id: expected the id of a message of your own, got ${id}, which is of "cat"`);
  await bob.sayOk(deletion);
  await refusedAs(ann, { ...deletion, action: "edit", message: "x" }, 410, `id: the message ${id} was deleted`);

  const higher = (name: string) => `user_id: expected somebody whose rank in the room is below yours, got "${name}"`;
  await refusedAs(bob, order("kick", "ann"), 403, higher("ann"));
  await refusedAs(bob, order("kick", "op"), 403, higher("op"));
  await refusedAs(ann, order("mute", "op"), 403, higher("op"));
  await refusedAs(ann, order("ban", "ann"), 400, 'user_id: expected somebody else, for "ann" includes yourself');
  await refusedAs(
    cat,
    order("kick", "zoe"),
    403,
    'action: "kick" is for the owners and moderators of #cats, and for operators',
  );
  await refusedAs(eve, order("kick", "zoe"), 403, 'room: expected a room that you are in, so join "#cats" first');
  await refusedAs(
    bob,
    order("kick", "eve"),
    404,
    'user_id: "eve" is no member of #cats; the action members lists them',
  );
  await refusedAs(
    bob,
    { ...order("promote", "eve") },
    400,
    'room: expected none in this order, got "#cats": a ban is of a user_id or of an address, a mute or a kick of a user_id; ' +
      "only bans and mutes have an end, and only a kick, a ban or a mute of a user_id has a room",
  );

  await bob.sayOk(order("mute", "cat", { for: "10m", reason: "enough" }));
  const { alert, until } = await cat.expect({ response: 100 });
  assert.match(alert, /^You may not write in #cats until .*: enough$/);
  assert.equal(typeof until, "number");
  await cat.say(msg("more"), { action: "topic", time: 1, room, topic: "x" }, {
    ...deletion,
    action: "react",
    emoji: "👍",
  });
  for (let i = 0; i < 3; i++) await cat.expect({ response: 403, error: alert });
  await cat.sayOk({ ...msg("elsewhere"), to: "#all" });
  for (const each of [ann, bob, zoe, op, eve]) await each.expect({ message: "elsewhere" });
  const [muted] = await ann.ask(list("bans"));
  assert.deepEqual({ ...muted, until: 0, since: 0 }, {
    ...{ action: "ban_list", kind: "mute", user_id: "cat", until: 0, by: "bob", reason: "enough", since: 0 },
  });
  await bob.sayOk(order("unmute", "Cat"));
  await refusedAs(
    bob,
    order("unmute", "cat"),
    404,
    'user_id: there is no such ban or mute of "cat"; the action bans lists them',
  );
  await cat.sayOk(msg("thanks"));
  for (const each of [ann, bob, zoe, op]) await each.expect({ message: "thanks" });

  await bob.sayOk(order("kick", "zoe", { reason: "noise" }));
  await zoe.expect({ response: 100, alert: "bob has put you out of #cats: noise" });
  await refusedAs(zoe, msg("?"), 403, 'to: expected a room that you are in, so join "#cats" first');
  await zoe.sayOk(join);
  await ann.sayOk(order("ban", "bob", { reason: "power" }));
  await bob.expect({ action: "kick", room, by: "ann", reason: "power" });
  await refusedAs(bob, join, 403, "room: you may not come into #cats: power");
  await bob.sayOk({ ...msg("all the same"), to: "#all" });
  for (const each of [ann, cat, zoe, op, eve]) await each.expect({ message: "all the same" });
  await op.sayOk(order("unban", "bob"));
  await bob.sayOk(join);
  assert.equal((await bob.ask({ action: "rooms", time: 1 }))[1].rank, "moderator"); // a rank is kept
  for (const each of [ann, bob, cat, zoe, op, eve]) await each.silence();
});

Deno.test("ranks and restraints are kept, and rooms from before there were ranks belong to operators", {
  ignore: cannot,
}, async () => {
  const store = embeddedStore();
  {
    await using chat = await start({ store, accounts, operators });
    const ann = await modern(chat, "ann"), zoe = await chat.join("zoe"), bob = await modern(chat, "bob");
    await ann.say(join);
    await ann.expect({ response: 201 });
    await bob.sayOk(join);
    await ann.sayOk(rank("bob", "moderator"));
    for (const each of [ann, bob]) await each.expect({ action: "rank" });
    await ann.sayOk(order("ban", "eve"));
    await zoe.say({ ...join, room: "#dogs" });
    await zoe.expect({ response: 201 });
    await bob.sayOk({ ...join, room: "#dogs" });
  }
  await using chat = await start({ store });
  const bob = await modern(chat, "bob"), eve = await chat.login("eve"), op = await chat.login("op");
  const ranks = (await bob.ask({ action: "rooms", time: 1 })).map((row) => [row.room, row.rank]);
  assert.deepEqual(ranks, [["#all", undefined], ["#cats", "moderator"], ["#dogs", undefined]]);
  await refusedAs(eve, join, 403, "room: you may not come into #cats");
  const own = { ...rank("bob", "owner"), room: "#dogs" };
  await refusedAs(bob, own, 403, 'action: "rank" is for the owners of #dogs, and for operators');
  await op.sayOk(own);
  await bob.expect({ action: "rank", room: "#dogs", user_id: "bob", rank: "owner", by: "op" });
});

Deno.test("on two servers ranks and orders are the same, and of two owners that demote each other one stays", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts, operators });
  const [one, two] = chat.all;
  const ann = await modern(one!, "ann"), bob = await modern(two!, "bob"), zoe = await two!.join("zoe");
  const cat = await two!.login("cat");
  await ann.say(join);
  await ann.expect({ response: 201 });
  for (const each of [bob, zoe, cat]) await each.sayOk(join);
  await ann.sayOk(rank("bob", "owner"));
  for (const each of [ann, bob]) await each.expect({ action: "rank", user_id: "bob", rank: "owner", by: "ann" });
  await ann.sayOk(order("kick", "zoe", { reason: "noise" }));
  await zoe.expect({ response: 100, alert: "ann has put you out of #cats: noise" });
  await ann.sayOk(order("ban", "cat"));
  await cat.expect({ response: 100, alert: "ann has put you out of #cats" });
  await refusedAs(cat, join, 403, "room: you may not come into #cats");
  await Promise.all([ann.say(rank("bob", "member")), bob.say(rank("ann", "member"))]);
  const codes: number[] = [];
  for (const each of [ann, bob]) {
    for (let heard = await each.hear();; heard = await each.hear()) {
      if (heard.response === undefined) continue; // the rank that was taken, which is told to both
      codes.push(heard.response);
      break;
    }
  }
  assert.deepEqual(codes.sort(), [200, 403]);
  for (const server of chat.all) {
    const rows = await (await server.login("op")).ask(list("members"));
    assert.equal(rows.filter(({ rank }) => rank === "owner").length, 1);
  }
});
