/**
 * What the page knows, and what it makes of what happens: a state and an event give the next state, and what is to be
 * done, as data. It knows no socket, no clock and no screen.
 *
 * The server answers each request once, in their order, so a line of what was asked tells which answer is which. A list is
 * an answer with a quantity, and then its rows with nothing between. After each break every conversation is caught up from
 * the last id that is known, and only then are its waiting messages sent: so none is lost and none is doubled.
 * @module
 */
import { COMMON, isCommon } from "../jim/message.ts";
import { type Fields, heard, saidIn, text } from "./heard.ts";
import { firstId, isRoom, merge, newTalk, type Said, sign, since, type Talk, type Waiting } from "./talk.ts";
import { mentions } from "./text.ts";

/** Rows of a page of the past: to read, to catch up with, and the most that JIM gives. */
const PAGE = 50, MANY = 500;
/** So many pages are caught up with; who has missed more begins at the latest, and scrolls up for the rest. */
const PAGES = 4;
/** More than this is let go at the top while the end is looked at: the past has it still. */
const SHOWN = 600, KEPT = 300;
/** Steps of {@linkcode MANY} in which an old message is looked for. */
const REACH = 20;

/** By what one comes in. */
export type Way = "guest" | "login" | "register";

/** Who we are. */
export interface Me {
  readonly name: string;
  readonly way: Way;
  /** Never leaves the memory of the page. */
  readonly password: string;
}

/** A search, and what it has found: `undefined` until it is answered. */
export interface Search {
  readonly key: string;
  readonly text: string;
  readonly rows: readonly Said[] | undefined;
  readonly trouble?: string;
}

/** A request that has not been answered. */
export type Asked =
  | { ask: "enter"; way: Way }
  | { ask: "presence" | "rooms" | "contacts" | "probe" | "account" }
  | { ask: "register"; password: string }
  | { ask: "who"; room: string | undefined }
  | { ask: "since"; key: string; after: number | undefined; page: number }
  | { ask: "older"; key: string }
  | { ask: "reach"; key: string; id: number; left: number }
  | { ask: "search"; key: string; text: string }
  | { ask: "msg"; key: string; time: number }
  | { ask: "join" | "leave"; key: string }
  | { ask: "contact"; name: string; add: boolean };

/** All that the page knows. */
export interface State {
  readonly me: Me | undefined;
  /** The name has been proved: private messages are kept. */
  readonly account: boolean;
  /** `out`: the entrance is shown; `coming`: until the server has let us in; `in` from then on, over every break. */
  readonly stage: "out" | "coming" | "in";
  /** The server has let us in on this connection. */
  readonly ready: boolean;
  /** Why we are out. */
  readonly refusal: string | undefined;
  readonly asked: readonly Asked[];
  /** A list that is being read. */
  readonly list: { asked: Asked; left: number; rows: readonly Fields[] } | undefined;
  readonly talks: ReadonlyMap<string, Talk>;
  /** Every room there is. */
  readonly rooms: readonly string[];
  /** Who is here. */
  readonly online: ReadonlySet<string>;
  /** Who is in the open room. */
  readonly members: ReadonlySet<string>;
  readonly contacts: ReadonlySet<string>;
  /** The conversation that is shown. */
  readonly open: string;
  /** Whether its end is being looked at. */
  readonly seen: boolean;
  readonly search: Search | undefined;
  /** An old message to be shown, and whether it has been reached. */
  readonly target: { key: string; id: number; found: boolean } | undefined;
  /** What the server tells everybody, or refused us; the latest, until it is dismissed. */
  readonly notice: string | undefined;
  /** The last that the server said without being asked. */
  readonly farewell: { code: number; words: string } | undefined;
  /** A message whose refusal is the last that was heard: if the connection ends now, that was meant for the connection. */
  readonly doubt: { key: string; time: number } | undefined;
  /** The time of the latest message of ours, in milliseconds. */
  readonly stamp: number;
  /** Microseconds that our messages' times end in: a namesake's end in others. */
  readonly salt: number;
}

/** What happens. */
export type Event =
  | { on: "enter"; me: Me }
  | { on: "up" | "quiet" | "quit" | "dismiss" | "look" | "unsearch" | "reached" }
  | { on: "down" }
  | { on: "heard"; object: Fields }
  | { on: "say"; text: string }
  | { on: "draft"; text: string }
  | { on: "open"; key: string }
  | { on: "close"; key: string }
  | { on: "seen"; is: boolean }
  | { on: "older" }
  | { on: "reach"; id: number }
  | { on: "search"; text: string }
  | { on: "again" | "drop"; key: string; time: number }
  | { on: "contact"; name: string; add: boolean }
  | { on: "register"; password: string };

