// Many requests at once: each is answered in its turn, all are told of each in the order of the log, and none is lost.

import assert from "node:assert/strict";
import type { Heard } from "./peer.ts";
import { cannot, start } from "./start.ts";
import { embeddedStore } from "./store.ts";

const features = ["reactions", "id"];
const GUESTS = 10, EMOJI = Array.from({ length: 10 }, (_, i) => String.fromCodePoint(0x1f600 + i));
/** Each guest puts ten emoji, takes them away and puts them again. */
const ASKED = [true, false, true].flatMap((is) => EMOJI.map((emoji) => ({ emoji, is })));
const ALL = GUESTS * ASKED.length;

Deno.test("300 reactions of ten guests at once are answered and told in the order of the log", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ store: embeddedStore() });
  const enter = async (name: string, more: object = {}) => {
    const peer = await chat.connect();
    await peer.enter(name, more);
    return peer;
  };
  const plain = await enter("plain"), reader = await enter("reader", { features });
  const guests = await Promise.all(Array.from({ length: GUESTS }, (_, i) => enter(`guest${i}`, { features })));
  const { id } = await reader.sayOk({ action: "msg", time: 1, to: "#all", message: "Tea?" });
  for (const peer of [plain, ...guests]) await peer.expect({ id });
  const requests = ASKED.map((each) => ({ action: "react", time: 2, to: "#all", id, ...each }));

  await Promise.all(guests.map((guest) => guest.say(...requests)));
  await plain.silence(); // it is answered meanwhile, and is told of no reaction
  const told = await reader.hearAll(ALL), ids = told.map(({ id }) => id);
  assert.deepEqual(ids, ids.toSorted((one, other) => one - other));
  assert.equal(new Set(ids).size, ALL);
  for (const [i, guest] of guests.entries()) {
    const heard = await guest.hearAll(ALL), own = told.filter(({ from }) => from === `guest${i}`);
    assert.deepEqual(heard.map(({ id }) => id), ids);
    assert.deepEqual(heard.filter(({ response }) => response === 200).map(({ id }) => id), own.map(({ id }) => id));
    assert.deepEqual(own.map(({ emoji, is }: Heard) => ({ emoji, is })), ASKED);
    await guest.silence();
  }
  const [{ reactions }] = await reader.ask({ action: "history", time: 3, limit: 1 });
  assert.deepEqual(
    new Map(reactions.map(({ emoji, count }: Heard) => [emoji, count])),
    new Map(EMOJI.map((emoji) => [emoji, GUESTS])),
  );
});
