/** What a list makes of a chat: accounts, and a room for each group. It only looks at the state, and changes nothing. */
import { nameKey } from "../../jim/mod.ts";
import { levelIn, OWNER } from "../../server/chat/room_rights.ts";
import type { Account, Room, State } from "../../server/chat/state.ts";
import type { StateProposal } from "../../server/journal/records.ts";
import { Refused } from "../refused.ts";
import type { Texts } from "../words/english.ts";
import type { Flaw, Pupil } from "./list.ts";

/** A room of a group. */
export interface Group {
  /** The spelling of the first line that has it. */
  readonly room: string;
  readonly pupils: readonly Pupil[];
}

/** The account that is to own the rooms. @throws {Refused} if there is none by that name, or it is a program's */
export function ownerIn(state: State, name: string, texts: Texts): Account {
  const owner = state.account(name);
  if (owner === undefined) throw new Refused(texts.lists.noOwner(name));
  if (owner.isBot) throw new Refused(texts.lists.botAsOwner(name));
  return owner;
}

/** What stands in the way of a list: accounts that are there, names that look like theirs, rooms of others. */
export function flawsIn(state: State, pupils: readonly Pupil[], owner: Account | undefined, texts: Texts): Flaw[] {
  return pupils.flatMap(({ line, name, room }) => {
    const text = flawOfName(state, name, texts) ?? (owner && room && flawOfRoom(state, room, owner, texts));
    return text === undefined ? [] : [{ line, text: `${texts.lists.line(line)}: ${text}` }];
  });
}

function flawOfName(state: State, name: string, texts: Texts): string | undefined {
  const same = state.account(name), like = same === undefined ? state.lookalike(name) : undefined;
  if (same !== undefined) return texts.hasAccount(JSON.stringify(same.name));
  return like && texts.lists.looksLikeAccount(JSON.stringify(name), JSON.stringify(like.name));
}

function flawOfRoom(state: State, name: string, owner: Account, texts: Texts): string | undefined {
  const room = state.room(name, owner);
  if (room === undefined || isOwned(room, owner)) return undefined;
  return texts.lists.roomOfOthers(JSON.stringify(room.name), JSON.stringify(owner.name));
}

function isOwned(room: Room, owner: Account): boolean {
  return room.isPrivate && levelIn(room, owner) >= OWNER;
}

/** The groups of a list, in its order. */
export function groupsOf(pupils: readonly Pupil[]): Group[] {
  const named = pupils.filter((pupil): pupil is Pupil & { room: string } => pupil.room !== undefined);
  return [...Map.groupBy(named, ({ room }) => nameKey(room)).values()]
    .map((pupils) => ({ room: pupils[0]!.room, pupils }));
}

/** The records that put a group into its room, which may be there: somebody may come later. */
export function roomOf(state: State, { room: name, pupils }: Group, owner: Account): StateProposal[] {
  const room = state.room(name, owner), ids = pupils.flatMap(({ name }) => state.account(name)?.id ?? []);
  if (room === undefined) return [{ kind: "group", name, by: owner.id, users: [owner.id, ...ids] }];
  return ids.filter((id) => !room.members.has(state.accountById(id)!))
    .map((account) => ({ kind: "member", account, room: room.id, is: true }));
}
