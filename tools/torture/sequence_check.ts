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
  /** The first of these faults, each with its text, its ids and its sequence: 0 is the first history. */
  readonly evidence: readonly string[];
}

/** Faults that are told one by one: one bug makes thousands of them. */
const TOLD = 20;

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
  const counts = { lost: 0, doubled: 0, revived: 0, invented: 0, different: 0, back: 0 };
  const evidence: string[] = [];
  const count = (fault: keyof typeof counts, what: string) => {
    counts[fault]++;
    if (evidence.length < TOLD) evidence.push(`${fault}: ${what}`);
  };
  for (const line of first) {
    const { text } = line, answer = answers.get(text);
    if (found.has(text)) count("doubled", shown(line));
    else if (answer === undefined) count("invented", shown(line));
    else if (answer === "refused") count("revived", shown(line));
    found.add(text);
  }
  for (const [text, answer] of answers) if (answer === "acknowledged" && !found.has(text)) count("lost", text);
  for (const [number, lines] of sequences.entries()) {
    for (let at = 1; at < lines.length; at++) {
      const line = lines[at]!, before = lines[at - 1]!;
      if (line.id <= before.id) count("back", `sequence ${number} has ${shown(line)} behind ${shown(before)}`);
    }
    const at = firstDifference(first, lines);
    if (at >= 0) {
      count("different", `sequence ${number} has at ${at} ${shown(lines[at])} instead of ${shown(first[at])}`);
    }
  }
  return { kept: first.length, ...counts, evidence };
}

/** The first place where two sequences differ, or -1. */
function firstDifference(first: readonly Line[], other: readonly Line[]): number {
  const longer = first.length >= other.length ? first : other;
  return longer.findIndex((_, at) => first[at]?.id !== other[at]?.id || first[at]?.text !== other[at]?.text);
}

function shown(line: Line | undefined): string {
  return line === undefined ? "nothing" : `${line.text} (${line.id})`;
}
