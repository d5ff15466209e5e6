/**
 * What the server sends: an answer is put to what it answers, a list is read when its last row is there, and what was not asked
 * for changes what is known. What the page does not know is skipped and counted.
 * @module
 */
import { type PastPage, pastPage } from "../../client/protocol/catch_up.ts";
import { type Answer, readEvent, type Role, type ServerEvent } from "../../client/protocol/event.ts";
import type { Fields } from "../../client/protocol/fields.ts";
import { type Matched, receive } from "../../client/protocol/pending.ts";
import { type ChatMessage, isPerson, isRoom, toChatMessage } from "../conversation.ts";
import { leave, outdated, registered, settle, welcome } from "./entrance.ts";
import { finish, missed, relayed } from "./keeping_up.ts";
import { listBans, ordered } from "./moderation.ts";
import { filled, found, lost, reached, wentBack } from "./past.ts";
import { forget } from "./places.ts";
import { type Asked, spellingOf, type Standing } from "./state.ts";
import { ask, change, know, type Turn } from "./turn.ts";
import { acknowledge, refuse } from "./waiting.ts";

/** One object from the server. */
export function handle(turn: Turn, object: Fields): void {
  const { state } = turn;
  state.doubt = undefined;
  const { pending, matched, event } = receive(state.pending, readEvent(object, true));
  state.pending = pending;
  for (const each of matched) answered(turn, each);
  if (event !== undefined) unasked(turn, event);
}

/** What the server sends of its own accord. */
function unasked(turn: Turn, event: ServerEvent): void {
  const { state } = turn;
  switch (event.kind) {
    case "message": {
      const said = toChatMessage(event);
      if (said !== undefined) return relayed(turn, said, event.to ?? "");
      break;
    }
    case "presence":
      if (isPerson(event.name)) return came(turn, event);
      break;
    case "membership":
      if (isPerson(event.name) && event.room !== "") return entered(turn, event);
      break;
    case "topic":
      return topicSet(turn, event);
    case "answer":
      become(turn, event);
      state.farewell = { code: event.code!, words: event.words };
      return;
    case "notice":
      become(turn, event);
      state.notice = event.words;
      return;
    case "probe":
      return ask(turn, { ask: "presence" }, { action: "presence" });
  }
  state.skipped++;
}

/** A person is here now, or gone. */
function came(turn: Turn, { name, gone, role }: ServerEvent & { kind: "presence" }): void {
  const { state } = turn;
  state.online = gone ? without(state.online, name) : new Set([...state.online, name]);
  if (gone) state.members = without(state.members, name);
  else know(turn, [[name, standing(role)]]);
}

/** A person has entered a room, or left it. */
function entered(turn: Turn, { room, name, entered, role }: ServerEvent & { kind: "membership" }): void {
  const { state } = turn;
  if (entered) know(turn, [[name, standing(role)]]);
  if (spellingOf(state, room) !== state.open) return;
  state.members = entered ? new Set([...state.members, name]) : without(state.members, name);
}

/** A room has another topic, or none; of a room that is put away there is nothing to be shown. */
function topicSet(turn: Turn, { room, topic: text, by }: ServerEvent & { kind: "topic" }): void {
  const key = spellingOf(turn.state, room);
  if (turn.state.conversations.has(key)) change(turn, key, { topic: text === "" ? undefined : { text, by } });
}

function answered(turn: Turn, { request, answer, rows }: Matched<Asked>): void {
  if (!answer.refused) become(turn, answer);
  if (answer.refused) refused(turn, request, answer.code!, answer.words);
  else if (rows === undefined) accepted(turn, request, answer);
  else listed(turn, request, rows);
}

/** A server spells a name as its account does, and gives a guest another one when somebody is given an account by its name. */
function become(turn: Turn, { name, role }: { readonly name?: string; readonly role?: Role }): void {
  const { state } = turn;
  if (state.me === undefined) return;
  if (name !== undefined && isPerson(name)) state.me = { ...state.me, name };
  if (role !== undefined) know(turn, [[state.me.name, { role }]]);
}

