/**
 * One update under way, and what every part of the model does in it: send a request, change a conversation, store
 * roles.
 */
import type { Fields } from "../../jim/client/fields.ts";
import { sent } from "../../jim/client/pending.ts";
import { type Conversation, newConversation } from "../conversation.ts";
import type { Effect, PendingRequest, PersonInfo, State } from "./state.ts";

/** The state is a copy of the last one; its parts are replaced, never changed. */
export interface Step {
  readonly state: { -readonly [K in keyof State]: State[K] };
  readonly effects: Effect[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Sends a request and stores it as pending: answers come in the order of their requests. */
export function sendRequest({ state, effects, now }: Step, asked: PendingRequest, object: Fields): void {
  state.pending = sent(state.pending, asked);
  effects.push({ do: "send", object: { ...object, time: object.time ?? Math.floor(now) / 1000 } });
}

/** Changes a conversation, and creates it if there is none. */
export function changeConversation({ state }: Step, key: string, changed: Partial<Conversation>): void {
  state.conversations = new Map(state.conversations).set(key, {
    ...(state.conversations.get(key) ?? newConversation(key)),
    ...changed,
  });
}

/** Stores the roles of people; an entry without a role changes nothing. Only a list says which accounts are bots. */
export function setRoles({ state }: Step, people: readonly (readonly [name: string, standing: PersonInfo])[]): void {
  const known = people.filter(([, { role }]) => role !== undefined);
  const isBot = (name: string) => state.roles.get(name)?.isBot === true ? { isBot: true as const } : {};
  const merged = known.map(([name, is]) => [name, is.role === "account" ? { ...isBot(name), ...is } : is] as const);
  if (merged.length > 0) state.roles = new Map([...state.roles, ...merged]);
}
