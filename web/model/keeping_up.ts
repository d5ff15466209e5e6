/**
 * Keeping up with what is said. After each break every conversation is caught up with from the last id that is known.
 * Until then what is heard waits for its place, and what is written for being sent: none is lost, none is doubled.
 * @module
 */
import { COMMON_ROOM } from "../../jim/message.ts";
import { arrived, caughtUp, isLastPage, pageRead, type PastPage } from "../../client/protocol/catch_up.ts";
import { conversation } from "../../client/protocol/objects.ts";
import { isRoom, merge, newTalk, type Said, sign, since, type Talk } from "../talk.ts";
import { join, MANY, PAGE } from "./past.ts";
import { type Asked, isIgnored, isKept, openTalk, spellingOf } from "./state.ts";
import { ask, change, know, type Turn } from "./turn.ts";
import { count } from "./unread.ts";

/** So many pages are caught up with; who has missed more begins at the latest, and scrolls up for the rest. */
const PAGES = 4;

/** A message as it is said. */
export function relayed(turn: Turn, message: Said, to: string): void {
  const { state } = turn;
  const key = spellingOf(state, isRoom(to) ? to : message.from === state.me?.name ? to : message.from);
  const said = withoutMark(message, state.talks.get(key));
  const told = state.me !== undefined && state.roles.has(state.me.name);
  if (told) knowSender(turn, said, key);
  const talk = state.talks.get(key);
  // A message of an ignored person opens no conversation.
  if (talk === undefined && !isRoom(key) && isIgnored(state, message.from)) return;
  if (key === state.open && isRoom(key) && !state.members.has(said.from) && key !== COMMON_ROOM) {
    state.members = new Set([...state.members, said.from]);
  }
  // Somebody new: nothing before this is unread, and nothing after it may be missed.
  const known = talk ?? { ...newTalk(key), member: true, upTo: said.id! - 1, readTo: said.id! - 1 };
  const { progress, ready } = arrived(known, said);
  change(turn, key, { ...known, ...progress, said: merge(known.said, ready) });
  if (known.live) return count(turn, key, ready);
  if (state.ready && !isKept(state, key)) finish(turn, key, {});
}

/**
 * What a message tells of its sender. A guest with a number shares its name: how many do is in the list of who is here, which
 * tells of the first that comes and the last that goes alone. A guest without one has its name for itself.
 */
function knowSender(turn: Turn, { from, role = "guest", guest }: Said, key: string): void {
  const { state } = turn;
  const known = state.roles.get(from);
  know(turn, [[from, guest === undefined ? { role } : { ...known, role }]]);
  const isListed = known?.guests !== undefined || state.pending.asked.some(({ ask }) => ask === "who");
  if (guest === undefined || isListed || !state.ready || key !== COMMON_ROOM || state.open !== COMMON_ROOM) return;
  ask(turn, { ask: "who", room: undefined }, { action: "who_online" });
}

/** One of our own that comes back, since a connection that has broken brought it, is no other guest's. */
function withoutMark(said: Said, talk: Talk | undefined): Said {
  const known = sign(said);
  if (said.guest === undefined || !talk?.waiting.some((each) => sign({ ...each, from: said.from }) === known)) {
    return said;
  }
  const { guest: _, ...rest } = said;
  return rest;
}

/** Catches up with the next conversation that is behind, the open one first: one at a time. */
export function catchUp(turn: Turn): void {
  const { state } = turn;
  if (!state.ready) return;
  const { asked, list } = state.pending;
  if (asked.some(({ ask }) => ask === "since") || list?.request.ask === "since") return;
  const behind = [openTalk(state), ...state.talks.values()].find((talk) =>
    state.talks.has(talk.key) && !talk.live && talk.member
  );
  if (behind !== undefined) askSince(turn, behind, since(behind), 1);
}

/** A page of what was said since. */
export function missed(turn: Turn, asked: Asked & { ask: "since" }, page: PastPage<Said>): void {
  const { state } = turn;
  const talk = state.talks.get(asked.key);
  if (talk === undefined) return;
  const { key } = talk, { rows, size, last } = page;
  const known = new Set(talk.said.map(({ id }) => id)), sent = new Set(rows.map(sign));
  const waiting = talk.waiting.filter((each) => !sent.has(sign({ ...each, from: state.me!.name })));
  const first = asked.after === undefined;
  change(turn, key, {
    ...pageRead(talk, page).progress,
    said: merge(talk.said, rows),
    waiting,
    ...(first ? { start: size < PAGE } : {}),
    ...(first && asked.page === 1 ? { readTo: Math.max(talk.readTo, last) } : {}),
  });
  join(turn, key);
  if (!first) count(turn, key, rows.filter(({ id }) => !known.has(id)));
  if (isLastPage(page, asked.after, MANY)) return finish(turn, key, {});
  if (asked.page < PAGES || waiting.some(({ state }) => state === "unknown")) {
    return askSince(turn, talk, last, asked.page + 1);
  }
  // Too much to read: the latest page it is, and what lies between is for who scrolls up.
  change(turn, key, { said: [], start: false });
  askSince(turn, talk, undefined, asked.page + 1);
}

/** Nothing is missing any more: what was heard meanwhile has its place, and what could not be sent may be. */
export function finish(turn: Turn, key: string, more: Partial<Talk>): void {
  const { state } = turn;
  const talk = state.talks.get(key);
  if (talk === undefined) return;
  const { progress, ready } = caughtUp(talk);
  change(turn, key, {
    ...progress,
    said: merge(talk.said, ready),
    waiting: talk.waiting.map((each) =>
      each.state === "unknown" ? { ...each, state: isKept(state, key) ? "queued" : "unsure" } : each
    ),
    ...more,
  });
  count(turn, key, ready);
}

function askSince(turn: Turn, { key }: Talk, after: number | undefined, page: number): void {
  const range = after === undefined ? { limit: PAGE } : { after, limit: MANY };
  ask(turn, { ask: "since", key, after, page }, { action: "history", ...conversation(key), ...range });
}
