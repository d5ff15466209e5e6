// A state as plain values, to be compared, and records applied to one.
import type { State } from "../../../server/chat/state.ts";
import type { JournalRecord } from "../../../server/journal/records.ts";

/** Applies records in order. Returns the ids of those that have lost. */
export function applyAll(state: State, records: readonly JournalRecord[], stand = false): number[] {
  return records.filter((record) => record.kind !== "message" && state.apply(record, stand) === "lost").map(({ id }) =>
    id
  );
}

/** All that lasts. How often a password was changed is counted for one process. */
export function dump(state: State): object {
  return {
    accounts: [...state.accounts()].sort((one, other) => one.id - other.id).map((
      { revision: _, rooms, ...account },
    ) => ({
      ...account,
      rooms: [...rooms].map(([room, spelling]) => [room.id, spelling]).sort(),
      contacts: [...account.contacts].sort(),
      sessions: [...account.tokens].sort(),
    })),
    rooms: state.rooms().map(({ members, ranks, restraints, invited, pins, respelt: _, ...room }) => ({
      ...room,
      ranks: [...ranks].sort(),
      restraints: [...restraints].sort(),
      invited: [...invited].sort(),
      pins: [...pins].sort(),
      members: [...members].map(({ id }) => id).sort(),
    })),
    hooks: [undefined, ...state.rooms()].map((room) => [room?.id, state.hooksOf(room).map(({ hash }) => hash).sort()]),
    bans: [...state.bans()].sort((one, other) => one.who < other.who ? -1 : 1),
    motd: state.motd,
    pins: [...state.pins].sort(),
  };
}
