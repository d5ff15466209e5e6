// What clients that were met in practice need of a server, point by point, where no other test here has it already: names,
// times, actions and addressees as they really come, and the flows of those that log in.

import assert from "node:assert/strict";
import { prefixLength } from "../../jim/mod.ts";
import { speakers } from "./speakers.ts";
import { cannot, start } from "./start.ts";

const user = { account_name: "ann", status: "" };
const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, to: "#all", message, ...more });

Deno.test(
  "presence said twice is answered twice, and its sender hears everything once",
  { ignore: cannot },
  async () => {
    await using chat = await start({ bareGap: 0 });
    const bob = await chat.join("bob");
    for (const presence of [speakers.clientName.enters("ann")[0]!, speakers.flatName.enters("eve")[0]!]) {
      const peer = await chat.bare();
      for (let i = 0; i < 2; i++) await peer.sayOk(presence);
      await bob.sayOk(msg("hello"));
      await peer.expect({ from: "bob" });
      await peer.silence();
    }
  },
);

for (
  const time of [1764000000, 1764000000.25, "1764000000.25", "2026-11-23T01:14:00.5", "2026-11-23 01:14", " 11:47PM"]
) {
  Deno.test(`a bare program may say the time as ${JSON.stringify(time)}, and a reader gets a number`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ bareGap: 0 });
    const bob = await chat.join("bob"), ann = await chat.bare(), flat = await chat.bare(), long = await chat.prefixed();
    await ann.sayOk({ action: "presence", time, user });
    await ann.sayOk(msg("hello", { time, to: "#" }));
    assert.equal(typeof (await bob.expect({ from: "ann", message: "hello" })).time, "number");
    await flat.sayOk({ action: "presence", time, account_name: "flat" });
    await flat.say({ action: "message", time, account_name: "flat", message_text: "hello" });
    assert.equal(typeof (await bob.expect({ from: "flat", message: "hello" })).time, "number");
    await long.sayOk({ action: "authenticate", time, user: { account_name: "long", password: "x" } });
    await long.sayOk(msg("hello", { time }));
    assert.equal(typeof (await bob.expect({ from: "long", message: "hello" })).time, "number");
  });
}

Deno.test("to may be null, empty, left out, or the common chat in any case, from bare programs too", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ bareGap: 0 });
  const bob = await chat.join("bob"), ann = await chat.bare();
  await ann.sayOk({ action: "presence", time: 1, user });
  for (const [i, to] of [null, "", undefined, "#", "#ALL", "#Chat"].entries()) {
    await ann.sayOk(msg(String(i), { to }));
    await bob.expect({ from: "ann", to: "#all", message: String(i) });
  }
});

Deno.test("objects may end with LF and CR in that order", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.bare(), bob = await chat.join("bob");
  const line = (object: object) => `${JSON.stringify(object)}\n\r`;
  await ann.sayOk(line({ action: "presence", time: 1, user }));
  await bob.sayOk(msg("hello"));
  await ann.expect({ message: "hello" });
  await ann.say(line(msg("one")), line(msg("two")));
  for (const message of ["one", "two"]) {
    await ann.expect({ response: 200 });
    await bob.expect({ message });
  }
});

Deno.test("exit is quit, with a name beside it or nothing", { ignore: cannot }, async () => {
  await using chat = await start({ bareGap: 0 });
  for (const more of [{}, { time: 1 }, { time: 1, account_name: "ann" }]) {
    const ann = await chat.bare();
    await ann.sayOk({ action: "presence", time: 1, user: { account_name: "ann" } });
    await ann.sayOk({ action: "exit", ...more });
    await ann.expectEnd();
  }
});

Deno.test("a name that is not registered comes in with any password, and with none, as a guest", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ bareGap: 0 });
  for (const password of ["", "its own", null, undefined]) {
    for (const peer of [await chat.bare(), await chat.prefixed(), await chat.connect()]) {
      await peer.say({ action: "authenticate", time: 1, user: { account_name: "ann", password } });
      const { alert } = await peer.expect({ response: 200 });
      assert.match(alert, /^welcome, ann; the name is not registered/);
    }
  }
});

