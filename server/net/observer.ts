/** An observer of traffic. The network layer calls it and does not depend on what it does with the data. */
import type { Connection } from "./connection.ts";

export interface Observer {
  /** False while there is no inspector: then callers prepare nothing. */
  readonly on: boolean;
  /** A connection has sent one object, or bytes that should have been one. */
  received(connection: Connection, object: Uint8Array): void;
  /** Objects were written to a connection. */
  sent(connection: Connection, bytes: Uint8Array): void;
  /** A connection is closed. */
  closed(connection: Connection, why: string): void;
}
