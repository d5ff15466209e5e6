/**
 * The conversation with the server: logs in, asks to inspect, hands on the trace, and sends orders. Each request has one
 * answer, in order, so a list of what was asked is all there is to remember.
 * @module
 */
import { type Answer, readEvent } from "../../client/protocol/event.ts";
import { type Fields, read } from "../../client/protocol/fields.ts";
import { NOTHING_PENDING, type Pending, receive, sent } from "../../client/protocol/pending.ts";
import type { ListedBan } from "../../client/protocol/ban.ts";
import type { Order } from "../moderation/order.ts";

export type InspectorSession =
  | { readonly stage: "connecting" }
  /** `isOperator`: by a login, since the token allows neither promote nor demote. */
  | { readonly stage: "inspecting"; readonly isOperator: boolean }
  /** A login is needed; `why` in the server's words, empty as long as it has refused nothing. */
  | { readonly stage: "denied"; readonly why: string; readonly cause?: DenialCause };

/**
 * Why the class stays closed, where the page has words of its own for it: the server was started again since its token was
 * printed, or the login is no operator's.
 */
export type DenialCause = "restarted" | "operators";

/** What happens to a visit. */
export type SessionEvent =
  | { on: "up" | "down" | "idle" }
  | { on: "frame"; frame: string }
  | { on: "login"; name: string; password: string }
  /** The page begins, and this tab has a session token from an earlier login. */
  | { on: "sessionToken"; sessionToken: string }
  /** The page begins, or its address has changed: with a token in it, or without one. */
  | { on: "token"; token: string | undefined }
  /** It is time to ask for the bans and mutes: other operators may have changed them. */
  | { on: "bans" }
  /** The greeting is to be shown. */
  | { on: "greeting" }
  | { on: "order"; order: Order };

/** What there is to be done. */
export interface Effects {
  connect(): void;
  disconnect(): void;
  send(object: object): void;
  /** From here on we see; who is here comes next. */
  started(): void;
  /** An object with a sight in it, as it came. */
  traced(sight: Fields): void;
  /** An object that is not known here, of a newer server perhaps. */
  unknownObject(object: Fields): void;
  /** The server does not take the token: it is of an earlier run. */
  forgetToken(): void;
  /** Keeps the session token for a reload; forgets it, if the server has refused it. */
  saveSessionToken(sessionToken: string | null): void;
  /** What became of an order: done, or refused with these words; empty words where the connection broke before the answer. */
  orderAnswered(order: Order, why?: string): void;
  /** The bans and mutes in force. */
  bansReceived(bans: readonly Ban[]): void;
  /** The words that everybody is greeted with. */
  greetingReceived(text: string): void;
}

/** A request that has not been answered. */
interface PendingRequest {
  readonly action: string;
  readonly token: string | undefined;
  readonly order?: Order;
}

/** By the code that the request to look on was refused with. */
const CAUSE_OF_CODE: Readonly<Record<number, DenialCause>> = { 401: "restarted", 403: "operators" };

/**
 * A visit: takes events, and returns how it stands. It does not connect before it has a token or a login to show.
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
  /** Kept until there is a session token, which stands for it from then on: the server may be started again. */
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
    // Without a login the form stays: a password may be half typed.
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

  /** What answers nothing is about the connection. */
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
    // A session that has ended is no mistake of its owner's.
    const why = action === "authenticate" && code === 401 && sessionToken !== undefined ? "" : words;
    const cause = action === "inspect" ? CAUSE_OF_CODE[code!] : undefined;
    state = { stage: "denied", why, ...(cause === undefined ? {} : { cause }) };
    if (sessionToken !== undefined && (code === 401 || code === 403)) saveSessionToken(null);
    login = sessionToken = undefined; // a refused login is not tried again
  }
}
