/**
 * The session of an inspector: logs in, starts the trace, passes its events on, and sends orders. Answers come in the
 * order of the requests, so a list of pending requests is enough.
 * @module
 */
import type { Answer, ServerEvent } from "../../jim/client/event.ts";
import { readEvent, unreadRow } from "../../jim/client/read_event.ts";
import { type Fields, read } from "../../jim/client/fields.ts";
import { NOTHING_PENDING, type Pending, receive, sent } from "../../jim/client/pending.ts";
import type { ListedBan } from "../../jim/client/ban.ts";
import { MAX_PAGE } from "../../jim/limits.ts";
import type { Order } from "../moderation/order.ts";
import { type QueryResult, resultOf, UNANSWERED } from "../../client/protocol/query.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";
import { idIn, type NotDeleted, type TracedMessage } from "./traced_message.ts";

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
  | { on: "order"; order: Order }
  | { on: "delete"; message: TracedMessage }
  | { on: "query"; number: number; object: Fields };

/** What a session does. */
export interface Effects {
  connect(): void;
  disconnect(): void;
  /** Connects again in a while. */
  retry(): void;
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
  /** The result of an order: done, or not. */
  orderAnswered(order: Order, why?: Refusal): void;
  /** A message is deleted, or not. */
  deletionAnswered(message: TracedMessage, why?: NotDeleted): void;
  /** The answer to a question. */
  queryAnswered(number: number, result: QueryResult): void;
  /** The bans and mutes in force. */
  bansReceived(bans: readonly ListedBan[]): void;
  /** The greeting; or why it is not known. */
  greetingReceived(text: string): void;
  greetingRefused(why: Refusal): void;
}

/** A request without an answer. */
interface PendingRequest {
  readonly action: string;
  readonly token: string | undefined;
  readonly order?: Order;
  /** The number of a question. */
  readonly query?: number;
  /** The message to find in the history, and then to delete. */
  readonly message?: TracedMessage;
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
 * const effects = { connect: no, disconnect: no, retry: no, started: no, traced: no, unknownObject: no, forgetToken: no, saveSessionToken: no, orderAnswered: no, deletionAnswered: no, queryAnswered: no, bansReceived: no, greetingReceived: no, greetingRefused: no };
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
  const session = new Session(effects, now);
  return (event) => session.step(event);
}

class Session {
  readonly #effects: Effects;
  readonly #now: () => number;
  #state: InspectorSession = { stage: "denied", why: "" };
  #isUp = false;
  #pending: Pending<PendingRequest> = NOTHING_PENDING;
  #token: string | undefined;
  /** Kept until there is a session token, which replaces it: the server may be restarted. */
  #login: { account_name: string; password: string } | undefined;
  #sessionToken: string | undefined;
  /** The page was open with this token or login. */
  #wasIn = false;
  /** The greeting is to be shown, and not known yet: it is requested again on the next connection. */
  #awaitsGreeting = false;

  constructor(effects: Effects, now: () => number) {
    this.#effects = effects;
    this.#now = now;
  }

