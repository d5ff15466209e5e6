// Programs that take one `recv(1024)` for exactly one object, and end theirs with nothing. The gap between two objects
// to them is measured on a clock that the test holds; that they come in writes of their own is seen at the server's end.

import assert from "node:assert/strict";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { until } from "./within.ts";

const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, to: "#all", message, ...more });
const SEED = { type: "status", user: { account_name: "John Doe", status: null } };
/** How long a seed program may take to show whether it writes. */
const HOLD = 3500;

Deno.test("a bare peer gets one object a write, with the gap between", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true, bareGap: 50 });
  const ann = await chat.bare(), bob = await chat.join("bob");
  await ann.enter("ann");
  await bob.say(msg("one"), msg("two"));
  await bob.hearAll(2);
  assert.equal(chat.writesTo(ann).length, 1, "the gap after the answer is not over");
  for (const message of ["one", "two"]) {
    chat.pass(49);
    await bob.silence();
    const before = chat.writesTo(ann).length;
    chat.pass(1);
    await ann.expect({ message });
    await bob.silence();
    assert.equal(chat.writesTo(ann).length, before + 1);
  }
});

Deno.test(
  "a bare peer that was left alone for longer than the gap is written to at once",
  { ignore: cannot },
  async () => {
    await using chat = await start({ frozen: true, bareGap: 50 });
    const ann = await chat.bare(), bob = await chat.join("bob");
    await ann.enter("ann");
    chat.pass(50);
    await bob.sayOk(msg("one"));
    await ann.expect({ message: "one" });
  },
);

Deno.test("a long message to a bare peer is split, each part whole", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.bare(), bob = await chat.join("bob");
  await ann.enter("ann");
  const long = 'Щ😀"\\\n'.repeat(800);
  await bob.sayOk(msg(long));
  let heard = "";
  while (heard.length < long.length) {
    const { message, from, to } = await ann.hear();
    assert.deepEqual([from, to], ["bob", "#all"]);
    heard += message;
  }
  assert.equal(heard, long);
  assertWhole(chat, ann);
});

Deno.test("two bare writers and two bare readers together: no object is glued and none is split", {
  ignore: cannot,
}, async () => {
  const gap = 10;
  await using chat = await start({ bareGap: gap });
  const readers = [await chat.bare(), await chat.bare()], writers = [await chat.bare(), await chat.bare()];
  for (const each of [...readers, ...writers]) await each.enter("", SEED);
  const MANY = 10;
  await Promise.all(writers.map(async (writer, who) => {
    for (let i = 0; i < MANY; i++) await writer.sayOk(msg(`${who} ${i}`, { to: "#chat" }));
  }));
  const all: string[][] = readers.map(() => []);
  chat.pass(HOLD); // the readers are known as such only then
  for (let i = 0; i < 2 * MANY; i++) {
    for (const [who, reader] of readers.entries()) all[who]!.push((await reader.hear()).message);
    chat.pass(gap);
  }
  for (const heard of all) {
    for (const who of [0, 1]) {
      const own = heard.filter((message) => message.startsWith(`${who} `));
      assert.deepEqual(own, Array.from({ length: MANY }, (_, i) => `${who} ${i}`));
    }
  }
  for (const each of [...readers, ...writers]) {
    assertWhole(chat, each);
    const times = chat.writesTo(each).map(({ at }) => at);
    times.slice(1).forEach((at, i) => assert.ok(at - times[i]! >= gap, `${at - times[i]!} ms between two writes`));
  }
  for (const each of writers) assert.equal(chat.writesTo(each).length, 1 + MANY);
});

