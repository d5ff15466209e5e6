// What stays for good is limited by the network that it comes from, and what nobody uses any more goes.

import assert from "node:assert/strict";
import { embeddedStore, memoryStore, openStore, type Store } from "./store.ts";
import { PASSWORD, register } from "./accounts.ts";
import { failing } from "./failing.ts";
import { handHasher } from "./hasher.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";

const HOUR = 3_600_000;
const join = (room: string) => ({ action: "join", time: 1, room });
const leave = (room: string) => ({ action: "leave", time: 1, room });
const msg = (to: string, message: string) => ({ action: "msg", time: 1, to, message });
const history = (room: string) => ({ action: "history", time: 1, room });

async function rooms(peer: Peer): Promise<string[]> {
  return (await peer.ask({ action: "rooms", time: 1 })).map(({ room }) => room);
}

/**
 * Lets time go by, and a minute before it, so that the server looks at empty rooms before and after: it does so once a minute,
 * and perhaps has just done so of its own.
 */
async function wait(chat: Chat, milliseconds: number, peer: Peer): Promise<void> {
  for (const passing of [60_000, milliseconds]) {
    chat.pass(passing);
    chat.maintenance();
    await peer.silence();
  }
}

for (
  const [language, words] of [
    ["en", "room: expected a room that exists, for 3 an hour may be made from your network; the next one in 1200 s"],
    ["ru", "room: ожидалась уже созданная комната: из вашей сети можно создать 3 в час; следующую через 1200 с"],
  ] as const
) {
  Deno.test(`rooms made from one network are limited, by the hour (${language})`, { ignore: cannot }, async () => {
    await using chat = await start({ newRooms: 3, frozen: true, probeAfter: 1e9, language });
    const ann = await chat.join("ann"), bob = await chat.join("bob");
    for (const [peer, room] of [[ann, "#1"], [bob, "#2"], [ann, "#3"]] as const) {
      await peer.say(join(room));
      await peer.expect({ response: 201 });
    }
    for (const peer of [ann, bob]) {
      await peer.say(join("#4"));
      await peer.expect({ response: 403, error: words });
    }
    await bob.sayOk(join("#1")); // it exists
    await ann.sayOk(leave("#1"));
    await ann.sayOk(join("#1"));
    chat.pass(HOUR / 3);
    await bob.say(join("#4"));
    await bob.expect({ response: 201 });
    await ann.say(join("#5"));
    await ann.expect({ response: 403 });
  });

  Deno.test(`accounts made from one network are limited, by the hour (${language})`, { ignore: cannot }, async () => {
    const hasher = handHasher();
    await using chat = await start({ newAccounts: 2, frozen: true, probeAfter: 1e9, hasher, language });
    const peers = [await chat.connect(), await chat.connect(), await chat.connect(), await chat.connect()];
    for (const [i, peer] of peers.slice(0, 3).entries()) await peer.say(register(`student ${i}`));
    hasher.goOn();
    const codes = [];
    for (const peer of peers.slice(0, 3)) codes.push((await peer.hear()).response); // although none was made when they asked
    assert.deepEqual(codes, [201, 201, 403]);
    await peers[3]!.say(register("student 3"));
    const { error } = await peers[3]!.expect({ response: 403 });
    assert.equal(
      error,
      language === "en"
        ? "register: 2 accounts an hour may be made from your network, so try again in 1800 s"
        : "register: из вашей сети можно зарегистрировать учётных записей в час: 2; попробуйте через 1800 с",
    );
    await peers[3]!.say(register("student 0")); // a name that is taken is no new account
    await peers[3]!.expect({ response: 409 });
    chat.pass(HOUR / 2);
    await peers[3]!.say(register("student 3"));
    await peers[3]!.expect({ response: 201 });
  });
}

Deno.test("rooms and accounts that a full disk does not take count for no limit", { ignore: cannot }, async () => {
  const { store, disk } = failing(memoryStore(), ["append"]), hasher = handHasher();
  hasher.goOn();
  await using chat = await start({ store, hasher, newRooms: 1, newAccounts: 1, frozen: true });
  const ann = await chat.join("ann"), bob = await chat.connect();
  const asked = async (peer: Peer, request: object) => {
    await peer.say(request);
    return (await peer.hear()).response;
  };
  disk.full = true;
  for (let i = 0; i < 3; i++) {
    assert.deepEqual([await asked(ann, join("#cats")), await asked(bob, register("bob"))], [500, 500]);
  }
  disk.full = false;
  assert.deepEqual([await asked(ann, join("#cats")), await asked(bob, register("bob"))], [201, 201]);
  assert.equal(await asked(ann, join("#dogs")), 403);
});

Deno.test("an operator makes as many rooms as it likes", { ignore: cannot }, async () => {
  const store = memoryStore(), hasher = handHasher();
  store.putAccount({ name: "op", password: PASSWORD, operator: true, seen: 0 });
  hasher.goOn();
  await using chat = await start({ store, hasher, newRooms: 1 });
  const op = await chat.login("op");
  for (const room of ["#1", "#2", "#3"]) {
    await op.say(join(room));
    await op.expect({ response: 201 });
  }
});

