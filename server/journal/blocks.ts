/**
 * The latest turns, in blocks of bytes that are used again: when all are full, the oldest becomes the newest. Small
 * objects that are kept for long cost the garbage collector more than all the rest here: with a buffer for each turn, it
 * collected the old generation ten times a second.
 */
import type { Conversation } from "./records.ts";

/** Messages of one conversation in one batch, as a record of kind `message` has them. */
export interface Lines {
  readonly conversation: Conversation;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** When it was said, in milliseconds since 1970. */
  readonly time: number;
  readonly bytes: Uint8Array;
}

/** Where a turn's lines lie in its block. */
interface Place {
  readonly conversation: Conversation;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly time: number;
  readonly start: number;
  readonly end: number;
  /** Its lines since one of them was changed; they lie in no block. */
  changed?: Uint8Array;
}

interface Block {
  bytes: Uint8Array<ArrayBuffer>;
  filled: number;
  turns: Place[];
}

/** What a turn costs beside its bytes, about. */
const OVERHEAD = 200;
/** So many blocks, so that one that is let go is a small part of the past. */
const BLOCKS = 16;

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const blocks = new Blocks(1024);
 * const lines = { conversation: "#all", first: 1, last: 1, count: 1, time: 0, bytes: new Uint8Array([123, 125, 10]) };
 * blocks.add(lines);
 * assert.deepEqual([...blocks.turns()], [lines]);
 * ```
 */
export class Blocks {
  /** Bytes of one block, with what its turns cost. */
  readonly #size: number;
  /** Oldest first, none empty. */
  #blocks: Block[] = [];
  /** Bytes of turns that were changed. */
  #changed = 0;

  /** @param room bytes that all turns together may take, about */
  constructor(room: number) {
    this.#size = Math.ceil(room / BLOCKS);
  }

  /** Copies a turn in. */
  add({ conversation, first, last, count, time, bytes }: Lines): void {
    const { length } = bytes;
    let block = this.#blocks.at(-1);
    if (block === undefined || block.filled + length + OVERHEAD * (block.turns.length + 1) > this.#size) {
      block = this.#next(length);
    }
    const start = block.filled, end = start + length;
    block.bytes.set(bytes, start);
    block.filled = end;
    block.turns.push({ conversation, first, last, count, time, start, end });
  }

  /** The turns, oldest first or newest first. Their bytes are views that the next {@linkcode add} may write over. */
  *turns(newestFirst = false): Iterable<Lines> {
    for (const { bytes, turns } of inOrder(this.#blocks, newestFirst)) {
      for (const { start, end, changed, ...batch } of inOrder(turns, newestFirst)) {
        yield { ...batch, bytes: changed ?? bytes.subarray(start, end) };
      }
    }
  }

  /** Gives a turn other lines, by its first id. Its former ones are overwritten. */
  change(first: number, lines: Uint8Array): void {
    for (const { bytes, turns } of this.#blocks) {
      const turn = turns.find((each) => each.first === first);
      if (turn === undefined) continue;
      bytes.fill(0, turn.start, turn.end);
      this.#changed += lines.length - (turn.changed?.length ?? 0);
      turn.changed = lines;
    }
    // Edits may make texts longer: then the oldest block goes.
    while (this.#changed > this.#size * BLOCKS && this.#blocks.length > 1) this.#discount(this.#blocks.shift()!.turns);
  }

  /** The first id of the oldest turn; undefined if there is none. */
  get oldest(): number | undefined {
    const turns = this.#blocks.find(({ turns }) => turns.length > 0)?.turns;
    return turns?.[0]?.first;
  }

  /** Forgets the conversations for which `stays` is false. */
  keep(stays: (conversation: Conversation) => boolean): void {
    for (const block of this.#blocks) {
      const [kept, gone] = [true, false].map((is) =>
        block.turns.filter(({ conversation }) => stays(conversation) === is)
      );
      block.turns = kept!;
      this.#discount(gone!);
    }
  }

  #discount(turns: readonly Place[]): void {
    for (const { changed } of turns) if (changed !== undefined) this.#changed -= changed.length;
  }

  /** An empty block behind the others, the oldest one used again where it is large enough. */
  #next(length: number): Block {
    const oldest = this.#blocks.length < BLOCKS ? undefined : this.#blocks.shift()!;
    if (oldest !== undefined && this.#changed > 0) this.#discount(oldest.turns);
    const needed = Math.max(length, this.#size);
    const bytes = oldest?.bytes.length === needed ? oldest.bytes : new Uint8Array(needed);
    const block = { bytes, filled: 0, turns: [] };
    this.#blocks.push(block);
    return block;
  }
}

function* inOrder<T>(list: readonly T[], reversed: boolean): Iterable<T> {
  const { length } = list;
  for (let i = 0; i < length; i++) yield list[reversed ? length - 1 - i : i]!;
}
