/** Who is writing in which conversation, and what others are told while the user writes. @module */
import type { Writing } from "../../jim/client/event.ts";
import { isRoom } from "../conversation.ts";
import { isIgnored, knownSpelling, type State } from "./state.ts";
import { sendRequest, type Step } from "./step.ts";

/** Milliseconds between two notices, as the server takes them; and until one is over. */
const INTERVAL = 3_000, OVER = 6_000;

/** Somebody writes, or no more. */
export function writing(step: Step, { from, to, is }: Writing): void {
  const { state, now } = step;
  if (from === state.me?.name) return;
  const key = knownSpelling(state, isRoom(to) ? to : from);
  if (!is || isIgnored(state, from)) return endWriting(step, key, from);
  setWriters(state, key, new Map(state.writers.get(key)).set(from, now + OVER));
}

/** A writer's message has come, or the writer is gone. */
export function endWriting({ state }: Step, key: string, name: string): void {
  const names = state.writers.get(key);
  if (names?.has(name) !== true) return;
  setWriters(state, key, new Map([...names].filter(([each]) => each !== name)));
}

/** Somebody is gone. */
export function endAllWriting(step: Step, name: string): void {
  for (const key of step.state.writers.keys()) endWriting(step, key, name);
}

/** Forgets the writers that are over. */
export function expireWriters({ state, now }: Step): void {
  for (const [key, names] of state.writers) {
    const left = new Map([...names].filter(([, until]) => until > now));
    if (left.size < names.size) setWriters(state, key, left);
  }
}

/** When the first writer is over; `undefined` if there is none. */
export function writersDue({ writers }: State): number | undefined {
  const ends = [...writers.values()].flatMap((names) => [...names.values()]);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** The user has typed in the open conversation: others are told once in three seconds, and when the field is empty. */
export function tellTyping(step: Step, text: string): void {
  const { state, now } = step, { open: to, told } = state;
  const wasTold = told?.to === to && now - told.at < OVER, isEmpty = text.trim() === "";
  if (!state.isReady || state.hasNoTyping || (isEmpty ? !wasTold : wasTold && now - told!.at < INTERVAL)) return;
  state.told = isEmpty ? undefined : { to, at: now };
  sendRequest(step, { ask: "typing" }, { action: "typing", to, ...(isEmpty ? { is: false } : {}) });
}

function setWriters(state: Step["state"], key: string, names: ReadonlyMap<string, number>): void {
  const writers = new Map(state.writers);
  if (names.size === 0) writers.delete(key);
  else writers.set(key, names);
  state.writers = writers;
}