for (const [what, end] of [["LF", "\n"], ["CR", "\r"], ["CRLF", "\r\n"], ["blanks and LF", "  \t\n"]] as const) {
  Deno.test(`${what} after an object makes a line speaker, even in a later segment`, { ignore: cannot }, async () => {
    await using chat = await start({ frozen: true });
    const ann = await chat.bare(), bob = await chat.join("bob");
    await ann.enter("ann");
    await bob.say(msg("one"), msg("two"), msg("three"));
    await bob.hearAll(3);
    assert.equal(chat.writesTo(ann).length, 1);
    await ann.say(end);
    await until("what the gap held back", async () => {
      await bob.silence();
      return chat.writesTo(ann).length > 1;
    });
    assert.equal(chat.writesTo(ann).length, 2, "all that the gap held back, in one write");
    assert.deepEqual((await ann.hearAll(3)).map(({ message }) => message), ["one", "two", "three"]);
    // And it stays one, however it goes on.
    await ann.say('{"action":"probe","time":1}{"action":"probe","time":1}');
    await ann.hearAll(2);
    assert.equal(chat.writesTo(ann).length, 3);
  });
}

Deno.test("white space before an object decides nothing", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true });
  const ann = await chat.bare(), bob = await chat.join("bob");
  await ann.say("\r\n \n");
  await ann.enter("ann");
  await ann.say(" ");
  await bob.say(msg("one"), msg("two"));
  await bob.hearAll(2);
  assert.equal(chat.writesTo(ann).length, 1);
});

for (const to of ["#chat", "#all"]) {
  Deno.test(`a bare writer to ${to} gets answers and no relays, and is told once how to get them`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start();
    const ann = await chat.bare(), bob = await chat.join("bob");
    await ann.enter("ann");
    const { alert } = await ann.sayOk(msg("one", { to }));
    assert.equal(
      alert,
      "ok; a program that writes without newlines gets answers and no relays; " +
        "end objects with a newline to get both",
    );
    await bob.expect({ from: "ann", message: "one" });
    await bob.sayOk(msg("do you hear me?"));
    await bob.say(msg("and privately?", { to: "ann" }));
    await bob.expect({ response: 410, error: 'to: "ann" only writes, and its program reads no messages' });
    assert.equal((await ann.sayOk(msg("two", { to }))).alert, "ok");
    await bob.expect({ from: "ann", message: "two" });
    // As it was told: with a newline it gets both.
    await ann.say(`${JSON.stringify(msg("three", { to }))}\n`);
    await ann.expect({ response: 200, alert: "ok" });
    await bob.expect({ message: "three" });
    await bob.sayOk(msg("now?"));
    await ann.expect({ from: "bob", message: "now?" });
  });
}

Deno.test("a relay that waits for the gap does not come between a writer and its first answer", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const ann = await chat.bare(), bob = await chat.join("bob");
  await ann.enter("", SEED);
  await bob.say(msg("early"), msg("still early"));
  await bob.hearAll(2);
  await ann.sayOk(msg("I write", { to: "#chat" }));
  chat.pass(HOLD);
  await ann.silence();
});

Deno.test("relays that wait behind the gap are dropped when a guest of no known family turns out to be such a writer", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ frozen: true, bareGap: 50 });
  const ann = await chat.bare(), bob = await chat.join("bob");
  await ann.enter("ann");
  await ann.say({ action: "probe", time: 1 }); // its answer waits too, and stays
  await bob.say(msg("early"), msg("still early"));
  await bob.hearAll(2);
  await ann.say(msg("I write", { to: "#all" }));
  await bob.expect({ message: "I write" });
  for (const alert of [/^ok$/, /^ok; a program that writes/]) {
    chat.pass(50);
    assert.match((await ann.hear()).alert, alert);
  }
  chat.pass(50);
  await bob.silence();
  assert.equal(chat.writesTo(ann).length, 3);
});

Deno.test("a private message that reaches nobody is refused, in each dialect", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true, bareGap: 0 });
  const bob = await chat.join("bob"), writer = await chat.bare(), reader = await chat.bare();
  await writer.enter("", SEED);
  await writer.sayOk(msg("I write", { to: "#chat" }));
  await bob.expect({ message: "I write" });
  await bob.say(msg("psst", { to: "John Doe" }), msg("note to myself", { to: "bob" }));
  await bob.expect({ response: 410 });
  await bob.expect({ response: 404, error: 'to: "bob" is your own name, and nobody else here goes by it' });
  // A guest of the same name that reads receives it.
  await reader.enter("", SEED);
  await bob.sayOk(msg("psst again", { to: "John Doe" }));
  chat.pass(HOLD);
  await reader.expect({ message: "psst again", to: "John Doe" });
});

