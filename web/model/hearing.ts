/**
 * What the server says. It answers each request once, in their order, so a line of what was asked tells which answer is
 * which. A list is an answer with a quantity, and then its rows with nothing between.
 * @module
 */
import { type Fields, text, whole } from "../../client/protocol/fields.ts";
import { type Heard, heard, peopleIn, saidIn } from "../heard.ts";
import { isRoom, type Said } from "../talk.ts";
import { leave, outdated, registered, settle, welcome } from "./entrance.ts";
import { caughtUp, missed, relayed } from "./keeping_up.ts";
import { listBans, ordered } from "./moderation.ts";
import { filled, found, lost, reached, wentBack } from "./past.ts";
import { forget } from "./places.ts";
import { type Asked, spellingOf } from "./state.ts";
import { ask, change, know, type Turn } from "./turn.ts";
import { acknowledge, refuse } from "./waiting.ts";

/** One object from the server. */
export function hear(turn: Turn, object: Fields): void {
  const { state } = turn;
  state.doubt = undefined;
  if (state.list !== undefined && typeof object.response === "number") {
    // It ends before its time: what there is of it is better than to take all that comes for its rows.
    const { asked, rows } = state.list;
    state.list = undefined;
    listed(turn, asked, rows);
  }
  if (state.list !== undefined) {
    const { asked, left, rows } = state.list;
    state.list = left === 1 ? undefined : { asked, left: left - 1, rows: [...rows, object] };
    if (left === 1) listed(turn, asked, [...rows, object]);
    return;
  }
  const what = heard(object);
  switch (what.what) {
    case "answer":
      return answered(turn, what);
    case "msg":
      return relayed(turn, what.said, what.to);
    case "came":
      state.online = new Set([...state.online, what.name]);
      return know(turn, [[what.name, what]]);
    case "went":
      state.online = without(state.online, what.name);
      state.members = without(state.members, what.name);
      return;
    case "entered":
      know(turn, [[what.name, what]]);
      if (spellingOf(state, what.room) === state.open) state.members = new Set([...state.members, what.name]);
      return;
    case "left":
      if (spellingOf(state, what.room) === state.open) state.members = without(state.members, what.name);
      return;
    case "probe":
      return ask(turn, { ask: "presence" }, { action: "presence" });
    case "unknown":
      state.skipped++;
  }
}

function answered(turn: Turn, { code, words, quantity, role, name, token, id }: Heard & { what: "answer" }): void {
  const { state } = turn;
  // A server spells a name as its account does, and gives a guest another one when somebody is given an account by its name.
  if (name !== undefined && code < 300 && state.me !== undefined) state.me = { ...state.me, name };
  if (role !== undefined && code < 300 && state.me !== undefined) know(turn, [[state.me.name, { role }]]);
  if (code < 200) {
    state.notice = words;
    return;
  }
  const [asked, ...rest] = state.asked;
  state.asked = rest;
  if (asked === undefined) state.farewell = { code, words };
  else if (code >= 400) refused(turn, asked, code, words);
  else if (quantity === undefined) accepted(turn, asked, { code, words, token, id });
  else if (quantity === 0) listed(turn, asked, []);
  else state.list = { asked, left: quantity, rows: [] };
}

/** What an answer says that all went well. */
type Accepted = Pick<Heard & { what: "answer" }, "code" | "words"> & {
  readonly token: string | undefined;
  readonly id: number | undefined;
};

function accepted(turn: Turn, asked: Asked, { code, words, token, id }: Accepted): void {
  const { state } = turn;
  switch (asked.ask) {
    case "enter":
      return welcome(turn, asked.way, token);
    case "register":
      registered(turn, asked.password, token);
      state.notice = words;
      return;
    case "msg":
      return acknowledge(turn, asked.key, asked.time, { later: code === 202, id });
    case "join":
      if (!state.talks.has(asked.key)) return;
      // What was said before one was in has not been heard.
      return change(turn, asked.key, {
        member: true,
        trouble: undefined,
        ...(state.talks.get(asked.key)?.member ? {} : { live: false }),
      });
    case "leave":
      return forget(turn, asked.key);
    case "order":
      return ordered(turn, asked.order);
    case "contact":
      state.contacts = asked.add ? new Set([...state.contacts, asked.name]) : without(state.contacts, asked.name);
  }
}

