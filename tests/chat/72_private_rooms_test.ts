// Rooms that nobody sees but those that are invited, and rooms in which only owners write.

import assert from "node:assert/strict";
import { ACTIONS } from "../../jim/mod.ts";
import { cannot, type Peer, start } from "./start.ts";
import { about, join, make, modern, msg, refusedAs, roomsOf } from "./rooms.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";
import { authenticate } from "./accounts.ts";

const accounts = ["ann", "bob", "cat", "eve"], operators = ["op"];

/** All that can be asked about a room. */
function requests(room: string, id: number): object[] {
  const person = { user_id: "cat" };
  return [
    msg(room, "hello?"),
    msg(room, "hello?", { reply_to: id }),
    { action: "edit", time: 1, to: room, id, message: "x" },
    { action: "delete", time: 1, to: room, id },
    { action: "react", time: 1, to: room, id, emoji: "👍" },
    { action: "pin", time: 1, to: room, id },
    { action: "read", time: 1, to: room, id },
    { action: "typing", time: 1, to: room },
    { action: "notify", time: 1, to: room, level: "none" },
    about("leave", room),
    about("topic", room, { topic: "x" }),
    about("who_online", room),
    about("members", room),
    about("history", room),
    about("history", room, { events: true, after: 0 }),
    about("search", room, { text: "secret" }),
    about("rank", room, { ...person, rank: "owner" }),
    about("invite", room, person),
    about("uninvite", room, person),
    about("uninvite", room, { user_id: "bob" }),
    about("configure", room, { private: false }),
    about("rename", room, { name: "#other" }),
    about("clear", room),
    about("remove", room),
    about("pins", room),
    ...["kick", "ban", "unban", "mute", "unmute"].map((action) => about(action, room, person)),
    about("bans", room),
    join(room, { create: false }),
    about("add_hook", room, { name: "ci" }),
    about("hooks", room),
    about("del_hook", room, { hook: "x" }),
    { action: "upload", time: 1, to: room, name: "a.txt", size: 5 },
    msg(room.slice(1), "hello?"),
    { action: "typing", time: 1, to: room.slice(1) },
    about("add_contact", room, { user_id: room.slice(1) }),
    { action: "group", time: 1, users: ["bob", "cat", room.slice(1)] },
    // The id of a message there, in another conversation.
    ...["#all", "cat"].flatMap((to) => [
      msg(to, "hello?", { reply_to: id }),
      { action: "edit", time: 1, to, id, message: "x" },
      { action: "delete", time: 1, to, id },
      { action: "react", time: 1, to, id, emoji: "👍" },
      { action: "pin", time: 1, to, id },
    ]),
    { action: "search", time: 1, everywhere: true, text: "secret" },
    { action: "unread", time: 1 },
    { action: "export", time: 1 },
  ];
}

/** Actions that name no room and no message, or are asked about in another way. */
const OTHERS = [
  ..."presence authenticate register status rooms get_contacts del_contact probe change_password sessions end_session"
    .split(" "),
  ..."unregister hook logout quit promote demote motd add_bot bot_token del_bot bots inspect".split(" "),
];

/** What a peer is told on each request, with another name of the room. */
async function answers(peer: Peer, room: string, id: number): Promise<string[]> {
  const heard: string[] = [];
  for (const request of requests(room, id)) {
    await peer.say(request);
    const { time: _, ...answer } = await peer.hear();
    const rows: object[] = [];
    for (let left = answer.quantity ?? 0; left > 0; left--) rows.push(await peer.hear());
    // A session is seen in this second or in the next one, and the latest id is of this millisecond or of that message's.
    const said = JSON.stringify([request, answer, ...rows]).replaceAll(/"(seen|read|last)":\d+/g, '"$1":0');
    heard.push(said.replaceAll(room.slice(1), "ROOM").replaceAll(`${id}`, "ID"));
  }
  return heard;
}

Deno.test("whatever names a room or a message is asked about a private one", () => {
  const asked = requests("#plans", 1).map((request) => (request as { action: string }).action);
  assert.deepEqual([...new Set([...asked, ...OTHERS])].sort(), Object.keys(ACTIONS).sort());
});

