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

export type Visit =
  | { readonly stage: "coming" }
  /** `isOperator`: by a login, since the token allows neither promote nor demote. */
  | { readonly stage: "looking"; readonly isOperator: boolean }
  /** A login is needed; `why` in the server's words, empty as long as it has refused nothing. */
  | { readonly stage: "barred"; readonly why: string; readonly cause?: Cause };

/**
 * Why the class stays closed, where the page has words of its own for it: the server was started again since its token was
 * printed, or the login is no operator's.
 */
export type Cause = "restarted" | "operators";

/** What happens to a visit. */
export type Event =
  | { on: "up" | "down" | "quiet" }
  | { on: "frame"; frame: string }
  | { on: "login"; name: string; password: string }
  /** The page begins, and this tab has a session token from an earlier login. */
  | { on: "session"; session: string }
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
  say(object: object): void;
  /** From here on we see; who is here comes next. */
  begin(): void;
  /** An object with a sight in it, as it came. */
  see(sight: Fields): void;
  /** An object that is not known here, of a newer server perhaps. */
  skip(object: Fields): void;
  /** The server does not take the token: it is of an earlier run. */
  forget(): void;
  /** Keeps the session token for a reload; forgets it, if the server has refused it. */
  keepSession(session: string | null): void;
  /** What became of an order: done, or refused with these words; empty words where the connection broke before the answer. */
  ordered(order: Order, why?: string): void;
  /** The bans and mutes in force. */
  listed(bans: readonly ListedBan[]): void;
  /** The words that everybody is greeted with. */
  greeted(text: string): void;
}

/** A request that has not been answered. */
interface Asked {
  readonly action: string;
  readonly token: string | undefined;
  readonly order?: Order;
}

/** By the code that the request to look on was refused with. */
const CAUSES: Readonly<Record<number, Cause>> = { 401: "restarted", 403: "operators" };

/**
 * A visit: takes events, and returns how it stands. It does not connect before it has a token or a login to show.
 *
 * @param now Unix seconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const said: object[] = [], no = () => {};
 * const effects = { connect: no, disconnect: no, begin: no, see: no, skip: no, forget: no, keepSession: no, ordered: no, listed: no, greeted: no };
 * const step = newVisit({ ...effects, say: (object) => said.push(object) }, () => 1);
 * assert.deepEqual(step({ on: "token", token: undefined }), { stage: "barred", why: "" });
 * step({ on: "token", token: "abc" });
 * step({ on: "up" });
 * assert.deepEqual(said, [{ action: "inspect", time: 1, token: "abc" }]);
 * const frame = JSON.stringify({ response: 401, time: 1, error: "token: of another run" });
 * assert.deepEqual(step({ on: "frame", frame }), { stage: "barred", why: "token: of another run", cause: "restarted" });
 * ```
 */
export function newVisit(effects: Effects, now: () => number): (event: Event) => Visit {
  const { connect, disconnect, say, begin, see, skip, forget, keepSession, ordered, listed, greeted } = effects;
  let visit: Visit = { stage: "barred", why: "" };
  let isUp = false;
  let pending: Pending<Asked> = NOTHING_PENDING;
  let token: string | undefined;
  /** Kept until there is a session token, which stands for it from then on: the server may be started again. */
  let login: { account_name: string; password: string } | undefined;
  let session: string | undefined;

  return (event) => {
    switch (event.on) {
      case "up":
        isUp = true;
        enter();
        break;
      case "down":
        broken();
        break;
      case "quiet":
        if (visit.stage === "looking") inspect();
        break;
      case "token":
        if (event.token === undefined) break;
        ({ token } = event);
        if (visit.stage === "barred") come();
        break;
      case "login":
        login = { account_name: event.name, password: event.password };
        session = undefined;
        come();
        break;
      case "session":
        if (token !== undefined) break;
        ({ session } = event);
        come();
        break;
      case "bans":
        if (visit.stage === "looking" && !pending.asked.some(({ action }) => action === "bans")) ask("bans");
        break;
      case "greeting":
        if (visit.stage === "looking") ask("motd");
        break;
      case "order":
        if (visit.stage !== "looking") ordered(event.order, "");
        else ask(event.order.action, event.order, event.order);
        break;
      case "frame":
        handle(read(event.frame));
        break;
    }
    return visit;
  };

  function come(): void {
    visit = { stage: "coming" };
    if (isUp) enter();
    else connect();
  }

  function enter(): void {
    if (session !== undefined) ask("authenticate", { token: session });
    else if (login !== undefined) ask("authenticate", { user: login, token: true });
    else inspect();
  }

  function inspect(): void {
    ask("inspect", token === undefined ? {} : { token });
  }

  function ask(action: string, more: object = {}, order?: Order): void {
    pending = sent(pending, { action, token, ...(order === undefined ? {} : { order }) });
    say({ action, ...more, time: now() });
  }

  function broken(): void {
    isUp = false;
    for (const { order } of pending.asked) if (order !== undefined) ordered(order, "");
    pending = NOTHING_PENDING;
    // Without a login the form stays: a password may be half typed.
    if (login === undefined && session === undefined && token === undefined) disconnect();
    else visit = { stage: "coming" };
  }

  function handle(object: Fields): void {
    const received = receive(pending, readEvent(object, true)), { event } = received;
    ({ pending } = received);
    for (const { request, answer, rows } of received.matched) {
      if (rows === undefined) answered(request, answer);
      else if (request.action === "bans") listed(rows.flatMap((row) => row.kind === "row" ? row.ban ?? [] : []));
    }
    if (event?.kind === "probe") {
      ask("presence", login === undefined ? {} : { user: { account_name: login.account_name } });
    } else if (event?.kind === "answer") unasked(event);
    else if (object.action === "trace" && event !== undefined) see(object);
    else if (event !== undefined && event.kind !== "notice") skip(object);
  }

  /** What answers nothing is about the connection. */
  function unasked(answer: Answer): void {
    if (answer.refused) refused({ action: "", token: undefined }, answer);
  }

  function answered(asked: Asked, answer: Answer): void {
    const { action, order } = asked;
    if (order !== undefined) {
      ordered(order, answer.refused ? answer.words : undefined);
      if (!answer.refused && order.action !== "motd") ask("bans");
    } else if (action === "motd") {
      if (!answer.refused) greeted(answer.text ?? "");
    } else if (action === "bans") {
      if (!answer.refused) listed([]);
    } else if (answer.refused) {
      refused(asked, answer);
    } else if (action === "authenticate") {
      if (answer.token !== undefined) {
        keepSession(session = answer.token);
        login = undefined;
      }
      inspect();
    } else if (action === "inspect" && visit.stage !== "looking") {
      visit = { stage: "looking", isOperator: login !== undefined || session !== undefined };
      begin();
      ask("bans");
    }
  }

  function refused({ action, token: shown }: Asked, { code, words }: Answer): void {
    if (action === "inspect" && code === 401) {
      if (shown !== token) return inspect(); // there is a newer one
      token = undefined;
      forget();
    }
    // A session that has ended is no mistake of its owner's.
    const why = action === "authenticate" && code === 401 && session !== undefined ? "" : words;
    const cause = action === "inspect" ? CAUSES[code!] : undefined;
    visit = { stage: "barred", why, ...(cause === undefined ? {} : { cause }) };
    if (session !== undefined && (code === 401 || code === 403)) keepSession(null);
    login = session = undefined; // a refused login is not tried again
  }
}