Deno.test("late Hanita is sent no relay before its first message, and loses nothing when it only listens", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ frozen: true, bareGap: 0 });
  const bob = await chat.join("bob"), writer = await chat.bare(), reader = await chat.bare();
  for (const peer of [writer, reader]) for (const words of speakers.late.enters("ann")) await peer.sayOk(words);
  await bob.sayOk(msg("early"));
  await writer.sayOk(speakers.late.toAll("ann", "I write"));
  await bob.expect({ message: "I write" });
  chat.pass(3500);
  await reader.expect({ message: "early" });
  await reader.expect({ message: "I write" });
  assert.equal(chat.writesTo(writer).length, 2);
});

Deno.test("a length-prefixed program logs in, talks, and is sent no success but 200", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.prefixed(), bob = await chat.join("bob");
  const { message } = await ann.sayOk({
    action: "authenticate",
    time: 1,
    user: { account_name: "ann", password: "x" },
  });
  assert.match(message, /^welcome, ann/);
  await ann.sayOk({ action: "presence", time: 1, type: "status" });
  await ann.sayOk({ action: "join", time: 1, room: "#cats" });
  await ann.say({ action: "msg", time: 1, to: "nobody", message: "?" });
  const refusal = await ann.expect({ response: 404 });
  assert.equal(refusal.message, refusal.error);
  await bob.say(msg("one"), msg("Привет ".repeat(500)));
  await ann.expect({ from: "bob", to: "#all", message: "one" });
  await ann.expect({ from: "bob", message: "Привет ".repeat(500) });
  await ann.say({ action: "who_online", time: 1 });
  await ann.expect({ response: 202, quantity: 2 });
});

Deno.test("lengths and objects may come cut anywhere, or many at once", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.prefixed(), bob = await chat.join("bob");
  const object = (words: object) => prefixLength(new TextEncoder().encode(JSON.stringify(words)));
  const bytes = object({ action: "presence", time: 1, user });
  for (let i = 0; i < bytes.length; i++) await ann.say(bytes.subarray(i, i + 1));
  await ann.expect({ response: 200 });
  await ann.say(object(msg("one")), object(msg("two")), object({ action: "probe", time: 1 }));
  for (let i = 0; i < 3; i++) await ann.expect({ response: 200 });
  for (const message of ["one", "two"]) await bob.expect({ from: "ann", message });
});

Deno.test(
  "a wrong length is explained, and the connection closed; nobody else notices",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    const ann = await chat.prefixed(), bob = await chat.join("bob");
    const words = new TextEncoder().encode(JSON.stringify(msg("hello")));
    await ann.sayOk({ action: "presence", time: 1, user });
    const short = prefixLength(words);
    short[3]! -= 5;
    await ann.say(short, prefixLength(words));
    await ann.expect({ response: 400 });
    const { error } = await ann.expect({ response: 400 });
    assert.match(error, /^Expected four bytes that say the next object's length, got ".*; the connection is closed$/);
    await ann.expectEnd();
    await bob.silence();
  },
);

Deno.test("a prefixed object that is too long is refused and passed over, and the next is handled", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const ann = await chat.prefixed(), bob = await chat.join("bob");
  await ann.sayOk({ action: "presence", time: 1, user });
  await ann.say(prefixLength(new TextEncoder().encode(`{"a":"${"x".repeat(200_000)}"}`)));
  await ann.expect({
    response: 400,
    error: "Expected an object of at most 65536 bytes, got a larger one, which was left out",
  });
  await ann.sayOk(msg("hello"));
  await bob.expect({ from: "ann", message: "hello" });
});

Deno.test("zeros that are no length are answered as any garbage", { ignore: cannot }, async () => {
  await using chat = await start();
  for (const garbage of ["\0\0\0\0\0", "\0\0\0\x05hello", "\0hello"]) {
    const ann = await chat.bare();
    await ann.say(garbage);
    await ann.expect({ response: 400 });
    await ann.say("\n");
    await ann.sayOk({ action: "presence", time: 1, user });
  }
});

Deno.test("a program of a family that awaits no answers gets one all the same when it sends msg", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ bareGap: 0 });
  const bob = await chat.join("bob"), ann = await chat.bare();
  await ann.sayOk({ action: "presence", time: 1, user: { account_name: "ann" } });
  await ann.sayOk(msg("psst", { to: "bob" }));
  await bob.expect({ from: "ann", to: "bob", message: "psst" });
  await ann.say(msg("psst", { to: "nobody" }));
  await ann.expect({ response: 404, error: 'to: nobody here has the name "nobody"' });
  await bob.sayOk(msg("psst yourself", { to: "ann" }));
  await ann.expect({ action: "msg", from: "bob", message: "psst yourself" });
});
