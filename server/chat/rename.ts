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
    ...movedRestraints(state, account, name),
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

/** The old name keeps its bans if another account has the same key, in an old database. */
function movedBans(state: State, { key }: Account, name: string): StateProposal[] {
  const to = nameKey(name);
  if (to === key) return [];
  const isAlone = state.accountsAlike(key).length === 1;
  return (["name", "mute"] as const).flatMap((what) => {
    const ban = state.banOf(what, key);
    if (ban === undefined) return [];
    const isLonger = ban.until > (state.banOf(what, to)?.until ?? -Infinity);
    const put = banRecord({ ...ban, who: to }, true), lift = banRecord(ban, false);
    return [...(isLonger ? [put] : []), ...(isAlone ? [lift] : [])];
  });
}

/** The bans and mutes of rooms follow as those of operators do. */
function movedRestraints(state: State, { key }: Account, name: string): StateProposal[] {
  const to = nameKey(name);
  if (to === key) return [];
  const isAlone = state.accountsAlike(key).length === 1;
  return state.rooms().flatMap(({ id: room, restraints }) =>
    (["ban", "mute"] as const).flatMap((what) => {
      const restraint = restraints.get(restraintKey({ what, who: key }));
      if (restraint === undefined) return [];
      const there = restraints.get(restraintKey({ what, who: to }));
      const isLonger = there === undefined || (restraint.until ?? Infinity) > (there.until ?? Infinity);
      const about = { kind: "restraint", room, ...restraint } as const;
      const put = { ...about, who: to, is: true }, lift = { ...about, is: false };
      return [...(isLonger ? [put] : []), ...(isAlone ? [lift] : [])];
    })
  );
}
