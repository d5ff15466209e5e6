// Messages between guests of different servers: each is delivered behind what was sent before it.

import assert from "node:assert/strict";
import { Chat } from "../../../server/chat/chat.ts";
import { State } from "../../../server/chat/state.ts";
import { GuestMessages } from "../../../server/peers/guest_messages.ts";
import type { Connection } from "../../../server/net/connection.ts";
import { makeConnection } from "../fake.ts";

const RULES = { registration: true, guests: true, devices: 9, rooms: 9, replay: 100, sessionDays: 30, editMinutes: 60 };
const FIRST = 1_000_000_000_000_000;

/** A chat with a guest, and what it is sent. */
function chatWith(name: string) {
  const chat = new Chat<Connection>(RULES, new State()), guest = makeConnection(name, true);
  guest.name = undefined;
  chat.state.apply({ ...chat.entrance(guest, name, undefined), id: 1 }, true);
  const messages = new GuestMessages();
  return { messages, guest, take };

  function take(next: number): { id: number; to: string }[] {
    return (messages.take(next, chat)?.ops ?? []).map((op) => {
      assert.ok(op.kind === "encodedMulticast" && op.readers.every((reader) => reader === guest));
      return { id: op.relay.id! - FIRST, to: op.spelling!(guest) };
    });
  }
}

const line = (at: number) =>
  new TextEncoder().encode(
    `${JSON.stringify({ action: "msg", time: 1, to: "zoe", from: "eve", message: "hi", id: FIRST + at })}\n`,
  );

Deno.test("a message waits until the log has come to its id, and is spelt as its reader is", () => {
  const { messages, take } = chatWith("Zoe");
  messages.add(line(5));
  messages.add(line(9));
  assert.deepEqual(take(FIRST + 5), []);
  assert.deepEqual(take(FIRST + 8), [{ id: 5, to: "Zoe" }]);
  assert.deepEqual(take(FIRST + 10), [{ id: 9, to: "Zoe" }]);
  assert.deepEqual(take(FIRST + 10), []);
});

Deno.test("of more than 1,000 the oldest do not wait", () => {
  const { messages, take } = chatWith("Zoe");
  for (let i = 0; i < 1_003; i++) messages.add(line(i));
  assert.deepEqual(take(0).map(({ id }) => id), [0, 1, 2]);
  assert.equal(take(FIRST + 2_000).length, 1_000);
});

Deno.test("bytes that are no message are ignored", () => {
  const { messages, take } = chatWith("Zoe");
  for (const text of ["", "{", "{}", '{"id":1,"message":"x"}', '{"id":1,"message":"x","to":5}']) {
    messages.add(new TextEncoder().encode(text));
  }
  assert.deepEqual(take(FIRST), []);
});
