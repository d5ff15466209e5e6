/**
 * Orders of an operator, the bans and mutes in force, and the names that the user ignores, which the server does not
 * know.
 */
import { nameKey } from "../../jim/name.ts";
import type { ServerEvent } from "../../jim/client/event.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";
import type { Order } from "../moderation/order.ts";
import type { State } from "./state.ts";
import { sendRequest, setRoles, type Step } from "./step.ts";

/** Sends an order. */
export function sendOrder(step: Step, order: Order): void {
  const { state } = step;
  if (!state.isReady) return refuseUnanswered(step, order);
  state.ordered = { order, state: "asked" };
  sendRequest(step, { ask: "order", order }, { ...order });
}

/** The server has carried out an order, or refused it. */
export function orderAnswered(step: Step, order: Order, why?: Refusal): void {
  const { state } = step;
  state.ordered = why === undefined ? { order, state: "done" } : { order, state: "refused", why };
  if (why !== undefined) return;
  if (order.action === "promote" || order.action === "demote") {
    setRoles(step, [[order.user_id!, { role: order.action === "promote" ? "operator" : "account" }]]);
  } else if (order.action !== "kick" && order.action !== "motd") requestBans(step);
}

/** The connection is gone, and with it the answer. */
export function orderUnanswered(step: Step): void {
  const { ordered } = step.state;
  if (ordered?.state === "asked") refuseUnanswered(step, ordered.order);
}

/** Requests the bans and mutes in force, if we are an operator. */
export function requestBans(step: Step): void {
  if (step.state.isReady && isOperator(step.state)) sendRequest(step, { ask: "bans" }, { action: "bans" });
}

/** Requests the greeting, which another operator may have changed. */
export function requestGreeting(step: Step): void {
  const { state } = step;
  state.greeting = isOperator(state) ? null : undefined;
  if (state.isReady && isOperator(state)) sendRequest(step, { ask: "greeting" }, { action: "motd" });
}

/** Requests the greeting again on a new connection, if the answer is still awaited. */
export function resumeGreeting(step: Step): void {
  if (step.state.greeting === null) requestGreeting(step);
}

/** We are no operator any more. */
export function greetingRefused(step: Step, why: Refusal): void {
  step.state.greeting = undefined;
  step.state.ordered = { order: { action: "motd" }, state: "refused", why };
}

/** The bans and mutes in force have arrived. */
export function bansReceived({ state, now }: Step, rows: readonly ServerEvent[]): void {
  const bans = rows.flatMap((row) => row.kind === "row" ? row.ban ?? [] : []);
  state.bans = bans;
  state.bansAt = now / 1000;
  state.skipped += rows.length - bans.length;
}

/** Ignores a name, or stops ignoring it. */
export function ignore({ state }: Step, name: string, is: boolean): void {
  const ignored = new Map(state.ignored), key = nameKey(name);
  if (is) ignored.set(key, name);
  else ignored.delete(key);
  state.ignored = ignored;
}

/** Whether we are an operator. */
export function isOperator({ me, roles }: Pick<State, "me" | "roles">): boolean {
  return me !== undefined && roles.get(me.name)?.role === "operator";
}

function refuseUnanswered({ state }: Step, order: Order): void {
  state.ordered = { order, state: "refused", why: "offline" };
}
