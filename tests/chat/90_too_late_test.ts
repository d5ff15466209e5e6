// Two requests are under way to the log on two servers, and each knows nothing of the other: whichever comes first, nobody is in a
// room that may not be, and of the same people there is one direct group.

import assert from "node:assert/strict";
import type { MemberRecord } from "../../server/journal/records/rooms.ts";
import { register } from "./accounts.ts";
import { cannot, type Peer } from "./start.ts";
import { about, join, make, modern, roomsOf } from "./rooms.ts";
import { startServers } from "./two_servers.ts";
import { until } from "./within.ts";

const accounts = ["ann", "bob", "cat"];

/** Ann, the owner of `#cats`, and Bob on another server; what they ask for at one moment comes into the log in either order. */
async function meet() {
  const chat = await startServers(2, { accounts }), [one, two] = chat.all, { hub } = chat.log;
  const ann = await modern(one!, "ann"), bob = await modern(two!, "bob");
  await make(ann, "#cats");
  await bob.silence();
  return { chat, ann, bob, atOnce, [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() };

  /** @param order which of the two comes into the log first */
  async function atOnce(first: [Peer, object], second: [Peer, object], order: Order): Promise<void> {
    // What the servers note each second, such as what was read, is in the log before: it would come in between.
    await chat.pass(1);
    for (const each of [ann, bob]) await each.silence();
    const held: (() => void)[] = hub.held = [];
    for (const [i, [peer, request]] of [first, second].entries()) {
      await peer.say(request);
      await until("an entry on its way", () => held.length === i + 1);
    }
    hub.held = undefined;
    if (order === "the second first") held.reverse();
    for (const arrive of held) arrive();
  }
}

type Order = "the first first" | "the second first";
const ORDERS: Order[] = ["the first first", "the second first"];

async function members(ann: Peer): Promise<string[]> {
  return (await ann.ask(about("members", "#cats"))).map(({ user_id }) => user_id);
}

for (const order of ORDERS) {
  Deno.test(`of a join and a ban at once, ${order}, the account is out`, { ignore: cannot }, async () => {
    await using both = await meet();
    const { ann, bob } = both;
    await both.atOnce([bob, join("#cats")], [ann, about("ban", "#cats", { user_id: "bob" })], order);
    await bob.expect({ response: order === "the first first" ? 200 : 403 });
    if (order === "the first first") {
      await bob.expect({ action: "kick", room: "#cats", by: "ann" });
      await ann.expect({ response: 200 });
    } else await ann.expect({ response: 200 });
    for (const each of [ann, bob]) await each.silence();
    assert.deepEqual(await members(ann), ["ann"]);
    // A server of an older version, which lets the account in, puts it out by the record behind.
    const moves = both.chat.log.records().filter(({ kind }) => kind === "member") as MemberRecord[];
    assert.deepEqual(moves.map(({ is }) => is), [true, false]);
  });

  Deno.test(`of a join and an order that makes the room private at once, ${order}, nobody comes in behind it`, {
    ignore: cannot,
  }, async () => {
    await using both = await meet();
    const { ann, bob } = both;
    await both.atOnce([bob, join("#cats")], [ann, about("configure", "#cats", { private: true })], order);
    const isIn = order === "the first first";
    await bob.expect({ response: isIn ? 200 : 201 }); // a room of its own, as where there is none
    if (isIn) await bob.expect({ action: "configure" });
    await ann.expect({ response: 200 });
    await ann.expect({ action: "configure" });
    assert.deepEqual(await members(ann), isIn ? ["ann", "bob"] : ["ann"]);
    for (const each of [ann, bob]) await each.silence();
  });

  Deno.test(
    `of a guest's join and a ban, or an order that makes the room private, at once, ${order}, none comes in behind`,
    {
      ignore: cannot,
    },
    async () => {
      for (
        const request of [about("ban", "#cats", { user_id: "zoe" }), about("configure", "#cats", { private: true })]
      ) {
        await using both = await meet();
        const { ann, chat } = both, zoe = await chat.all[1]!.join("zoe"), isFirst = order === "the first first";
        await both.atOnce([zoe, join("#cats")], [ann, request], order);
        const isHidden = request.action === "configure";
        await zoe.expect({ response: isFirst ? 200 : isHidden ? 404 : 403 });
        await ann.expect({ response: 200 });
        if (isHidden) await ann.expect({ action: "configure" });
        const stays = isFirst && isHidden;
        await until("none but those", async () => (await members(ann)).length === (stays ? 2 : 1));
      }
    },
  );

  Deno.test(`of a kick and a join by another name of the room at once, ${order}, the account is out`, {
    ignore: cannot,
  }, async () => {
    await using both = await meet();
    const { ann, bob } = both;
    await bob.sayOk(join("#cats"));
    await ann.sayOk(about("rename", "#cats", { name: "#lions" }));
    await ann.expect({ action: "rename" });
    await bob.expect({ action: "rename" });
    await both.atOnce([bob, join("#lions")], [ann, about("kick", "#lions", { user_id: "bob" })], order);
    await bob.expect({ response: 200 });
    await bob.expect({ action: "kick" });
    await ann.expect({ response: 200 });
    for (const each of [ann, bob]) await each.silence();
    assert.deepEqual((await ann.ask(about("members", "#lions"))).map(({ user_id }) => user_id), ["ann"]);
  });
}

Deno.test("a kick takes the invitation of an account with a join under way, and then puts it out", {
  ignore: cannot,
}, async () => {
  await using both = await meet();
  const { ann, bob } = both;
  await ann.sayOk(about("configure", "#cats", { private: true }));
  await ann.expect({ action: "configure" });
  await ann.sayOk(about("invite", "#cats", { user_id: "bob" }));
  await bob.expect({ action: "invite" });
  await both.atOnce([bob, join("#cats")], [ann, about("kick", "#cats", { user_id: "bob" })], "the first first");
  await bob.expect({ response: 200 });
  await bob.expect({ action: "uninvite" });
  await bob.expect({ action: "kick", room: "#cats" });
  await ann.expect({ response: 200 });
  for (const each of [ann, bob]) await each.silence();
  assert.deepEqual(await members(ann), ["ann"]);
});

Deno.test("a guest that registers takes no room with it from which it is banned at that moment", {
  ignore: cannot,
}, async () => {
  await using both = await meet();
  const { ann, chat } = both, zoe = await chat.all[1]!.join("zoe");
  await zoe.sayOk(join("#cats"));
  await both.atOnce([ann, about("ban", "#cats", { user_id: "zoe" })], [zoe, register("zoe")], "the first first");
  await ann.expect({ response: 200 });
  await until("its way out", async () => (await members(ann)).length === 1);
  await ann.silence();
});

Deno.test("two members that make a direct group at once make one", { ignore: cannot }, async () => {
  await using both = await meet();
  const { ann, bob } = both, users = (...names: string[]) => ({ action: "group", time: 1, users: names });
  await both.atOnce([ann, users("bob", "cat")], [bob, users("cat", "ann")], "the first first");
  const { room } = await ann.expect({ response: 201 });
  await bob.expect({ action: "group", room });
  await bob.expect({ response: 200, room });
  for (const each of [ann, bob]) await each.silence();
  assert.deepEqual(await roomsOf(bob), ["#all", "#cats", room]);
});
