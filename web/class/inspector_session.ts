/**
 * The session of an inspector: logs in, starts the trace, passes its events on, and sends orders. Answers come in the
 * order of the requests, so a list of pending requests is enough.
 * @module
 */
import { type Answer, readEvent } from "../../client/protocol/event.ts";
import { type Fields, read } from "../../client/protocol/fields.ts";
import { NOTHING_PENDING, type Pending, receive, sent } from "../../client/protocol/pending.ts";
import type { ListedBan } from "../../client/protocol/ban.ts";
import type { Order } from "../moderation/order.ts";

/** The stage of the session. */
export type InspectorSession =
  | { readonly stage: "connecting" }
  /** `isOperator`: logged in, since the token allows neither promote nor demote. */
  | { readonly stage: "inspecting"; readonly isOperator: boolean }
  /** A login is needed; `why` has the server's words, and is empty before a refusal. */
  | { readonly stage: "denied"; readonly why: string; readonly cause?: DenialCause };

/**
 * Why the page is closed, if it has its own words for it: the server was restarted since it printed its token, or the
 * account is no operator.
 */
export type DenialCause = "restarted" | "operators";

/** The events of a session. */
export type SessionEvent =
  | { on: "up" | "down" | "idle" }
  | { on: "frame"; frame: string }
  | { on: "login"; name: string; password: string }
  /** The page was loaded, and this tab has a session token from an earlier login. */
  | { on: "sessionToken"; sessionToken: string }
  /** The page was loaded or its address has changed, with a token or without one. */
  | { on: "token"; token: string | undefined }
  /** Requests the bans and mutes, which other operators may have changed. */
  | { on: "bans" }
  /** The greeting is about to be shown. */
  | { on: "greeting" }
  | { on: "order"; order: Order };

/** What a session does. */
export interface Effects {
  connect(): void;
  disconnect(): void;
  send(object: object): void;
  /** The trace begins; the people who are connected follow. */
  started(): void;
  /** An object with a trace event. */
  traced(sight: Fields): void;
  /** An object that this page does not know: the server may be newer. */
  unknownObject(object: Fields): void;
  /** The server refuses the token: it is of an earlier run. */
  forgetToken(): void;
  /** Saves the session token for a reload; `null` removes it. */
  saveSessionToken(sessionToken: string | null): void;
  /**
   * The result of an order: done, or refused for this reason; the reason is empty if the connection failed before the
   * answer.
   */
  orderAnswered(order: Order, why?: string): void;
  /** The bans and mutes in force. */
  bansReceived(bans: readonly ListedBan[]): void;
  /** The greeting. */
  greetingReceived(text: string): void;
}

/** A request without an answer. */
interface PendingRequest {
  readonly action: string;
  readonly token: string | undefined;
  readonly order?: Order;
}

/** By the code that refuses the `inspect` request. */
const CAUSE_OF_CODE: Readonly<Record<number, DenialCause>> = { 401: "restarted", 403: "operators" };

/**
 * Makes a session: a function that takes events and returns the stage. It does not connect before it has a token or a
 * login.
 *
 * @param now Unix seconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const sent: object[] = [], no = () => {};
 * const effects = { connect: no, disconnect: no, started: no, traced: no, unknownObject: no, forgetToken: no, saveSessionToken: no, orderAnswered: no, bansReceived: no, greetingReceived: no };
 * const step = newInspectorSession({ ...effects, send: (object) => sent.push(object) }, () => 1);
 * assert.deepEqual(step({ on: "token", token: undefined }), { stage: "denied", why: "" });
 * step({ on: "token", token: "abc" });
 * step({ on: "up" });
 * assert.deepEqual(sent, [{ action: "inspect", time: 1, token: "abc" }]);
 * const frame = JSON.stringify({ response: 401, time: 1, error: "token: of another run" });
 * assert.deepEqual(step({ on: "frame", frame }), { stage: "denied", why: "token: of another run", cause: "restarted" });
 * ```
 */
