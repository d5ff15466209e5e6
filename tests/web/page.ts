// The page without a screen: its model and its connection to a server of the test, joined as in web/app.tsx.

import { read } from "../../jim/client/fields.ts";
import { parseSnapshot, restore, takeSnapshot } from "../../web/snapshot.ts";
import { type Connection, newConnection } from "../../web/connection.ts";
import { update } from "../../web/model.ts";
import { type Effect, type Event, newState, type State } from "../../web/model/state.ts";
import type { Clock } from "./fake_clock.ts";
import type { FakeServer } from "./fake_server.ts";

export class Page {
  state: State;
  /** What the browser was asked to do with files. */
  readonly uploads: Effect[] = [];
  #connection: Connection;
  readonly #clock: Clock;

  constructor(server: Pick<FakeServer, "env">, clock: Clock, kept?: string) {
    this.#clock = clock;
    const keepsake = parseSnapshot(kept ?? null);
    this.state = keepsake === undefined ? newState(7) : restore(7, keepsake);
    this.#connection = newConnection(server.env(clock), (event) => {
      if (event.on === "frame") this.dispatch({ on: "received", object: read(event.frame) });
      else if (event.on !== "pause") this.dispatch({ on: event.on });
    });
  }

  dispatch(event: Event): void {
    const { state, effects } = update(this.state, event, this.#clock.now);
    this.state = state;
    for (const effect of effects) {
      if (effect.do === "send") this.#connection.send(JSON.stringify(effect.object));
      else if (effect.do === "upload" || effect.do === "cancelUpload") this.uploads.push(effect);
      else if (
        effect.do === "connect" || effect.do === "disconnect" || effect.do === "closeGracefully" ||
        effect.do === "retry"
      ) {
        this.#connection[effect.do]();
      }
    }
  }

  wake(): void {
    this.#connection.checkNow();
  }

  /** What a reload would keep; the page is over. */
  leave(): string | undefined {
    const text = takeSnapshot(this.state, undefined);
    this.#connection.disconnect();
    return text;
  }

  /** What a conversation shows, what waits in it too. */
  shown(key: string): string[] {
    const conversation = this.state.conversations.get(key);
    return [...conversation?.messages ?? [], ...conversation?.outgoing ?? []].map(({ text }) => text);
  }
}
