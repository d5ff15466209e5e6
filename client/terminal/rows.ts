// How what was said looks: the time, what its sender is, the name, a mark, and the text in a column of its own. Every row of a
// message begins with that column's left edge, so that nobody's text, however it is broken, can pass for somebody else's
// words; and what somebody is stands before the name, where no name can reach.

import type { Role } from "../../jim/client/event.ts";
import { linesOf, type TextLine } from "../protocol/code.ts";
import { safe } from "../safe.ts";
import type { Paint } from "./paint.ts";
import { columnsOf, cut, fitted, wrap } from "./width.ts";

/** A message, as far as it is shown. */
export interface ShownMessage {
  readonly from: string;
  /** The addressee of a private message. */
  readonly to?: string;
  readonly text: string;
  /** Milliseconds. */
  readonly time: number;
  /** Whether it is one's own. */
  readonly own: boolean;
  /** What the sender is; a guest, if nobody says. */
  readonly role?: Role;
  /** Which of the guests by one name it is. */
  readonly guest?: number;
  /** Its number among what a search has found, instead of the time. */
  readonly number?: number;
}

/** What rows depend on beside what is in them. */
export interface RowStyle {
  readonly paint: Paint;
  readonly columns: number;
  /** What stands for the lines of a long block of code that are not shown; without it they are all shown. */
  readonly moreLines?: (n: number) => string;
}

/** Columns of a badge and of a name with it; a longer name pushes its text to the right, or below where there is no room. */
const BADGE = 2, NAME = 12;
/** Columns of `HH:MM `, and of ` │ `. */
const CLOCK = 6, MARK = 3;
/** Columns that a text gets, however narrow the terminal is; and below which it does not begin beside a name. */
const NARROWEST = 12, BESIDE = 16;
/** Columns of a terminal in which a remark begins right behind the clock. */
const SMALL = 50;
/** Columns from which on a text beside something else is pleasant to read. */
const READABLE = 24;
/** Line ends in a message that are kept: a page of code is read as it was written, and a thousand of them flood nobody. */
const LINES = 40;
/** Columns between two stops of a tab in code. */
const TAB = 4;

/**
 * A message, in rows.
 *
 * @param me the user's name, which is marked in the messages of others
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 * const time = new Date(2026, 10, 23, 9, 5).getTime();
 * const look = { paint: plain, columns: 40 };
 * assert.equal(
 *   messageRows({ from: "bob", text: "good morning, how are you?", time, own: false }, "ann", look),
 *   "09:05    bob │ good morning, how are\n             │ you?",
 * );
 * assert.equal(
 *   messageRows({ from: "Alexander the Great", text: "good morning", time, own: false }, "ann", look),
 *   "09:05   Alexander the Great │\n             │ good morning",
 * );
 * const ann = { from: "ann", text: "hi", time, own: false, role: "account" } as const;
 * assert.equal(messageRows(ann, "bob", { paint: plain, columns: 80 }), "09:05 +        ann │ hi");
 * ```
 */
export function messageRows(
  { from, to, text, time, own, role, guest, number }: ShownMessage,
  me: string,
  { paint, columns, moreLines }: RowStyle,
): string {
  // Never empty: a guest's name, whatever is in it, begins where no badge can be.
  const badge = badgeOf(role, guest).padEnd(BADGE), used = columnsOf(badge);
  const whole = safe(to === undefined ? from : own ? `→${to}` : `@${from}`) || "?";
  const name = fitted(whole, Math.max(1, columns - CLOCK - used - MARK));
  const width = nameColumns(columns), head = Math.max(width, used + columnsOf(name));
  const beside = columns - CLOCK - head - MARK - 1, below = columns - CLOCK - width - MARK - 1;
  const mark = own ? paint.strong("›") : "│";
  const padding = " ".repeat(Math.max(0, width - used - columnsOf(name)));
  const begin = number === undefined ? paint.quiet(clock(time)) : paint.strong(`[${number}]`.padEnd(CLOCK - 1));
  const first = `${begin} ${paint.strong(badge)}${padding}${
    own ? paint.strong(name) : paint.name(name, from)
  } ${mark} `;
  const edge = `${paint.quiet(own ? "›" : "│")} `, others = `${" ".repeat(CLOCK + width)} ${edge}`;
  const room = Math.max(NARROWEST, beside < BESIDE ? below : beside);
  const lines = broken(text, moreLines).flatMap((line) => wrapped(line, room));
  const find = own ? undefined : mention(me);
  const rows = lines.map(({ text, kind }) => {
    // A link is whole, so it begins at the left where it needs all the room there is.
    const before = columnsOf(text) > Math.max(room, below) ? edge : others;
    return {
      before,
      line: kind === "text" ? highlight(text, find, paint) : kind === "code" ? text : paint.quiet(text),
    };
  });
  const fits = columnsOf(lines[0]!.text) <= beside;
  if (!fits) return [first.trimEnd(), ...rows.map(({ before, line }) => before + line)].join("\n");
  return rows.map(({ before, line }, index) => (index === 0 ? first : before) + line).join("\n");
}

/**
 * What stands before a name: `*` of an operator, `+` of an account, `#2 ` of the second guest by that name. Before a guest's
 * name there is nothing.
 */
function badgeOf(role: Role | undefined, guest: number | undefined): string {
  return role === "operator" ? "*" : role === "account" ? "+" : guest === undefined ? "" : `#${guest} `;
}

/**
 * What the program says by itself, in rows: a remark, or something that went wrong.
 *
 * @param words one line, or several
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 * const time = new Date(2026, 10, 23, 9, 5).getTime();
 * assert.equal(noteRows("bob has left", "·", time, { paint: plain, columns: 80 }), "09:05              · bob has left");
 * assert.equal(noteRows("bob has left", "·", time, { paint: plain, columns: 40 }), "09:05 · bob has left");
 * ```
 */
