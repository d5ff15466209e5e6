/** What people say of themselves, and whether they are away. @module */
import type { PersonStatus } from "../../jim/client/event.ts";
import { sendRequest, type Step } from "./step.ts";

/** Sets what the user says; it is shown when the server has taken it. */
export function sendStatus(step: Step, status: PersonStatus): void {
  const { away, emoji, text } = status;
  if (!step.state.isReady) return statusNotSet(step);
  const object = { action: "status", away, ...(emoji === "" ? {} : { emoji }), status: text };
  sendRequest(step, { ask: "status", status }, object);
}

/** The connection is gone, and with it the answer. */
export function statusUnanswered(step: Step): void {
  if (step.state.pending.asked.some(({ ask }) => ask === "status")) statusNotSet(step);
}

function statusNotSet({ state }: Step): void {
  state.notice = "offline";
}

/** Somebody says something else of itself, or nothing. */
export function setStatus({ state }: Step, name: string, status: PersonStatus | undefined): void {
  const isNone = status === undefined || (!status.away && status.emoji === "" && status.text === "");
  if (isNone && !state.statuses.has(name)) return;
  const statuses = new Map(state.statuses);
  if (isNone) statuses.delete(name);
  else statuses.set(name, status);
  state.statuses = statuses;
}
