// The line being typed: its letters, the cursor between two of them, what was cut, and the lines before it. Pure; where it
// is on the screen is window.ts's matter. (node:readline edits too, but it walks through the inside of an emoji, echoes
// passwords, and needs its private fields changed to print above a line.)

import { safe } from "../safe.ts";
import type { Move } from "./keys.ts";
import { letters } from "./width.ts";

/** Lines that are remembered. */
const REMEMBERED = 500;

/**
 * A line editor.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = new LineEditor();
 * line.insert("hello word");
 * line.press("left");
 * line.insert("l");
 * assert.deepEqual([line.text, line.at], ["hello world", 10]);
 * assert.equal(line.take(), "hello world");
 * line.press("up");
 * assert.equal(line.text, "hello world");
 * ```
 */
export class LineEditor {
  /** What was typed. */
  text = "";
  /** Where the cursor is: UTF-16 units before it. */
  at = 0;
  readonly #before: string[] = [];
  #back = 0; // how many lines ago the one that is shown is; 0 is the one being typed
  #draft = "";
  #cut = "";

  /** Puts a text where the cursor is. It is one line, whatever is in it. */
  insert(text: string): void {
    const clean = safe(text);
    this.text = this.text.slice(0, this.at) + clean + this.text.slice(this.at);
    this.at += clean.length;
  }

  /** Replaces everything, the cursor at the end or where it is said to be. */
  set(text: string, at = text.length): void {
    this.text = text;
    this.at = at;
  }

  /** The line, which is empty from now on; it is remembered. */
  take(): string {
    const line = this.text;
    if (line !== "" && line !== this.#before.at(-1)) this.#before.push(line);
    if (this.#before.length > REMEMBERED) this.#before.shift();
    this.#back = 0;
    this.set("");
    return line;
  }

  /** Does what a key asks for; false when it is none that edits. */
  press(key: Move): boolean {
    const edit = edits[key];
    if (edit !== undefined) {
      const [from, to] = edit(this.text, this.at);
      if (from === to) return true;
      this.#remove(from, to, key !== "backspace" && key !== "delete");
      return true;
    }
    const step = steps[key];
    if (step !== undefined) this.at = step(this.text, this.at);
    else if (key === "up" || key === "down") this.#walk(key === "up" ? 1 : -1);
    else if (key === "yank") this.insert(this.#cut);
    else return false;
    return true;
  }

  #remove(from: number, to: number, keep: boolean): void {
    if (keep) this.#cut = this.text.slice(from, to);
    this.set(this.text.slice(0, from) + this.text.slice(to), from);
  }

  #walk(by: 1 | -1): void {
    const back = this.#back + by;
    if (back < 0 || back > this.#before.length) return;
    if (this.#back === 0) this.#draft = this.text;
    this.#back = back;
    this.set(back === 0 ? this.#draft : this.#before.at(-back)!);
  }
}

type Moves<T> = Partial<Record<Move, (text: string, at: number) => T>>;

/** Where the cursor goes. */
const steps: Moves<number> = {
  left: (text, at) => at - (letters(text.slice(0, at)).at(-1)?.length ?? 0),
  right: (text, at) => at + (letters(text.slice(at))[0]?.length ?? 0),
  "word-left": (text, at) => Math.max(0, text.slice(0, at).search(/\S+\s*$/)),
  "word-right": (text, at) => at + /^\s*\S*/.exec(text.slice(at))![0].length,
  home: () => 0,
  end: (text) => text.length,
};

/** What is removed. */
const edits: Moves<[from: number, to: number]> = {
  backspace: (text, at) => [steps.left!(text, at), at],
  delete: (text, at) => [at, steps.right!(text, at)],
  "cut-word": (text, at) => [steps["word-left"]!(text, at), at],
  "cut-next-word": (text, at) => [at, steps["word-right"]!(text, at)],
  "cut-before": (_, at) => [0, at],
  "cut-after": (text, at) => [at, text.length],
};
