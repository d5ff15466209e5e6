// What a terminal is made to show: what was said, and below it the line being typed, which is taken away and put back
// around everything that is printed. It keeps no picture of the screen, only how far the cursor is below the first row of
// the line: so the terminal's own scrolling, selecting and copying work as ever.

import { columnsOf, letters } from "./width.ts";

/** Columns when nobody knows. */
const COLUMNS = 80;

/** Where a text ends up in a terminal that breaks rows where they are full. */
interface Spot {
  /** Rows below the first. */
  readonly row: number;
  readonly column: number;
}

/**
 * The window. Whatever is to be shown is appended to {@linkcode Window.out}; whoever takes it empties it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const window = new Window();
 * window.line("> ", "hel", 3);
 * window.print("ann: hi");
 * assert.ok(window.out.endsWith("\r\x1b[Jann: hi\r\n> hel"));
 * ```
 */
export class Window {
  /** What the terminal is still to be sent. */
  out = "";
  /** Columns of the terminal; see {@linkcode resize}. */
  columns = COLUMNS;
  #prompt = "";
  #text = "";
  #at = 0;
  #shown = false;

  /** Shows a prompt, a text behind it and the cursor in that text. */
  line(prompt: string, text: string, at: number): void {
    if (this.#shown && prompt === this.#prompt && text === this.#text && at === this.#at) return;
    const typed = this.#shown && prompt === this.#prompt && this.#at === this.#text.length &&
      at === text.length && text.startsWith(this.#text);
    if (typed && this.#append(text)) return;
    this.#hide();
    [this.#prompt, this.#text, this.#at] = [prompt, text, at];
    this.#show();
  }

  /** Prints rows above the line. */
  print(rows: string): void {
    const wasShown = this.#shown;
    this.#hide();
    this.out += `${rows.replaceAll("\n", "\r\n")}\r\n`;
    if (wasShown) this.#show();
  }

  /** The terminal has another width now, and has broken the line into other rows. */
  resize(columns: number): void {
    if (columns === this.columns) return;
    this.columns = Math.max(1, columns);
    if (!this.#shown) return;
    this.#hide();
    this.#show();
  }

  /** Empties the screen. What has scrolled out of it stays. */
  clear(): void {
    this.#shown = false;
    this.out += "\x1b[H\x1b[2J";
    this.#show();
  }

  /** Takes the line away, for good. */
  end(): void {
    this.#hide();
  }

  bell(): void {
    this.out += "\x07";
  }

  /** What is typed at the end of a row that has room needs no repaint: a terminal far away is quick then as well. */
  #append(text: string): boolean {
    const more = text.slice(this.#text.length);
    const { column } = this.#spot(this.#prompt + this.#text);
    // An accent would change the letter before it.
    if (!/^[ -~]+$/.test(more) || column + more.length >= this.columns) return false;
    this.out += more;
    [this.#text, this.#at] = [text, text.length];
    return true;
  }

  #show(): void {
    const all = this.#prompt + this.#text;
    this.out += all;
    const end = this.#spot(all), cursor = this.#spot(this.#prompt + this.#text.slice(0, this.#at));
    // A full row leaves the cursor in between two rows, and terminals differ where.
    if (end.column === 0 && end.row > 0) this.out += " \r";
    if (this.#at < this.#text.length) {
      if (end.row > cursor.row) this.out += `\x1b[${end.row - cursor.row}A`;
      this.out += "\r" + (cursor.column > 0 ? `\x1b[${cursor.column}C` : "");
    }
    this.#shown = true;
  }

  #hide(): void {
    if (!this.#shown) return;
    this.#shown = false;
    const { row } = this.#spot(this.#prompt + this.#text.slice(0, this.#at));
    this.out += (row > 0 ? `\x1b[${row}A` : "") + "\r\x1b[J";
  }

  #spot(text: string): Spot {
    const width = columnsOf(text);
    if (width < this.columns) return { row: 0, column: width };
    let row = 0, column = 0;
    // deno-lint-ignore no-control-regex
    for (const letter of letters(text.replace(/\x1b\[[\d;]*m/g, ""))) {
      const wide = columnsOf(letter);
      if (column + wide > this.columns) {
        row++;
        column = 0;
      }
      column += wide;
    }
    return column >= this.columns ? { row: row + 1, column: 0 } : { row, column };
  }
}