export function newInspectorSession(effects: Effects, now: () => number): (event: SessionEvent) => InspectorSession {
  const {
    connect,
    disconnect,
    send,
    started,
    traced,
    unknownObject,
    forgetToken,
    saveSessionToken,
    orderAnswered,
    bansReceived,
    greetingReceived,
  } = effects;
  let state: InspectorSession = { stage: "denied", why: "" };
  let isUp = false;
  let pending: Pending<PendingRequest> = NOTHING_PENDING;
  let token: string | undefined;
  /** Kept until there is a session token, which replaces it: the server may be restarted. */
  let login: { account_name: string; password: string } | undefined;
  let sessionToken: string | undefined;

  return (event) => {
    switch (event.on) {
      case "up":
        isUp = true;
        sendLogin();
        break;
      case "down":
        disconnected();
        break;
      case "idle":
        if (state.stage === "inspecting") inspect();
        break;
      case "token":
        if (event.token === undefined) break;
        ({ token } = event);
        if (state.stage === "denied") connectAndLogin();
        break;
      case "login":
        login = { account_name: event.name, password: event.password };
        sessionToken = undefined;
        connectAndLogin();
        break;
      case "sessionToken":
        if (token !== undefined) break;
        ({ sessionToken } = event);
        connectAndLogin();
        break;
      case "bans":
        if (state.stage === "inspecting" && !pending.asked.some(({ action }) => action === "bans")) sendRequest("bans");
        break;
      case "greeting":
        if (state.stage === "inspecting") sendRequest("motd");
        break;
      case "order":
        if (state.stage !== "inspecting") orderAnswered(event.order, "");
        else sendRequest(event.order.action, event.order, event.order);
        break;
      case "frame":
        handle(read(event.frame));
        break;
    }
    return state;
  };

  function connectAndLogin(): void {
    state = { stage: "connecting" };
    if (isUp) sendLogin();
    else connect();
  }

  function sendLogin(): void {
    if (sessionToken !== undefined) sendRequest("authenticate", { token: sessionToken });
    else if (login !== undefined) sendRequest("authenticate", { user: login, token: true });
    else inspect();
  }

  function inspect(): void {
    sendRequest("inspect", token === undefined ? {} : { token });
  }

  function sendRequest(action: string, more: object = {}, order?: Order): void {
    pending = sent(pending, { action, token, ...(order === undefined ? {} : { order }) });
    send({ action, ...more, time: now() });
  }

  function disconnected(): void {
    isUp = false;
    for (const { order } of pending.asked) if (order !== undefined) orderAnswered(order, "");
    pending = NOTHING_PENDING;
    // Without a login the form stays, since a password may be half typed.
    if (login === undefined && sessionToken === undefined && token === undefined) disconnect();
    else state = { stage: "connecting" };
  }

  function handle(object: Fields): void {
    const received = receive(pending, readEvent(object, true)), { event } = received;
    ({ pending } = received);
    for (const { request, answer, rows } of received.matched) {
      if (rows === undefined) answered(request, answer);
      else if (request.action === "bans") bansReceived(rows.flatMap((row) => row.kind === "row" ? row.ban ?? [] : []));
    }
    if (event?.kind === "probe") {
      sendRequest("presence", login === undefined ? {} : { user: { account_name: login.account_name } });
    } else if (event?.kind === "answer") handleUnsolicited(event);
    else if (object.action === "trace" && event !== undefined) traced(object);
    else if (event !== undefined && event.kind !== "notice") unknownObject(object);
  }

  /** An answer without a request is about the connection. */
  function handleUnsolicited(answer: Answer): void {
    if (answer.refused) refused({ action: "", token: undefined }, answer);
  }

  function answered(asked: PendingRequest, answer: Answer): void {
    const { action, order } = asked;
    if (order !== undefined) {
      orderAnswered(order, answer.refused ? answer.words : undefined);
      if (!answer.refused && order.action !== "motd") sendRequest("bans");
    } else if (action === "motd") {
      if (!answer.refused) greetingReceived(answer.text ?? "");
    } else if (action === "bans") {
      if (!answer.refused) bansReceived([]);
    } else if (answer.refused) {
      refused(asked, answer);
    } else if (action === "authenticate") {
      if (answer.token !== undefined) {
        saveSessionToken(sessionToken = answer.token);
        login = undefined;
      }
      inspect();
    } else if (action === "inspect" && state.stage !== "inspecting") {
      state = { stage: "inspecting", isOperator: login !== undefined || sessionToken !== undefined };
      started();
      sendRequest("bans");
    }
  }

  function refused({ action, token: shown }: PendingRequest, { code, words }: Answer): void {
    if (action === "inspect" && code === 401) {
      if (shown !== token) return inspect(); // there is a newer one
      token = undefined;
      forgetToken();
    }
    // A session that has ended needs no explanation.
    const why = action === "authenticate" && code === 401 && sessionToken !== undefined ? "" : words;
    const cause = action === "inspect" ? CAUSE_OF_CODE[code!] : undefined;
    state = { stage: "denied", why, ...(cause === undefined ? {} : { cause }) };
    if (sessionToken !== undefined && (code === 401 || code === 403)) saveSessionToken(null);
    login = sessionToken = undefined; // a refused login is not tried again
  }
}
