/**
 * Compares what readers of several servers were given with the histories of all servers, and with what writers were answered.
 */

/** A message, as a reader or a history has it. */
export interface Line {
  readonly id: number;
  readonly text: string;
}

/** What a writer was told of a message; unknown where it was told nothing, or that nobody knows yet. */
export type Answer = "acknowledged" | "refused" | "unknown";

export interface SequenceReport {
  /** Messages in the first history. */
  readonly kept: number;
  /** Acknowledged, and in no history. */
  readonly lost: number;
  readonly doubled: number;
  /** Refused, and there all the same. */
  readonly revived: number;
  /** There, and never sent. */
  readonly invented: number;
  /** Readers and histories that differ from the first history. */
  readonly different: number;
  /** Ids that are not larger than the one before. */
  readonly back: number;
}

/**
 * @param answers by the texts of messages, which differ
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const answers = new Map([["a", "acknowledged"], ["b", "unknown"], ["c", "acknowledged"]] as const);
 * const whole = [{ id: 1, text: "a" }, { id: 2, text: "b" }];
 * const { lost, different } = checkSequences(answers, [whole, [{ id: 1, text: "a" }]]);
 * assert.deepEqual([lost, different], [1, 1]);
 * ```
 */
export function checkSequences(
  answers: ReadonlyMap<string, Answer>,
  sequences: readonly (readonly Line[])[],
): SequenceReport {
  const [first = []] = sequences, found = new Set<string>();
  let lost = 0, doubled = 0, revived = 0, invented = 0, back = 0;
  for (const { text } of first) {
    const answer = answers.get(text);
    if (found.has(text)) doubled++;
    else if (answer === undefined) invented++;
    else if (answer === "refused") revived++;
    found.add(text);
  }
  for (const [text, answer] of answers) if (answer === "acknowledged" && !found.has(text)) lost++;
  for (const lines of sequences) {
    for (let at = 1; at < lines.length; at++) if (lines[at]!.id <= lines[at - 1]!.id) back++;
  }
  const isSame = (lines: readonly Line[]) =>
    lines.length === first.length &&
    lines.every(({ id, text }, at) => id === first[at]!.id && text === first[at]!.text);
  const different = sequences.filter((lines) => !isSame(lines)).length;
  return { kept: first.length, lost, doubled, revived, invented, different, back };
}
