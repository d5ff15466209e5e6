/** The end of an HTTP connection of which not all was read. */
import { readAway } from "./http.ts";
import type { HttpConnection, Pool } from "./pool.ts";

/** Milliseconds and bytes that a peer may still send behind our last answer. */
const LINGER = 5_000, LINGER_BYTES = 1024 * 1024;

/** After the last answer, discards further input: closing on unread bytes would reset the connection, and the answer be lost. */
export async function linger(pool: Pool, connection: HttpConnection): Promise<void> {
  const { socket } = connection;
  await socket.closeWrite();
  pool.enter(connection, "idle", LINGER);
  await readAway(socket, LINGER_BYTES);
}