function refused(turn: Turn, asked: Asked, code: number, words: string): void {
  const { state } = turn;
  switch (asked.ask) {
    case "enter":
      // As often here as may be: the server may not have noticed yet that one of these connections is dead.
      if (code === 409 && state.stage === "in") return void turn.effects.push({ do: "retry" });
      if (code === 401 && asked.token !== undefined) return outdated(turn, asked.token, words);
      return leave(turn, words);
    case "account": // the name is nobody's, and we are a guest of that name
      return settle(turn, false);
    case "msg":
      return refuse(turn, asked.key, asked.time, words);
    case "join":
      return change(turn, asked.key, { trouble: words });
    case "since":
      return caughtUp(turn, asked.key, { trouble: words });
    case "older":
    case "fill": {
      const old = state.talks.get(asked.key)?.old;
      if (old !== undefined) return change(turn, asked.key, { old: { ...old, loading: false, start: true } });
      return change(turn, asked.key, { loading: false, start: true });
    }
    case "reach":
      return lost(turn);
    case "search":
      state.search = { key: asked.key, text: asked.text, rows: state.search?.rows ?? [], trouble: words };
      return;
    case "order":
      return ordered(turn, asked.order, words);
    case "who":
    case "bans": // we are no operator any more
      return;
    case "leave": // if it was put away without a connection, we are out of it already
      if (state.talks.has(asked.key)) state.notice = words;
      return;
    default:
      state.notice = words;
  }
}

/** A list is whole. A row of an unknown kind is skipped and counted, and still counts as one of a page. */
function listed(turn: Turn, asked: Asked, objects: readonly Fields[]): void {
  const { state } = turn;
  if (isOfPast(asked)) return pageRead(turn, asked, objects);
  switch (asked.ask) {
    case "account":
      return settle(turn, true);
    case "rooms":
      state.rooms = objects.map(({ room }) => text(room)).filter(isRoom);
      state.skipped += objects.length - state.rooms.length;
      for (const { room, member } of objects) {
        const key = spellingOf(state, text(room));
        if (member === true && isRoom(key) && !state.talks.has(key)) change(turn, key, { member: true });
      }
      return;
    case "who": {
      const people = peopleIn(objects), names = new Set(people.map(([name]) => name));
      know(turn, people);
      state.skipped += objects.length - people.length;
      if (asked.room === undefined) state.online = names;
      else if (asked.room === state.open) state.members = names;
      return;
    }
    case "bans":
      return listBans(turn, objects);
    case "contacts": {
      const people = peopleIn(objects);
      state.contacts = new Set(people.map(([name]) => name));
      state.skipped += objects.length - people.length;
    }
  }
}

/** A request for a page of the past. */
type PastAsked = Extract<Asked, { ask: "since" | "older" | "reach" | "fill" | "search" }>;

const OF_PAST: ReadonlySet<string> = new Set<PastAsked["ask"]>(["since", "older", "reach", "fill", "search"]);

function isOfPast(asked: Asked): asked is PastAsked {
  return OF_PAST.has(asked.ask);
}

/** A page of the past is whole. */
function pageRead(turn: Turn, asked: PastAsked, objects: readonly Fields[]): void {
  const { state } = turn;
  const known = objects.map(saidIn).filter((each) => each !== undefined), rows = inOrder(known);
  state.skipped += objects.length - known.length;
  const ids = objects.flatMap(({ id }) => whole(id) ?? []);
  const page = { rows, size: objects.length, first: Math.min(...ids), last: Math.max(...ids) };
  switch (asked.ask) {
    case "since":
      return missed(turn, asked, page);
    case "older":
      return wentBack(turn, asked, page);
    case "reach":
      return reached(turn, asked, page);
    case "fill":
      return filled(turn, asked, page);
    case "search":
      return found(turn, asked, page);
  }
}

/** By their ids, each once. */
function inOrder(rows: readonly Said[]): Said[] {
  const sorted = rows.toSorted((one, other) => one.id! - other.id!);
  return sorted.filter(({ id }, at) => id !== sorted[at - 1]?.id);
}

function without(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const rest = new Set(names);
  rest.delete(name);
  return rest;
}
