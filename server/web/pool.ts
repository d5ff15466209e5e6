/**
 * The connections of the web port that have not joined the chat. Each has a timer, and all together have a limit: one more,
 * and an idle one of the address that holds the most is closed. So a client with hundreds of idle connections closes its
 * own, and neither a request that is being served nor one that is about to become a WebSocket.
 */
import { named, shut, type Socket } from "../connection.ts";

/** What a connection is at. In the order in which they give way at the limit. */
const STAGES = ["idle", "served", "upgrading"] as const;
type Stage = typeof STAGES[number];

/** One connection of the web port. Its timer closes the socket, and whatever waits for that fails. */
export interface HttpConnection {
  readonly socket: Socket;
  /** The peer's address, without the port. */
  readonly host: string;
  readonly stage: Stage;
  /** Enters a stage, which it has to leave within so many milliseconds. */
  enter(stage: Stage, within: number): void;
}

export class Pool {
  readonly #limit: number;
  /** Those that were idle for the longest time come first. */
  readonly #connections = new Map<HttpConnection, ReturnType<typeof setTimeout>>();

  /** @param limit connections at a time */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a connection in, and closes another one if that is one too many. */
  add(socket: Socket, idle: number): HttpConnection {
    const timers = this.#connections;
    const connection = {
      socket,
      host: named(socket.remoteAddr).host,
      stage: "idle" as Stage,
      enter(stage: Stage, within: number) {
        connection.stage = stage;
        clearTimeout(timers.get(connection));
        if (stage === "idle") timers.delete(connection); // and goes to the end
        timers.set(connection, setTimeout(shut, within, socket));
      },
    };
    if (timers.size >= this.#limit) this.#evict();
    connection.enter("idle", idle);
    return connection;
  }

  /** Lets a connection go, which nothing here closes from now on. */
  remove(connection: HttpConnection): void {
    clearTimeout(this.#connections.get(connection));
    this.#connections.delete(connection);
  }

  /** Closes all of them. */
  close(): void {
    for (const { socket } of this.#connections.keys()) shut(socket);
  }

  /** Costs a walk over all of them: 20 µs for 500. */
  #evict(): void {
    const held = new Map<string, number>();
    for (const { host } of this.#connections.keys()) held.set(host, (held.get(host) ?? 0) + 1);
    let victim: HttpConnection | undefined;
    for (const connection of this.#connections.keys()) {
      if (victim === undefined || givesWay(connection, victim, held)) victim = connection;
    }
    if (victim === undefined) return;
    this.remove(victim);
    shut(victim.socket);
  }
}

function givesWay(one: HttpConnection, other: HttpConnection, held: ReadonlyMap<string, number>): boolean {
  const stages = STAGES.indexOf(one.stage) - STAGES.indexOf(other.stage);
  return stages === 0 ? held.get(one.host)! > held.get(other.host)! : stages < 0;
}
