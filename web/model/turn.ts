/** A step under way, and what every part of the model does in it: it asks, it changes a talk, it learns what people are. */
import type { Fields } from "../../client/protocol/fields.ts";
import { sent } from "../../client/protocol/pending.ts";
import { type Conversation, newConversation } from "../conversation.ts";
import type { Asked, Effect, Standing, State } from "./state.ts";

/** The state is a copy of the last one, whose parts are replaced and never changed. */
export interface Turn {
  readonly state: { -readonly [K in keyof State]: State[K] };
  readonly effects: Effect[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Says something that the server will answer, and notes what: answers come in the order of their requests. */
export function ask({ state, effects, now }: Turn, asked: Asked, object: Fields): void {
  state.pending = sent(state.pending, asked);
  effects.push({ do: "send", object: { ...object, time: object.time ?? Math.floor(now) / 1000 } });
}

/** Changes a conversation, which begins with that if there is none. */
export function change({ state }: Turn, key: string, changed: Partial<Conversation>): void {
  state.conversations = new Map(state.conversations).set(key, {
    ...(state.conversations.get(key) ?? newConversation(key)),
    ...changed,
  });
}

/** What people are. Who says nothing of it leaves it as it was. */
export function know({ state }: Turn, people: readonly (readonly [name: string, standing: Standing])[]): void {
  const known = people.filter(([, { role }]) => role !== undefined);
  if (known.length > 0) state.roles = new Map([...state.roles, ...known]);
}
