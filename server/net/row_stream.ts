/**
 * An answer made row by row as its reader takes it: a list, a page of the history. It may be larger than the output
 * limit, or than memory, so only one piece of it is in memory. Its rows are all objects or all lines.
 */
import { encode } from "../../jim/mod.ts";
import type { Row, Rows } from "../chat/jobs.ts";
import type { Outbox } from "./outbox.ts";
import { addLine, addObject, type Reader } from "./reader.ts";

/** Bytes of rows made at once, and so the memory that an answer takes. One row may be longer. */
const PIECE = 32 * 1024;
/** Batches asked for in one call: most of those of an account in thousands of rooms are empty. */
const BATCHES = 100;

const encoder = new TextEncoder();

export class RowStream {
  /** Bytes to send before the next row is made. Other output for the reader waits in its outbox. */
  readonly ahead: Outbox;
  /** Every row has been made. */
  over = false;
  /** When the last piece was handed over, in milliseconds of the monotonic clock. */
  at = 0;
  readonly #rows: Rows;
  /** The rows at hand. */
  #batch: Iterator<Row> | undefined;
  /** Batches that were asked for in this call. */
  #asked = 0;
  /** The next rows are being fetched. */
  #fetching = false;

  /** @param ahead the output to send first */
  constructor(rows: Rows, ahead: Outbox) {
    this.#rows = rows;
    this.ahead = ahead;
  }

  /**
   * Makes the next piece and returns its length: 0 when rows are being fetched, or none are left.
   *
   * @param to the reader
   * @param fetched called when the fetched rows are there
   */
  fill(to: Reader, fetched: () => void): number {
    const { ahead } = this, before = ahead.bytes;
    this.#asked = 0;
    let text = "";
    for (let length = 0; length < PIECE;) {
      const row = this.#next(fetched);
      if (row === undefined) break;
      if (row instanceof Uint8Array) addLine(to, ahead, row);
      else if (to.bare || to.framer.isLengthPrefixed) addObject(to, ahead, encode(row));
      else text += `${JSON.stringify(row)}\n`; // encoded together, they cost a third
      length = ahead.bytes - before + text.length;
    }
    if (text !== "") addObject(to, ahead, encoder.encode(text));
    return ahead.bytes - before;
  }

  #next(fetched: () => void): Row | undefined {
    while (!this.over && !this.#fetching) {
      const next = this.#batch?.next();
      if (next !== undefined && !next.done) return next.value;
      if (this.#asked++ === BATCHES) {
        fetched(); // the rest in a later turn
        return undefined;
      }
      const batch = this.#rows();
      if (batch instanceof Promise) {
        this.#fetching = true;
        batch.then((batch) => {
          this.#fetching = false;
          this.#put(batch);
          fetched();
        });
      } else this.#put(batch);
    }
    return undefined;
  }

  #put(batch: Iterable<Row> | undefined): void {
    this.#batch = batch?.[Symbol.iterator]();
    this.over = batch === undefined;
  }
}
