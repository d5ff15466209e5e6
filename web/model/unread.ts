/** What is unread, and whether it names us. What is looked at is read, and no more of it is held than that needs. */
import { isBy, isRoom, type Said } from "../talk.ts";
import { mentions } from "../text.ts";
import { isIgnored, isKept } from "./state.ts";
import { change, type Turn } from "./turn.ts";

/** More than this is let go at the top while the end is looked at: the past has it still. */
const SHOWN = 600, KEPT = 300;

/** What is unread of these. */
export function count(turn: Turn, key: string, rows: readonly Said[]): void {
  const { state } = turn;
  const talk = state.talks.get(key)!;
  const { name } = state.me!;
  const fresh = rows.filter((each) => each.id! > talk.readTo && !isBy(name, each) && !isIgnored(state, each.from));
  if (fresh.length === 0) return see(turn);
  const seen = key === state.open && state.seen;
  change(turn, key, {
    unread: talk.unread + fresh.length,
    mentions: talk.mentions + fresh.filter(({ text }) => !isRoom(key) || mentions(text, name)).length,
    mark: !seen && talk.unread === 0 ? talk.readTo : talk.mark,
  });
  see(turn);
}

/** What is looked at is read. */
export function see(turn: Turn): void {
  const { state } = turn;
  const talk = state.talks.get(state.open);
  if (!state.seen || talk === undefined || talk.upTo === undefined) return;
  const many = talk.said.length > SHOWN && isKept(state, talk.key) && state.target === undefined;
  const isBack = talk.old !== undefined && state.target === undefined;
  if (talk.unread === 0 && talk.readTo >= talk.upTo && !many && !isBack) return;
  change(turn, talk.key, {
    readTo: Math.max(talk.readTo, talk.upTo),
    unread: 0,
    mentions: 0,
    ...(isBack ? { old: undefined } : {}),
    ...(many ? { said: talk.said.slice(-KEPT), start: false } : {}),
  });
}
