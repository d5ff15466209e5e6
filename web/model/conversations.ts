/** Opens a conversation, which joins a room, and removes one from the list. */
import { COMMON_ROOM, isCommonRoom } from "../../jim/message.ts";
import { type Conversation, isRoom, newConversation } from "../conversation.ts";
import { finishCatchUp } from "./catch_up.ts";
import { hasServerHistory, knownSpelling, type State } from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";
import { cancelUploads, uploadsOf } from "./uploads.ts";

/** Milliseconds until a room is joined again that the server could not let the user in. */
const AGAIN = 10_000;

/** Opens a conversation; a room is joined by this. */
export function openConversation(step: Step, name: string): void {
  const { state } = step;
  if (name === "") return;
  const key = isCommonRoom(name) ? COMMON_ROOM : knownSpelling(state, name, true);
  const from = state.conversations.get(state.open);
  if (from !== undefined && from.key !== key) changeConversation(step, from.key, { unreadMarker: undefined });
  const isNew = !state.conversations.has(key);
  if (isNew) changeConversation(step, key, {});
  const conversation = state.conversations.get(key)!;
  if (conversation.unread > 0 && conversation.unreadMarker === undefined) {
    changeConversation(step, key, { unreadMarker: conversation.readTo });
  }
  state.open = key;
  state.deferred = state.deferred.filter((each) => each.ask !== "leave" || each.key !== key);
  state.isEndVisible = false;
  state.members = new Set();
  state.search = undefined;
  state.target = undefined;
  state.thread = undefined;
  if (!state.isReady) return;
  if (isRoom(key) && key !== COMMON_ROOM) {
    const asked = lastAsked(state, key);
    if (asked === "leave") joinRoom(step, key, { create: false });
    else if (asked === undefined && !conversation.isMember && !isToBeListed(state, conversation)) joinRoom(step, key);
    requestPeople(step);
  } else if (isNew && !hasServerHistory(state, key)) finishCatchUp(step, key);
}

/** Whether the list of rooms, which is on its way, says whether the account is still in a room. */
function isToBeListed({ hasAccount, pending: { asked, list } }: State, { wasMember }: Conversation): boolean {
  return hasAccount && wasMember && [list?.request, ...asked].some((each) => each?.ask === "rooms" && each.isLogin);
}

/** Whether the last request about a room that has no answer yet is to join it, or to leave it. */
export function lastAsked({ pending: { asked } }: State, room: string): "join" | "leave" | undefined {
  for (const each of asked.toReversed()) {
    if ((each.ask === "join" || each.ask === "leave") && each.key === room) return each.ask;
  }
  return undefined;
}

/** The server has let the user in. */
export function joined(step: Step, key: string, isNew: boolean): void {
  const { state } = step, conversation = state.conversations.get(key);
  if (conversation === undefined) {
    // The user was put out, or the room was removed, while this was on its way.
    if (lastAsked(state, key) === undefined) sendRequest(step, { ask: "leave", key }, { action: "leave", room: key });
    return;
  }
  if (isNew && state.hasAccount) { // the account that makes a room owns it
    state.roomInfo = new Map(state.roomInfo).set(key, { rank: "owner" });
  }
  const { draft, outgoing } = conversation;
  // Messages from before the join did not arrive; those of a room by this name that was removed are not of the new one.
  changeConversation(step, key, {
    ...(isNew ? { ...newConversation(key), draft, outgoing } : {}),
    isMember: true,
    topic: undefined, // a topic follows the answer
    error: undefined,
    ...(conversation.isMember ? {} : { live: false }),
  });
}

/** The user has left a room, and may have opened it again since. */
export function left(step: Step, key: string): void {
  const { state } = step, conversation = state.conversations.get(key);
  if (conversation === undefined) return;
  if (lastAsked(state, key) !== "join") return removeConversation(step, key);
  const { draft, outgoing } = conversation; // what happens to messages until the answer to the join is not told
  changeConversation(step, key, { ...newConversation(key), draft, outgoing });
}

