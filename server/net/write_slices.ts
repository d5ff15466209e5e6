/**
 * Starts the writes of a turn in slices, and lets the runtime go round between two of them; see {@linkcode ConnectionManager}. While they
 * are under way, further turns gather, and each reader has what they say in one write.
 */
import type { Connection } from "./connection.ts";
import type { ConnectionManager } from "./connection_manager.ts";

export class WriteSlices {
  readonly #connectionManager: ConnectionManager;
  readonly #onDue: () => void;
  #next: ReturnType<typeof setImmediate> | undefined;

  /** @param onDue makes it the loop's turn to call {@linkcode write} */
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
