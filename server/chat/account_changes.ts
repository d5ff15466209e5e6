/** What records change in an account alone, and how the state applies them. */
import { type Level, nameKey } from "../../jim/mod.ts";
import { accountSide } from "../journal/conversation.ts";
import type {
  AccountRecord,
  ContactRecord,
  CursorRecord,
  LevelRecord,
  ReadRecord,
  Recorded,
  StatusRecord,
} from "../journal/records.ts";
import type { Account } from "./model.ts";

/** A change of an account. */
export type AccountChange =
  | { readonly kind: "registered"; readonly account: Account }
  | { readonly kind: "removed"; readonly account: Account }
  | { readonly kind: "renamed"; readonly account: Account; readonly before: string }
  | { readonly kind: "password"; readonly account: Account }
  | { readonly kind: "operator"; readonly account: Account; readonly by: number | undefined }
  | { readonly kind: "cursor"; readonly account: Account }
  | { readonly kind: "contact"; readonly account: Account; readonly name: string; readonly is: boolean }
  | { readonly kind: "session"; readonly account: Account; readonly hash: string; readonly is: boolean }
  | { readonly kind: "read"; readonly account: Account; readonly place: string; readonly last: number }
  | { readonly kind: "level"; readonly account: Account; readonly place: string; readonly level: Level }
  | { readonly kind: "status"; readonly account: Account };

/** A new account, which is in no room. */
export function newAccount(record: Recorded<AccountRecord>): Account {
  const { id, name, password, oneTime = false, operator, bot = false, since = id, seen = id, time } = record;
  const { guestPeriods = [], contacts = [] } = record;
  return {
    id,
    name,
    key: nameKey(name),
    side: accountSide(id),
    password,
    hasOneTimePassword: oneTime,
    revision: 0,
    passwordSince: id,
    operator,
    isBot: bot,
    since,
    madeAt: time,
    cursor: seen,
    guestPeriods: guestPeriods.map(({ last = id, ...period }) => ({ ...period, last })),
    rooms: new Map(),
    contacts: new Map(contacts.map((contact) => [nameKey(contact), contact])),
    tokens: new Map(),
    reads: undefined,
    levels: undefined,
    status: undefined,
  };
}

export function moveCursor(account: Account, { last }: CursorRecord): AccountChange | "lost" {
  if (account.cursor >= last) return "lost";
  account.cursor = last;
  return { kind: "cursor", account };
}

export function changeContact(account: Account, { name, is }: ContactRecord): AccountChange | "lost" {
  const key = nameKey(name);
  if (is) account.contacts.set(key, name);
  else if (!account.contacts.delete(key)) return "lost";
  return { kind: "contact", account, name, is };
}

/** What is read stays read, in whatever order two devices say it. */
export function markRead(account: Account, { place, last }: ReadRecord): AccountChange | "lost" {
  const former = account.reads?.get(place);
  if (last === 0 && place !== "") {
    if (!forgetMark(account, place)) return "lost";
  } else if (former !== undefined && former >= last) return "lost";
  else (account.reads ??= new Map()).set(place, last);
  return { kind: "read", account, place, last };
}

export function setLevel(account: Account, { place, level }: LevelRecord): AccountChange | "lost" {
  if (level !== "default") (account.levels ??= new Map()).set(place, level);
  else if (!forgetLevel(account, place)) return "lost";
  return { kind: "level", account, place, level };
}

export function setStatus(account: Account, { away, emoji, text }: StatusRecord): AccountChange | "lost" {
  const isSet = away || emoji !== undefined || text !== "";
  if (!isSet && account.status === undefined) return "lost";
  account.status = isSet ? { away, text, ...(emoji === undefined ? {} : { emoji }) } : undefined;
  return { kind: "status", account };
}

/** Takes what an account has chosen for a conversation that is gone. */
export function forgetPlace(account: Account, place: string): void {
  forgetMark(account, place);
  forgetLevel(account, place);
}

/** Returns whether there was a mark. An account without marks is as one that never had any, as after a restart. */
function forgetMark(account: Account, place: string): boolean {
  const isThere = account.reads?.delete(place) === true;
  if (account.reads?.size === 0) account.reads = undefined;
  return isThere;
}

/** Returns whether there was a level. */
function forgetLevel(account: Account, place: string): boolean {
  const isThere = account.levels?.delete(place) === true;
  if (account.levels?.size === 0) account.levels = undefined;
  return isThere;
}
