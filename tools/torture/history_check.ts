/**
 * Compares the history of a server that was killed with what its clients sent. An acknowledged message must be there, one
 * that was sent and not acknowledged may be there, none is there twice, and each writer's messages are in order.
 */

/** One message, as the history has it. */
export interface Row {
  readonly id: number;
  readonly message: string;
}

/** How many messages a writer sent in one run of the server, and how many of them were acknowledged. */
export interface WriterCounts {
  readonly round: number;
  readonly writer: number;
  sent: number;
  acknowledged: number;
}

export interface HistoryReport {
  /** Messages in the history. */
  readonly kept: number;
  /** Acknowledged, and missing. */
  readonly lost: number;
  readonly doubled: number;
  /** There, and never sent. */
  readonly invented: number;
  /** There without an earlier message of the same writer, or before it. */
  readonly disordered: number;
  /** Ids that are not larger than the one before, or than those of an earlier run. */
  readonly back: number;
}

/** The text of a writer's message. */
export function messageText(round: number, writer: number, number: number): string {
  return `${round}.${writer}.${number}`;
}

/**
 * Compares a history with what was sent.
 *
 * @param conversations the rows of each, as the history gave them
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const said = [{ round: 1, writer: 0, sent: 3, acknowledged: 2 }];
 * const { kept, lost, doubled } = checkHistory(said, [[{ id: 5, message: messageText(1, 0, 0) }]]);
 * assert.deepEqual([kept, lost, doubled], [1, 1, 0]);
 * ```
 */
export function checkHistory(said: readonly WriterCounts[], conversations: readonly (readonly Row[])[]): HistoryReport {
  const expected = new Map(said.map((each) => [`${each.round}.${each.writer}`, each]));
  const next = new Map<string, number>(), largest = new Map<number, number>(), ids = new Set<number>();
  let kept = 0, doubled = 0, invented = 0, disordered = 0, back = 0;
  const found = new Set<string>();
  for (const rows of conversations) {
    let last = 0;
    for (const { id, message } of rows) {
      kept++;
      const [round, writer, number] = message.split(".").map(Number) as [number, number, number];
      const key = `${round}.${writer}`;
      if (id <= last || ids.has(id)) back++;
      last = id;
      ids.add(id);
      largest.set(round, Math.max(largest.get(round) ?? 0, id));
      if (found.has(message)) doubled++;
      else if (!(number < (expected.get(key)?.sent ?? 0))) invented++;
      else {
        if (number !== (next.get(key) ?? 0)) disordered++;
        next.set(key, number + 1);
      }
      found.add(message);
    }
  }
  for (const rows of conversations) {
    for (const { id, message } of rows) if (id <= (largest.get(parseInt(message) - 1) ?? 0)) back++;
  }
  let lost = 0;
  for (const { round, writer, acknowledged } of said) {
    for (let number = 0; number < acknowledged; number++) if (!found.has(messageText(round, writer, number))) lost++;
  }
  return { kept, lost, doubled, invented, disordered, back };
}
