// What a terminal shows of what a program wrote: xterm.js without a window, as VS Code has it in one.

import "./unpooled.ts"; // before what it is for
import graphemes from "@xterm/addon-unicode-graphemes";
import headless from "@xterm/headless";

/** Rows of the terminal: so many that in no test anything scrolls away. */
const ROWS = 1000;

/** A letter, `""` behind a wide one, and its style, as in `38;5;243`; empty for none. */
interface Cell {
  readonly text: string;
  readonly style: string;
}

/**
 * A terminal.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const screen = new Screen(5);
 * screen.write("one two\r\n漢字\x1b[1A\r\x1b[2C!");
 * assert.deepEqual(screen.rows, ["one t", "wo!", "漢字"]);
 * assert.deepEqual([screen.row, screen.column], [1, 3]);
 * ```
 */
export class Screen {
  /** How often it rang. */
  bells = 0;
  readonly #terminal;

  constructor(columns: number) {
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows: ROWS,
      allowProposedApi: true,
      reflowCursorLine: true,
      logLevel: "debug",
      logger: strict,
    });
    this.#terminal.loadAddon(new graphemes.UnicodeGraphemesAddon());
    this.#terminal.onBell(() => this.bells++);
  }

  /** The cursor's row. */
  get row(): number {
    const { baseY, cursorY } = this.#terminal.buffer.active;
    return baseY + cursorY;
  }

  /** The cursor's column. */
  get column(): number {
    return this.#terminal.buffer.active.cursorX;
  }

  /** What is seen, without the spaces at the end of rows, and without the empty rows at the end. */
  get rows(): string[] {
    return Array.from(this.#lines, (line) => line.translateToString(true).trimEnd());
  }

  /** The rows that were too long, so that the terminal has broken them. */
  get broken(): string[] {
    const lines = this.#lines;
    return lines.filter((_, row) => lines[row + 1]?.isWrapped).map((line) => line.translateToString());
  }

  /** The same with the style of each letter, for a picture. */
  get styled(): Cell[][] {
    return this.#lines.map((line) =>
      Array.from({ length: line.translateToString(true).length }, (_, column) => {
        const cell = line.getCell(column)!;
        const style = cell.isFgPalette() ? `38;5;${cell.getFgColor()}` : cell.isBold() ? "1" : "";
        return { text: cell.getChars() || (cell.getWidth() === 0 ? "" : " "), style };
      })
    );
  }

  /** The last row with text. */
  get last(): string {
    return this.rows.at(-1)!;
  }

  /** @throws {Error} At a sequence that xterm.js does not know: it should be one that all terminals do. */
  write(text: string): void {
    // `write` is asynchronous, and a test asks at once what is to be seen. xterm.js may drop `writeSync` one day.
    (this.#terminal as unknown as { _core: { writeSync(text: string): void } })._core.writeSync(text);
  }

  /**
   * Another width: texts that went on in the next row are broken anew. The cursor stays at its letter, as in most
   * terminals; in xterm.js it stays in its column.
   */
  resize(columns: number): void {
    const at = this.#lettersBefore(this.row, this.column);
    this.#terminal.resize(columns, ROWS + 1);
    this.#terminal.resize(columns, ROWS); // the first starts a timer that frees memory, the second stops it
    for (let row = 0; row < ROWS; row++) {
      if (this.#lettersBefore(row, 0).text !== at.text) continue;
      for (let column = 0; column < columns; column++) {
        const isLetter = this.#terminal.buffer.active.getLine(row)!.getCell(column)!.getChars() !== "";
        if (isLetter && this.#lettersBefore(row, column).letters === at.letters) {
          return this.write(`\x1b[${row + 1};${column + 1}H`);
        }
      }
    }
  }

  /** Which text stands here, where one may take several rows, and how many of its letters come before this place. */
  #lettersBefore(row: number, column: number): { text: number; letters: number } {
    let text = 0, letters = 0;
    for (let at = 0; at <= row; at++) {
      const line = this.#terminal.buffer.active.getLine(at)!;
      if (!line.isWrapped) [text, letters] = [text + 1, 0];
      for (let x = 0; x < (at === row ? column : line.length); x++) if (line.getCell(x)!.getChars() !== "") letters++;
    }
    return { text, letters };
  }

  get #lines() {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)!);
    return lines.slice(0, 1 + Math.max(0, lines.findLastIndex((line) => line.translateToString(true).trim() !== "")));
  }
}

/** What xterm.js says of itself; of all that, only a sequence that it does not know is of interest. */
const strict = {
  trace() {},
  debug(message: string, about: unknown) {
    if (/^Unknown/.test(message)) throw new Error(`${message} ${JSON.stringify(about)}`);
  },
  info() {},
  warn() {},
  error() {},
};
