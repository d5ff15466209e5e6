// Drives a model through single situations: answers, refusals, messages of others. Its laws are in ../model_test.ts.

import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { update } from "../../../web/model.ts";
import { currentConversation, type Event, type LoginMethod, newState, type State } from "../../../web/model/state.ts";

/** A model, and its effects since the last call of `done`. */
export class ModelDriver {
  state: State = newState(7);
  /** Milliseconds since 1970. */
  now = 1_764_000_000_000;
  #done: (string | Fields)[] = [];

  do(...events: Event[]): this {
    for (const event of events) {
      const { state, effects } = update(this.state, event, this.now);
      this.state = state;
      for (const effect of effects) this.#done.push(effect.do === "send" ? effect.object : effect.do);
    }
    return this;
  }

  hear(...objects: Fields[]): this {
    return this.do(...objects.map((object): Event => ({ on: "received", object })));
  }

  done(): (string | Fields)[] {
    return this.#done.splice(0);
  }

  /** The actions of the objects that it sent. */
  said(): string[] {
    return this.done().map((each) => typeof each === "string" ? each : String(each.action));
  }

  /** The unacknowledged messages of the open conversation: text, state and reason. */
  get waiting(): (string | undefined)[][] {
    return currentConversation(this.state).outgoing.map(({ text, state, reason }) =>
      reason === undefined ? [text, state] : [text, state, reason]
    );
  }
}

export const OK = { response: 200, alert: "ok" }, EMPTY = { response: 202, quantity: 0 };
export const no = (response: number, error = "no"): Fields => ({ response, error });
export const msg = (id: number, from: string, to: string, message = `${id}`): Fields => ({
  action: "msg",
  time: 1764000000 + id,
  ...{ from, to, message, id },
});

/** So many rows of the past, as an answer. */
export function page(from: number, count: number): Fields[] {
  return [
    { response: 202, quantity: count },
    ...Array.from({ length: count }, (_, at) => msg(from + at, "bob", COMMON_ROOM)),
  ];
}

/** A model that is logged in and has caught up with an empty chat. */
export function inside(method: LoginMethod = "guest", name = "ann"): ModelDriver {
  const driver = new ModelDriver().do({ on: "enter", me: { name, method, password: "correct horse" } }, { on: "up" })
    .hear(OK);
  if (method !== "guest") driver.hear(OK); // the answer to the presence, which subscribes to presence events
  if (method === "login") driver.hear(EMPTY); // only an account may request this history
  driver.hear(EMPTY, { response: 202, quantity: 1 }, { action: "online_list", user_id: name });
  if (method !== "guest") driver.hear(EMPTY, no(400)); // contacts; an older server does not count what is unread
  driver.hear(EMPTY); // the past of #all
  assert.deepEqual([driver.state.isReady, driver.state.pending.asked], [true, []]);
  driver.done();
  return driver;
}
