/** From one conversation to another: opening it, which joins a room, and putting it away. */
import { COMMON_ROOM, isCommonRoom } from "../../jim/message.ts";
import { isRoom } from "../conversation.ts";
import { finish } from "./keeping_up.ts";
import { isKept, spellingOf } from "./state.ts";
import { ask, change, type Turn } from "./turn.ts";

/** Shows a conversation; a room is joined by that. */
export function open(turn: Turn, name: string): void {
  const { state } = turn;
  if (name === "") return;
  const key = isCommonRoom(name) ? COMMON_ROOM : spellingOf(state, name, true);
  const from = state.conversations.get(state.open);
  if (from !== undefined && from.key !== key) change(turn, from.key, { unreadMarker: undefined });
  const isNew = !state.conversations.has(key);
  if (isNew) change(turn, key, {});
  const conversation = state.conversations.get(key)!;
  if (conversation.unread > 0 && conversation.unreadMarker === undefined) {
    change(turn, key, { unreadMarker: conversation.readTo });
  }
  state.open = key;
  state.deferred = state.deferred.filter((each) => each.ask !== "leave" || each.key !== key);
  state.seen = false;
  state.members = new Set();
  state.search = undefined;
  state.target = undefined;
  if (!state.ready) return;
  if (isRoom(key) && key !== COMMON_ROOM) {
    if (!conversation.isMember) join(turn, key);
    who(turn);
  } else if (isNew && !isKept(state, key)) finish(turn, key, {});
}

/** Puts a conversation away. */
export function forget(turn: Turn, key: string): void {
  const { state } = turn;
  const conversations = new Map(state.conversations);
  conversations.delete(key);
  state.conversations = conversations;
  if (state.open === key) open(turn, COMMON_ROOM);
}

/** Into a room. */
export function join(turn: Turn, key: string): void {
  ask(turn, { ask: "join", key }, { action: "join", room: key });
}

/** Asks who is in the open room, or who is here at all. */
export function who(turn: Turn): void {
  const { open } = turn.state;
  const room = isRoom(open) && open !== COMMON_ROOM ? { room: open } : {};
  ask(turn, { ask: "who", room: room.room }, { action: "who_online", ...room });
}
