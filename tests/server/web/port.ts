// A web port; the test decides what its listener gives.

import type { Socket } from "../../../server/net/connection.ts";
import { openWeb } from "../../../server/web/mod.ts";

export interface Port extends Disposable {
  /** Why accepting paused, each time that it did. */
  readonly failures: readonly string[];
  /** Those that have become WebSockets. */
  readonly joined: readonly Socket[];
  /** Settles when all outcomes have been taken. */
  readonly accepted: Promise<void>;
}

/** Opens one. Its accepts have the given outcomes, one after the other, and then wait until the port is closed. */
export async function openPort(...outcomes: (Socket | Promise<Socket> | Error)[]): Promise<Port> {
  const failures: string[] = [], joined: Socket[] = [];
  const accepted = Promise.withResolvers<void>(), waiting = Promise.withResolvers<never>();
  waiting.promise.catch(() => {}); // nobody may be accepting when it is closed
  const listener = {
    async accept(): Promise<Socket> {
      const next = outcomes.shift();
      if (next === undefined) {
        accepted.resolve();
        return await waiting.promise;
      }
      if (next instanceof Error) throw next;
      return next;
    },
    close: () => waiting.reject(new Deno.errors.BadResource("closed")),
  };
  const web = await openWeb(listener, {
    scheme: "http",
    origins: [],
    jimPort: 7777,
    limit: 1_000,
    rules: { registration: true, guests: true },
    stopping: () => false,
    metrics: () => "",
    metricsTokens: [],
    onWebSocket: (socket) => joined.push(socket),
    onAcceptFailure: ({ message }) => failures.push(message),
  });
  return { failures, joined, accepted: accepted.promise, [Symbol.dispose]: () => web.close() };
}
