// A model to be led through single scenes: what it makes of an answer, of a refusal, of what others do. Its laws are in
// ../model_test.ts.

import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../client/protocol/fields.ts";
import { update } from "../../../web/model.ts";
import { currentConversation, type Event, type LoginMethod, newState, type State } from "../../../web/model/state.ts";

/** A model, and all that it wanted done since it was last looked. */
export class ModelDriver {
  state: State = newState(7);
  #done: (string | Fields)[] = [];

  do(...events: Event[]): this {
    for (const event of events) {
      const { state, effects } = update(this.state, event, 1_764_000_000_000);
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

  /** The actions that it wanted said. */
  said(): string[] {
    return this.done().map((each) => typeof each === "string" ? each : String(each.action));
  }

  /** What waits in the open conversation, as its state and the reason. */
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

/** Somebody who has come in and has caught up with an empty chat. */
export function inside(method: LoginMethod = "guest", name = "ann"): ModelDriver {
  const driver = new ModelDriver().do({ on: "enter", me: { name, method, password: "correct horse" } }, { on: "up" })
    .hear(OK);
  if (method !== "guest") driver.hear(OK); // to the presence that asks to be told who comes and goes
  if (method === "login") driver.hear(EMPTY); // an account may ask for what it said to itself
  driver.hear(EMPTY, { response: 202, quantity: 1 }, { action: "online_list", user_id: name });
  if (method !== "guest") driver.hear(EMPTY); // contacts
  driver.hear(EMPTY); // the past of #all
  assert.deepEqual([driver.state.isReady, driver.state.pending.asked], [true, []]);
  driver.done();
  return driver;
}
