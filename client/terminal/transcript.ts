// What was said, on its way to the window: a message where it belongs, a new day before it, the bell when one is called;
// and what the program says by itself.

import type { Role } from "../../jim/client/event.ts";
import type { Paint } from "./paint.ts";
import type { ChatMessage, Conversations } from "./conversations.ts";
import { choiceRows, codeRows, mentions, messageRows, noteRows, type RowStyle, rule, tableRows } from "./rows.ts";
import type { Window } from "./window.ts";
import type { Texts } from "./words.ts";

/** The user's name, which is marked in messages and rings the bell. */
interface Self {
  readonly me: { readonly name: string };
  isMe(name: string): boolean;
  readonly roles: ReadonlyMap<string, Role>;
}

/** A message that is shown once more. */
export interface PageMessage {
  readonly where: string;
  readonly said: ChatMessage;
  /** Of a message that a search has found: by it `/around` goes there. */
  readonly number?: number | undefined;
  /** What stands before it was not said just before it. */
  readonly isApart?: boolean;
}

/** What was said. */
export class Transcript {
  readonly #self: Self;
  readonly #window: Window;
  readonly #conversations: Conversations;
  readonly #paint: Paint;
  readonly #texts: Texts;
  #day: string; // of what was printed last

  constructor(window: Window, conversations: Conversations, paint: Paint, self: Self, now: number, texts: Texts) {
    this.#window = window;
    this.#conversations = conversations;
    this.#paint = paint;
    this.#self = self;
    this.#texts = texts;
    this.#day = this.#dayOf(now);
  }

  /**
   * A message: printed if one is there, or if it is to one alone; else it waits there.
   *
   * @param ring whether the bell may ring for it
   * @param isNew whether it is a message, and not the new text of one
   */
  said(where: string, said: ChatMessage, ring = true, isNew = true): void {
    const alone = !where.startsWith("#");
    const isOwn = this.#isOwn(said), called = !isOwn && (alone || mentions(said.text, this.#self.me.name));
    if (called && ring) this.#window.bell();
    if (alone || where === this.#conversations.current) this.#print(where, said);
    else this.#conversations.addUnread(where, { ...said, isCounted: isNew && !isOwn }, called);
  }

  /** Goes somewhere, and shows what waits there. */
  turnTo(where: string, now: number): void {
    const { waiting, dropped } = this.#conversations.enter(where);
    const role = this.#self.roles.get(where);
    const person = role === undefined ? `@${where}` : `${this.#texts.roles[role]} @${where}`;
    this.#rule(where.startsWith("#") ? where : person, this.#dayOf(now));
    if (dropped > 0) this.note(this.#texts.moreBefore(dropped), now);
    for (const said of waiting) this.#print(where, said);
  }

  /**
   * Messages that are shown once more.
   *
   * @param isEverywhere they are of several conversations, each of which is named above its messages
   */
  page(
    title: string,
    messages: readonly PageMessage[],
    isEverywhere: boolean,
    now: number,
  ): void {
    this.#rule(title, "");
    let last: string | undefined;
    for (const { where, said, number, isApart } of messages) {
      if (isEverywhere && where !== last) this.#rule(where.startsWith("#") ? where : `@${where}`, "");
      else if (isApart) this.#rule("…", this.#day);
      last = where;
      this.#print(where, said, number);
    }
    this.#rule(this.#texts.now, this.#dayOf(now));
  }

  /** Code, between two rules and with nothing before its lines. */
  code(title: string, code: string, now: number): void {
    this.#rule(title, "");
    this.#window.print(codeRows(code));
    this.#rule(this.#texts.now, this.#dayOf(now));
  }

  /** What the program says: a remark, or something that went wrong. */
  note(words: string | readonly string[], now: number, mark: "·" | "!" = "·"): void {
    this.#window.print(noteRows(words, mark, now, this.#style));
  }

  /** How things are written, and what they do. */
  table(rows: readonly (readonly [string, string])[]): void {
    this.#window.print(tableRows(rows, this.#style));
  }

  /** What Tab could make of a word. */
  choices(words: readonly string[]): void {
    this.#window.print(choiceRows(words, this.#style));
  }

  get #style(): RowStyle {
    return { paint: this.#paint, columns: this.#window.columns, moreLines: this.#texts.moreLines };
  }

  #print(where: string, { time, ...said }: ChatMessage, number?: number): void {
    const today = this.#dayOf(time);
    if (today !== this.#day) this.#rule(today, today);
    const to = where.startsWith("#") || where === this.#conversations.current ? {} : { to: where };
    const found = number === undefined ? {} : { number };
    const message = { ...said, ...to, ...found, time, own: this.#isOwn(said) };
    this.#window.print(messageRows(message, this.#self.me.name, this.#style));
  }

  /** A day as a title, in local time. */
  #dayOf(time: number): string {
    return this.#texts.day(new Date(time));
  }

  /** Another guest by one's own name has a number. */
  #isOwn({ from, guest }: Pick<ChatMessage, "from" | "guest">): boolean {
    return guest === undefined && this.#self.isMe(from);
  }

  #rule(title: string, day: string): void {
    this.#window.print(rule(title, this.#style));
    this.#day = day;
  }
}
