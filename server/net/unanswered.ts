/**
 * Finds the output that must wait while the journal is late. Output to a connection stays in order: it waits behind
 * the answers that wait for the journal. All other output is sent meanwhile.
 */
import type { Connection } from "./connection.ts";
import type { OutputOp } from "./output_op.ts";

/** Messages and answers of one connection that may wait. After so many its next requests wait too. */
const MOST = 64;
const NO_CONNECTIONS: readonly Connection[] = [];

export class Unanswered {
  /** How many messages and answers of each connection wait. */
  readonly #counts = new Map<Connection, number>();
  /** Connections that have reached the limit. */
  readonly #held: Connection[] = [];

  has(connection: Connection): boolean {
    return this.#counts.has(connection);
  }

  /**
   * Splits operations: those that wait for the journal, with all later ones to the same connection, and the rest. A
   * notice or a subscription depends on no message.
   */
  split(ops: readonly OutputOp[]): { readonly ready: OutputOp[]; readonly dependent: OutputOp[] } {
    const ready: OutputOp[] = [], dependent: OutputOp[] = [];
    for (const op of ops) (this.#depends(op) ? dependent : ready).push(op);
    return { ready, dependent };
  }

  /** Forgets all counts. Returns the connections that were at the limit. */
  clear(): readonly Connection[] {
    if (this.#counts.size === 0) return NO_CONNECTIONS; // as nearly always; clearing an empty map allocates
    this.#counts.clear();
    return this.#held.splice(0);
  }

  #depends(op: OutputOp): boolean {
    switch (op.kind) {
      case "broadcast":
        return this.#add(op.by, op.count);
      case "multicast":
        return this.#add(op.by, 1);
      case "announcement":
        return op.by !== undefined && this.has(op.by);
      case "subscription":
        return this.has(op.connection);
      case "foreignBroadcast":
      case "encodedMulticast":
        return false; // they are delivered as they come
      default:
        return this.has(op.to) && this.#add(op.to, 1);
    }
  }

  #add(by: Connection, more: number): true {
    const count = (this.#counts.get(by) ?? 0) + more;
    this.#counts.set(by, count);
    if (count >= MOST && !by.busy && by.closeState === "open") {
      by.busy = true;
      this.#held.push(by);
    }
    return true;
  }
}
