// Many things in one moment: whatever falls into one turn of the server's loop is heard exactly once and in order.

import assert from "node:assert/strict";
import fc from "fast-check";
import { type SelectName, selects } from "../../select/mod.ts";
import { cannot, type Peer, start } from "./start.ts";

const enter = (account_name: string) => ({ action: "presence", time: 1, user: { account_name } });
const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, to: "#all", message, ...more });
const texts = (heard: { message?: string }[]) => heard.map(({ message }) => message);

Deno.test("a message in the same write as presence is relayed", { ignore: cannot }, async () => {
  await using chat = await start();
  const bob = await chat.join("bob"), ann = await chat.connect();
  await ann.say(enter("ann"), msg("hello"), msg("psst", { to: "bob" }), { action: "quit" });
  assert.deepEqual((await ann.hearAll(4)).map(({ response }) => response), [200, 200, 200, 200]);
  await ann.expectEnd();
  assert.deepEqual(texts(await bob.hearAll(2)), ["hello", "psst"]);
});

Deno.test(
  "a new connection receives what is sent after its presence, and nothing from before",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    const ann = await chat.join("ann"), bob = await chat.connect();
    await Promise.all([ann.say(msg("before")), bob.say({ action: "probe", time: 1 })]);
    await ann.hear();
    await bob.expect({ response: 401 });
    await Promise.all([bob.say(enter("bob")), ann.say(msg("meanwhile"))]);
    await bob.hear();
    await ann.hear();
    await ann.sayOk(msg("after"));
    const heard = await bob.hear();
    if (heard.message === "meanwhile") await bob.expect({ message: "after" }); // the two wrote at once: either was first
    else assert.equal(heard.message, "after");
    await bob.silence();
  },
);

Deno.test("private and common messages in one write keep their order", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob"), eve = await chat.join("eve");
  const said = Array.from({ length: 30 }, (_, i) => msg(`${i}`, i % 3 === 0 ? { to: "bob" } : {}));
  await ann.say(...said);
  await ann.hearAll(30);
  assert.deepEqual(texts(await bob.hearAll(30)), texts(said));
  assert.deepEqual(texts(await eve.hearAll(20)), texts(said.filter(({ to }) => to === "#all")));
});

Deno.test("what was said before a name was given up is in that name", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await ann.say(msg("one"), enter("anna"), msg("two"), msg("psst", { to: "bob" }), enter("ann"), msg("three"));
  await ann.hearAll(6);
  const heard = await bob.hearAll(4);
  assert.deepEqual(heard.map(({ from, message }) => `${from}: ${message}`), [
    "ann: one",
    "anna: two",
    "anna: psst",
    "ann: three",
  ]);
});

Deno.test("a message in the same write as a quit is relayed", { ignore: cannot }, async () => {
  await using chat = await start();
  const bob = await chat.join("bob");
  const others = await Promise.all(["a", "b", "c", "d"].map((name) => chat.join(name)));
  await Promise.all(others.map((each, i) => each.say(msg(`last word of ${i}`), { action: "quit" })));
  const heard = texts(await bob.hearAll(4)).sort();
  assert.deepEqual(heard, [0, 1, 2, 3].map((i) => `last word of ${i}`));
  for (const each of others) {
    const rest = await each.end();
    assert.equal(rest.at(-1).alert, "goodbye");
  }
  await bob.silence();
});

Deno.test(
  "a turn with too much to say is cut, and nothing of it is lost or told twice",
  { ignore: cannot },
  async () => {
    await using chat = await start({ outbox: 1 << 24 });
    const speakers = await Promise.all(["a", "b", "c", "d", "e"].map((name) => chat.join(name)));
    const bob = await chat.join("bob");
    const MANY = 40; // 5 × 40 × 4 kB in one moment: more than one turn relays
    await Promise.all(
      speakers.map((each) => each.say(...Array.from({ length: MANY }, (_, i) => msg(`${i} ${"x".repeat(3900)}`)))),
    );
    const heard = await bob.hearAll(MANY * speakers.length);
    for (const name of ["a", "b", "c", "d", "e"]) {
      const own = heard.filter(({ from }) => from === name).map(({ message }) => parseInt(message));
      assert.deepEqual(own, Array.from({ length: MANY }, (_, i) => i));
    }
    const ids = heard.map(({ id }) => id);
    assert.deepEqual(ids, ids.toSorted((a, b) => a - b));
    await bob.silence();
  },
);

for (const select of Object.keys(selects) as SelectName[]) {
  Deno.test(`${select}: any script, cut anywhere, gives each exactly what the others said, in each one's order`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ select });
    const names = ["ann", "bob", "eve"];
    const peers = await Promise.all(names.map((name) => chat.join(name)));
    const text = fc.string({ unit: fc.constantFrom(...'ab{}[]"\\,:Ж😀\n', "\u2028"), maxLength: 40 });
    const word = fc.record({
      text,
      end: fc.constantFrom("", "\n", "\r\n", " \n\n"),
      canonical: fc.boolean(),
    });
    const script = fc.array(fc.record({ words: fc.array(word, { maxLength: 12 }), cuts: fc.array(fc.nat(3000)) }), {
      minLength: names.length,
      maxLength: names.length,
    });
    await fc.assert(
      fc.asyncProperty(script, async (scripts) => {
        await Promise.all(scripts.map(({ words, cuts }, who) => sayInPieces(peers[who]!, names[who]!, words, cuts)));
        for (const [who, peer] of peers.entries()) {
          const others = scripts.filter((_, i) => i !== who).flatMap(({ words }) => words);
          const heard = await peer.hearAll(others.length + scripts[who]!.words.length);
          for (const [i, { words }] of scripts.entries()) {
            const from = heard.filter((each) => each.from === names[i]);
            assert.deepEqual(texts(from), i === who ? [] : words.map(({ text }) => text));
          }
          assert.equal(heard.filter(({ response }) => response === 200).length, scripts[who]!.words.length);
        }
        for (const peer of peers) await peer.silence();
      }),
      { numRuns: 25 },
    );
  });
}

type Word = { text: string; end: string; canonical: boolean };

/** Says words in segments that were cut without regard to where anything ends. */
async function sayInPieces(peer: Peer, name: string, words: Word[], cuts: number[]): Promise<void> {
  const said = words.map(({ text, end, canonical }) => {
    const own = { time: 1, to: "#all", from: name, encoding: "utf-8", message: text };
    return JSON.stringify(canonical ? { action: "msg", ...own } : { ...own, action: "msg" }) + end;
  });
  const bytes = new TextEncoder().encode(said.join(""));
  const ends = [...new Set([...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    await peer.say(bytes.slice(start, end));
    start = end;
  }
}
