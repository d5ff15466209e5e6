// Names that are somebody's: registered, proved by a password, and nobody else's from then on.

import assert from "node:assert/strict";
import { memoryStore } from "./store.ts";
import { authenticate, cheaply, PASSWORD, register } from "./accounts.ts";
import { cannot, start } from "./start.ts";
import { guest, stranger, ways } from "./ways.ts";

const presence = (account_name: string) => ({ action: "presence", time: 1, user: { account_name, status: "" } });
const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, message, ...more });

for (const way of ways) {
  Deno.test(`${way}: who registers is in, and the name is theirs from then on`, { ignore: cannot }, async () => {
    await using chat = await start();
    const ann = await stranger(chat, way), bob = await chat.join("bob");
    await ann.say(register("ann"));
    await ann.expect({ response: 201, alert: "created; welcome, ann", jim: 1 });
    await ann.sayOk(msg("hello"));
    await bob.expect({ from: "ann", message: "hello" });
    await ann.end();

    const eve = await stranger(chat, way);
    await eve.say(presence("ann"));
    const { error } = await eve.expect({ response: 401 });
    assert.equal(
      error,
      'user.account_name: "ann" belongs to an account, so authenticate with its password or take another name',
    );
    await eve.say(authenticate("ann", "battery staple"));
    await eve.expect({ response: 402, error: 'user: no account "ann" with that password' });
    await eve.say(msg("I am ann"));
    await eve.expect({ response: 401 });
    await eve.say(authenticate("ann"));
    await eve.expect({ response: 200, alert: "welcome, ann", jim: 1 });
    await eve.sayOk(msg("I am"));
    await bob.expect({ from: "ann", message: "I am" });
  });

  Deno.test(`${way}: a name that is taken, or bad, or a short password is refused`, { ignore: cannot }, async () => {
    await using chat = await start({ accounts: ["ann"] });
    const eve = await stranger(chat, way);
    await chat.join("bob");
    const refused: [object, number, string][] = [
      [register("ann"), 409, 'user.account_name: "ann" is somebody else\'s name already'],
      [register("bob"), 409, 'user.account_name: "bob" is somebody else\'s name already'],
      [register("eve", "seven 7"), 400, "user.password: expected at least 8 characters"],
      [register("eve", "😀😀😀😀😀😀😀"), 400, "user.password: expected at least 8 characters"],
      [
        register("#eve"),
        400,
        'user.account_name: expected a name of 1 to 25 characters that does not begin with #, got "#eve"',
      ],
      [
        register("eve", 12345678 as unknown as string),
        400,
        "user.password: expected a string, got a value of type number",
      ],
    ];
    for (const [words, response, error] of refused) {
      await eve.say(words);
      await eve.expect({ response, error });
    }
    await eve.say(presence("eve"));
    await eve.expect({ response: 200, alert: "welcome, eve" });
  });

  Deno.test(`${way}: registration may be closed`, { ignore: cannot }, async () => {
    await using chat = await start({ rules: { registration: false } });
    const ann = await stranger(chat, way);
    await ann.say(register("ann"));
    await ann.expect({ response: 403, error: "New accounts are made by the operator here" });
  });

  Deno.test(`${way}: a name without an account takes any password, and is told`, { ignore: cannot }, async () => {
    await using chat = await start();
    for (const password of ["", "my own", undefined]) {
      const ann = await stranger(chat, way);
      await ann.say({ action: "authenticate", time: 1, user: { account_name: "ann", password } });
      const { alert } = await ann.expect({ response: 200, jim: 1 });
      assert.equal(alert, "welcome, ann; the name is not registered, so anybody may use it");
    }
  });

  Deno.test(`${way}: where guests are not let in, only a password opens`, { ignore: cannot }, async () => {
    await using chat = await start({ accounts: ["ann"], rules: { guests: false } });
    const eve = await stranger(chat, way);
    await eve.say(presence("eve"));
    await eve.expect({
      response: 401,
      error: 'user.account_name: "eve" may come in with a password only: guests are not let in here, so authenticate',
    });
    for (const name of ["eve", "ann"]) {
      await eve.say(authenticate(name, "my own"));
      await eve.expect({ response: 402, error: `user: no account "${name}" with that password` });
    }
    await eve.say(authenticate("ann"));
    await eve.expect({ response: 200, alert: "welcome, ann" });
    await eve.say(presence("ann"));
    await eve.expect({ response: 200, alert: "ok" });
  });

  Deno.test(`${way}: an account has as many devices as the rules say`, { ignore: cannot }, async () => {
    await using chat = await start({ accounts: ["ann"], rules: { devices: 2 } });
    const [one, two, three] = [await stranger(chat, way), await stranger(chat, way), await stranger(chat, way)];
    for (const device of [one, two]) await device.sayOk(authenticate("ann"));
    await three.say(authenticate("ann"));
    await three.expect({
      response: 409,
      error: 'user: "ann" is connected 2 times already, which is as often as may be',
    });
    await two.sayOk(authenticate("ann")); // it is one of the two
    await three.sayOk(authenticate("somebody else"));
    await one.end();
    await three.say(authenticate("ann"));
    await three.expect({ response: 200, alert: "welcome, ann" });
  });

  Deno.test(
    `${way}: an authenticated connection sends presence with that name only, or with none`,
    { ignore: cannot },
    async () => {
      await using chat = await start({ accounts: ["ann", "bob"] });
      const ann = await stranger(chat, way);
      await ann.say({ action: "presence", time: 1 });
      const { error } = await ann.expect({ response: 400 });
      assert.match(error, /^user.account_name: expected a name to go by, such as \{"action":"presence"/);
      await ann.sayOk(authenticate("ann"));
      await ann.say({ action: "presence", time: 1 });
      await ann.expect({ response: 200, alert: "ok" });
      for (const other of ["bob", "zoe"]) {
        await ann.say(presence(other));
        await ann.expect({
          response: 401,
          error: 'action: expected a guest\'s name, but you are logged in as "ann"; quit first',
        });
      }
      await ann.say(authenticate("bob", "not bob's"));
      await ann.expect({ response: 402 });
      // A name that is free would make a guest of her, whatever the password.
      await ann.say(authenticate("zoe"));
      await ann.expect({
        response: 401,
        error: 'action: expected a guest\'s name, but you are logged in as "ann"; quit first',
      });
      const zoe = await chat.join("zoe");
      await ann.sayOk(msg("still ann"));
      await zoe.expect({ from: "ann", message: "still ann" });
    },
  );
}

Deno.test("a guest registers the name it goes by; a namesake stands in the way", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await guest(chat, "line", "ann"), namesake = await guest(chat, "line", "ann");
  await ann.say(register("ann"));
  await ann.expect({ response: 409 });
  await namesake.end();
  await ann.say(register("ann"));
  await ann.expect({ response: 201 });
  const phone = await chat.login("ann");
  await ann.sayOk(msg("to my phone", { to: "ann" }));
  await phone.expect({ from: "ann", message: "to my phone" });
});

