/** A step under way, and what every part of the model does in it: it asks, it changes a talk, it learns what people are. */
import type { Fields } from "../../client/protocol/fields.ts";
import { sent } from "../../client/protocol/pending.ts";
import { type Conversation, newConversation } from "../conversation.ts";
import type { Effect, PendingRequest, PersonInfo, State } from "./state.ts";

/** The state is a copy of the last one, whose parts are replaced and never changed. */
export interface Step {
  readonly state: { -readonly [K in keyof State]: State[K] };
  readonly effects: Effect[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Says something that the server will answer, and notes what: answers come in the order of their requests. */
export function sendRequest({ state, effects, now }: Step, asked: PendingRequest, object: Fields): void {
  state.pending = sent(state.pending, asked);
  effects.push({ do: "send", object: { ...object, time: object.time ?? Math.floor(now) / 1000 } });
}

/** Changes a conversation, which begins with that if there is none. */
export function changeConversation({ state }: Step, key: string, changed: Partial<Conversation>): void {
  state.conversations = new Map(state.conversations).set(key, {
    ...(state.conversations.get(key) ?? newConversation(key)),
    ...changed,
  });
}

/** What people are. Who says nothing of it leaves it as it was. */
export function setRoles({ state }: Step, people: readonly (readonly [name: string, standing: PersonInfo])[]): void {
  const known = people.filter(([, { role }]) => role !== undefined);
  if (known.length > 0) state.roles = new Map([...state.roles, ...known]);
}