Deno.test("a class of 60 behind one address registers and makes its rooms with the limits of a server", {
  ignore: cannot,
}, async () => {
  const hasher = handHasher();
  hasher.goOn();
  await using chat = await start({ newRooms: 200, newAccounts: 120, frozen: true, hasher });
  const peers = await Promise.all(Array.from({ length: 60 }, () => chat.connect()));
  await Promise.all(peers.map((peer, i) => peer.say(register(`student ${i}`))));
  for (const peer of peers) await peer.expect({ response: 201 });
  for (let i = 0; i < 100; i++) {
    const peer = peers[i % peers.length]!;
    await peer.say(join(`#room ${i}`));
    await peer.expect({ response: 201 });
  }
});

Deno.test(
  "a room that has been empty for long is removed with its past",
  { ignore: cannot },
  () => sweep(embeddedStore()), // with a shared log the room is there until the record comes back
);

Deno.test(
  "a room that has been empty for long is removed from the disk with its past",
  { ignore: cannot },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "hanita-growth-" });
    const store = openStore({ path: `${folder}/hanita.db` });
    try {
      await sweep(store);
    } finally {
      await store.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
);

async function sweep(store: Store): Promise<void> {
  store.putRoom("#from before");
  await using chat = await start({ store, emptyRooms: HOUR, frozen: true, probeAfter: 1e9, idle: 0 });
  const ann = await chat.join("ann"), bob = await chat.join("bob"), eve = await chat.connect();
  await eve.say(register("eve"));
  await eve.expect({ response: 201 });
  for (const [peer, room] of [[ann, "#left"], [bob, "#full"], [eve, "#account"], [eve, "#eve left"]] as const) {
    await peer.say(join(room));
    await peer.expect({ response: 201 });
    await peer.sayOk(msg(room, "secret"));
  }
  await ann.sayOk(leave("#left"));
  await eve.sayOk(leave("#eve left"));
  await eve.end(); // an account stays a member
  assert.deepEqual(await rooms(ann), ["#all", "#account", "#eve left", "#from before", "#full", "#left"]);
  await wait(chat, HOUR / 2, ann);
  assert.deepEqual((await rooms(ann)).length, 6);
  await ann.sayOk(join("#left")); // it was not empty all the time
  await ann.sayOk(leave("#left"));
  await wait(chat, HOUR / 2, ann);
  assert.deepEqual(await rooms(ann), ["#all", "#account", "#full", "#left"]);
  const past = { conversation: store.snapshot().rooms.find(({ name }) => name === "#left")!.conversation, limit: 10 };
  assert.equal((await store.journal.page(past)).length, 1);
  await wait(chat, HOUR, ann);
  assert.deepEqual(await rooms(ann), ["#all", "#account", "#full"]);
  assert.deepEqual(
    await store.journal.page(past),
    [],
    "a new room of that name has another conversation, and shows nothing of it",
  );
  assert.deepEqual(store.snapshot().rooms.map(({ name }) => name).sort(), ["#account", "#full"]);

  await ann.say(join("#left"));
  await ann.expect({ response: 201, alert: "created #left" });
  assert.deepEqual(await ann.ask(history("#left")), []);
  assert.deepEqual(await ann.ask({ action: "search", time: 1, room: "#left", text: "secret" }), []);
  await ann.sayOk(msg("#left", "new"));
  assert.deepEqual((await ann.ask(history("#left"))).map(({ message }) => message), ["new"]);
  assert.deepEqual((await bob.ask(history("#full"))).map(({ message }) => message), ["secret"]);
}

Deno.test("empty rooms stay where the operator says so", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true, probeAfter: 1e9 });
  const ann = await chat.join("ann");
  await ann.say(join("#cats"));
  await ann.expect({ response: 201 });
  await ann.sayOk(leave("#cats"));
  await wait(chat, 100 * HOUR, ann);
  assert.deepEqual(await rooms(ann), ["#all", "#cats"]);
});

Deno.test(
  "an empty room that the disk would not let go stays, and goes when it would",
  { ignore: cannot },
  async () => {
    const { store, disk } = failing(embeddedStore());
    await using chat = await start({ store, emptyRooms: HOUR, frozen: true, probeAfter: 1e9 });
    const ann = await chat.join("ann");
    await ann.say(join("#cats"));
    await ann.expect({ response: 201 });
    await ann.sayOk(leave("#cats"));
    await wait(chat, HOUR / 2, ann);
    disk.full = true;
    await wait(chat, HOUR, ann);
    assert.deepEqual(await rooms(ann), ["#all", "#cats"]);
    disk.full = false;
    await wait(chat, HOUR, ann);
    assert.deepEqual(await rooms(ann), ["#all"]);
  },
);

Deno.test("contacts are limited, for guests and accounts", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.connect(), other = await chat.join("other");
  await ann.say(register("ann"));
  await ann.expect({ response: 201 });
  const add = (user_id: string) => ({ action: "add_contact", time: 1, user_id });
  for (let i = 0; i < 1_000; i++) {
    await other.sayOk({ action: "presence", time: 1, user: { account_name: `name ${i}`, status: "" } });
    await ann.sayOk(add(`name ${i}`));
  }
  await ann.say(add("ann"));
  await ann.expect({ response: 403, error: "user_id: expected at most 1000 contacts, so delete one first" });
  await ann.sayOk(add("name 999")); // it is one already
  await ann.sayOk({ action: "del_contact", time: 1, user_id: "name 7" });
  await ann.sayOk(add("ann"));
});
