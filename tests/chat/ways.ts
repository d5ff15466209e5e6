// The two ways to frame: whatever is asked for, a line speaker and a bare one get the same.

import type { Chat, Peer } from "./start.ts";

export const ways = ["line", "bare"] as const;

/** A client that frames in one of the ways and has sent nothing yet. */
export function stranger(chat: Chat, way: (typeof ways)[number]): Promise<Peer> {
  return way === "line" ? chat.connect() : chat.bare();
}

/** A client after its presence, with a status: without one, a bare presence is a lesson's. */
export async function guest(chat: Chat, way: (typeof ways)[number], name: string): Promise<Peer> {
  const peer = await stranger(chat, way);
  await peer.enter(name);
  return peer;
}
