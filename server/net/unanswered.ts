/**
 * Which connections wait for a journal that is late. What is to be sent to such a connection stays behind the answers that it
 * waits for; everything else goes out meanwhile.
 */
import type { Connection } from "./connection.ts";
import type { OutputOp } from "./output_op.ts";

/** Messages and answers of one connection that may wait: what it sends behind them is not looked at before they are out. */
const MOST = 64;

export class Unanswered {
  /** How many messages and answers of each connection wait. */
  readonly #counts = new Map<Connection, number>();
  /** Those that have too many: nothing more of them is handled. */
  readonly #held: Connection[] = [];

  has(connection: Connection): boolean {
    return this.#counts.has(connection);
  }

  /**
   * Parts what was noted: what the journal has to take first, with all that stands behind it for the same connection, and the
   * rest. What a connection causes that waits for nothing, such as a notice, its entrance or its exit, depends on no message.
   */
  split(ops: readonly OutputOp[]): { readonly ready: OutputOp[]; readonly dependent: OutputOp[] } {
    const ready: OutputOp[] = [], dependent: OutputOp[] = [];
    for (const op of ops) (this.#depends(op) ? dependent : ready).push(op);
    return { ready, dependent };
  }

  /** Nothing waits any more. Returns the connections that were held. */
  clear(): Connection[] {
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
        return this.has(op.by);
      case "subscription":
        return this.has(op.connection);
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
