/** How a student's state, name and answers are shown, on its card and beside it. */
import type { JSX } from "preact";
import { escapeInvisible } from "../../jim/invisible.ts";
import { withClock } from "../formats.ts";
import { expectsAnswer, type Row, type Student, type StudentState } from "./roster.ts";
import type { Words } from "./words.ts";

/** A symbol for each state: colour alone is not enough for everybody. */
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

/** The name that is shown; guests of one name have numbers, as on the chat page. */
export function displayName({ name, address, guest }: Student): string {
  return guest === undefined || name === undefined
    ? escapeInvisible(name ?? address)
    : `${escapeInvisible(name)} #${guest}`;
}

/** What delays a student's program, in words that need no knowledge of sockets. */
export function delayText({ unreadBytes }: Student, state: StudentState, words: Words): string | undefined {
  if (state !== "fast" && state !== "unread" && state !== "slow" && state !== "gaps") return undefined;
  return words.delays[state](sizeOf(unreadBytes));
}

export function AnswerText({ row, dialect, words }: { row: Answerable; dialect: string; words: Words }): JSX.Element {
  if (row.answer === undefined) {
    return <span class="answer quiet">{whyUnanswered(row, dialect, words)}</span>;
  }
  const { code, text } = row.answer, refused = code >= 400;
  return (
    <span class={refused ? "answer refused" : "answer ok"}>
      {refused ? SYMBOLS.refused : SYMBOLS.fine} <b>{code}</b> <bdi>{withClock(escapeInvisible(text), words.code)}</bdi>
    </span>
  );
}

function whyUnanswered(row: Answerable, dialect: string, words: Words): string {
  if (!expectsAnswer(row, dialect)) return words.noAnswer;
  return row.way === "in" && row.isLeftOut ? words.answerLeftOut : words.unanswered;
}

/** A row that can have an answer, or is one. */
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
