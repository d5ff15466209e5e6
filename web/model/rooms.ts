/**
 * Rooms with owners: how each is used, who is in it and what is pinned, what its owners do, and what others are told of that.
 */
import type { ServerEvent } from "../../jim/client/event.ts";
import type { Fields } from "../../jim/client/fields.ts";
import type { RoomEvent } from "../../jim/client/room_event.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";
import { type Conversation, newConversation } from "../conversation.ts";
import { removeConversation, requestPeople } from "./conversations.ts";
import { knownSpelling, type PendingRequest } from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";

/** Requests for messages that are put beside those that are shown. */
const PAGES = new Set<string>(["missed", "older", "gap"] satisfies PendingRequest["ask"][]);
/** The fields that name a room in what the page keeps. */
const REFERENCES = new Set(["key", "room", "place"]);

/** Requests what the dialog of a room shows; without a room, the dialog is closed. */
export function requestDetails(step: Step, room: string | undefined): void {
  const { state } = step;
  if (room === undefined) {
    state.details = undefined;
    return;
  }
  if (state.details?.room !== room) state.details = { room, members: undefined, pins: [], why: undefined };
  if (!state.isReady) return;
  sendRequest(step, { ask: "rooms" }, { action: "rooms" });
  resumeDetails(step);
}

/** Requests what the open dialog of a room shows; without a connection it waits for the next one. */
export function resumeDetails(step: Step): void {
  const room = step.state.details?.room;
  if (room === undefined) return;
  sendRequest(step, { ask: "pins", room }, { action: "pins", room });
  requestMembers(step, room); // the last: the dialog waits for it
}

/** Requests the members of a room, when some have entered or left. */
export function requestMembers(step: Step, room: string): void {
  sendRequest(step, { ask: "members", room }, { action: "members", room });
}

/** Sends a request about the room of the dialog. */
export function sendRoomOrder(step: Step, object: Fields): void {
  const { state } = step, room = String(object.room ?? object.to);
  if (state.details !== undefined) state.details = { ...state.details, why: undefined };
  if (state.isReady) sendRequest(step, { ask: "roomOrder", room }, object);
  else roomOrderAnswered(step, room, "offline");
}

/** The server has done it, or not: `why`. */
export function roomOrderAnswered(step: Step, room: string, why?: Refusal): void {
  const { state } = step;
  if (why === undefined) {
    if (state.details !== undefined && state.conversations.has(state.details.room)) {
      requestDetails(step, state.details.room);
    }
  } else if (state.details?.room === room) state.details = { ...state.details, why };
  else state.notice = why;
}

/** The connection is gone, and with it the answers. */
export function roomOrdersUnanswered(step: Step): void {
  for (const each of step.state.pending.asked) {
    if (each.ask === "roomOrder") roomOrderAnswered(step, each.room, "offline");
  }
}

export function membersReceived({ state }: Step, room: string, rows: readonly ServerEvent[]): void {
  if (state.details?.room !== room) return;
  const { members, why } = state.details;
  state.details = {
    ...state.details,
    members: rows.filter((row) => row.kind === "row"),
    why: members === undefined ? undefined : why, // it was the list itself that was refused
  };
}

/** The members of a room are not for us: it is private, or we are in it no more. */
export function membersRefused({ state }: Step, room: string, why: Refusal): void {
  if (state.details?.room !== room) return;
  // A room that was just renamed is asked about by both names, and the last answer counts.
  if (state.pending.asked.some((each) => each.ask === "members" && each.room === room)) return;
  state.details = { ...state.details, members: undefined, why };
}

export function pinsReceived({ state }: Step, room: string, rows: readonly ServerEvent[]): void {
  if (state.details?.room !== room) return;
  const pins = rows.flatMap((row) => row.kind === "row" ? row.room?.pinned ?? [] : []);
  state.details = { ...state.details, pins };
}

/** Something has changed in a room. */
export function roomChanged(step: Step, event: RoomEvent): void {
  const { state } = step, key = knownSpelling(state, event.room);
  switch (event.action) {
    case "kick":
    case "remove":
      state.roomNotice = event;
      if (state.details?.room === key) state.details = undefined;
      return removeConversation(step, key);
    case "invite":
      state.roomNotice = event;
      break;
    case "uninvite":
      if (state.roomNotice?.action === "invite" && state.roomNotice.room === event.room) state.roomNotice = undefined;
      break;
    case "group":
      state.roomNotice = event;
      if (!state.conversations.has(key)) changeConversation(step, key, { isMember: true });
      break;
    case "rename":
      renameConversation(step, key, event.name!);
      break;
    case "clear":
      clearConversation(step, key);
      break;
  }
  if (state.isReady) sendRequest(step, { ask: "rooms" }, { action: "rooms" });
  if (state.details !== undefined && state.details.room === knownSpelling(state, event.name ?? event.room)) {
    requestDetails(step, state.details.room);
  }
}

