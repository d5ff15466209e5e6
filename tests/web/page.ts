// The page without a screen: its model and its link, joined as the page's entry joins them, to a server of the test's own.

import { read } from "../../client/protocol/fields.ts";
import { keepsake, revive, unkeep } from "../../web/kept.ts";
import { type Link, newLink } from "../../web/link.ts";
import { step } from "../../web/model.ts";
import { type Event, newState, type State } from "../../web/model/state.ts";
import type { Clock, FakeServer } from "./fake_server.ts";

export class Page {
  state: State;
  #link: Link;
  readonly #clock: Clock;

  constructor(server: FakeServer, clock: Clock, kept?: string) {
    this.#clock = clock;
    const keepsake = unkeep(kept ?? null);
    this.state = keepsake === undefined ? newState(7) : revive(7, keepsake);
    this.#link = newLink(server.world(clock), (told) => {
      if (told.on === "frame") this.happen({ on: "heard", object: read(told.frame) });
      else if (told.on !== "pause") this.happen({ on: told.on });
    });
  }

  happen(event: Event): void {
    const { state, effects } = step(this.state, event, this.#clock.now);
    this.state = state;
    for (const effect of effects) {
      if (effect.do === "say") this.#link.say(JSON.stringify(effect.object));
      else if (effect.do !== "remember" && effect.do !== "forget") this.#link[effect.do]();
    }
  }

  wake(): void {
    this.#link.wake();
  }

  /** What a reload would keep; the page is over. */
  leave(): string | undefined {
    const text = keepsake(this.state, undefined);
    this.#link.disconnect();
    return text;
  }

  /** What a conversation shows, what waits in it too. */
  shown(key: string): string[] {
    const talk = this.state.talks.get(key);
    return [...talk?.said ?? [], ...talk?.waiting ?? []].map(({ text }) => text);
  }
}