Deno.test("of two who register one name at the same time, one gets it", { ignore: cannot }, async () => {
  await using chat = await start();
  const peers = [await chat.connect(), await chat.connect()];
  await Promise.all(peers.map((peer) => peer.say(register("ann"))));
  const codes = [];
  for (const peer of peers) codes.push((await peer.hear()).response);
  assert.deepEqual(codes.sort(), [201, 409]);
});

Deno.test(
  "while a password is hashed, its sender's next words wait, and nobody else's",
  { ignore: cannot },
  async () => {
    const store = memoryStore();
    store.putAccount({ name: "ann", password: await cheaply(PASSWORD, 19_456, 20), operator: false, seen: 0 });
    await using chat = await start({ store });
    const ann = await chat.connect(), bob = await chat.join("bob"), eve = await chat.join("eve");
    await ann.say(authenticate("ann"), msg("at last"), { action: "quit" });
    for (let i = 0; i < 5; i++) {
      await bob.sayOk(msg(`${i}`));
      await eve.expect({ message: `${i}` });
    }
    assert.deepEqual(chat.writesTo(ann), [], "which takes a hundred times as long");
    await ann.expect({ response: 200, alert: "welcome, ann" });
    await ann.expect({ response: 200, alert: "ok" });
    await ann.expect({ response: 200, alert: "goodbye" });
    await ann.expectEnd();
    await eve.expect({ from: "ann", message: "at last" });
  },
);

Deno.test(
  "a client that ends its stream while its password is hashed is answered, and is in the chat no more",
  { ignore: cannot },
  async () => {
    const store = memoryStore();
    store.putAccount({ name: "ann", password: await cheaply(PASSWORD, 19_456, 5), operator: false, seen: 0 });
    await using chat = await start({ store });
    const bob = await chat.join("bob");
    const ann = await chat.connect();
    await ann.say(authenticate("ann"));
    assert.equal((await ann.end())[0].response, 200);
    await bob.say({ ...msg("?"), to: "ann" });
    await bob.expect({ response: 202 });
    assert.deepEqual((await bob.ask({ action: "who_online", time: 1 })).map(({ user_id }) => user_id), ["bob"]);
  },
);

Deno.test(
  "after forty attempts from one address a password is looked at once a second",
  { ignore: cannot },
  async () => {
    await using chat = await start({ accounts: ["ann"], frozen: true });
    const eve = await chat.connect(), bob = await chat.join("bob");
    for (let i = 0; i < 40; i++) {
      await eve.say(authenticate("ann", `guess ${i}`));
      await eve.expect({ response: 402 });
    }
    await eve.say(authenticate("ann"));
    await bob.silence();
    assert.deepEqual(chat.writesTo(eve).length, 40, "the right one waits like any other");
    chat.pass(1_000);
    await eve.expect({ response: 200 });
  },
);

Deno.test(
  "a login with a hash of a newer version is refused with the reason, costs one line of the log, and ends no server",
  {
    ignore: cannot,
  },
  async () => {
    const store = memoryStore(), of = { operator: false, seen: 0 };
    store.putAccount({ name: "ann", password: "$argon3$v=1$AAAA$AAAA", ...of });
    store.putAccount({ name: "bob", password: await cheaply(PASSWORD), ...of });
    await using chat = await start({ store, logged: true });
    const ann = await chat.connect();
    await ann.say(authenticate("ann"));
    const { error } = await ann.expect({ response: 500 });
    assert.equal(
      error,
      'The account "ann" has a password that only a newer version can check, so tell the operator, who can set another one',
    );
    await chat.login("bob"); // the queue goes on
    await ann.say(authenticate("bob", "battery staple"));
    await ann.expect({ response: 402 });
    await chat.logged(/ refused .*: 500 The account "ann" has /);
    assert.equal(chat.log().filter((line) => line.includes("newer version")).length, 1, chat.log().join("\n"));
  },
);
