/** A connection of a loop, with what is in flight on it: at most one read and one write. Both loops, of pipe and terminal, use it. */
import type { Framer } from "../jim/mod.ts";
import type { Select, Source } from "../select/mod.ts";
import { writeAll } from "../select/write_all.ts";
import type { Connection } from "./connect.ts";

/** What happens on a connection. A count of `null` is the end of its stream; a stream that fails has ended. */
export type ConnectionEvent =
  | { readonly kind: "received"; readonly on: ActiveConnection; readonly count: number | null }
  | { readonly kind: "sendFailed"; readonly on: ActiveConnection }
  | { readonly kind: "sent" };

export class ActiveConnection {
  readonly #connection: Connection;
  readonly #reads: Source<number | null>;
  readonly #writes: Source<void>;
  #isHalfClosed = false;

  constructor(connection: Connection, select: Pick<Select<ConnectionEvent>, "source">) {
    this.#connection = connection;
    this.#reads = select.source(
      (count: number | null): ConnectionEvent => ({ kind: "received", on: this, count }),
      (): ConnectionEvent => ({ kind: "received", on: this, count: null }),
    );
    this.#writes = select.source(
      (): ConnectionEvent => ({ kind: "sent" }),
      (): ConnectionEvent => ({ kind: "sendFailed", on: this }),
    );
  }

  get isWriting(): boolean {
    return this.#writes.armed;
  }

  get isHalfClosed(): boolean {
    return this.#isHalfClosed;
  }

  /** Starts the next read, into the framer, unless one is in flight. */
  read(framer: Pick<Framer, "reserve">): void {
    if (!this.#reads.armed) this.#reads.arm(this.#connection.read(framer.reserve()));
  }

  /** Starts a write; none may be in flight. */
  write(bytes: Uint8Array): void {
    this.#writes.arm(writeAll(this.#connection, bytes));
  }

  /** Ends our stream; that of the server may still be read. */
  halfClose(): void {
    this.#isHalfClosed = true;
    this.#connection.closeWrite().catch(() => {}); // if the peer is gone already, the read says so
  }

  /** Closes it; no event of it follows. */
  close(): void {
    this.#reads.close();
    this.#writes.close();
    this.#connection.close();
  }
}