/** The room has its new name in all that is known of it, and in what is under way. */
export function renameConversation(step: Step, key: string, name: string): void {
  const { state, effects } = step;
  if (!state.conversations.has(key) || key === name) return;
  const renamed = <Each extends object | undefined>(each: Each): Each => withName(each, key, name);
  const moved = <Of>(all: ReadonlyMap<string, Of>): ReadonlyMap<string, Of> =>
    new Map([...all].filter(([each]) => each !== name).map(([each, its]) => [each === key ? name : each, its]));
  const asked = state.pending.asked.map((each) => withoutPlace(each, name)), known = state.conversations.get(name);
  if (known?.isMember) keepTyped(step, key, known);
  const { conversations, roomInfo, writers, joinAgain, pending, search, told } = state;
  Object.assign(state, {
    conversations: moved(new Map([...conversations].map(([each, its]) => [each, renamed(its)]))),
    roomInfo: moved(roomInfo),
    writers: moved(writers),
    joinAgain: moved(joinAgain),
    pending: { ...pending, asked: asked.map(renamed) },
    deferred: state.deferred.map(renamed),
    uploads: state.uploads.map(renamed),
    details: renamed(state.details),
    thread: renamed(state.thread),
    target: renamed(state.target),
    search: search && { ...renamed(search), rows: search.rows?.map(renamed) },
    renamed: new Map(
      [...state.renamed, [key, key] as const].map(([former, now]) => [former, now === key ? name : now]),
    ),
    told: told?.to === key ? { ...told, to: name } : told,
  });
  effects.push({ do: "moveLevel", from: key, to: name });
  if (state.open !== key) return;
  state.open = name;
  if (state.isReady) requestPeople(step);
}

/** The list of rooms has told of the room by its new name already: what was typed there since is for it. */
function keepTyped(step: Step, key: string, { draft, outgoing }: Conversation): void {
  const before = step.state.conversations.get(key)!;
  changeConversation(step, key, {
    draft: before.draft === "" ? draft : before.draft,
    outgoing: [...before.outgoing, ...outgoing],
  });
}

/** A request for messages that has no place any more: those of its conversation are no longer shown. */
function withoutPlace(request: PendingRequest, key: string): PendingRequest {
  return PAGES.has(request.ask) && "key" in request && request.key === key ? { ...request, key: "" } : request;
}

/** What refers to a room by one of these fields, with another name. */
function withName<Each extends object | undefined>(each: Each, from: string, name: string): Each {
  const fields = Object.entries(each ?? {}).filter(([field, value]) => REFERENCES.has(field) && value === from);
  return fields.length === 0 ? each : { ...each, ...Object.fromEntries(fields.map(([field]) => [field, name])) };
}

/** The room was cleared up to an id, perhaps while the page was away. */
export function removeCleared(step: Step, key: string, cleared = 0): void {
  const { state } = step, conversation = state.conversations.get(key), { search } = state;
  const isOld = ({ id = Infinity }: { readonly id?: number | undefined }) => id <= cleared;
  if (conversation !== undefined) {
    const { oldSegment, messages, early, quotes } = conversation;
    const quoted = [...quotes.values()].filter((each) => each !== null);
    if ([messages, oldSegment?.messages, early, quoted].some((each) => each?.some(isOld))) clearConversation(step, key);
  }
  // An answer that was on its way may still have them.
  const rest = search?.rows?.filter((each) => each.place !== key || !isOld(each));
  if (rest?.length !== search?.rows?.length) state.search = { ...search!, rows: rest };
}

/** The messages are read anew: there are none, or those since. */
function clearConversation(step: Step, key: string): void {
  const { state } = step, conversation = state.conversations.get(key);
  if (conversation === undefined) return;
  const { draft, topic, isMember, wasMember, outgoing } = conversation;
  changeConversation(step, key, { ...newConversation(key), draft, topic, isMember, wasMember, outgoing });
  if (state.open === key) state.thread = undefined;
}
