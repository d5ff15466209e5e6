// Wherever a connection is cut, each message of others is read once, in order, and each of one's own is kept once.

import assert from "node:assert/strict";
import { type Chat, connect, ConnectionError } from "../../../jim/client/mod.ts";
import { type Cut, FakeServer } from "./fake_server.ts";

const SAID = ["one", "two", "three"], PAUSES = { first: 0, longest: 0 };

/** One dialogue: bob says something before each request is answered, in one of two rooms. Returns what it has moved. */
async function dialogue(cuts: readonly Cut[], isInTrouble = () => false): Promise<FakeServer["moved"]> {
  const server = new FakeServer(), open = server.opener(...cuts), read: string[] = [];
  let heard = 0;
  server.onRequest = ({ action }) => {
    if (action !== "quit") server.say("bob", heard % 2 === 0 ? "#all" : "#cats", `bob ${heard++}`);
  };
  const enter = () => connect(open, { name: "ann", rooms: ["#cats"], pauses: PAUSES });
  let chat: Chat;
  try {
    chat = await enter();
  } catch (error) {
    assert.ok(error instanceof ConnectionError); // it was cut before the login was answered
    chat = await enter();
  }
  server.isInTrouble = isInTrouble;
  const from = heard, ids = SAID.map((text) => chat.say(text, { to: "#cats" }));
  for (const id of (await Promise.all(ids)).map(({ id }) => id)) assert.ok(id! > 0);
  server.isInTrouble = () => false;
  server.say("bob", "#all", "the end");
  for await (const { text, from: sender } of chat) {
    assert.equal(sender, "bob");
    if (text === "the end") break;
    read.push(text);
  }
  await chat.close();
  // Of what was said before it was in the chat, some may be read too.
  const said = server.log.filter(({ from }) => from === "bob").map(({ message }) => message);
  const order = read.map((text) => said.indexOf(text)), due = said.slice(from, said.indexOf("the end"));
  assert.deepEqual(order, [...new Set(order)].sort((one, other) => one - other));
  assert.deepEqual(read.slice(read.length - due.length), due);
  assert.deepEqual(server.log.filter(({ from }) => from === "ann").map(({ message }) => message), SAID);
  return server.moved;
}

Deno.test("a connection that is cut behind any byte loses and doubles nothing", async (t) => {
  const [whole] = await dialogue([]);
  for (const direction of ["up", "down"] as const) {
    await t.step(direction, async () => {
      for (let at = 0; at <= whole![direction]; at++) {
        try {
          await dialogue([{ [direction]: at }]);
        } catch (error) {
          throw new Error(`cut behind byte ${at}`, { cause: error });
        }
      }
    });
  }
});

Deno.test("a second cut, or a server in trouble, while the chat catches up loses and doubles nothing", async () => {
  const [whole] = await dialogue([]), seed = Date.now() % 1_000_000;
  let state = seed;
  const below = (most: number) => (state = (state * 48_271) % 2_147_483_647) % (most + 1);
  for (let round = 0; round < 100; round++) {
    const cuts = [0, 1, 2].map(() => below(1) === 0 ? { up: below(whole!.up) } : { down: below(whole!.down) });
    try {
      // The first login must be answered; later ones may fail.
      await dialogue([{ down: whole!.down - below(200) }, ...cuts], () => below(4) === 0);
    } catch (error) {
      throw new Error(`seed ${seed}, round ${round}: ${JSON.stringify(cuts)}`, { cause: error });
    }
  }
});

Deno.test("a guest's private message is not sent again if its answer is lost, and its say says so", async () => {
  const length = async () => {
    const server = new FakeServer();
    await using _ = await connect(server.opener(), { name: "ann" });
    return server.moved[0]!.down;
  };
  const server = new FakeServer(), open = server.opener({ down: await length() + 10 });
  await using chat = await connect(open, { name: "ann", pauses: PAUSES });
  await assert.rejects(chat.say("psst", { to: "bob" }), (error) => {
    return error instanceof ConnectionError && error.mayHaveArrived;
  });
  assert.ok((await chat.say("hello")).id! > 0);
  assert.deepEqual(server.log.map(({ message }) => message), ["psst", "hello"]);
});
