// What a terminal is made to show: what was said, and below it the line being typed, which is taken away and put back
// around everything that is printed. It keeps no picture of the screen, only how far the cursor is below the first row of
// the line: so the terminal's own scrolling, selecting and copying work as ever.

import { columnsOf, letters, STYLE } from "./width.ts";

/** Columns when nobody knows. */
const COLUMNS = 80;

/** Where a text ends up in a terminal that breaks rows where they are full. */
interface Spot {
  /** Rows below the first. */
  readonly row: number;
  readonly column: number;
}

/**
 * The window. What is to be shown is appended to {@linkcode Window.out}; the loop takes it and empties it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const window = new Window();
 * window.line("> ", "hel", 3);
 * window.print("ann: hi");
 * assert.ok(window.out.endsWith("\r\x1b[Kann: hi\r\n> hel \r\x1b[5C"));
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

  /** Shows the line where the cursor is now: what was below the first row of it may be gone, or be a shell's. */
  showAgain(): void {
    if (!this.#shown) return;
    this.out += "\r\x1b[J";
    this.#show();
  }

  /** Takes the line away, for good. */
  end(): void {
    this.#hide();
  }

  /** Rings, once for all that is shown at once. */
  bell(): void {
    if (!this.out.includes("\x07")) this.out += "\x07";
  }

  /** What is typed at the end of a row that has room needs no repaint: a terminal far away is quick then as well. */
  #append(text: string): boolean {
    const more = text.slice(this.#text.length);
    const { column } = this.#spot(this.#prompt + this.#text);
    // An accent would change the letter before it.
    if (!/^[ -~]+$/.test(more) || column + more.length >= this.columns - 1) return false;
    this.out += `${more} \b`;
    [this.#text, this.#at] = [text, text.length];
    return true;
  }

  /**
   * There is a space behind the text, so that the cursor is always on a letter: behind a full row, and when a terminal
   * breaks rows anew, terminals differ in where it is.
   */
  #show(): void {
    const all = this.#prompt + this.#text;
    const end = this.#spot(all), cursor = this.#cursor;
    this.out += `${all} `;
    if (end.row > cursor.row) this.out += `\x1b[${end.row - cursor.row}A`;
    this.out += cursor.column > 0 ? `\r\x1b[${cursor.column}C` : "\r";
    this.#shown = true;
  }

  #hide(): void {
    if (!this.#shown) return;
    this.#shown = false;
    const { row } = this.#cursor, single = this.#spot(this.#prompt + this.#text).row === 0;
    // tmux keeps in its history what `J` removes from the top of the screen; one row alone needs no `J`.
    this.out += (row > 0 ? `\x1b[${row}A` : "") + (single ? "\r\x1b[K" : "\r\x1b[J");
  }

  get #cursor(): Spot {
    return this.#spot(this.#prompt + this.#text.slice(0, this.#at), letters(this.#text.slice(this.#at))[0]);
  }

  /** Where the letter behind a text is: the next one, or the space. */
  #spot(text: string, next = " "): Spot {
    let row = 0, column = 0;
    for (const letter of [...letters(text.replace(STYLE, "")), next]) {
      const width = columnsOf(letter);
      if (column + width > this.columns) {
        row++;
        column = 0;
      }
      column += width;
    }
    return { row, column: column - columnsOf(next) };
  }
}
