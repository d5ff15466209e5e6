/**
 * Moderation: the orders of an operator and the bans and mutes in force; and the names that the reader ignores, which the
 * server does not know.
 */
import { nameKey } from "../../jim/name.ts";
import type { ServerEvent } from "../../client/protocol/event.ts";
import type { Order } from "../moderation/order.ts";
import type { State } from "./state.ts";
import { ask, know, type Turn } from "./turn.ts";

/** Gives an order. */
export function order(turn: Turn, order: Order): void {
  const { state } = turn;
  if (!state.ready) return unanswered(turn, order);
  state.ordered = { order, state: "asked" };
  ask(turn, { ask: "order", order }, { ...order });
}

/** The server has done it, or refused it. */
export function ordered(turn: Turn, order: Order, why?: string): void {
  const { state } = turn;
  state.ordered = why === undefined ? { order, state: "done" } : { order, state: "refused", why };
  if (why !== undefined) return;
  if (order.action === "promote" || order.action === "demote") {
    know(turn, [[order.user_id!, { role: order.action === "promote" ? "operator" : "account" }]]);
  } else if (order.action !== "kick" && order.action !== "motd") askBans(turn);
}

/** The connection is gone, and with it the answer. */
export function breakOrder(turn: Turn): void {
  const { ordered } = turn.state;
  if (ordered?.state === "asked") unanswered(turn, ordered.order);
}

/** Asks for the bans and mutes in force, if we are an operator. */
export function askBans(turn: Turn): void {
  if (turn.state.ready && isOperator(turn.state)) ask(turn, { ask: "bans" }, { action: "bans" });
}

/** Asks for the greeting, which another operator may have changed. */
export function askGreeting(turn: Turn): void {
  turn.state.greeting = undefined;
  if (turn.state.ready && isOperator(turn.state)) ask(turn, { ask: "greeting" }, { action: "motd" });
}

/** Keeps the list of bans and mutes. */
export function listBans({ state }: Turn, rows: readonly ServerEvent[]): void {
  const bans = rows.flatMap((row) => row.kind === "row" ? row.ban ?? [] : []);
  state.bans = bans;
  state.skipped += rows.length - bans.length;
}

/** Hides what somebody says, or shows it again. */
export function ignore({ state }: Turn, name: string, is: boolean): void {
  const ignored = new Map(state.ignored), key = nameKey(name);
  if (is) ignored.set(key, name);
  else ignored.delete(key);
  state.ignored = ignored;
}

/** Whether we may give orders. */
export function isOperator({ me, roles }: Pick<State, "me" | "roles">): boolean {
  return me !== undefined && roles.get(me.name)?.role === "operator";
}

function unanswered({ state }: Turn, order: Order): void {
  state.ordered = { order, state: "refused", why: "" };
}
