/** The report: for each check a mark, what was sent, what came, and of a fault what a robust server would have done. */
import type { Language } from "../../cli/mod.ts";
import { plural } from "../../jim/words/plural.ts";
import { tinted } from "../../cli/tint.ts";
import { escapeInvisible } from "../../jim/mod.ts";
import type { Check, Finding } from "./check.ts";

/** What became of a check; one that could not be tried has no finding. */
export interface Result {
  readonly check: Check;
  readonly finding: Finding | undefined;
}

const TINTS = { ok: "green", note: "yellow", fault: "red", none: "gray" } as const;

/** What the report itself says; the marks are of one length in each language. */
interface Words {
  readonly marks: Readonly<Record<keyof typeof TINTS, string>>;
  readonly sent: string;
  readonly came: string;
  readonly untried: string;
  summary(ok: number, notes: number, faults: number, untried: number): string;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    marks: { ok: "ok   ", note: "note ", fault: "FAULT", none: "-    " },
    sent: "sent    ",
    came: "received",
    untried: "not run: the server is gone",
    summary: (ok, notes, faults, untried) =>
      `${ok} ok, ${notes} note${notes === 1 ? "" : "s"}, ${faults} fault${faults === 1 ? "" : "s"}` +
      (untried > 0 ? `, ${untried} not run: start the server again` : ""),
  },
  ru: {
    marks: { ok: "хорошо   ", note: "замечание", fault: "ОШИБКА   ", none: "-        " },
    sent: "отправлено",
    came: "получено  ",
    untried: "не проверено: сервера больше нет",
    summary: (ok, notes, faults, untried) =>
      `хорошо: ${ok}, ${notes} ${plural(notes, "замечание", "замечания", "замечаний")}, ` +
      `${faults} ${plural(faults, "ошибка", "ошибки", "ошибок")}` +
      (untried > 0 ? `, не проверено: ${untried}; запустите сервер снова` : ""),
  },
};

/**
 * One check, as lines of text.
 *
 * @param coloured whether a terminal reads it
 */
export function formatResult({ check, finding }: Result, coloured: boolean, language: Language): string {
  const { marks, sent, came, untried } = words[language], kind = finding?.mark ?? "none";
  const indent = " ".repeat(marks[kind].length + 4);
  const head = `${tinted(TINTS[kind], marks[kind], coloured)}  ${check.name[language]}`;
  if (finding === undefined) return `${head}\n${indent}${untried}`;
  const lines = [
    head,
    `${indent}${sent}  ${escapeInvisible(check.sent[language])}`,
    `${indent}${came}  ${escapeInvisible(finding.observed[language])}`,
  ];
  if (finding.mark === "fault") lines.push(`${indent}${check.why[language]}`);
  return lines.join("\n");
}

/** The last line. */
export function summary(results: readonly Result[], language: Language): string {
  const count = (mark: string) => results.filter(({ finding }) => (finding?.mark ?? "none") === mark).length;
  return words[language].summary(count("ok"), count("note"), count("fault"), count("none"));
}
