// Somebody without a socket, and and the rules and the state that a chat begins with.

import type { Account, Chat, Room, Rules } from "../../../server/chat/chat.ts";
import { State } from "../../../server/chat/state.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import type { Session } from "../../../server/chat/session.ts";

export const RULES: Rules = {
  registration: true,
  guests: true,
  devices: 2,
  rooms: 2,
  replay: 100,
  sessionDays: 30,
  editMinutes: 60,
};

/** What records make that have the ids 1, 2, 3 and so on. */
export function stateOf(...proposals: StateProposal[]): State {
  const state = new State();
  for (const [i, proposal] of proposals.entries()) state.apply({ ...proposal, id: i + 1 });
  return state;
}

/** The record of an account; `op` is an operator. */
export function accountOf(name: string): StateProposal {
  return { kind: "account", name, password: "", operator: name === "op" };
}

/** A line speaker that has sent nothing yet. */
export function stranger(): Session {
  return {
    name: undefined,
    account: undefined,
    get isLoggedIn() {
      return this.account !== undefined;
    },
    side: undefined,
    mark: undefined,
    mutedKey: undefined,
    rooms: undefined,
    contacts: undefined,
    spellings: undefined,
    host: "10.0.0.7",
    bare: false,
    receivesRelays: true,
    isInputDone: false,
  };
}

/** A session enters at once, as with an embedded journal; `lastId` is the last id that was given out. */
export function enter(chat: Chat<Session>, session: Session, name: string, account?: Account, lastId = 0): void {
  chat.state.apply({ ...chat.entrance(session, name, account), id: lastId }, true);
}

export function leave(chat: Chat<Session>, session: Session, lastId = 0): void {
  const record = chat.departure(session);
  if (record !== undefined) chat.state.apply({ ...record, id: lastId }, true);
}

/** A guest enters or leaves a room. */
export function attend(chat: Chat<Session>, guest: Session, room: Room, is = true, spelling?: string): void {
  chat.state.apply({ ...chat.attendance(guest, room, is, spelling), id: 0 }, true);
  if (is) chat.noteMember(room);
}
