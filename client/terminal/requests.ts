// What one connection is still to be asked, and who waits for which answer. Answers come in the order of the requests and
// say nothing of what they answer, so they are matched by counting; a list is an answer that says how many rows follow it.
// Pure: it knows no socket, and the clock is an argument.

import type { Heard, HeardAnswer, HeardMessage } from "../heard.ts";
import { message } from "../pipe/outgoing.ts";
import { CAREFUL, FAST, OBJECT } from "../pace.ts";
import { ascii, pieces } from "../pieces.ts";

/** An answer, with the rows that it announced. */
export interface Reply extends HeardAnswer {
  readonly listed: readonly (Heard & { what: "listed" })[];
  readonly messages: readonly HeardMessage[];
  /** Rows of a kind that was not asked for, or that this client does not know. */
  readonly skipped: readonly Heard[];
  /** The greatest id of all rows, those that were skipped too. */
  readonly lastId: number | undefined;
}

/** What is to be asked. */
export interface Request {
  readonly object: object;
  /** Which rows may follow the answer. */
  readonly rows?: "listed" | "message";
  /** Milliseconds for an answer that takes a server longer than others do. */
  readonly patience?: number;
  /** The message that it is, if it is one. */
  readonly said?: Saying;
  /** The answer is there, or will not come: `undefined`. */
  then?(reply: Reply | undefined, now: number): void;
  /** The connection ended before the answer: it may have been done, or not. */
  lost?(now: number): void;
}

/** A message that somebody wants to say. */
export interface Saying {
  readonly from: string;
  /** A room with its `#`, or a person's name. */
  readonly to: string;
  readonly text: string;
  /** Milliseconds; no two of one client have the same. */
  readonly time: number;
}

const encoder = new TextEncoder();

/**
 * The requests of one connection.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { heard } from "../heard.ts";
 * const requests = new Requests();
 * const names: string[] = [];
 * const then = (reply?: Reply) => names.push(...reply!.listed.map(({ name }) => name));
 * requests.ask({ object: { action: "who_online", time: 0 }, rows: "listed", then });
 * assert.match(new TextDecoder().decode(requests.take(0)), /who_online/);
 * requests.hear(heard('{"response":202,"quantity":1}'), 1);
 * requests.hear(heard('{"action":"online_list","user_id":"ann"}'), 2);
 * assert.deepEqual(names, ["ann"]);
 * ```
 */
export class Requests {
  #pace = CAREFUL;
  #queue: Request[] = [];
  #asked: Request[] = [];
  #list: { request: Request; reply: HeardAnswer; rows: Heard[] } | undefined; // whose rows are coming
  #heardAt = 0;

  /** Whether all is said and answered. */
  get idle(): boolean {
    return this.#queue.length === 0 && !this.#waits;
  }

