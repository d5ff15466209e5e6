// Somebody without a socket, and the rules and the past that a chat begins with.

import type { Kept, Rules } from "../../../server/chat/chat.ts";
import type { Person } from "../../../server/chat/voice.ts";

export const RULES: Rules = { registration: true, guests: true, devices: 2, rooms: 2, replay: 100, sessionDays: 30 };

/** Nothing from an earlier life. */
export const NOTHING: Kept = { accounts: [], rooms: [], contacts: [], bans: [], tokens: [], motd: "" };

/** A line speaker who has said nothing yet. */
export function stranger(): Person {
  return {
    name: undefined,
    account: undefined,
    get proved() {
      return this.account !== undefined;
    },
    side: undefined,
    mark: undefined,
    muted: undefined,
    rooms: undefined,
    contacts: undefined,
    spellings: undefined,
    host: "10.0.0.7",
    bare: false,
    listens: true,
    over: false,
  };
}
