/** The journal for `--memory`: nothing outlives the program, and the oldest messages go when there are more than fits. */
import { Blocks } from "./blocks.ts";
import { cut, linesOf, pageOf, parseLine, type Span } from "./lines.ts";
import { searchTerms } from "./search_terms.ts";
import type {
  Batch,
  Committed,
  Conversation,
  Journal,
  PageQuery,
  SearchQuery,
  Skipped,
  StateRecord,
} from "./contract.ts";
import { firstId } from "./ids.ts";

export interface MemoryOptions {
  /** The most that the messages of all conversations may take; a page needs a look at each run. */
  readonly bytes?: number;
  /** Milliseconds since 1970. */
  readonly wall?: () => number;
}

/**
 * A journal without a disk. Of records that change the state it keeps nothing: there is no later opening that could ask.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const journal = memoryJournal(), id = journal.next;
 * const lines = new TextEncoder().encode(`{"action":"msg","message":"hi","id":${id}}\n`);
 * const message = { kind: "message", id, last: id, count: 1, conversation: "#all", lines } as const;
 * journal.append({ first: id, end: id + 1, records: [message] });
 * journal.take();
 * const [line] = await journal.read("#all", await journal.page({ conversation: "#all", limit: 10 }));
 * assert.equal(JSON.parse(new TextDecoder().decode(line)).message, "hi");
 * ```
 */
export function memoryJournal(options: MemoryOptions = {}): Journal {
  return new MemoryJournal(options);
}

class MemoryJournal implements Journal {
  readonly isShared = false;
  readonly maxIds = Infinity;
  next: number;
  readonly busy = false;
  readonly skipped: Skipped = { damaged: 0, unknown: 0 };
  readonly #messages: Blocks;
  readonly #wall: () => number;
  #committed: Committed[] = [];

  constructor({ bytes = 4 * 1024 * 1024, wall = Date.now }: MemoryOptions) {
    this.#messages = new Blocks(bytes);
    this.#wall = wall;
    this.next = firstId(0, wall());
  }

  snapshot(): StateRecord[] {
    return [];
  }

  append(batch: Batch): void {
    for (const record of batch.records) {
      if (record.kind !== "message") continue;
      const { id, last, count, conversation, lines } = record;
      this.#messages.add({ conversation, first: id, last, count, bytes: lines });
    }
    this.next = batch.end;
    const { records } = batch, time = this.#wall();
    this.#committed.push({ outcome: "kept", own: batch, stands: false, shift: 0, time, records });
  }

  take(): Committed[] {
    const committed = this.#committed;
    if (committed.length > 0) this.#committed = [];
    return committed;
  }

  poll(): void {}

  discard(): void {}

  page(query: PageQuery): number[] {
    return pageOf(this.#runs(query), query);
  }

  search(query: SearchQuery): number[] {
    return pageOf(this.#found(query, searchTerms(query.text)), query);
  }

  read(conversation: Conversation, ids: readonly number[]): (Uint8Array | undefined)[] {
    const runs = this.#runs({ conversation, after: 0 })[Symbol.iterator]();
    let run = runs.next();
    return linesOf(ids, (id) => {
      while (!run.done && run.value.last < id) run = runs.next();
      return run.done || run.value.first > id ? undefined : run.value;
    });
  }

  conversations(side: string, after: number): Conversation[] {
    const found = new Set<Conversation>();
    for (const { conversation, last } of this.#messages.turns()) {
      if (last > after && isSide(side, conversation)) found.add(conversation);
    }
    return [...found];
  }

  forget(conversations: readonly Conversation[]): void {
    const forgotten = new Set(conversations);
    this.#messages.keep((conversation) => !forgotten.has(conversation));
  }

  maintain(): boolean {
    return false;
  }

  close(): void {}

  /** The runs of a conversation in reading order. */
  *#runs({ conversation, after }: Pick<PageQuery, "conversation" | "after">): Iterable<Span> {
    for (const { bytes, ...run } of this.#messages.turns(after === undefined)) {
      if (run.conversation === conversation) yield { ...run, bytes: () => bytes };
    }
  }

  /** Each line with all the words, as a run of its own. */
  *#found(query: PageQuery, wanted: string[]): Iterable<Span> {
    if (wanted.length === 0) return;
    for (const { bytes } of this.#runs(query)) {
      const lines = cut(bytes());
      for (const line of query.after === undefined ? lines.reverse() : lines) {
        const { id, message } = parseLine(line)!; // no disk damages what is in memory
        const has = new Set(searchTerms(message));
        if (wanted.every((word) => has.has(word))) yield { first: id, last: id, count: 1, bytes: () => line };
      }
    }
  }
}

/** Whether a conversation is one of two people, and this is a side of it. */
function isSide(side: string, conversation: Conversation): boolean {
  const sides = conversation.split("\u0000");
  return sides.length === 2 && sides.includes(side);
}