  /** Messages that are not sent, or not answered. */
  get saying(): number {
    return [...this.#asked, ...this.#queue].filter(({ said }) => said !== undefined).length;
  }

  /** Whether the server is known to take many objects at once. */
  get fast(): boolean {
    return this.#pace === FAST;
  }

  /** When anything was heard last; milliseconds. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** When the answers that are missing will have been waited for long enough; `Infinity` when none is missing. */
  get due(): number {
    return this.#waits ? this.#heardAt + (this.#asked[0]?.patience ?? this.#pace.patience) : Infinity;
  }

  /** Asks; before all that is in wait, if it is urgent. */
  ask(request: Request, urgent = false): void {
    if (urgent) this.#queue.unshift(request);
    else this.#queue.push(request);
  }

  /** Something was heard. Returns it unless it was the answer to a request, or a row of one. */
  hear(heard: Heard, now: number): Heard | undefined {
    this.#heardAt = now;
    // Where many objects are taken at once, an answer has a code; what has none may be a row of a kind that is not known.
    if (heard.what === "answer" && !(this.fast && heard.code === undefined)) return this.#answer(heard, now);
    const list = this.#list;
    // JIM: a list is so many objects with nothing between them. Others may relay what is said meanwhile.
    if (list === undefined || !(this.fast || heard.what === list.request.rows)) return heard;
    list.rows.push(heard);
    if (list.rows.length === list.reply.quantity) this.#endList(now);
    return undefined;
  }

  /** Waits no longer for what is {@linkcode due}. */
  giveUp(now: number): void {
    if (now < this.due) return;
    this.#endList(now);
    for (const { then } of this.#asked.splice(0)) then?.(undefined, now);
  }

  /**
   * The connection is gone: the messages that were sent and not answered, and those that were not sent; and all else that
   * has no answer, the list whose rows were coming too.
   */
  end(): {
    readonly sent: readonly Saying[];
    readonly unsent: readonly Saying[];
    readonly others: readonly Request[];
  } {
    const said = (requests: Request[]) => requests.flatMap(({ said }) => said ?? []);
    const open = [...this.#list === undefined ? [] : [this.#list.request], ...this.#asked, ...this.#queue];
    const left = {
      sent: [...new Set(said(this.#asked))],
      unsent: [...new Set(said(this.#queue))],
      others: open.filter(({ said }) => said === undefined),
    };
    [this.#asked, this.#queue, this.#list] = [[], [], undefined];
    return left;
  }

  /** The bytes of the next write; `undefined` while there is nothing to say, or while it must wait for answers. */
  take(now: number): Uint8Array | undefined {
    const lines: string[] = [];
    while (this.#asked.length < this.#pace.window && this.#queue.length > 0) {
      if (!this.fast) this.#cut();
      const request = this.#queue.shift()!;
      const json = JSON.stringify(request.object);
      lines.push(`${this.fast ? json : ascii(json)}\n`);
      this.#asked.push(request);
    }
    if (lines.length === 0) return undefined;
    this.#heardAt = now; // the silence counts from here
    return encoder.encode(lines.join(""));
  }

  get #waits(): boolean {
    return this.#asked.length > 0 || this.#list !== undefined;
  }

  #answer(answer: HeardAnswer, now: number): Heard | undefined {
    this.#endList(now);
    if (answer.jim) this.#pace = FAST;
    const request = this.#asked.shift();
    if (request === undefined) return answer;
    this.#list = { request, reply: answer, rows: [] };
    if (request.rows === undefined || answer.refused || answer.quantity <= 0) this.#endList(now);
    return undefined;
  }

  #endList(now: number): void {
    if (this.#list === undefined) return;
    const { request, reply, rows } = this.#list;
    this.#list = undefined;
    const wanted = rows.filter((row) => row.what === request.rows);
    const listed = wanted.filter((row) => row.what === "listed");
    const messages = wanted.filter((row) => row.what === "message");
    const skipped = rows.filter((row) => row.what !== request.rows);
    const ids = rows.flatMap((row) => row.what === "message" || row.what === "unknown" ? row.id ?? [] : []);
    const lastId = ids.length === 0 ? undefined : Math.max(...ids);
    request.then?.({ ...reply, listed, messages, skipped, lastId }, now);
  }

  /** A home-made server reads 1024 bytes: a longer text goes in several messages. */
  #cut(): void {
    const { said, ...request } = this.#queue[0]!;
    if (said === undefined) return;
    const { from, to, time } = said;
    const object = (text: string) => message(from, text, time, to);
    const room = OBJECT - 1 - ascii(JSON.stringify(object(""))).length;
    const cut = pieces(said.text, room).map((text) => ({ ...request, said: { ...said, text }, object: object(text) }));
    if (cut.length > 1) this.#queue.splice(0, 1, ...cut);
  }
}

/**
 * Whose past a request is about: a room's, or one's own with a person.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([whose("#cats"), whose("bob")], [{ room: "#cats" }, { with: "bob" }]);
 * ```
 */
export function whose(place: string): { readonly room: string } | { readonly with: string } {
  return place.startsWith("#") ? { room: place } : { with: place };
}
