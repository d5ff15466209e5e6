/**
 * Starts the writes of a turn in slices, so that the runtime polls in between; see {@linkcode ConnectionManager}.
 * Meanwhile further turns collect output, and each reader gets it in one write.
 */
import type { Connection } from "./connection.ts";
import type { ConnectionManager } from "./connection_manager.ts";

export class WriteSlices {
  readonly #connectionManager: ConnectionManager;
  readonly #onDue: () => void;
  #next: ReturnType<typeof setImmediate> | undefined;

  /** @param onDue has {@linkcode writeSlice} called by the loop */
  constructor(connectionManager: ConnectionManager, onDue: () => void) {
    this.#connectionManager = connectionManager;
    this.#onDue = onDue;
  }

  /** Not all writes are started. */
  get isUnderWay(): boolean {
    return this.#next !== undefined;
  }

  /** Starts the first slice for these connections, when none is under way. */
  start(connections: readonly Connection[]): void {
    this.#connectionManager.startFlush(connections);
    this.writeSlice();
  }

  /** Starts a slice. */
  writeSlice(): void {
    this.#next = this.#connectionManager.flushSome() ? setImmediate(this.#onDue) : undefined;
  }

  cancel(): void {
    clearImmediate(this.#next);
  }
}
