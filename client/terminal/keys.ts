// Bytes of a terminal → keys. A key is a letter, a control character or an escape sequence, of which there are several for
// the same key; a sequence may come in two pieces. A paste comes between marks that terminals send when asked to, so that
// a newline in it is not an Enter.

/** What a key asks for, whatever the key is. */
export type Move =
  | "left"
  | "right"
  | "word-left"
  | "word-right"
  | "home"
  | "end"
  | "up"
  | "down"
  | "backspace"
  | "delete"
  | "cut-word"
  | "cut-next-word"
  | "cut-before"
  | "cut-after"
  | "yank"
  | "enter"
  | "tab"
  | "clear"
  | "interrupt"
  | "end-of-input";

/** One key, or what was pasted. `text` has no control characters; a paste may. */
export type Key =
  | { readonly key: "text" | "paste"; readonly text: string }
  | { readonly key: Move };

/** As Emacs and every shell have them. */
const CONTROLS: Readonly<Record<string, Move>> = {
  "\x01": "home",
  "\x02": "left",
  "\x03": "interrupt",
  "\x04": "end-of-input",
  "\x05": "end",
  "\x06": "right",
  "\x08": "backspace",
  "\t": "tab",
  "\n": "enter",
  "\x0b": "cut-after",
  "\x0c": "clear",
  "\r": "enter",
  "\x0e": "down",
  "\x10": "up",
  "\x15": "cut-before",
  "\x17": "cut-word",
  "\x19": "yank",
  "\x7f": "backspace",
};

/** What follows the escape character, in the words of xterm, of rxvt and of the Linux console. */
const SEQUENCES: Readonly<Record<string, Move>> = {
  "[A": "up",
  "OA": "up",
  "[B": "down",
  "OB": "down",
  "[C": "right",
  "OC": "right",
  "[D": "left",
  "OD": "left",
  "[H": "home",
  "OH": "home",
  "[1~": "home",
  "[7~": "home",
  "[F": "end",
  "OF": "end",
  "[4~": "end",
  "[8~": "end",
  "[3~": "delete",
  "[1;5C": "word-right",
  "[1;3C": "word-right",
  "[1;5D": "word-left",
  "[1;3D": "word-left",
  "f": "word-right",
  "b": "word-left",
  "d": "cut-next-word",
  "[3;5~": "cut-next-word",
  "\x7f": "cut-word",
  "\b": "cut-word",
};

const PASTE = "\x1b[200~", PASTED = "\x1b[201~";
/** UTF-16 units that are kept of a paste. */
const LARGEST = 1_000_000;

/** The next key: text, a whole sequence, or any other control character. */
// deno-lint-ignore no-control-regex
const NEXT = /[^\x00-\x1f\x7f-\x9f]+|\x1b(?:\[\[?[0-?]*[ -/]*[@-~]|O[ -~]|[^[O\x1b])|[\x00-\x1f\x7f-\x9f]/uy;
/** A sequence that may go on in the next bytes. */
// deno-lint-ignore no-control-regex
const OPEN = /^\x1b(?:\[\[?[0-?]*[ -/]*|O)$/;

/**
 * Reads keys.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const keys = new Keys();
 * const type = (text: string) => keys.push(new TextEncoder().encode(text));
 * assert.deepEqual(type("hi\x1b["), [{ key: "text", text: "hi" }]);
 * assert.deepEqual(type("D"), [{ key: "left" }]);
 * assert.deepEqual(type("\x1b[200~one\ntwo\x1b[201~\r"), [{ key: "paste", text: "one\ntwo" }, { key: "enter" }]);
 * ```
 */
export class Keys {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #pasted: string | undefined; // while a paste is coming

  /** The keys that ended in these bytes. An escape that nothing follows is the Escape key, which has no use here. */
  push(bytes: Uint8Array): Key[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    for (let key = this.#next(); key !== undefined; key = this.#next()) keys.push(...key);
    return keys;
  }

  /** One key, or a sequence that means nothing; `undefined` when there is none, or not the whole of it. */
  #next(): Key[] | undefined {
    if (this.#pasted !== undefined) return this.#paste(this.#pasted);
    if (this.#rest === "" || OPEN.test(this.#rest)) return undefined;
    NEXT.lastIndex = 0;
    const [found] = NEXT.exec(this.#rest)!;
    this.#rest = this.#rest.slice(found.length);
    if (found === PASTE) {
      this.#pasted = "";
      return [];
    }
    const move = found[0] === "\x1b" ? SEQUENCES[found.slice(1)] : CONTROLS[found];
    if (move !== undefined) return [{ key: move }];
    return found < " " || (found >= "\x7f" && found < "\xa0") ? [] : [{ key: "text", text: found }];
  }

  #paste(before: string): Key[] | undefined {
    const end = this.#rest.indexOf(PASTED);
    // The mark itself may come in two pieces.
    const ripe = end < 0 ? Math.max(0, this.#rest.length - PASTED.length) : end;
    const text = (before + this.#rest.slice(0, ripe)).slice(0, LARGEST);
    this.#rest = this.#rest.slice(end < 0 ? ripe : end + PASTED.length);
    this.#pasted = end < 0 ? text : undefined;
    return end < 0 ? undefined : [{ key: "paste", text }];
  }
}
