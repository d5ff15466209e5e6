// What an operator does with a broker, for tests.
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { connect } from "../../../../server/journal/nats/connect.ts";
import { linkOptions } from "./member.ts";

/** Does something at a broker, by a connection of its own. */
export async function withManager<T>(
  url: string,
  act: (manager: JetStreamManager, connection: NatsConnection) => Promise<T>,
): Promise<T> {
  const connection = await connect(linkOptions(url));
  try {
    return await act(await jetstreamManager(connection), connection);
  } finally {
    await connection.close();
  }
}
