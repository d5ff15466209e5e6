/** The records that give an account another name, with what others have noted by its old one. */
import { nameKey } from "../../jim/mod.ts";
import type { StateProposal } from "../journal/records.ts";
import { banRecord } from "./bans.ts";
import type { Account, State } from "./state.ts";

/**
 * Contacts, bans and mutes are by names, and go with the account. Each is a record of its own, so that a compacted log needs no
 * name in between. All of them belong into one batch.
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

/** Where another account has the old name from before names had keys, that keeps them too. */
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
