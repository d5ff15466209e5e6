/** How the class shows what is known of a student, on its card and beside its conversation. */
import type { JSX } from "preact";
import { escapeInvisible } from "../../jim/invisible.ts";
import { withClock } from "../words.ts";
import { expectsAnswer, type Row, type Student, type StudentState } from "./roster.ts";
import type { Words } from "./words.ts";

/** Said without words too: colours alone are not for everybody. */
export const SYMBOLS: Readonly<Record<StudentState, string>> = {
  fine: "✓",
  fast: "»",
  unread: "●",
  refused: "✗",
  slow: "◔",
  nameless: "?",
  gaps: "✓",
  gone: "–",
};

/** How a student is called: guests by one name are told apart by their numbers, as on the page. */
export function displayName({ name, address, guest }: Student): string {
  return guest === undefined || name === undefined ? visible(name ?? address) : `${visible(name)} #${guest}`;
}

/** What holds a student's program up, in words that need no knowledge of sockets. */
export function delayText({ unreadBytes }: Student, state: StudentState, words: Words): string | undefined {
  if (state !== "fast" && state !== "unread" && state !== "slow" && state !== "gaps") return undefined;
  return words.delays[state](sizeOf(unreadBytes));
}

export function AnswerText({ row, dialect, words }: { row: Answerable; dialect: string; words: Words }): JSX.Element {
  if (row.answer === undefined) {
    return <span class="answer quiet">{expectsAnswer(row, dialect) ? words.unanswered : words.noAnswer}</span>;
  }
  const { code, text } = row.answer, refused = code >= 400;
  return (
    <span class={refused ? "answer refused" : "answer ok"}>
      {refused ? SYMBOLS.refused : SYMBOLS.fine} <b>{code}</b> <bdi>{withClock(visible(text), words.code)}</bdi>
    </span>
  );
}

/** What can have an answer, or is one. */
export type Answerable = Extract<Row, { way: "in" | "refused" }>;

export function isAnswerable(row: Row): row is Answerable {
  return row.way === "in" || row.way === "refused";
}

export function isWrong(row: Row): boolean {
  return isAnswerable(row) && (row.answer?.code ?? 0) >= 400;
}

function sizeOf(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
