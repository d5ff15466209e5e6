// Requests as the dialogues about identity send them, and what they look for in the answers.

import type { Heard, Peer } from "./peer.ts";

export const presence = (account_name: string, more: object = {}) => ({
  action: "presence",
  time: 1,
  user: { account_name, status: "" },
  ...more,
});
export const msg = (message: string, to = "#all") => ({ action: "msg", time: 1, to, message });
export const history = (more: object) => ({ action: "history", time: 1, ...more });
export const search = (text: string, more: object) => ({ action: "search", time: 1, text, ...more });
export const join = (room: string) => ({ action: "join", time: 1, room });
export const online = { action: "who_online", time: 1 };
export const texts = (rows: readonly Heard[]): string[] => rows.map(({ message }) => message);

/** Sends a request, and returns the code of its answer. */
export async function code(peer: Peer, request: object): Promise<number> {
  await peer.say(request);
  return (await peer.hear()).response;
}
