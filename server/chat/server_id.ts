/** The id that a server has in records: its name among peers, and how often it has come up. */

/** @param count how often it has come up */
export function serverId(peer: string, count: number): string {
  return `${peer}.${count}`;
}

/** The name among peers of a server. */
export function peerOf(server: string): string {
  return server.slice(0, server.lastIndexOf("."));
}