function accepted(turn: Turn, asked: Asked, { code, words, token, id, text }: Answer): void {
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
      if (!state.conversations.has(asked.key)) return;
      // What was said before one was in has not been heard.
      return change(turn, asked.key, {
        isMember: true,
        topic: undefined, // if there is one, it comes behind the answer
        error: undefined,
        ...(state.conversations.get(asked.key)?.isMember ? {} : { live: false }),
      });
    case "leave":
      return forget(turn, asked.key);
    case "order":
      return ordered(turn, asked.order);
    case "greeting":
      state.greeting = text ?? "";
      return;
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
      return change(turn, asked.key, { error: words });
    case "since":
      return finish(turn, asked.key, { error: words });
    case "older":
    case "fill": {
      const old = state.conversations.get(asked.key)?.oldSegment;
      if (old !== undefined) {
        return change(turn, asked.key, { oldSegment: { ...old, isLoading: false, isFromStart: true } });
      }
      return change(turn, asked.key, { isLoading: false, isFromStart: true });
    }
    case "reach":
      return lost(turn);
    case "search":
      state.search = { key: asked.key, text: asked.text, rows: state.search?.rows ?? [], trouble: words };
      return;
    case "order":
      return ordered(turn, asked.order, words);
    case "who":
    case "bans":
    case "greeting": // we are no operator any more
      return;
    case "leave": // if it was put away without a connection, we are out of it already
      if (state.conversations.has(asked.key)) state.notice = words;
      return;
    default:
      state.notice = words;
  }
}

/** A list is whole. */
function listed(turn: Turn, asked: Asked, rows: readonly ServerEvent[]): void {
  const { state } = turn;
  switch (asked.ask) {
    case "account":
      return settle(turn, true);
    case "rooms": {
      const rooms = rows.filter((row) => row.kind === "row" && isRoom(row.name)) as (ServerEvent & { kind: "row" })[];
      state.rooms = rooms.map(({ name }) => name);
      state.skipped += rows.length - rooms.length;
      for (const { name, member } of rooms) {
        const key = spellingOf(state, name);
        if (member && !state.conversations.has(key)) change(turn, key, { isMember: true });
      }
      return;
    }
    case "who": {
      const people = peopleIn(turn, rows), names = new Set(people.map(([name]) => name));
      know(turn, people);
      if (asked.room === undefined) state.online = names;
      else if (asked.room === state.open) state.members = names;
      return;
    }
    case "bans":
      return listBans(turn, rows);
    case "contacts":
      state.contacts = new Set(peopleIn(turn, rows).map(([name]) => name));
      return;
    case "since":
      return missed(turn, asked, pageIn(turn, rows));
    case "older":
      return wentBack(turn, asked, pageIn(turn, rows));
    case "reach":
      return reached(turn, asked, pageIn(turn, rows));
    case "fill":
      return filled(turn, asked, pageIn(turn, rows));
    case "search":
      return found(turn, asked, pageIn(turn, rows));
  }
}

/** A row of an unknown kind is skipped and counted, and still counts as one of its page. */
function pageIn({ state }: Turn, rows: readonly ServerEvent[]): PastPage<ChatMessage> {
  let known = 0;
  const page = pastPage(rows, (message) => {
    const said = toChatMessage(message);
    if (said !== undefined) known++;
    return said;
  });
  state.skipped += rows.length - known;
  return page;
}

function peopleIn({ state }: Turn, rows: readonly ServerEvent[]): [name: string, standing: Standing][] {
  const people = rows.flatMap((row): [string, Standing][] =>
    row.kind === "row" && isPerson(row.name)
      ? [[row.name, { ...standing(row.role), ...(row.guests === undefined ? {} : { guests: row.guests }) }]]
      : []
  );
  state.skipped += rows.length - people.length;
  return people;
}

function standing(role: Role | undefined): Standing {
  return role === undefined ? {} : { role };
}

function without(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const rest = new Set(names);
  rest.delete(name);
  return rest;
}
