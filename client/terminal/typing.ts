// What a person does at the keys: a line is typed, completed, sent; many are pasted, and sent if that was meant; a password
// is typed that nobody sees. They become commands, one after another, each executed before the next key is looked at.

import { blockOf, looksLikeCode } from "../protocol/code.ts";
import { type Key, Keys } from "./keys.ts";
import { LineEditor } from "./line_editor.ts";
import { catalogues, type Texts } from "./words.ts";

/** What the keys ask for, beside whole lines. */
export type Edit =
  /** Texts, whatever they begin with. */
  | { readonly do: "paste"; readonly lines: readonly string[] }
  /** Pasted code, as one message. */
  | { readonly do: "block"; readonly text: string }
  /** What Tab could make of the word. */
  | { readonly do: "choose"; readonly choices: readonly string[] }
  /** A password; `undefined` when there is none. */
  | { readonly do: "answer"; readonly text: string | undefined; readonly answer: Answer }
  /** The screen is to be emptied; a paste was not meant; Tab has found no room, which may be a new one. */
  | { readonly do: "clear" | "drop" | "look" };

/** What a line asks for: `do` names the command that executes it. */
export interface Asked {
  readonly do: string;
}

/** What lines mean: each is read as an `A`. */
export interface Reader<A extends Asked> {
  read(line: string): A;
  complete(text: string, at: number): Completed;
}

/** What Tab comes to: the line as it is then, and what it could be when that is not decided yet. */
export interface Completed {
  readonly text: string;
  readonly at: number;
  readonly choices: readonly string[];
}

/** Takes a password; `undefined` when the person would rather not. */
export type Answer = (text: string | undefined, now: number) => void;

/** What the line is for, while it is not for the chat. */
type Question =
  | { readonly about: "paste"; readonly lines: readonly string[]; readonly code: string | undefined }
  | { readonly about: "password"; readonly prompt: string; readonly line: LineEditor; readonly answer: Answer };

/** Behind these a password may have been typed where it does not belong, in sight. */
const SECRET = /^\/(login|register)\b/;

/**
 * The keys of one person.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readCommand } from "./commands.ts";
 * const typing = new Typing(), reader = { read: readCommand, complete: () => assert.fail() };
 * const type = (text: string) => [...typing.type(new TextEncoder().encode(text), reader)];
 * assert.deepEqual(type("hel"), []);
 * assert.deepEqual(type("lo\r"), [{ do: "say", text: "hello" }]);
 * ```
 */
export class Typing {
  readonly #keys = new Keys();
  readonly #line = new LineEditor();
  readonly #texts: Texts;
  #question: Question | undefined;
  /** The line that was entered last; `undefined` when what is sent was pasted. */
  #entered: string | undefined;

  constructor(texts: Texts = catalogues.en) {
    this.#texts = texts;
  }

  /** Whether a password is asked for. */
  get asks(): boolean {
    return this.#question?.about === "password";
  }

  /** What is typed; empty while the line is for something else. */
  get text(): string {
    return this.#question === undefined ? this.#line.text : "";
  }

  /**
   * What to show.
   *
   * @param prompt the chat's own
   * @param where the conversation that a paste would go to
   */
  shown(prompt: string, where: string): { readonly prompt: string; readonly text: string; readonly at: number } {
    const asked = this.#question;
    if (asked === undefined) return { prompt, text: this.#line.text, at: this.#line.at };
    if (asked.about === "password") return { prompt: asked.prompt, text: "", at: 0 };
    const question = (asked.code === undefined ? this.#texts.sendLines : this.#texts.sendCode)(
      asked.lines.length,
      where,
    );
    return { prompt: question, text: "", at: 0 };
  }

  /** Asks for a password. What was typed comes back after it. */
  ask(prompt: string, answer: Answer): void {
    this.#question = { about: "password", prompt, line: new LineEditor(), answer };
  }

  /** Puts a text back that could not be sent: as the line that was entered, which may name a receiver. */
  giveBack(text: string): void {
    this.#line.set(this.#entered ?? (text.startsWith("/") ? `/${text}` : text));
  }

  /** The commands in these bytes. Each is to be executed before the next is asked for. */
  *type<A extends Asked>(bytes: Uint8Array, reader: Reader<A>): Generator<A | Edit> {
    for (const key of this.#keys.push(bytes)) {
      const command = this.#press(key, reader);
      if (command !== undefined) yield command;
    }
  }

  #press<A extends Asked>(key: Key, reader: Reader<A>): A | Edit | undefined {
    if (this.#question?.about === "paste") return this.#confirm(this.#question, key);
    if (this.#question?.about === "password") return this.#secret(this.#question, key);
    switch (key.key) {
      case "text":
        this.#line.insert(key.text);
        return;
      case "paste":
        return this.#paste(key.text);
      case "enter":
        return this.#enter(reader);
      case "tab":
        return this.#complete(reader);
      case "clear":
        return { do: "clear" };
      case "interrupt":
        if (this.#line.text === "") return reader.read("/quit");
        this.#line.set("");
        return;
      case "end-of-input":
        if (this.#line.text === "") return reader.read("/quit");
        this.#line.press("delete");
        return;
      default:
        this.#line.press(key.key);
        return;
    }
  }

  #enter<A extends Asked>(reader: Reader<A>): A {
    const { text } = this.#line;
    const wanted = reader.read(text);
    if (wanted.do === "invalid" && SECRET.test(text)) this.#line.set(""); // it is not remembered, then
    this.#entered = this.#line.take();
    return wanted;
  }

  #complete(reader: Reader<Asked>): Edit | undefined {
    const { text, at, choices } = reader.complete(this.#line.text, this.#line.at);
    if (text === this.#line.text && /#\S*$/.test(text.slice(0, at)) && choices.length === 0) return { do: "look" };
    this.#line.set(text, at);
    return choices.length > 0 ? { do: "choose", choices } : undefined;
  }

  /** One line is as if it were typed. Of several, the first and the last take what is on the line already. */
  #paste(text: string): undefined {
    const lines = text.replace(/[\r\n]+$/, "").split(/\r\n|\r|\n/);
    if (lines.length === 1) {
      this.#line.insert(lines[0]!);
      return;
    }
    const { text: before, at } = this.#line;
    lines[0] = before.slice(0, at) + lines[0];
    lines[lines.length - 1] += before.slice(at);
    const code = looksLikeCode(lines.join("\n")) ? lines.join("\n") : undefined;
    this.#question = { about: "paste", lines: lines.filter((line) => line.trim() !== ""), code };
  }

  /** Only a yes is a yes. */
  #confirm({ lines, code }: Question & { about: "paste" }, key: Key): Edit {
    this.#question = this.#entered = undefined;
    if (code !== undefined && key.key === "text" && /^[cCкК]/.test(key.text)) {
      this.#line.set("");
      return { do: "block", text: blockOf(code) };
    }
    if (key.key !== "text" || !/^[yYдД]/.test(key.text)) return { do: "drop" };
    this.#line.set("");
    return { do: "paste", lines: lines.map((line) => line.replaceAll("\t", "    ")) };
  }

  #secret({ line, answer }: Question & { about: "password" }, key: Key): Edit | undefined {
    switch (key.key) {
      case "text":
      case "paste":
        line.insert(key.text.replace(/[\r\n]+$/, ""));
        return;
      case "enter":
      case "interrupt":
      case "end-of-input":
        this.#question = undefined;
        return { do: "answer", text: key.key === "enter" && line.text !== "" ? line.text : undefined, answer };
      default:
        line.press(key.key);
        return;
    }
  }
}
