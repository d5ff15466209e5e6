// The server's side of a page's connection, for the laws: frames travel only when a test says so, and what is under way can be lost.

import type { ConnectionEnv, Socket, SocketHandlers } from "../../web/connection.ts";
import type { Clock } from "./fake_clock.ts";

// deno-lint-ignore no-explicit-any -- whatever the page says
export type Said = any;

/** One connection, and what is on its way in it. */
export interface FakeConnection {
  readonly handlers: SocketHandlers;
  readonly toServer: string[];
  readonly toPage: string[];
  /** The page has said that it goes: it is closed when it has been told all. */
  quits: boolean;
  /** A page of the past that was read and not sent yet: others go on meanwhile. */
  job: (() => void) | undefined;
}

/** A server with one connection at a time, of which it knows `Known` beside. */
export abstract class ConnectionServer<Known extends object> {
  connection: FakeConnection & Known | undefined;
  /** Nobody gets through. */
  isDown = false;

  /** What is known of a new connection. */
  protected abstract begin(): Known;
  /** Answers a frame, in order. */
  protected abstract answer(connection: FakeConnection & Known, said: Said): void;

  /** The environment of a page's connection, with the test's clock. */
  env(clock: Clock): ConnectionEnv {
    return {
      now: () => clock.now,
      random: () => 0.5,
      after: (ms, then) => clock.after(ms, then),
      open: (handlers) => this.#accept(handlers, clock),
    };
  }

  /** So many frames of the page arrive. */
  take(count: number): void {
    const { connection } = this;
    for (; connection !== undefined && count > 0; count--) {
      connection.job?.();
      connection.job = undefined;
      const frame = connection.quits ? undefined : connection.toServer.shift();
      if (frame === undefined) return;
      this.answer(connection, JSON.parse(frame));
    }
  }

  /** So many frames reach the page. */
  give(count: number): void {
    const { connection } = this;
    if (connection === undefined) return;
    const { handlers, toPage } = connection;
    for (; count > 0 && connection === this.connection && toPage.length > 0; count--) handlers.onFrame(toPage.shift()!);
    if (connection.quits && connection === this.connection && toPage.length === 0) this.cut(0);
  }

  /** The connection breaks: so many frames of the page have arrived before, and nothing that is on its way to the page does. */
  cut(arrived: number): void {
    this.take(arrived);
    const { connection } = this;
    this.connection = undefined;
    connection?.handlers.onClose();
  }

  #accept(handlers: SocketHandlers, clock: Clock): Socket {
    const own: FakeConnection = { handlers, toServer: [], toPage: [], quits: false, job: undefined };
    const connection = { ...own, ...this.begin() };
    const end = clock.after(1, () => {
      if (this.isDown) return handlers.onClose();
      this.connection = connection;
      handlers.onOpen();
    });
    return {
      send: (frame) => connection.toServer.push(frame),
      close: () => {
        end();
        if (this.connection === connection) this.connection = undefined;
      },
    };
  }
}