  /** Handles an event, and returns the stage. */
  step(event: SessionEvent): InspectorSession {
    switch (event.on) {
      case "up":
        this.#isUp = true;
        this.#sendLogin();
        break;
      case "down":
        this.#disconnected();
        break;
      case "frame":
        this.#handle(read(event.frame));
        break;
      case "token":
        if (event.token === undefined) break;
        this.#token = event.token;
        if (this.#state.stage === "denied") this.#connectAndLogin();
        break;
      case "login":
        this.#login = { account_name: event.name, password: event.password };
        this.#sessionToken = undefined;
        this.#connectAndLogin();
        break;
      case "sessionToken":
        if (this.#token !== undefined) break;
        this.#sessionToken = event.sessionToken;
        this.#connectAndLogin();
        break;
      case "order":
        if (this.#state.stage !== "inspecting") this.#effects.orderAnswered(event.order, "offline");
        else this.#send({ order: event.order }, { ...event.order });
        break;
      case "delete":
        if (this.#state.stage !== "inspecting") this.#effects.deletionAnswered(event.message, "offline");
        else this.#findMessage(event.message);
        break;
      case "query":
        if (this.#state.stage !== "inspecting") this.#effects.queryAnswered(event.number, UNANSWERED);
        else this.#send({ query: event.number }, event.object);
        break;
      case "greeting":
        this.#awaitsGreeting = true;
        if (this.#state.stage === "inspecting") this.#sendRequest("motd");
        break;
      default:
        if (this.#state.stage === "inspecting") this.#request(event.on);
    }
    return this.#state;
  }

  #request(what: "idle" | "bans"): void {
    if (what === "idle") this.#inspect();
    else if (!this.#pending.asked.some(({ action }) => action === "bans")) this.#sendRequest("bans");
  }

  #connectAndLogin(): void {
    this.#state = { stage: "connecting" };
    if (this.#isUp) this.#sendLogin();
    else this.#effects.connect();
  }

  #sendLogin(): void {
    if (this.#sessionToken !== undefined) this.#sendRequest("authenticate", { token: this.#sessionToken });
    else if (this.#login !== undefined) this.#sendRequest("authenticate", { user: this.#login, token: true });
    else this.#inspect();
  }

  #inspect(): void {
    this.#sendRequest("inspect", this.#token === undefined ? {} : { token: this.#token });
  }

  #findMessage(message: TracedMessage): void {
    this.#send({ message }, { action: "history", room: message.room, limit: MAX_PAGE });
  }

  #messageFound(message: TracedMessage, rows: readonly ServerEvent[]): void {
    const id = idIn(rows, message);
    if (id === undefined) this.#effects.deletionAnswered(message, "missing");
    else this.#send({ message }, { action: "delete", to: message.room, id });
  }

  #sendRequest(action: string, more: object = {}): void {
    this.#send({}, { action, ...more });
  }

  /** @param what the answer is about */
  #send(what: Pick<PendingRequest, "order" | "message" | "query">, object: Fields): void {
    this.#pending = sent(this.#pending, { action: String(object.action), token: this.#token, ...what });
    this.#effects.send({ ...object, time: this.#now() });
  }

  #disconnected(): void {
    this.#isUp = false;
    const { asked, list } = this.#pending;
    for (const { order, message, query } of list === undefined ? asked : [list.request, ...asked]) {
      if (order !== undefined) this.#effects.orderAnswered(order, "offline");
      if (message !== undefined) this.#effects.deletionAnswered(message, "offline");
      if (query !== undefined) this.#effects.queryAnswered(query, UNANSWERED);
    }
    this.#pending = NOTHING_PENDING;
    // Without a login the form stays, since a password may be half typed.
    if (this.#login === undefined && this.#sessionToken === undefined && this.#token === undefined) {
      this.#effects.disconnect();
    } else this.#state = { stage: "connecting" };
  }

  #handle(object: Fields): void {
    const { bansReceived, traced, unknownObject } = this.#effects;
    const isRow = this.#pending.list?.request.query !== undefined && object.response === undefined;
    const received = receive(this.#pending, isRow ? unreadRow(object) : readEvent(object, true)), { event } = received;
    this.#pending = received.pending;
    for (const { request, answer, rows } of received.matched) {
      if (request.query !== undefined) this.#effects.queryAnswered(request.query, resultOf(answer, rows));
      else if (rows === undefined) this.#answered(request, answer);
      else if (request.action === "history") this.#messageFound(request.message!, rows);
      else if (request.action === "bans") bansReceived(rows.flatMap((row) => row.kind === "row" ? row.ban ?? [] : []));
    }
    if (event?.kind === "probe") {
      const login = this.#login;
      this.#sendRequest("presence", login === undefined ? {} : { user: { account_name: login.account_name } });
    } else if (event?.kind === "answer") {
      // An answer without a request is about the connection.
      if (event.refused) this.#refused({ action: "", token: undefined }, event);
    } else if (object.action === "trace" && event !== undefined) traced(object);
    else if (event !== undefined && event.kind !== "notice") unknownObject(object);
  }

  #answered(asked: PendingRequest, answer: Answer): void {
    const { action, order, message } = asked;
    const { orderAnswered, greetingReceived, greetingRefused, bansReceived } = this.#effects;
    if (message !== undefined) {
      return this.#effects.deletionAnswered(message, answer.refused ? { words: answer.words } : undefined);
    }
    if (order !== undefined) {
      orderAnswered(order, answer.refused ? { words: answer.words } : undefined);
      if (!answer.refused && order.action !== "motd") this.#sendRequest("bans");
    } else if (action === "motd") {
      this.#awaitsGreeting = false;
      if (answer.refused) greetingRefused({ words: answer.words });
      else greetingReceived(answer.text ?? "");
    } else if (action === "bans") {
      if (!answer.refused) bansReceived([]);
    } else if (answer.refused) this.#refused(asked, answer);
    else if (action === "authenticate") this.#loggedIn(answer);
    else if (action === "inspect" && this.#state.stage !== "inspecting") this.#begin();
  }

  #loggedIn({ token }: Answer): void {
    if (token !== undefined) {
      this.#effects.saveSessionToken(this.#sessionToken = token);
      this.#login = undefined;
    }
    this.#inspect();
  }

  #begin(): void {
    this.#wasIn = true;
    this.#state = {
      stage: "inspecting",
      isOperator: this.#login !== undefined || this.#sessionToken !== undefined,
    };
    this.#effects.started();
    this.#sendRequest("bans");
    if (this.#awaitsGreeting) this.#sendRequest("motd");
  }

  #refused({ action, token }: PendingRequest, { code = 0, words }: Answer): void {
    const { forgetToken, retry, saveSessionToken } = this.#effects;
    // The server cannot do it now, as without its journal: what has opened the page once may do so in a while.
    if (code >= 500 && (this.#wasIn || this.#sessionToken !== undefined)) return retry();
    if (action === "inspect" && code === 401) {
      if (token !== this.#token) return this.#inspect(); // there is a newer one
      this.#token = undefined;
      forgetToken();
    }
    // A session that has ended needs no explanation.
    const why = action === "authenticate" && code === 401 && this.#sessionToken !== undefined ? "" : words;
    const cause = action === "inspect" ? CAUSE_OF_CODE[code] : undefined;
    this.#state = { stage: "denied", why, ...(cause === undefined ? {} : { cause }) };
    if (this.#sessionToken !== undefined && (code === 401 || code === 403)) saveSessionToken(null);
    this.#login = this.#sessionToken = undefined; // a refused login is not tried again
    this.#wasIn = false;
  }
}
