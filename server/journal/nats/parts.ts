/** Entries that are larger than the broker takes: cut into parts, and put together again. */
import { decodeEntry, encodeEntry, PART_HEAD, type PartEntry } from "./entry.ts";
import type { LogEntry } from "./log.ts";

/**
 * An entry that is not complete so many entries of the log later is dropped, on all servers alike: its writer is gone. A
 * server has one entry under way at a time, so the parts of a living one are closer together.
 */
const SPAN = 10_000;

/** The entries as which some bytes are appended: they alone, if they are not too large. @param entry a number of the writer's */
export function framesOf(bytes: Uint8Array, maxBytes: number, entry: number): Uint8Array[] {
  if (bytes.length <= maxBytes) return [bytes];
  const room = maxBytes - PART_HEAD, count = Math.ceil(bytes.length / room);
  return Array.from({ length: count }, (_, index) => {
    const piece = bytes.subarray(index * room, (index + 1) * room);
    return encodeEntry({ kind: "part", entry, index, count, bytes: piece });
  });
}

/** What has come of an entry of one writer. */
interface Unfinished {
  readonly entry: number;
  /** The sequence of its first part. */
  readonly since: number;
  readonly pieces: readonly Uint8Array[];
}

export class Parts {
  readonly #unfinished: Map<string, Unfinished>;

  constructor(unfinished: ReadonlyMap<string, Unfinished> = new Map()) {
    this.#unfinished = new Map(unfinished);
  }

  /** As it is now; what comes later changes the copy alone. */
  copy(): Parts {
    return new Parts(this.#unfinished);
  }

  /** Takes a part. The whole bytes if it was the last one, which no other part precedes than those of the same entry. */
  add(writer: string, sequence: number, { entry, index, count, bytes }: PartEntry): Uint8Array | undefined {
    this.#drop(sequence);
    let unfinished = this.#unfinished.get(writer);
    if (index === 0) unfinished = { entry, since: sequence, pieces: [] };
    if (unfinished?.entry !== entry || unfinished.pieces.length !== index) return undefined;
    const pieces = [...unfinished.pieces, bytes.slice()];
    if (pieces.length < count) {
      this.#unfinished.set(writer, { ...unfinished, pieces });
      return undefined;
    }
    this.#unfinished.delete(writer);
    return joined(pieces);
  }

  /** What an entry of the log is, if it is complete with this one. */
  wholeOf({ writer, sequence, bytes }: Omit<LogEntry, "time">): ReturnType<typeof decodeEntry> | undefined {
    const entry = decodeEntry(bytes);
    if (typeof entry === "string" || entry.kind !== "part") return entry;
    const whole = this.add(writer, sequence, entry);
    return whole && decodeEntry(whole);
  }

  /** The first sequence of all that is unfinished; `Infinity` if nothing is. @param sequence the log's end */
  firstUnfinished(sequence: number): number {
    this.#drop(sequence);
    return Math.min(...[...this.#unfinished.values()].map(({ since }) => since));
  }

  #drop(sequence: number): void {
    for (const [writer, { since }] of this.#unfinished) {
      if (since < sequence - SPAN) this.#unfinished.delete(writer);
    }
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
