/**
 * Of which messages of a conversation the user is told, as the server keeps it for an account. The browser has it too: for a guest,
 * and for an older server.
 * @module
 */
import type { Level } from "../../jim/message.ts";
import { knownSpelling } from "./state.ts";
import { sendRequest, type Step } from "./step.ts";

/** The user has chosen. */
export function sendLevel(step: Step, key: string, level: Level): void {
  levelReceived(step, key, level);
  const { isReady, hasAccount, hasMarks } = step.state;
  if (isReady && hasAccount && hasMarks) sendRequest(step, { ask: "notify" }, { action: "notify", to: key, level });
}

/** The account has chosen, on another device perhaps. */
export function levelReceived({ state, effects }: Step, to: string, level: Level): void {
  effects.push({ do: "keepLevel", key: knownSpelling(state, to), level });
}
