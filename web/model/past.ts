/** Going back in a conversation that the server keeps: page by page, to one old message, or to what words find. */
import type { Fields } from "../heard.ts";
import { firstId, isRoom, merge, type Said } from "../talk.ts";
import { type Asked, isKept, openTalk } from "./state.ts";
import { ask, change, type Turn } from "./turn.ts";

/** Rows of a page of the past: to read, to catch up with, and the most that JIM gives. */
export const PAGE = 50, MANY = 500;
/** Steps of {@linkcode MANY} in which an old message is looked for. */
const REACH = 20;

/** What was said before all that is shown. */
export function older(turn: Turn): void {
  const { state } = turn;
  const talk = openTalk(state);
  const { key } = talk;
  const before = firstId(talk);
  if (!state.ready || !talk.live || talk.loading || talk.start || !isKept(state, key) || before === undefined) return;
  change(turn, key, { loading: true });
  ask(turn, { ask: "older", key }, { action: "history", ...place(key), before, limit: PAGE });
}

/** Goes back to an old message of the open conversation. */
export function reach(turn: Turn, id: number): void {
  const { state } = turn;
  state.target = { key: state.open, id, found: false };
  goBack(turn, state.open, id, REACH);
}

/**
 * A page of what was said before.
 *
 * @param count of its rows, with those that could not be read
 */
export function wentBack(
  turn: Turn,
  asked: Asked & { ask: "older" | "reach" },
  rows: readonly Said[],
  count: number,
): void {
  const { key } = asked;
  const talk = turn.state.talks.get(key);
  if (talk === undefined) return; // it was put away meanwhile
  const said = merge(talk.said, rows);
  // A page that leads no further back would be asked for again and again.
  const start = count < (asked.ask === "older" ? PAGE : MANY) || firstId({ ...talk, said }) === firstId(talk);
  change(turn, key, { loading: false, start, said });
  if (asked.ask === "reach") goBack(turn, key, asked.id, start ? 0 : asked.left);
}

/** Looks for words in the open conversation. */
export function search(turn: Turn, text: string): void {
  const { state } = turn;
  const { open: key } = state;
  state.search = { key, text, rows: undefined };
  if (state.ready) ask(turn, { ask: "search", key, text }, { action: "search", ...place(key), text });
}

/** The connection is back: goes on with what has not been found yet. */
export function goOn(turn: Turn): void {
  const { search: sought, target } = turn.state;
  if (sought !== undefined && sought.rows === undefined) search(turn, sought.text);
  if (target !== undefined && !target.found) goBack(turn, target.key, target.id, REACH);
}

/** By what the server knows a conversation. */
export function place(key: string): Fields {
  return isRoom(key) ? { room: key } : { with: key };
}

/** One page further, until the message is there. */
function goBack(turn: Turn, key: string, id: number, left: number): void {
  const { state } = turn;
  const talk = state.talks.get(key);
  if (talk === undefined || state.target?.id !== id) return;
  const before = firstId(talk);
  if (talk.said.some((each) => each.id === id)) state.target = { key, id, found: true };
  else if (left === 0 || before === undefined) state.target = undefined;
  else if (state.ready) {
    change(turn, key, { loading: true });
    const asked = { ask: "reach", key, id, left: left - 1 } as const;
    ask(turn, asked, { action: "history", ...place(key), before, limit: MANY });
  }
}