Deno.test("to whoever is not invited a private room looks like one that does not exist, whatever is asked", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts, operators });
  const ann = await modern(chat, "ann"), cat = await modern(chat, "cat");
  await make(ann, "#plans", { private: true });
  const { id } = await ann.sayOk(msg("#plans", "a secret"));
  await ann.sayOk({ action: "pin", time: 1, to: "#plans", id });
  await ann.expect({ action: "pin" });
  await ann.sayOk(about("invite", "#plans", { user_id: "cat" }));
  await cat.expect({ action: "invite", room: "#plans", by: "ann" });
  const zoe = await chat.join("zoe"), eve = await modern(chat, "eve"), op = await modern(chat, "op");
  const bob = await modern(chat, "bob", ["rooms", "watch", "topic", "edits", "read"]);
  await ann.sayOk(about("invite", "#plans", { user_id: "eve" }));
  await eve.expect({ action: "invite" });
  await eve.sayOk(join("#plans"));
  await ann.sayOk(about("ban", "#plans", { user_id: "eve" }));
  await eve.expect({ action: "kick", room: "#plans" });
  await eve.expect({ action: "uninvite", room: "#plans" });
  const peers = [bob, zoe, eve];
  for (const peer of peers) {
    const [hidden, missing] = [await answers(peer, "#plans", id), await answers(peer, "#absent", id - 1)];
    assert.deepEqual(hidden, missing);
    const given = hidden.filter((each) => !/"response":40[0134]/.test(each)).map((each) => JSON.parse(each)[0].action);
    assert.deepEqual(given, peer === zoe ? ["typing", "search"] : ["typing", "search", "unread", "export"]);
    assert.deepEqual(await roomsOf(peer), ["#all"]);
    await peer.silence();
  }
  for (const each of [ann, cat]) await each.silence();
  await ann.say({ action: "group", time: 1, users: ["bob", "cat"] });
  const { room: group } = await ann.expect({ response: 201 });
  for (const each of [bob, cat]) await each.expect({ action: "group", room: group });
  const word = await ann.sayOk(msg(group, "a secret"));
  for (const each of [bob, cat]) await each.expect({ message: "a secret" });
  assert.deepEqual(await answers(op, group, word.id), await answers(op, "#absent", word.id - 1));
  // A join makes a room, as it does where there is none.
  await bob.say(join("#Plans"));
  const { time: _, ...made } = await bob.hear();
  assert.deepEqual(made, { response: 201, alert: "created #Plans" });
  await zoe.sayOk(join("#plans"));
  await bob.expect({ action: "join", room: "#Plans", user: { account_name: "zoe" } });
  await zoe.sayOk(msg("#plans", "nobody else here"));
  await bob.expect({ message: "nobody else here", to: "#Plans" });
  await ann.sayOk(msg("#plans", "still alone"));
  await cat.sayOk(join("#plans")); // into the one that it is invited into
  await cat.sayOk(msg("#plans", "here I am"));
  await ann.expect({ message: "here I am" });
  for (const each of [ann, bob, zoe, cat]) await each.silence();
  assert.deepEqual((await zoe.ask(about("history", "#plans"))).map(({ message }) => message), ["nobody else here"]);
  const texts = (await cat.ask(about("history", "#plans"))).map(({ message }) => message);
  assert.deepEqual(texts, ["a secret", "still alone", "here I am"]);
  await refusedAs(
    ann,
    about("configure", "#plans", { private: false }),
    409,
    'room: there is a room "#plans" already',
  );
});

Deno.test(
  "invitations are given, declined and taken back; a plain program joins by one",
  { ignore: cannot },
  async () => {
    const store = embeddedStore();
    {
      await using chat = await start({ store, accounts, operators });
      const ann = await modern(chat, "ann"), bob = await chat.login("bob"), cat = await modern(chat, "cat");
      const zoe = await chat.join("zoe");
      await make(ann, "#team", { private: true });
      await refusedAs(
        zoe,
        join("#mine", { private: true }),
        401,
        'action: "private" is for accounts only, so authenticate or register',
      );
      await refusedAs(
        ann,
        about("invite", "#team", { user_id: "zoe" }),
        404,
        'user_id: "zoe" has no account: a guest\'s name is proved by nobody, so it cannot be invited',
      );
      const invite = (user_id: string, action = "invite") => about(action, "#team", { user_id });
      await ann.sayOk(invite("bob"));
      await bob.expect({ response: 100, alert: "ann invites you to #team, so join it" });
      await refusedAs(ann, invite("bob"), 409, 'user_id: "bob" is invited into #team already, or in it');
      assert.deepEqual(await roomsOf(bob), ["#all", "#team"]);
      await ann.sayOk(invite("cat"));
      await cat.expect({ action: "invite", room: "#team", by: "ann" });
      const [, row] = await cat.ask({ action: "rooms", time: 1 });
      assert.deepEqual(row, { action: "room_list", room: "#team", member: false, invited: true, private: true });
      assert.deepEqual(
        (await ann.ask(about("members", "#team"))).map(({ user_id, rank, invited }) => [user_id, rank, invited]),
        [["ann", "owner", undefined], ["bob", undefined, true], ["cat", undefined, true]],
      );
      await cat.sayOk(invite("cat", "uninvite"));
      assert.deepEqual(await roomsOf(cat), ["#all"]);
      await refusedAs(ann, invite("cat", "uninvite"), 404, 'user_id: "cat" is not invited into #team');
      await bob.sayOk(join("#team"));
      await refusedAs(
        bob,
        invite("cat"),
        403,
        'action: "invite" is for the owners and moderators of #team, and for operators',
      );
      await ann.sayOk(about("kick", "#team", { user_id: "bob" }));
      await bob.expect({ response: 100, alert: "ann has put you out of #team" });
      assert.deepEqual(await roomsOf(bob), ["#all"]); // a kick takes the invitation too
      await ann.sayOk(invite("bob"));
      await bob.hear();
      await ann.sayOk(invite("cat"));
      await cat.expect({ action: "invite", room: "#team" });
      await ann.sayOk(invite("cat", "uninvite"));
      await cat.expect({ action: "uninvite", room: "#team", by: "ann" });
    }
    await using chat = await start({ store });
    const bob = await chat.login("bob"), op = await chat.login("op"), cat = await chat.login("cat");
    await bob.sayOk(join("#team"));
    assert.deepEqual([await roomsOf(op), await roomsOf(cat)], [["#all", "#team"], ["#all"]]); // an operator sees rooms
    const ann = await modern(chat, "ann");
    await ann.sayOk(about("configure", "#team", { private: false }));
    await ann.expect({ action: "configure", room: "#team", private: false, announcements: false, by: "ann" });
    assert.deepEqual(await roomsOf(cat), ["#all", "#team"]);
  },
);

