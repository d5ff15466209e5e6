/** The report: for each check a mark, what was sent, what came, and of a fault what a robust server would have done. */
import { tinted } from "../../cli/tint.ts";
import { visible } from "../../jim/mod.ts";
import type { Check, Finding } from "./check.ts";

/** What became of a check; one that could not be tried has no finding. */
export interface Result {
  readonly check: Check;
  readonly finding: Finding | undefined;
}

const MARKS = {
  ok: ["green", "ok   "],
  note: ["yellow", "note "],
  fault: ["red", "FAULT"],
  none: ["gray", "-    "],
} as const;

/**
 * One check, as lines of text.
 *
 * @param coloured whether a terminal reads it
 */
export function told({ check, finding }: Result, coloured: boolean): string {
  const [tint, mark] = MARKS[finding?.mark ?? "none"];
  const head = `${tinted(tint, mark, coloured)}  ${check.name}`;
  if (finding === undefined) return `${head}\n         not tried: the server is gone`;
  const lines = [head, `         sent  ${visible(check.sent)}`, `         came  ${visible(finding.came)}`];
  if (finding.mark === "fault") lines.push(`         ${check.why}`);
  return lines.join("\n");
}

/** The last line. */
export function summary(results: readonly Result[]): string {
  const count = (mark: string) => results.filter(({ finding }) => (finding?.mark ?? "none") === mark).length;
  const untried = count("none");
  const many = (mark: string) => `${count(mark)} ${mark}${count(mark) === 1 ? "" : "s"}`;
  return `${count("ok")} ok, ${many("note")}, ${many("fault")}` +
    (untried > 0 ? `, ${untried} not tried: start the server again` : "");
}
