// What tests of rooms say, and sessions that know the feature `rooms`.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import type { Chat, Peer } from "./start.ts";

export const join = (room: string, more: object = {}) => ({ action: "join", time: 1, room, ...more });
export const msg = (to: string, message: string, more: object = {}) => ({
  action: "msg",
  time: 1,
  to,
  message,
  ...more,
});
export const about = (action: string, room: string, more: object = {}) => ({ action, time: 1, room, ...more });

/** Logs in to an account with a program that knows the feature `rooms`. */
export async function modern(chat: Chat, name: string, features = ["rooms", "id"]): Promise<Peer> {
  const peer = await chat.connect();
  await peer.sayOk({ ...authenticate(name), features });
  return peer;
}

/** Makes a room. */
export async function make(peer: Peer, room: string, more: object = {}): Promise<void> {
  await peer.say(join(room, more));
  await peer.expect({ response: 201 });
}

export async function refusedAs(peer: Peer, said: object, response: number, error: string): Promise<void> {
  await peer.say(said);
  assert.equal((await peer.expect({ response })).error, error);
}

/** The names in a list of rooms. */
export async function roomsOf(peer: Peer): Promise<string[]> {
  return (await peer.ask({ action: "rooms", time: 1 })).map(({ room }) => room);
}
