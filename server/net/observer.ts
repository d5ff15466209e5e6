/** What observes the traffic of connections: the network layer calls it, and knows nothing of who reads what it collects. */
import type { Connection } from "./connection.ts";

export interface Observer {
  /** False while nobody reads: then nothing is prepared for it. */
  readonly on: boolean;
  /** A connection has sent one object, or what should have been one. */
  received(connection: Connection, object: Uint8Array): void;
  /** Objects were written to a connection. */
  sent(connection: Connection, bytes: Uint8Array): void;
  /** A connection has ended. */
  closed(connection: Connection, why: string): void;
}