export function noteRows(
  words: string | readonly string[],
  mark: "·" | "!",
  time: number,
  { paint, columns }: RowStyle,
): string {
  const dress = mark === "!" ? paint.alarm : paint.quiet;
  // No name begins where the mark is then: there is a badge, or nothing, before it.
  const head = `${clock(time)} ${columns < SMALL ? "" : " ".repeat(nameColumns(columns) + 1)}${mark} `;
  const room = Math.max(NARROWEST, columns - head.length - 1), indent = " ".repeat(head.length);
  const rows = [words].flat().flatMap((line) => wrap(safe(line), room));
  return rows.map((row, index) => dress((index === 0 ? head : indent) + row)).join("\n");
}

/**
 * Two columns, how something is written and what it does; below each other where there is no room beside.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 * const table = [["/who", "list the people here"], ["/quit", "leave"]] as const;
 * assert.equal(tableRows(table, { paint: plain, columns: 40 }), "  /who   list the people here\n  /quit  leave");
 * const narrow = tableRows(table, { paint: plain, columns: 25 });
 * assert.equal(narrow, "  /who\n    list the people here\n  /quit\n    leave");
 * ```
 */
export function tableRows(table: readonly (readonly [string, string])[], { paint, columns }: RowStyle): string {
  const width = Math.max(...table.map(([left]) => columnsOf(left)));
  const isNarrow = columns - width - 5 < READABLE;
  const indent = isNarrow ? 4 : width + 4, edge = `\n${" ".repeat(indent)}`;
  return table.map(([left, right]) => {
    const rows = wrap(right, Math.max(NARROWEST, columns - indent - 1)).map(paint.quiet);
    const gap = isNarrow ? edge : " ".repeat(indent - 2 - columnsOf(left));
    return `  ${paint.strong(fitted(left, columns - 3))}${gap}${rows.join(edge)}`;
  }).join("\n");
}

/**
 * What Tab could make of a word: as many beside each other as there is room for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 * const look = { paint: plain, columns: 20 };
 * assert.equal(choiceRows(["ann (guest)", "bob (guest)", "carl"], look), "ann (guest)\nbob (guest)  carl");
 * ```
 */
export function choiceRows(choices: readonly string[], { paint, columns }: RowStyle): string {
  const rows: string[] = [];
  for (const choice of choices.map((each) => fitted(safe(each), columns - 1))) {
    const longer = rows.length === 0 ? choice : `${rows.at(-1)}  ${choice}`;
    if (rows.length > 0 && columnsOf(longer) < columns) rows[rows.length - 1] = longer;
    else rows.push(choice);
  }
  return rows.map(paint.quiet).join("\n");
}

/**
 * A line across the window with a title: a new day, another room.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 * assert.equal(rule("#cats", { paint: plain, columns: 20 }), "── #cats ──────────");
 * ```
 */
export function rule(title: string, { paint, columns }: RowStyle): string {
  const words = fitted(safe(title), Math.max(1, columns - 7));
  return paint.quiet(`── ${words} ${"─".repeat(Math.max(2, columns - columnsOf(words) - 5))}`);
}

/**
 * Whether a name is in a text, as a word.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["@Ann, look", "anna"].map((text) => mentions(text, "ann")), [true, false]);
 * ```
 */
export function mentions(text: string, name: string): boolean {
  return mention(name).test(text);
}

function mention(name: string): RegExp {
  const exact = name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${exact}(?![\\p{L}\\p{N}_])`, "iu");
}

function highlight(line: string, what: RegExp | undefined, paint: Paint): string {
  return what === undefined ? line : line.replace(new RegExp(what, "giu"), (found) => paint.marked(found));
}

/** The lines of a text, of a long one the first: then what is left in one line, or how much of the code is left. */
function broken(text: string, moreLines: RowStyle["moreLines"]): TextLine[] {
  const lines = linesOf(text);
  if (lines.length <= LINES) return lines;
  const first = lines.slice(0, LINES - 1), rest = lines.slice(LINES - 1);
  if (moreLines !== undefined && lines.some(({ kind }) => kind === "code")) {
    return [...first, { text: moreLines(rest.length), kind: "fence" }];
  }
  return [...first, { text: rest.map(({ text }) => text).join("\n"), kind: "text" }];
}

/** A line in rows. Of code each space stays, so it is cut where the row ends; other text is broken between its words. */
function wrapped({ text, kind }: TextLine, room: number): TextLine[] {
  const rows = kind === "code" ? cut(safe(withoutTabs(text)), room) : wrap(safe(indented(text)), room);
  return rows.map((row) => ({ text: row, kind }));
}

/** Tabs that indent a line are as wide as in code; elsewhere a tab is a space. */
function indented(text: string): string {
  return text.replace(/^[ \t]+/, withoutTabs);
}

function withoutTabs(text: string): string {
  let column = 0;
  return text.replace(/\t|[^\t]+/g, (piece) => {
    const width = piece === "\t" ? TAB - column % TAB : columnsOf(safe(piece));
    column += width;
    return piece === "\t" ? " ".repeat(width) : piece;
  });
}

/**
 * Lines of code, to be copied: nothing is before them, and a long one is broken by the terminal, which copies it whole.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(codeRows("if x:\n\ty\x1b[31m"), "if x:\n    y␛[31m");
 * ```
 */
export function codeRows(code: string): string {
  return code.split("\n").map((line) => safe(withoutTabs(line))).join("\n");
}

/** Less in a narrow terminal. */
function nameColumns(columns: number): number {
  return Math.min(NAME, Math.floor(columns / 6));
}

function clock(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
