/**
 * A server of several that stops first tells its clients to move to another one. It goes on as before until those have left
 * that understand this, or until their time is over.
 */
import { ok } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import type { Chat } from "../chat/chat.ts";
import type { Connection } from "../net/connection.ts";
import type { OutputBatch } from "../net/output_batch.ts";

/** Milliseconds that clients have to move before the server stops. */
const MOVE_TIMEOUT = 5_000;

/** The parts of this server that the move of its clients reaches. */
export interface MoveParts {
  readonly chat: Chat<Connection>;
  readonly batch: OutputBatch;
  readonly now: () => number;
  /** Has {@linkcode Move.isOverdue} looked at at that moment. */
  readonly wake: (moment: number) => void;
  /** The last client has left. */
  readonly onLeft: () => void;
}

const { info } = logger("server/peers");

export class Move {
  readonly #parts: MoveParts;
  /** The clients that have been told and have not left. */
  readonly #clients = new Set<Connection>();
  #deadline = Infinity;

  constructor(parts: MoveParts) {
    this.#parts = parts;
  }

  /** Clients have been told: no new ones are taken. */
  get hasBegun(): boolean {
    return this.#deadline !== Infinity;
  }

  /** The clients have had their time. */
  get isOverdue(): boolean {
    return this.#parts.now() >= this.#deadline;
  }

  /** Tells the clients that have named the feature `move`, if there is another server. Returns whether any was told. */
  begin(): boolean {
    const { chat: { roster, features }, batch, now, wake } = this.#parts;
    if (this.hasBegun || ![...roster.servers.keys()].some((server) => server !== roster.self)) return false;
    for (const connection of features.all("move")) {
      if (connection.closeState !== "open" || connection.bare) continue; // a bare program is sent no notice
      this.#clients.add(connection);
      batch.notify(connection, { ...ok(batch.now, 100, "the server is stopping, the others go on"), move: true });
    }
    if (this.#clients.size === 0) return false;
    info("move", `stopping, ${this.#clients.size} connections are told to move`);
    wake(this.#deadline = now() + MOVE_TIMEOUT);
    return true;
  }

  /** A connection begins to close. */
  left(connection: Connection): void {
    if (this.#clients.delete(connection) && this.#clients.size === 0) this.#parts.onLeft();
  }
}
