// What a terminal would show: enough of one to judge what a program wrote. It has no lower end, so nothing scrolls away, and
// it breaks rows anew when its width changes, as terminals of today do.

import { columnsOf, letters } from "../../client/terminal/width.ts";

/** One row: its letters, `""` behind a wide one, and whether the text goes on in the next because this one is full. */
interface Row {
  cells: string[];
  /** The style of each letter, as in `38;5;243`; empty for none. */
  styles: string[];
  full: boolean;
}

/** Everything a program writes is text, one of the controls below, or a sequence. */
// deno-lint-ignore no-control-regex
const PIECE = /\x1b\[([?\d;]*)([A-Za-z])|[\r\n\b\x07]|[^\x00-\x1f]+/gy;

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
  columns: number;
  row = 0;
  column = 0;
  /** How often it rang. */
  bells = 0;
  #rows: Row[] = [blank()];
  #style = "";

  constructor(columns: number) {
    this.columns = columns;
  }

  /** What is seen, without the spaces at the end of rows. */
  get rows(): string[] {
    const rows = this.#rows.map(({ cells }) => Array.from(cells, (cell) => cell ?? " ").join("").trimEnd());
    while (rows.length > 1 && rows.at(-1) === "") rows.pop();
    return rows;
  }

  /** The rows that were too long, so that the terminal has broken them. */
  get broken(): string[] {
    return this.#rows.filter(({ full }) => full).map(({ cells }) => cells.join(""));
  }

  /** The same with the style of each letter, for a picture. */
  get styled(): { text: string; style: string }[][] {
    return this.#rows.slice(0, this.rows.length).map(({ cells, styles }) =>
      Array.from(cells, (text = " ", column) => ({ text, style: styles[column] ?? "" }))
    );
  }

  /** The last row with text. */
  get last(): string {
    return this.rows.at(-1)!;
  }

  /** @throws {Error} At what this terminal does not know: it should be something that all do. */
  write(text: string): void {
    PIECE.lastIndex = 0;
    for (let at = 0; at < text.length; at = PIECE.lastIndex) {
      const found = PIECE.exec(text);
      if (found === null) throw new Error(`Cannot show ${JSON.stringify(text.slice(at, at + 20))}`);
      const [piece, given = "", control] = found;
      if (control !== undefined) this.#control(control, given);
      else if (piece === "\r") this.column = 0;
      else if (piece === "\n") this.#down();
      else if (piece === "\b") this.column--;
      else if (piece === "\x07") this.bells++;
      else for (const letter of letters(piece)) this.#put(letter);
    }
  }

  /** Another width: texts that went on in the next row are broken anew, and the cursor stays at its letter. */
  resize(columns: number): void {
    const before = this.#rows, cursor = { row: this.row, column: this.column };
    Object.assign(this, { columns, row: 0, column: 0 });
    this.#rows = [blank()];
    let there: [number, number] = [0, 0];
    before.forEach(({ cells, full }, row) => {
      for (let column = 0; column < Math.max(cells.length, row === cursor.row ? cursor.column : 0); column++) {
        const letter = cells[column] ?? " ";
        if (letter !== "") this.#put(letter);
        if (row === cursor.row && column === cursor.column) there = [this.row, this.column - columnsOf(letter)];
      }
      if (row === cursor.row && cursor.column >= cells.length) there = [this.row, this.column];
      if (!full && row < before.length - 1) {
        this.column = 0;
        this.#down();
      }
    });
    [this.row, this.column] = there;
  }

  #put(letter: string): void {
    const width = columnsOf(letter);
    if (this.column + width > this.columns) {
      this.#rows[this.row]!.full = true;
      this.column = 0;
      this.#down();
    }
    const { cells, styles } = this.#rows[this.row]!;
    styles[this.column] = this.#style;
    cells[this.column++] = letter;
    for (let more = 1; more < width; more++) cells[this.column++] = "";
  }

  #down(): void {
    this.row++;
    this.#rows[this.row] ??= blank();
  }

  /** Removes the rest of the cursor's row. */
  #cut(): void {
    const row = this.#rows[this.row]!;
    row.cells.length = Math.min(row.cells.length, this.column);
    row.full = false;
  }

  #control(control: string, given: string): void {
    const count = Number(given) || 1;
    switch (control) {
      case "A":
        this.row = Math.max(0, this.row - count);
        return;
      case "C":
        this.column = Math.min(this.columns - 1, this.column + count);
        return;
      case "J":
        if (given === "2") this.#rows = [blank()];
        this.#rows.length = this.row + 1;
        return this.#cut();
      case "K":
        return this.#cut();
      case "H":
        this.row = this.column = 0;
        return;
      case "m":
        this.#style = given;
        return;
      case "h": // a wish, as that pastes be marked
      case "l":
        return;
      default:
        throw new Error(`Cannot do "${given}${control}": this terminal does not know it`);
    }
  }
}

function blank(): Row {
  return { cells: [], styles: [], full: false };
}
