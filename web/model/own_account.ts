/** The own account: another password, the places where it is logged in, its end. @module */
import type { ServerEvent } from "../../jim/client/event.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";
import type { AccountRequest } from "../own_account.ts";
import { keepToken, leave } from "./session.ts";
import { sendRequest, type Step } from "./step.ts";

/** Sends a request. Without a connection the sessions wait for the next one, and nothing else can be requested. */
export function sendAccountRequest(step: Step, request: AccountRequest): void {
  const { state } = step;
  state.ownAccount ??= { sessions: undefined, last: undefined };
  if (!state.isReady) return;
  const asksForToken = request.action === "change_password" && state.me?.token !== undefined;
  const device = asksForToken && state.device !== undefined ? { device: state.device } : {};
  sendRequest(step, { ask: "ownAccount", request }, { ...request, ...asksForToken ? { token: true, ...device } : {} });
  if (request.action === "sessions") return;
  state.ownAccount = { sessions: state.ownAccount.sessions, last: { action: request.action, state: "asked" } };
}

/** The server has done it. */
export function accountAnswered(step: Step, request: AccountRequest, token: string | undefined): void {
  const { state } = step, { action } = request;
  if (action === "unregister") return leave(step, undefined);
  if (action === "change_password") {
    if (token === undefined) state.me = { ...state.me!, password: request.new_password };
    keepToken(step, token);
  }
  state.ownAccount = { sessions: state.ownAccount?.sessions, last: { action, state: "done" } };
  sendAccountRequest(step, { action: "sessions" });
}

export function accountRefused({ state }: Step, { action }: AccountRequest, why: Refusal): void {
  state.ownAccount = { sessions: state.ownAccount?.sessions, last: { action, state: "refused", why } };
}

/** The sessions have arrived. */
export function sessionsReceived({ state }: Step, rows: readonly ServerEvent[]): void {
  state.ownAccount = { last: state.ownAccount?.last, sessions: rows.filter((row) => row.kind === "session") };
}
