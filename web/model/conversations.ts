/** Opens a conversation, which joins a room, and removes one from the list. */
import { COMMON_ROOM, isCommonRoom } from "../../jim/message.ts";
import { isRoom } from "../conversation.ts";
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
    if (!conversation.isMember) joinRoom(step, key);
    requestPeople(step);
  } else if (isNew && !hasServerHistory(state, key)) finishCatchUp(step, key);
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

/** Joins a room, which is made if it is not there. */
export function joinRoom(step: Step, key: string): void {
  sendRequest(step, { ask: "join", key }, { action: "join", room: key });
}

/**
 * Joins a room again on a new connection. An account is in its rooms still: one that was removed meanwhile, or is hidden from it
 * by now, is not made anew in its name.
 */
export function rejoinRoom(step: Step, key: string): void {
  const { state } = step, wasIn = state.hasAccount && state.conversations.get(key)?.upTo !== undefined;
  if (wasIn) sendRequest(step, { ask: "join", key }, { action: "join", room: key, create: false });
  else joinRoom(step, key);
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