Deno.test("in a room for announcements only owners write, and the others react", { ignore: cannot }, async () => {
  await using chat = await start({ accounts, operators });
  const ann = await modern(chat, "ann", ["rooms", "id", "reactions"]), bob = await chat.login("bob");
  const zoe = await chat.join("zoe");
  await make(ann, "#news");
  for (const each of [bob, zoe]) await each.sayOk(join("#news"));
  await ann.sayOk(about("configure", "#news", { announcements: true }));
  await ann.expect({ action: "configure", room: "#news", private: false, announcements: true });
  const refusal = (at: string) => `${at}: #news has announcements of its owners alone`;
  for (const each of [bob, zoe]) await refusedAs(each, msg("#news", "me too"), 403, refusal("to"));
  await refusedAs(bob, about("topic", "#news", { topic: "x" }), 403, refusal("room"));
  const { id } = await ann.sayOk(msg("#news", "Tomorrow at ten"));
  for (const each of [bob, zoe]) await each.expect({ message: "Tomorrow at ten" });
  await bob.sayOk({ action: "react", time: 1, to: "#news", id, emoji: "👍" });
  await ann.expect({ action: "reaction", from: "bob" });
  await ann.sayOk(about("rank", "#news", { user_id: "bob", rank: "owner" }));
  await ann.expect({ action: "rank" });
  await bob.expect({ response: 100 });
  await bob.sayOk(msg("#news", "At eleven"));
  for (const each of [ann, zoe]) await each.expect({ message: "At eleven" });
  await refusedAs(
    zoe,
    about("configure", "#news", { announcements: false }),
    403,
    'action: "configure" is for the owners of #news, and for operators',
  );
});

Deno.test(
  "on two servers a private room is as hidden, and its members hear each other",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2, { accounts, operators });
    const [one, two] = chat.all;
    const ann = await modern(one!, "ann"), bob = await modern(two!, "bob"), cat = await modern(two!, "cat");
    await make(ann, "#plans", { private: true });
    await ann.sayOk(about("invite", "#plans", { user_id: "bob" }));
    await bob.expect({ action: "invite", room: "#plans", by: "ann" });
    await bob.sayOk(join("#plans"));
    await bob.sayOk(msg("#plans", "between us"));
    await ann.expect({ message: "between us", to: "#plans" });
    assert.deepEqual(await roomsOf(cat), ["#all"]);
    assert.deepEqual(await answers(cat, "#plans", 7), await answers(cat, "#absent", 7));
    await make(cat, "#plans");
    await cat.sayOk(msg("#plans", "alone"));
    for (const each of [ann, bob, cat]) await each.silence();
  },
);

Deno.test("a program that does not know private rooms makes none anew, however long ago the servers' chat began", {
  ignore: cannot,
}, async () => {
  let wall = Date.now();
  await using chat = await startServers(1, { accounts, wall: () => wall });
  const [one] = chat.all, ann = await modern(one!, "ann"), bob = await one!.login("bob"), cat = await one!.connect();
  await make(ann, "#plans");
  await bob.sayOk(join("#plans"));
  wall += 30 * 24 * 3600 * 1000;
  await chat.pass(1);
  await ann.sayOk(about("configure", "#plans", { private: true }));
  await ann.expect({ action: "configure", room: "#plans" });
  await cat.sayOk(authenticate("cat"));
  await cat.say(join("#plans"));
  await cat.expect({ response: 404 });
  await ann.sayOk(about("kick", "#plans", { user_id: "bob" }));
  await bob.expect({ response: 100 });
  await bob.say(join("#plans"));
  await bob.expect({ response: 404 });
});