/** Removes a conversation from the list. */
export function removeConversation(step: Step, key: string): void {
  const { state } = step;
  const conversations = new Map(state.conversations);
  conversations.delete(key);
  state.conversations = conversations;
  cancelUploads(step, uploadsOf(state, key)); // their messages have no place any more
  if (state.open === key) openConversation(step, COMMON_ROOM);
}

/** Joins a room, which is made if it is not there, unless the fields say otherwise. */
export function joinRoom(step: Step, key: string, fields: { readonly create?: false } = {}): void {
  sendRequest(step, { ask: "join", key }, { action: "join", room: key, ...fields });
}

/**
 * Joins a room again on a new connection. An account is in its rooms still: one that was removed meanwhile, or is hidden from it
 * by now, is not made anew in its name.
 */
export function rejoinRoom(step: Step, key: string): void {
  const { state } = step, wasIn = state.hasAccount && state.conversations.get(key)?.wasMember === true;
  joinRoom(step, key, wasIn ? { create: false } : {});
}

/**
 * A join is refused.
 *
 * @param isTrouble the server could not carry it out, and may be able to in a while
 */
export function joinRefused(step: Step, key: string, error: string, isTrouble: boolean): void {
  const { state, now } = step;
  if (!state.conversations.has(key)) return; // it was closed meanwhile
  changeConversation(step, key, { error });
  if (isTrouble) state.joinAgain = new Map(state.joinAgain).set(key, now + AGAIN);
}

/**
 * Compares the rooms with the list of the server: an account may have left one on another device, or was put out, and another room
 * may have the name by now.
 *
 * @param members the rooms that are listed, and whether the user is in them
 * @param isLogin an account joins those again that it is in still
 */
export function checkRooms(step: Step, members: ReadonlyMap<string, boolean>, isLogin: boolean): void {
  const { state } = step;
  for (const { key, isMember, wasMember } of state.conversations.values()) {
    const isIn = isMember || (isLogin && wasMember);
    if (!isRoom(key) || key === COMMON_ROOM || !isIn || lastAsked(state, key) !== undefined) continue;
    if (members.get(key) === false) removeLost(step, key);
    else if (!isMember) rejoinRoom(step, key);
  }
}

/** The account is not in a room any more. What the user has typed and not sent stays, with the server's explanation. */
function removeLost(step: Step, key: string): void {
  const { state } = step, { draft, outgoing } = state.conversations.get(key)!;
  if (draft === "" && outgoing.length === 0 && uploadsOf(state, key).length === 0) return removeConversation(step, key);
  changeConversation(step, key, {
    ...newConversation(key),
    wasMember: true,
    draft,
    outgoing: outgoing.map((each) => each.state === "unknown" ? { ...each, state: "unsure" } : each),
  });
  sendRequest(step, { ask: "join", key }, { action: "history", room: key, limit: 1 });
}

/** Joins the rooms that are due to be joined again. */
export function joinDue(step: Step): void {
  const { state, now } = step, due = [...state.joinAgain].filter(([, at]) => at <= now);
  if (due.length === 0) return;
  state.joinAgain = new Map([...state.joinAgain].filter(([, at]) => at > now));
  if (!state.isReady) return; // the next connection joins all rooms
  for (const [key] of due) if (state.conversations.get(key)?.isMember === false) rejoinRoom(step, key);
}

/** When the first room is joined again; `undefined` if there is none. */
export function joinsDue({ joinAgain }: State): number | undefined {
  return joinAgain.size === 0 ? undefined : Math.min(...joinAgain.values());
}

/** Requests the people in the open room, or everybody online. */
export function requestPeople(step: Step): void {
  const { open } = step.state;
  const room = isRoom(open) && open !== COMMON_ROOM ? { room: open } : {};
  sendRequest(step, { ask: "people", room: room.room }, { action: "who_online", ...room });
}

/**
 * Asks the server something. No notice tells that one of several guests by one name has left, as the former sessions of a
 * server that was killed do: while there are such, it is the people.
 */
export function checkServer(step: Step): void {
  const { isReady, online, roles } = step.state;
  if (!isReady) return;
  const hasNamesakes = [...online].some((name) => (roles.get(name)?.guests ?? 1) > 1);
  if (hasNamesakes) requestPeople(step);
  else sendRequest(step, { ask: "probe" }, { action: "probe" });
}
