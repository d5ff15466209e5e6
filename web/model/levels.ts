/**
 * Of which messages of a conversation the user is told, as the server keeps it for an account. The browser has it too: for a guest,
 * and for an older server.
 * @module
 */
import type { Level } from "../../jim/message.ts";
import { knownSpelling } from "./state.ts";
import { sendRequest, type Step } from "./step.ts";

/** The user has chosen. Without a connection, what the server knows would replace it later: it is told first. */
export function sendLevel(step: Step, key: string, level: Level): void {
  levelReceived(step, key, level);
  const { state } = step, asked = { ask: "notify", key, level } as const;
  if (!state.hasAccount) return;
  if (!state.isReady) state.deferred = [...state.deferred, asked];
  else if (state.hasMarks) sendRequest(step, asked, { action: "notify", to: key, level });
}

/** The account has chosen, on another device perhaps. */
export function levelReceived({ state, effects }: Step, to: string, level: Level): void {
  effects.push({ do: "keepLevel", key: knownSpelling(state, to), level });
}
