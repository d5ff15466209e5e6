/**
 * What a reload keeps, as text for the tab's own storage: the name, the place, drafts, and messages that have nowhere else
 * to be: those that were not sent yet, and a guest's private ones. Never a password. All else the server's past brings
 * back.
 * @module
 */
import { COMMON } from "../jim/message.ts";
import { isKept, newState, type State } from "./model/state.ts";
import { isRoom, newTalk, type Said, type Talk, unanswered, type Waiting } from "./talk.ts";

/** A guest's private conversation is kept so far back. */
const BACK = 200;

/** The place in a conversation: the message at the top, and how far it is scrolled, in pixels. */
export interface Place {
  readonly id: number;
  readonly offset: number;
}

/** What a reload keeps. */
export interface Keepsake {
  readonly name: string;
  /** Whoever has logged in must do so again. */
  readonly guest: boolean;
  readonly stamp: number;
  readonly open: string;
  readonly place: Place | undefined;
  readonly talks: readonly KeptTalk[];
}

interface KeptTalk extends Pick<Talk, "key" | "readTo" | "draft" | "waiting"> {
  readonly upTo?: number;
  readonly said?: readonly Said[];
}

/** What to keep; nothing, as long as nobody is in. */
export function keepsake(state: State, place: Place | undefined): string | undefined {
  const { me, stage, account, stamp, open, talks } = state;
  if (me === undefined || stage !== "in") return undefined;
  const kept: Keepsake = { name: me.name, guest: !account, stamp, open, place, talks: [...talks.values()].map(keep) };
  return JSON.stringify(kept);

  function keep(talk: Talk): KeptTalk {
    const { key, readTo, draft, waiting, upTo, said } = talk;
    const top = key === open && place !== undefined ? place.id - 1 : readTo;
    return {
      key,
      readTo,
      draft,
      waiting: unanswered(waiting),
      ...(upTo === undefined ? {} : { upTo: Math.min(upTo, top) }),
      ...(isKept(state, key) ? {} : { said: said.slice(-BACK) }),
    };
  }
}

/** Reads what was kept; what is not to be made sense of counts as nothing. */
export function unkeep(text: string | null): Keepsake | undefined {
  try {
    const kept = JSON.parse(text ?? "null");
    return typeof kept?.name === "string" && Array.isArray(kept.talks) ? kept : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * A state to come in with, by the name that was kept.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const kept = { name: "ann", guest: true, stamp: 5, open: "#cats", place: undefined };
 * const state = revive(7, { ...kept, talks: [{ key: "#cats", readTo: 3, upTo: 3, draft: "hel", waiting: [] }] });
 * assert.deepEqual([state.open, [...state.talks.keys()], state.talks.get("#cats")?.draft], [
 *   "#cats",
 *   ["#all", "#cats"],
 *   "hel",
 * ]);
 * ```
 */
export function revive(salt: number, { name, guest, stamp, open, talks }: Keepsake): State {
  const state = newState(salt);
  const all = new Map(state.talks);
  for (const { key, readTo, draft, waiting, upTo, said = [] } of talks) {
    const unread = said.filter(({ id = 0, from }) => id > readTo && from !== name).length;
    all.set(key, { ...newTalk(key), readTo, unread, draft, waiting: waiting as Waiting[], said, upTo });
  }
  return {
    ...state,
    me: { name, way: guest ? "guest" : "login", password: "" },
    stamp,
    open: all.has(open) ? open : COMMON,
    talks: all,
    seen: !isRoom(open),
  };
}
