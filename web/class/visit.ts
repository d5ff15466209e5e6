/**
 * The conversation with the server: asks to look on, says who we are when that is not enough, and hands on what it sees.
 * Each request has one answer, in order, so a list of what was asked is all there is to remember.
 * @module
 */
import { type Fields, read, text } from "../heard.ts";

export type Visit =
  | { readonly stage: "coming" | "looking" }
  /** We may not look, or not yet; `why` in the server's words. */
  | { readonly stage: "barred"; readonly why: string };

/** What happens to a visit. */
export type Event =
  | { on: "up" | "down" | "quiet" }
  | { on: "frame"; frame: string }
  | { on: "login"; name: string; password: string }
  /** The address of the page has a token. */
  | { on: "token"; token: string };

/** What there is to be done. */
export interface Effects {
  say(object: object): void;
  /** From here on we see; who is here comes next. */
  begin(): void;
  /** An object with a sight in it, as it came. */
  see(sight: Fields): void;
  /** The server does not take the token: it is of an earlier run. */
  forget(): void;
}

/**
 * A visit: takes events, and returns how it stands.
 *
 * @param now Unix seconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const said: object[] = [];
 * const step = newVisit({ say: (object) => said.push(object), begin() {}, see() {}, forget() {} }, () => 1);
 * step({ on: "up" });
 * assert.deepEqual(said, [{ action: "inspect", time: 1 }]);
 * const frame = JSON.stringify({ response: 403, time: 1, error: "for operators" });
 * assert.deepEqual(step({ on: "frame", frame }), { stage: "barred", why: "for operators" });
 * ```
 */
export function newVisit({ say, begin, see, forget }: Effects, now: () => number): (event: Event) => Visit {
  let visit: Visit = { stage: "coming" };
  /** What was asked and not answered yet, oldest first. */
  let asked: { readonly action: string; readonly token: string | undefined }[] = [];
  let token: string | undefined;
  /** Kept for as long as the page is: the server may be started again. */
  let login: { account_name: string; password: string } | undefined;

  return (event) => {
    switch (event.on) {
      case "up":
        asked = [];
        enter();
        break;
      case "down":
        visit = { stage: "coming" };
        break;
      case "quiet":
        if (visit.stage === "looking") inspect();
        break;
      case "token":
        ({ token } = event);
        if (visit.stage === "barred") {
          visit = { stage: "coming" };
          inspect();
        }
        break;
      case "login":
        login = { account_name: event.name, password: event.password };
        visit = { stage: "coming" };
        enter();
        break;
      case "frame":
        heard(read(event.frame));
        break;
    }
    return visit;
  };

  function enter(): void {
    if (login !== undefined) ask("authenticate", { user: login });
    else inspect();
  }

  function inspect(): void {
    ask("inspect", token === undefined ? {} : { token });
  }

  function ask(action: string, more: object = {}): void {
    asked.push({ action, token });
    say({ action, time: now(), ...more });
  }

  function heard(object: Fields): void {
    const { action, response, error } = object;
    if (action === "trace") see(object);
    else if (action === "probe") {
      ask("presence", login === undefined ? {} : { user: { account_name: login.account_name } });
    } else if (typeof response === "number" && response >= 200) answered(response, text(error));
  }

  function answered(code: number, error: string): void {
    const { action: about, token: shown } = asked.shift() ?? {};
    if (code >= 400) {
      if (about === "inspect" && code === 401) {
        if (shown !== token) return inspect(); // there is a newer one
        token = undefined;
        forget();
      }
      // Only who is told that a login is wrong must say another one.
      if (about === "authenticate") login = undefined;
      visit = { stage: "barred", why: error };
    } else if (about === "authenticate") inspect();
    else if (about === "inspect" && visit.stage !== "looking") {
      visit = { stage: "looking" };
      begin();
    }
  }
}
