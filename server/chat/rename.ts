/** The records that rename an account, with its name in contacts, bans and mutes. */
import { nameKey } from "../../jim/mod.ts";
import type { StateProposal } from "../journal/records.ts";
import { banRecord } from "./bans.ts";
import { restraintKey } from "./room_rights.ts";
import type { Account, State } from "./state.ts";

/**
 * Contacts, bans and mutes refer to names, and follow the account. Each is a record of its own, so that a compacted
 * log needs no old name. All belong in one batch.
 */
export function renaming(state: State, account: Account, name: string): StateProposal[] {
  return [
    { kind: "name", account: account.id, name },
    ...movedContacts(state, account, name),
    ...movedBans(state, account, name),
  ];
}

function movedContacts(state: State, { name: before, key }: Account, name: string): StateProposal[] {
  return [...state.accounts()].filter(({ contacts }) => contacts.get(key) === before).flatMap(({ id, contacts }) => {
    const isSameKey = nameKey(name) === key, there = { kind: "contact", account: id, name, is: true } as const;
    if (isSameKey) return [there];
    const gone = { kind: "contact", account: id, name: before, is: false } as const;
    return contacts.get(nameKey(name)) === name ? [gone] : [gone, there];
  });
}

/**
 * Bans and mutes, those of operators and those of rooms, move where they end later than those of the new name. The old
 * name keeps its own if another account has the same key, in an old database.
 */
function movedBans(state: State, { key }: Account, name: string): StateProposal[] {
  const to = nameKey(name);
  if (to === key) return [];
  const isAlone = state.accountsAlike(key).length === 1;
  const moved = <B extends { until?: number }>(
    ban: B | undefined,
    there: B | undefined,
    record: (ban: B, who: string, is: boolean) => StateProposal,
  ): StateProposal[] => {
    if (ban === undefined) return [];
    const isLonger = there === undefined || (ban.until ?? Infinity) > (there.until ?? Infinity);
    return [...(isLonger ? [record(ban, to, true)] : []), ...(isAlone ? [record(ban, key, false)] : [])];
  };
  const ofOperators = (["name", "mute"] as const).flatMap((what) =>
    moved(state.banOf(what, key), state.banOf(what, to), (ban, who, is) => banRecord({ ...ban, who }, is))
  );
  const ofRooms = state.rooms().flatMap(({ id: room, restraints }) =>
    (["ban", "mute"] as const).flatMap((what) => {
      const of = (who: string) => restraints.get(restraintKey({ what, who }));
      return moved(of(key), of(to), (restraint, who, is) => ({ kind: "restraint", room, ...restraint, who, is }));
    })
  );
  return [...ofOperators, ...ofRooms];
}
