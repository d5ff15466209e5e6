/**
 * The latest turns, in blocks of bytes that are used again: when all are full, the oldest becomes the newest. What is kept
 * for long in small pieces costs the engine's collector more than everything else here costs together: with a buffer a turn
 * the server went through its old heap ten times a second.
 */
import type { Conversation } from "./records.ts";

/** Messages of one conversation in one batch, as a record of kind `message` has them. */
export interface Lines {
  readonly conversation: Conversation;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Where a turn's lines lie in its block. */
interface Place {
  readonly conversation: Conversation;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly start: number;
  readonly end: number;
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
 * const lines = { conversation: "#all", first: 1, last: 1, count: 1, bytes: new Uint8Array([123, 125, 10]) };
 * blocks.add(lines);
 * assert.deepEqual([...blocks.turns()], [lines]);
 * ```
 */
export class Blocks {
  /** Bytes of one block, with what its turns cost. */
  readonly #size: number;
  /** Oldest first, none empty. */
  #blocks: Block[] = [];

  /** @param room bytes that all turns together may take, about */
  constructor(room: number) {
    this.#size = Math.ceil(room / BLOCKS);
  }

  /** Copies a turn in. */
  add({ conversation, first, last, count, bytes }: Lines): void {
    const { length } = bytes;
    let block = this.#blocks.at(-1);
    if (block === undefined || block.filled + length + OVERHEAD * (block.turns.length + 1) > this.#size) {
      block = this.#next(length);
    }
    const start = block.filled, end = start + length;
    block.bytes.set(bytes, start);
    block.filled = end;
    block.turns.push({ conversation, first, last, count, start, end });
  }

  /** The turns, oldest first or newest first. Their bytes are views that the next {@linkcode add} may write over. */
  *turns(newestFirst = false): Iterable<Lines> {
    for (const { bytes, turns } of inOrder(this.#blocks, newestFirst)) {
      for (const { start, end, ...batch } of inOrder(turns, newestFirst)) {
        yield { ...batch, bytes: bytes.subarray(start, end) };
      }
    }
  }

  /** Forgets the conversations for which `stays` is false. */
  keep(stays: (conversation: Conversation) => boolean): void {
    for (const block of this.#blocks) block.turns = block.turns.filter(({ conversation }) => stays(conversation));
  }

  /** An empty block behind the others, the oldest one used again where it is large enough. */
  #next(length: number): Block {
    const oldest = this.#blocks.length < BLOCKS ? undefined : this.#blocks.shift()!;
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
