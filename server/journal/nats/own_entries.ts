/**
 * What this server appends to the log: its own batches, and before or between them the parts of a seed. One entry is under way at
 * a time. It comes back from the log frame by frame, and only then is the next one appended.
 */
import type { Batch } from "../contract.ts";
import { encodeEntry, itemsOf } from "./entry.ts";
import type { SharedLog } from "./log.ts";
import type { OwnBatch } from "./log_view.ts";
import { framesOf } from "./parts.ts";

/** An entry that is appended, in one frame or several. */
interface Outgoing {
  readonly frames: readonly Uint8Array[];
  /** So many have come back. */
  back: number;
  isSent: boolean;
  /** The own batch that it brings; undefined for a part of a seed. */
  readonly own: OwnBatch | undefined;
}

/** What a transaction that fails gives back to {@linkcode OwnEntries.restore}. */
interface Saved {
  readonly under: Outgoing | undefined;
  readonly before: Partial<Outgoing>;
  readonly waiting: OwnBatch | undefined;
}

export class OwnEntries {
  /** The own batch of which the outcome is not known yet. */
  #own: OwnBatch | undefined;
  /** The own batch has to wait until something else has come back. */
  #waiting: OwnBatch | undefined;
  #under: Outgoing | undefined;
  /** Numbers the entries that are appended in parts. */
  #count = 0;

  get isBusy(): boolean {
    return this.#own !== undefined;
  }

  /** @param ifAfter as the entry says it */
  add(batch: Batch, ifAfter: number): void {
    this.#own = this.#waiting = { batch, records: batch.records, first: batch.first, ifAfter };
  }

  appendAgain(own: OwnBatch): void {
    this.#waiting = own;
    if (own.ifAfter < Infinity) own.ifAfter = -1; // that was in the log that is gone
  }

  /** The log is taken from its beginning: what was under way is void. */
  restart(): void {
    this.#under = undefined;
    if (this.#own !== undefined) this.appendAgain(this.#own);
  }

  save(): Saved {
    return { under: this.#under, before: { ...this.#under }, waiting: this.#waiting };
  }

  restore({ under, before, waiting }: Saved): void {
    if (under !== undefined) this.#under = Object.assign(under, before);
    this.#waiting = waiting;
  }

  /** An entry of this server has come back. Returns the own batch that is whole with it. */
  noteBack(): OwnBatch | undefined {
    const under = this.#under;
    if (under === undefined) return undefined;
    under.isSent = false;
    if (++under.back < under.frames.length) return undefined;
    this.#under = undefined;
    return under.own;
  }

  /** The own batch that came back in a log that is gone: it is not appended again. */
  takePast(): OwnBatch | undefined {
    this.#waiting = undefined;
    return this.#own;
  }

  /** The own batch that is neither under way nor to be appended any more. */
  takeEnded(): OwnBatch | undefined {
    const own = this.#own;
    if (own === undefined || this.#under?.own === own || this.#waiting === own) return undefined;
    this.#own = undefined;
    return own;
  }

  /** The log has refused the entry under way. Returns the own batch in it; undefined for a part of a seed. */
  takeRefused(): OwnBatch | undefined {
    const own = this.#under?.own;
    this.#under = undefined;
    if (own !== undefined) this.#own = undefined;
    return own;
  }

  /** The own batch that was not sent, and is not to be sent any more. */
  takeWaiting(): OwnBatch | undefined {
    const waiting = this.#waiting;
    if (waiting !== undefined) this.#own = this.#waiting = undefined;
    return waiting;
  }

  /**
   * The frame to append now; undefined while one is under way, and if there is none.
   *
   * @param base of the log; undefined as long as it has no beginning, before which no batch is appended
   * @param nextPart the next part of a seed
   */
  next(
    base: number | undefined,
    { maxBytes }: Pick<SharedLog, "maxBytes">,
    nextPart: () => Uint8Array | undefined,
  ): Uint8Array | undefined {
    if (this.#under === undefined && this.#waiting !== undefined && base !== undefined) {
      const { records, first, ifAfter } = this.#waiting;
      const entry = encodeEntry({ kind: "batch", base, first, ifAfter, items: itemsOf(records) });
      this.#under = this.#outgoing(entry, maxBytes, this.#waiting);
      this.#waiting = undefined;
    }
    if (this.#under === undefined) {
      const part = nextPart();
      if (part !== undefined) this.#under = this.#outgoing(part, maxBytes, undefined);
    }
    const under = this.#under;
    if (under === undefined || under.isSent) return undefined;
    under.isSent = true;
    return under.frames[under.back]!;
  }

  #outgoing(entry: Uint8Array, maxBytes: number, own: OwnBatch | undefined): Outgoing {
    return { frames: framesOf(entry, maxBytes, this.#count++), back: 0, isSent: false, own };
  }
}