Deno.test("what an account's writer did not read is sent when the account comes in as a reader", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ bareGap: 0 });
  const bob = await chat.join("bob"), first = await chat.connect(), writer = await chat.bare();
  const user = { account_name: "ann", password: "correct horse" };
  await first.say({ action: "register", time: 1, user });
  await first.expect({ response: 201 });
  await first.sayOk({ action: "quit" });
  await first.expectEnd();
  await writer.sayOk({ action: "authenticate", time: 1, user });
  await writer.sayOk(msg("I write", { to: "#chat" }));
  await bob.expect({ message: "I write" });
  await bob.say(msg("psst", { to: "ann" }));
  await bob.expect({ response: 202, alert: "accepted; ann reads no messages now and will get it later" });
  assert.deepEqual(await writer.end(), []);
  const reader = await chat.connect();
  await reader.sayOk({ action: "authenticate", time: 1, user });
  await reader.expect({ from: "bob", to: "ann", message: "psst" });
});

Deno.test("a seed program that only listens loses nothing", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true, bareGap: 1 });
  const ann = await chat.bare(), bob = await chat.join("bob");
  await ann.enter("", SEED);
  await bob.say(msg("early"), msg("still early"));
  await bob.hearAll(2);
  assert.equal(chat.writesTo(ann).length, 1);
  chat.pass(HOLD);
  await ann.expect({ message: "early" });
  await bob.silence();
  chat.pass(1);
  await ann.expect({ message: "still early" });
});

Deno.test("a seed program that ends its objects with a newline after all gets at once what was held back", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ frozen: true });
  const ann = await chat.bare(), bob = await chat.join("bob");
  await ann.enter("", SEED);
  await bob.sayOk(msg("early"));
  await ann.say("\n");
  await ann.expect({ message: "early" });
});

Deno.test("a bare program that reads while it writes gets relays in its own words", { ignore: cannot }, async () => {
  await using chat = await start();
  const bob = await chat.join("bob");
  const renamer = await chat.bare();
  await renamer.enter("", { user: { client_name: "ren" } });
  await renamer.sayOk(msg("to #", { to: "#" }));
  await bob.expect({ from: "ren", to: "#all", message: "to #" });
  await bob.sayOk(msg("hello, ren"));
  await renamer.expect({ action: "msg", to: "#", from: "bob", message: "hello, ren" });

  const learner = await chat.bare();
  await learner.enter("", { user: { account_name: "lea" } });
  await learner.say({ action: "message", time: 1, account_name: "lea", mess_text: "lesson seven" });
  await bob.expect({ action: "msg", from: "lea", message: "lesson seven" });
  await renamer.expect({ from: "lea", message: "lesson seven" });
  await bob.sayOk(msg("hello, lea"));
  await learner.expect({ action: "message", sender: "bob", from: "bob", to: "lea", mess_text: "hello, lea" });
  assertWhole(chat, learner);
});

Deno.test("every answer to a bare peer has alert and time, an error too", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.bare();
  const said = [{ action: "probe", time: 1 }, { action: "dance" }, "oops", { action: "presence", time: 1, ...SEED }];
  const answered = [401, 400, 400, 200];
  for (const [i, words] of said.entries()) {
    await ann.say(words);
    const { response, alert, time, error } = await ann.hear();
    assert.equal(response, answered[i]);
    assert.deepEqual([typeof alert, Number.isInteger(time)], ["string", true]);
    assert.equal(error, response === 200 ? undefined : alert);
  }
});

/** Each write to a bare peer was one object of at most 1024 bytes. */
function assertWhole(chat: Chat, peer: Peer): void {
  for (const { text } of chat.writesTo(peer)) {
    JSON.parse(text);
    assert.ok(new TextEncoder().encode(text).length <= 1024);
  }
}