/** What is to be done: a connection to be wanted or not, or to be made anew after a while; an object to be sent. */
export type Effect =
  | { do: "connect" | "disconnect" | "retry" }
  | { do: "say"; object: Fields };

/** A step under way: the state is a copy of the last one, whose parts are replaced and never changed. */
interface Turn {
  readonly state: { -readonly [K in keyof State]: State[K] };
  readonly effects: Effect[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Nobody is here yet. */
export function newState(salt: number): State {
  return {
    me: undefined,
    account: false,
    stage: "out",
    ready: false,
    refusal: undefined,
    asked: [],
    list: undefined,
    talks: new Map([[COMMON, newTalk(COMMON)]]),
    rooms: [],
    online: new Set(),
    members: new Set(),
    contacts: new Set(),
    open: COMMON,
    seen: true,
    search: undefined,
    target: undefined,
    notice: undefined,
    farewell: undefined,
    doubt: undefined,
    stamp: 0,
    salt,
  };
}

/**
 * One step.
 *
 * @param now milliseconds since 1970
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let { state, effects } = step(newState(7), { on: "enter", me: { name: "ann", way: "guest", password: "" } }, 0);
 * assert.deepEqual(effects, [{ do: "connect" }]);
 * ({ state, effects } = step(state, { on: "up" }, 0));
 * const presence = { action: "presence", user: { account_name: "ann", status: "" }, watch: true, time: 0 };
 * assert.deepEqual(effects, [{ do: "say", object: presence }]);
 * ```
 */
export function step(before: State, event: Event, now: number): { state: State; effects: readonly Effect[] } {
  const turn: Turn = { state: { ...before }, effects: [], now };
  happen(turn, event);
  pump(turn);
  return turn;
}

/** The conversation that is shown. */
export function openTalk({ talks, open }: State): Talk {
  return talks.get(open) ?? newTalk(open);
}

/** Whether the server keeps what is said there, for us to ask for. */
export function isKept(state: Pick<State, "account">, key: string): boolean {
  return isRoom(key) || state.account;
}

function happen(turn: Turn, event: Event): void {
  const { state } = turn;
  switch (event.on) {
    case "enter":
      return enter(turn, event.me);
    case "up":
      return knock(turn);
    case "down":
      return down(turn);
    case "heard":
      return hear(turn, event.object);
    case "quiet":
      if (state.ready) ask(turn, { ask: "probe" }, { action: "probe" });
      return;
    case "quit":
      return leaveChat(turn, undefined);
    case "say":
      return write(turn, event.text);
    case "draft":
      return change(turn, state.open, { draft: event.text });
    case "open":
      return open(turn, event.key);
    case "close":
      return close(turn, event.key);
    case "seen":
      state.seen = event.is;
      return see(turn);
    case "older":
      return older(turn);
    case "reach":
      state.target = { key: state.open, id: event.id, found: false };
      return reach(turn, state.open, event.id, REACH);
    case "reached":
      state.target = undefined;
      return;
    case "look":
      if (!state.ready) return;
      ask(turn, { ask: "rooms" }, { action: "rooms" });
      return who(turn);
    case "search": {
      const { open: key } = state;
      if (!state.ready) return;
      state.search = { key, text: event.text, rows: undefined };
      return ask(turn, { ask: "search", key, text: event.text }, { action: "search", ...place(key), text: event.text });
    }
    case "unsearch":
      state.search = undefined;
      return;
    case "again":
      return rewait(turn, event.key, event.time, ({ text, time }) => ({ text, time, state: "queued" }));
    case "drop":
      return rewait(turn, event.key, event.time, () => undefined);
    case "contact": {
      const { name, add } = event;
      if (!state.ready) return;
      return ask(turn, { ask: "contact", name, add }, { action: add ? "add_contact" : "del_contact", user_id: name });
    }
    case "register":
      if (state.ready) {
        ask(turn, { ask: "register", password: event.password }, register(state.me!.name, event.password));
      }
      return;
    case "dismiss":
      state.notice = undefined;
  }
}

function enter(turn: Turn, me: Me): void {
  const { state } = turn;
  // Another name has other conversations.
  if (state.me !== undefined && state.me.name !== me.name) Object.assign(state, newState(state.salt));
  state.me = me;
  state.stage = "coming";
  state.refusal = undefined;
  turn.effects.push({ do: "connect" });
}

/** The connection is there: says who we are. */
function knock(turn: Turn): void {
  const { state } = turn;
  const { name, way, password } = state.me!;
  broken(turn);
  state.farewell = undefined;
  if (way === "guest") ask(turn, { ask: "enter", way }, presence(name));
  else if (way === "register") ask(turn, { ask: "enter", way }, register(name, password));
  else {
    ask(turn, { ask: "enter", way }, { action: "authenticate", user: { account_name: name, password } });
  }
}

function down(turn: Turn): void {
  const { state } = turn;
  const { doubt } = state;
  if (doubt !== undefined) {
    rewait(turn, doubt.key, doubt.time, ({ why: _, ...each }) => ({ ...each, state: "unknown" }));
  }
  broken(turn);
  // Put out, or kept out: to come again at once would be rude, and of no use.
  if (state.farewell?.code === 403) leaveChat(turn, state.farewell.words);
}

/** No answer will come, and from now on something may be missed. */
function broken(turn: Turn): void {
  const { state } = turn;
  Object.assign(state, { asked: [], list: undefined, ready: false, doubt: undefined });
  for (const { key, waiting } of state.talks.values()) {
    change(turn, key, {
      live: false,
      loading: false,
      member: key === COMMON || !isRoom(key),
      waiting: waiting.map((each) => each.state === "sent" ? { ...each, state: "unknown" } : each),
    });
  }
}

function leaveChat(turn: Turn, refusal: string | undefined): void {
  const { state } = turn;
  if (state.ready) turn.effects.push({ do: "say", object: { action: "quit" } });
  turn.effects.push({ do: "disconnect" });
  broken(turn);
  // Who did not want to go finds all as it was on coming in again by the same name.
  if (refusal === undefined) Object.assign(state, newState(state.salt));
  state.stage = "out";
  state.refusal = refusal;
}

function hear(turn: Turn, object: Fields): void {
  const { state } = turn;
  state.doubt = undefined;
  if (state.list !== undefined) {
    const { asked, left, rows } = state.list;
    state.list = left === 1 ? undefined : { asked, left: left - 1, rows: [...rows, object] };
    if (left === 1) listed(turn, asked, [...rows, object]);
    return;
  }
  const what = heard(object);
  switch (what.what) {
    case "answer":
      return answered(turn, what.code, what.words, what.quantity);
    case "msg":
      return relayed(turn, what.said, what.to);
    case "came":
      state.online = new Set([...state.online, what.name]);
      return;
    case "went":
      state.online = without(state.online, what.name);
      state.members = without(state.members, what.name);
      return;
    case "probe":
      return ask(turn, { ask: "presence" }, { action: "presence" });
    case "nothing":
  }
}

function answered(turn: Turn, code: number, words: string, quantity: number | undefined): void {
  const { state } = turn;
  if (code < 200) {
    state.notice = words;
    return;
  }
  const [asked, ...rest] = state.asked;
  state.asked = rest;
  if (asked === undefined) state.farewell = { code, words };
  else if (code >= 400) refused(turn, asked, code, words);
  else if (quantity === undefined) accepted(turn, asked, code, words);
  else if (quantity === 0) listed(turn, asked, []);
  else state.list = { asked, left: quantity, rows: [] };
}

function accepted(turn: Turn, asked: Asked, code: number, words: string): void {
  const { state } = turn;
  switch (asked.ask) {
    case "enter":
      return welcome(turn, asked.way);
    case "register":
      state.me = { ...state.me!, way: "login", password: asked.password };
      state.account = true;
      state.notice = words;
      return;
    case "msg":
      return acknowledge(turn, asked.key, asked.time, code === 202);
    case "join":
      return change(turn, asked.key, { member: true, trouble: undefined });
    case "leave":
      return forget(turn, asked.key);
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
      return leaveChat(turn, words);
    case "account": // the name is nobody's, and we are a guest of that name
      return settle(turn, false);
    case "msg":
      state.doubt = { key: asked.key, time: asked.time };
      return rewait(turn, asked.key, asked.time, (each) => ({ ...each, state: "refused", why: words }));
    case "join":
      return change(turn, asked.key, { trouble: words });
    case "since":
      return caughtUp(turn, asked.key, { trouble: words });
    case "older":
      return change(turn, asked.key, { loading: false, start: true });
    case "search":
      state.search = { key: asked.key, text: asked.text, rows: [], trouble: words };
      return;
    case "who":
      return;
    default:
      state.notice = words;
  }
}

/** The server has let us in. */
function welcome(turn: Turn, way: Way): void {
  const { state } = turn;
  state.stage = "in";
  if (way === "guest") return settle(turn, false);
  if (way === "register") state.me = { ...state.me!, way: "login" };
  ask(turn, { ask: "presence" }, presence(undefined));
  if (way === "register") return settle(turn, true);
  // Who logs in by a name that is nobody's is let in as a guest; only an account may ask for this.
  ask(turn, { ask: "account" }, { action: "history", with: state.me!.name, limit: 1 });
}

/** It is known what we are. */
function settle(turn: Turn, account: boolean): void {
  const { state } = turn;
  state.ready = true;
  state.account = account;
  ask(turn, { ask: "rooms" }, { action: "rooms" });
  ask(turn, { ask: "who", room: undefined }, { action: "who_online" });
  if (account) ask(turn, { ask: "contacts" }, { action: "get_contacts" });
  for (const { key } of state.talks.values()) {
    if (isRoom(key) && key !== COMMON) join(turn, key);
    else if (!isKept(state, key)) caughtUp(turn, key, {});
  }
  if (isRoom(state.open) && state.open !== COMMON) who(turn);
}

function listed(turn: Turn, asked: Asked, objects: readonly Fields[]): void {
  const { state } = turn;
  const rows = objects.map(saidIn).filter((each) => each !== undefined);
  switch (asked.ask) {
    case "account":
      return settle(turn, true);
    case "rooms":
      state.rooms = objects.map(({ room }) => text(room)).filter(isRoom);
      for (const { room, member } of objects) {
        if (member !== true || state.talks.has(text(room)) || !isRoom(text(room))) continue;
        change(turn, text(room), { member: true });
      }
      return;
    case "who": {
      const names = new Set(objects.map(({ user_id }) => text(user_id)));
      if (asked.room === undefined) state.online = names;
      else if (asked.room === state.open) state.members = names;
      return;
    }
    case "contacts":
      state.contacts = new Set(objects.map(({ user_id }) => text(user_id)));
      return;
    case "since":
      return missed(turn, asked, rows);
    case "older":
      return change(turn, asked.key, {
        loading: false,
        start: rows.length < PAGE,
        said: merge(state.talks.get(asked.key)?.said ?? [], rows),
      });
    case "reach":
      change(turn, asked.key, {
        loading: false,
        start: rows.length < MANY,
        said: merge(state.talks.get(asked.key)?.said ?? [], rows),
      });
      if (rows.length === MANY) return reach(turn, asked.key, asked.id, asked.left);
      return reach(turn, asked.key, asked.id, 0);
    case "search":
      if (state.search?.text === asked.text) state.search = { key: asked.key, text: asked.text, rows: rows.reverse() };
  }
}

/** A message as it is said. */
function relayed(turn: Turn, said: Said, to: string): void {
  const { state } = turn;
  const key = isRoom(to) ? to : said.from === state.me?.name ? to : said.from;
  const talk = state.talks.get(key);
  if (key === state.open && isRoom(key) && !state.members.has(said.from) && key !== COMMON) {
    state.members = new Set([...state.members, said.from]);
  }
  if (talk?.live) {
    change(turn, key, { said: merge(talk.said, [said]), upTo: Math.max(talk.upTo ?? 0, said.id!) });
    return count(turn, key, [said]);
  }
  // Somebody new: nothing before this is unread, and nothing after it may be missed.
  const fresh = talk ?? { ...newTalk(key), member: true, upTo: said.id! - 1, readTo: said.id! - 1 };
  change(turn, key, { ...fresh, early: [...fresh.early, said] });
  if (state.ready && !isKept(state, key)) caughtUp(turn, key, {});
}

/** A page of what was said since. */
function missed(turn: Turn, asked: Asked & { ask: "since" }, rows: readonly Said[]): void {
  const { state } = turn;
  const talk = state.talks.get(asked.key);
  if (talk === undefined) return;
  const { key } = talk;
  const arrived = new Set(rows.map(sign)), known = new Set(talk.said.map(({ id }) => id));
  const waiting = talk.waiting.filter((each) => !arrived.has(sign({ ...each, from: state.me!.name })));
  const last = rows.at(-1)?.id;
  const first = asked.after === undefined;
  change(turn, key, {
    said: merge(talk.said, rows),
    waiting,
    upTo: Math.max(talk.upTo ?? 0, last ?? 0),
    ...(first ? { start: rows.length < PAGE } : {}),
    ...(first && asked.page === 1 ? { readTo: Math.max(talk.readTo, last ?? 0) } : {}),
  });
  if (!first) count(turn, key, rows.filter(({ id }) => !known.has(id)));
  if (first || rows.length < MANY) return caughtUp(turn, key, {});
  if (asked.page < PAGES || waiting.some(({ state }) => state === "unknown")) {
    return catchUp(turn, talk, last, asked.page + 1);
  }
  // Too much to read: the latest page it is, and what lies between is for who scrolls up.
  change(turn, key, { said: [], start: false });
  catchUp(turn, talk, undefined, asked.page + 1);
}

/** Nothing is missing any more: what was heard meanwhile has its place, and what could not be sent may be. */
function caughtUp(turn: Turn, key: string, more: Partial<Talk>): void {
  const { state } = turn;
  const talk = state.talks.get(key);
  if (talk === undefined) return;
  const { early, said, waiting } = talk;
  // Above what is shown there may be a gap: there the past is the one to ask.
  const first = firstId({ ...talk, upTo: undefined });
  const late = early.filter(({ id }) => (first === undefined || id! > first) && !said.some((each) => each.id === id));
  change(turn, key, {
    live: true,
    early: [],
    said: merge(said, late),
    upTo: late.reduce((most, { id }) => Math.max(most, id!), talk.upTo ?? 0),
    waiting: waiting.map((each) =>
      each.state === "unknown" ? { ...each, state: isKept(state, key) ? "queued" : "unsure" } : each
    ),
    ...more,
  });
  count(turn, key, late);
}

/** What is unread of these. */
function count(turn: Turn, key: string, rows: readonly Said[]): void {
  const { state } = turn;
  const talk = state.talks.get(key)!;
  const { name } = state.me!;
  const fresh = rows.filter(({ id, from }) => id! > talk.readTo && from !== name);
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
function see({ state, effects, now }: Turn): void {
  const talk = state.talks.get(state.open);
  if (!state.seen || talk === undefined || talk.upTo === undefined) return;
  const many = talk.said.length > SHOWN && isKept(state, talk.key) && state.target === undefined;
  if (talk.unread === 0 && talk.readTo >= talk.upTo && !many) return;
  change({ state, effects, now }, talk.key, {
    readTo: Math.max(talk.readTo, talk.upTo),
    unread: 0,
    mentions: 0,
    ...(many ? { said: talk.said.slice(-KEPT), start: false } : {}),
  });
}

function write(turn: Turn, text: string): void {
  const { state, now } = turn;
  const talk = openTalk(state);
  state.stamp = Math.max(Math.floor(now), state.stamp + 1);
  const time = Number((state.stamp / 1000 + state.salt / 1e6).toFixed(6));
  change(turn, talk.key, { waiting: [...talk.waiting, { text, time, state: "queued" }], draft: "" });
}

function acknowledge(turn: Turn, key: string, time: number, later: boolean): void {
  const talk = turn.state.talks.get(key);
  const mine = talk?.waiting.find((each) => each.time === time);
  if (talk === undefined || mine === undefined) return;
  const said: Said = { from: turn.state.me!.name, text: mine.text, time, ...(later ? { later } : {}) };
  change(turn, key, { waiting: talk.waiting.filter((each) => each !== mine), said: [...talk.said, said] });
}

function open(turn: Turn, name: string): void {
  const { state } = turn;
  if (name === "") return;
  const key = isCommon(name) ? COMMON : name;
  const from = state.talks.get(state.open);
  if (from !== undefined && from.key !== key) change(turn, from.key, { mark: undefined });
  const isNew = !state.talks.has(key);
  if (isNew) change(turn, key, {});
  const talk = state.talks.get(key)!;
  if (talk.unread > 0 && talk.mark === undefined) change(turn, key, { mark: talk.readTo });
  state.open = key;
  state.seen = false;
  state.members = new Set();
  state.search = undefined;
  state.target = undefined;
  if (!state.ready) return;
  if (isRoom(key) && key !== COMMON) {
    if (!talk.member) join(turn, key);
    who(turn);
  } else if (isNew && !isKept(state, key)) caughtUp(turn, key, {});
}

/** Out of a room; a conversation with a person is only put away. */
function close(turn: Turn, key: string): void {
  const { state } = turn;
  const talk = state.talks.get(key);
  if (talk === undefined || key === COMMON) return;
  if (isRoom(key) && talk.member && state.ready) ask(turn, { ask: "leave", key }, { action: "leave", room: key });
  else forget(turn, key);
}

function forget(turn: Turn, key: string): void {
  const { state } = turn;
  const talks = new Map(state.talks);
  talks.delete(key);
  state.talks = talks;
  if (state.open === key) open(turn, COMMON);
}

function older(turn: Turn): void {
  const { state } = turn;
  const talk = openTalk(state);
  const before = firstId(talk);
  if (!state.ready || !talk.live || talk.loading || talk.start || !isKept(state, talk.key) || before === undefined) {
    return;
  }
  change(turn, talk.key, { loading: true });
  ask(turn, { ask: "older", key: talk.key }, { action: "history", ...place(talk.key), before, limit: PAGE });
}

/** Goes back page by page until an old message is there. */
function reach(turn: Turn, key: string, id: number, left: number): void {
  const { state } = turn;
  const talk = state.talks.get(key);
  if (talk === undefined || state.target?.id !== id) return;
  const before = firstId(talk);
  if (talk.said.some((each) => each.id === id)) state.target = { key, id, found: true };
  else if (left === 0 || before === undefined || !state.ready) state.target = undefined;
  else {
    change(turn, key, { loading: true });
    const asked = { ask: "reach", key, id, left: left - 1 } as const;
    ask(turn, asked, { action: "history", ...place(key), before, limit: MANY });
  }
}

/** What can go on now: one conversation at a time is caught up, the open one first; what waits is sent. */
function pump(turn: Turn): void {
  const { state } = turn;
  if (!state.ready) return;
  if (!state.asked.some(({ ask }) => ask === "since") && state.list?.asked.ask !== "since") {
    const behind = [openTalk(state), ...state.talks.values()].find((talk) =>
      state.talks.has(talk.key) && !talk.live && talk.member
    );
    if (behind !== undefined) catchUp(turn, behind, since(behind), 1);
  }
  for (const { key, live, member, waiting, upTo = 0 } of state.talks.values()) {
    if (!live || !member || !waiting.some((each) => each.state === "queued")) continue;
    for (const each of waiting) {
      if (each.state !== "queued") continue;
      const { text, time } = each;
      ask(turn, { ask: "msg", key, time }, { action: "msg", to: key, message: text, time });
    }
    const sent = (each: Waiting): Waiting => each.state === "queued" ? { ...each, state: "sent", after: upTo } : each;
    change(turn, key, { waiting: waiting.map(sent) });
  }
}

function catchUp(turn: Turn, { key }: Talk, after: number | undefined, page: number): void {
  const range = after === undefined ? { limit: PAGE } : { after, limit: MANY };
  ask(turn, { ask: "since", key, after, page }, { action: "history", ...place(key), ...range });
}

function join(turn: Turn, key: string): void {
  ask(turn, { ask: "join", key }, { action: "join", room: key });
}

function who(turn: Turn): void {
  const { open } = turn.state;
  const room = isRoom(open) && open !== COMMON ? { room: open } : {};
  ask(turn, { ask: "who", room: room.room }, { action: "who_online", ...room });
}

function presence(name: string | undefined): Fields {
  return {
    action: "presence",
    ...(name === undefined ? {} : { user: { account_name: name, status: "" } }),
    watch: true,
  };
}

function register(account_name: string, password: string): Fields {
  return { action: "register", user: { account_name, password } };
}

function place(key: string): Fields {
  return isRoom(key) ? { room: key } : { with: key };
}

function ask({ state, effects, now }: Turn, asked: Asked, object: Fields): void {
  state.asked = [...state.asked, asked];
  effects.push({ do: "say", object: { ...object, time: object.time ?? Math.floor(now) / 1000 } });
}

function change({ state }: Turn, key: string, changed: Partial<Talk>): void {
  state.talks = new Map(state.talks).set(key, { ...(state.talks.get(key) ?? newTalk(key)), ...changed });
}

function rewait(turn: Turn, key: string, time: number, then: (each: Waiting) => Waiting | undefined): void {
  const talk = turn.state.talks.get(key);
  if (talk === undefined) return;
  const waiting = talk.waiting.map((each) => each.time === time ? then(each) : each);
  change(turn, key, { waiting: waiting.filter((each) => each !== undefined) });
}

function without(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const rest = new Set(names);
  rest.delete(name);
  return rest;
}
