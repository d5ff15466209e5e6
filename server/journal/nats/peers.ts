/** Messages between servers over the broker, without JetStream: nothing keeps them. */
import type { NatsConnection } from "@nats-io/nats-core";
import type { PeerMessage, Peers } from "./log.ts";
import type { Names } from "./names.ts";

/** Messages that wait to be taken. More are dropped, the newest first, as a network that is too slow would. */
const MAX_WAITING = 10_000;

export class NatsPeers implements Peers {
  readonly self: string;
  readonly #names: Names;
  readonly #onReady: () => void;
  #connection: NatsConnection | undefined;
  #waiting: PeerMessage[] = [];

  constructor(self: string, names: Names, onReady: () => void) {
    this.self = self;
    this.#names = names;
    this.#onReady = onReady;
  }

  /**
   * Uses a new connection. It ends with that connection.
   *
   * @param onRefused called if the broker's user may not subscribe
   */
  attach(connection: NatsConnection, onRefused: (error: Error) => void): void {
    this.#connection = connection;
    for (const to of ["all", this.self]) {
      connection.subscribe(this.#names.messagesTo(to), {
        callback: (error, { subject, data }) => {
          if (error !== null) return onRefused(error);
          if (connection !== this.#connection) return;
          const [from, kind] = subject.split(".").slice(-2);
          if (from === this.self || this.#waiting.length >= MAX_WAITING) return;
          this.#waiting.push({ from: from!, kind: kind!, bytes: data });
          if (this.#waiting.length === 1) this.#onReady();
        },
      });
    }
  }

  detach(): void {
    this.#connection = undefined;
  }

  send(to: string, kind: string, bytes: Uint8Array): void {
    const connection = this.#connection;
    if (connection === undefined || connection.isClosed() || bytes.length > connection.info!.max_payload) return;
    connection.publish(this.#names.message(to, this.self, kind), bytes);
  }

  take(): readonly PeerMessage[] {
    return this.#waiting.splice(0);
  }
}
