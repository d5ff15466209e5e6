// What is still to be said, and how fast (see pace.ts). Pure: it knows no socket, and the clock is an argument.

import { COMMON } from "../../jim/mod.ts";
import { CAREFUL, FAST, OBJECT } from "../pace.ts";
import { ascii, pieces } from "../pieces.ts";

/** Texts in wait from which on no more should be typed: a file may be longer than the memory. */
const FULL = 1_000;

/** What an answer is to: a message by its text, or the presence, which has none. */
export interface Asked {
  readonly text: string | undefined;
}

const encoder = new TextEncoder();

/**
 * The queue of what one client says.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const outgoing = new Outgoing("ann");
 * outgoing.say("hello", 0);
 * outgoing.join(0);
 * assert.match(new TextDecoder().decode(outgoing.take(0)), /"presence"/);
 * assert.equal(outgoing.take(1), undefined); // there is no answer yet
 * assert.deepEqual(outgoing.answered(2), { text: undefined });
 * assert.match(new TextDecoder().decode(outgoing.take(3)), /"hello"/);
 * ```
 */
export class Outgoing {
  readonly #name: string;
  #pace = CAREFUL;
  #joining: number | undefined; // the time of a presence that is to be sent
  #texts: { text: string; time: number }[] = [];
  #asked: Asked[] = [];
  #heardAt = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Messages that are not sent yet. */
  get unsent(): number {
    return this.#texts.length;
  }

  /** Messages that are sent and not answered, as far as answers are still waited for. */
  get unanswered(): number {
    return this.#asked.filter(({ text }) => text !== undefined).length;
  }

  /** Whether all is said and answered. */
  get idle(): boolean {
    return this.#joining === undefined && this.#texts.length === 0 && this.#asked.length === 0;
  }

  /** Whether enough is in wait. */
  get full(): boolean {
    return this.#texts.length >= FULL;
  }

  /** When the answers that are missing will have been waited for long enough; `Infinity` when none is missing. */
  get due(): number {
    return this.#asked.length === 0 ? Infinity : this.#heardAt + this.#pace.patience;
  }

  /** Whether the server is known to take many objects at once. */
  get fast(): boolean {
    return this.#pace === FAST;
  }

  /**
   * Says who we are, before anything else that is in wait.
   *
   * @param time milliseconds since 1970, unlike `now` elsewhere, which is of a clock that never jumps
   */
  join(time: number): void {
    this.#joining = time;
  }

  /**
   * Says a text to everybody.
   *
   * @param time milliseconds since 1970
   */
  say(text: string, time: number): void {
    this.#texts.push({ text, time });
  }

  /** The server takes many objects at once. */
  hurry(): void {
    this.#pace = FAST;
  }

  /** An answer has come. Returns to what; `undefined` when nothing was asked, or not within the last while. */
  answered(now: number): Asked | undefined {
    this.#heardAt = now;
    return this.#asked.shift();
  }

  /** Waits no longer for what is {@linkcode due}. Returns what was given up. */
  giveUp(now: number): readonly Asked[] {
    return now < this.due ? [] : this.#asked.splice(0);
  }

  /** The bytes of the next write; `undefined` while there is nothing to say, or while it must wait for answers. */
  take(now: number): Uint8Array | undefined {
    const lines: string[] = [];
    while (this.#asked.length < this.#pace.window) {
      const line = this.#next();
      if (line === undefined) break;
      lines.push(line);
    }
    if (lines.length === 0) return undefined;
    this.#heardAt = now; // the silence counts from here
    return encoder.encode(lines.join(""));
  }

  #next(): string | undefined {
    if (this.#joining !== undefined) {
      const line = ascii(JSON.stringify(presence(this.#name, this.#joining))) + "\n";
      this.#joining = undefined;
      this.#asked.push({ text: undefined });
      return line;
    }
    const said = this.#texts.shift();
    if (said === undefined) return undefined;
    const { text, time } = said;
    if (this.fast) {
      this.#asked.push({ text });
      return JSON.stringify(message(this.#name, text, time)) + "\n";
    }
    const spelt = (text: string) => ascii(JSON.stringify(message(this.#name, text, time))) + "\n";
    const [first = "", ...rest] = pieces(text, OBJECT - spelt("").length);
    this.#asked.push({ text: first });
    this.#texts.unshift(...rest.map((text) => ({ text, time })));
    return spelt(first);
  }
}

/**
 * "I am here", nested and flat: there are servers that look for the name here, and servers that look there.
 *
 * @param now milliseconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(JSON.stringify(presence("ann", 1000)), /"time":1,.*"account_name":"ann"/);
 * ```
 */
export function presence(name: string, now: number): object {
  const user = { account_name: name, status: "online" };
  return { action: "presence", time: now / 1000, type: "status", account_name: name, user };
}

/**
 * A text as a message. The fields are in this order, so that Hanita relays the bytes as they are.
 *
 * @param now milliseconds
 * @param to a room with its `#`, or a person's name
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(JSON.stringify(message("ann", "hi", 1000)), /"to":"#all","from":"ann","encoding":"utf-8","message":"hi"/);
 * ```
 */
export function message(name: string, text: string, now: number, to: string = COMMON): object {
  return { action: "msg", time: now / 1000, to, from: name, encoding: "utf-8", message: text };
}
