/**
 * The connections of the web port that have not joined the chat. Each has a timer, and their number is limited. Over
 * the limit, an idle one of the address with the most connections is closed. So a client with hundreds of idle
 * connections closes its own, and no request that is being answered.
 */
import { closeSocket, peerAddress, type Socket } from "../net/connection.ts";

/** Milliseconds until the head of a request must be whole. */
export const REQUEST_TIMEOUT = 15_000;

/** The stages of a connection, in the order in which they are closed at the limit. */
export type Stage =
  /** Its next request is not whole, or its last answer is written and it still has to go. */
  | "idle"
  /** Its answer is being written, as fast as the peer reads. */
  | "answered"
  /** Its request waits for the answer. */
  | "asking"
  | "upgrading";

const RANKS: Readonly<Record<Stage, number>> = { idle: 0, answered: 1, asking: 2, upgrading: 3 };

/** The part of all connections that may wait for their answers before no more are accepted. */
const BUSY = 3 / 4;

/** One connection of the web port. Its timer closes the socket, and whatever waits for that fails. */
export class HttpConnection {
  readonly socket: Socket;
  /** The peer's address, without the port. */
  readonly host: string;
  stage: Stage = "idle";
  timer: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    this.host = peerAddress(socket.remoteAddr).host;
  }
}

export class Pool {
  readonly #limit: number;
  /** Those that were idle for the longest time come first. */
  readonly #connections = new Set<HttpConnection>();
  /** How many each address holds. */
  readonly #held = new Map<string, number>();
  /** How many wait for us and not for their peer. */
  #busy = 0;

  /** @param limit connections at a time */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** So many wait for us that a new connection would be closed before its request is read: it should not be accepted yet. */
  get isBusy(): boolean {
    return this.#busy >= this.#limit * BUSY;
  }

  /** Takes a connection in, and closes another one if that is one too many. It may be idle for so many milliseconds. */
  add(socket: Socket, idle: number): HttpConnection {
    if (this.#connections.size >= this.#limit) this.#evict();
    const connection = new HttpConnection(socket), { host } = connection;
    this.#connections.add(connection);
    this.#held.set(host, (this.#held.get(host) ?? 0) + 1);
    this.enter(connection, "idle", idle);
    return connection;
  }

  /** Lets a connection enter a stage, which it has to leave within so many milliseconds. */
  enter(connection: HttpConnection, stage: Stage, within: number): void {
    if (!this.#connections.has(connection)) return; // closed for another one
    this.#busy += Number(isBusy(stage)) - Number(isBusy(connection.stage));
    connection.stage = stage;
    if (stage === "idle") { // and goes to the end
      this.#connections.delete(connection);
      this.#connections.add(connection);
    }
    clearTimeout(connection.timer);
    connection.timer = setTimeout(closeSocket, within, connection.socket);
  }

  /** Lets a connection go, which nothing here closes from now on. */
  remove(connection: HttpConnection): void {
    if (!this.#connections.delete(connection)) return;
    clearTimeout(connection.timer);
    if (isBusy(connection.stage)) this.#busy--;
    const { host } = connection, held = this.#held.get(host)! - 1;
    if (held > 0) this.#held.set(host, held);
    else this.#held.delete(host);
  }

  /** Closes all of them, and has no timer from here on. */
  close(): void {
    for (const connection of [...this.#connections]) {
      this.remove(connection);
      closeSocket(connection.socket);
    }
  }

  #evict(): void {
    let victim: HttpConnection | undefined;
    for (const connection of this.#connections) {
      if (victim === undefined || this.#givesWay(connection, victim)) victim = connection;
    }
    if (victim === undefined) return;
    this.remove(victim);
    closeSocket(victim.socket);
  }

  #givesWay(one: HttpConnection, other: HttpConnection): boolean {
    const ranks = RANKS[one.stage] - RANKS[other.stage];
    return ranks === 0 ? this.#held.get(one.host)! > this.#held.get(other.host)! : ranks < 0;
  }
}

function isBusy(stage: Stage): boolean {
  return stage === "asking" || stage === "upgrading";
}
