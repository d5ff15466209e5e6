/**
 * The search index: of each message its words, and its conversation as one word more. It follows a little behind what is
 * said, in time that is left over, and goes through the journal in the order of ids; a mark in the database says how far
 * it has come. What is removed from the journal is removed here too.
 */
import { logger } from "../../log/mod.ts";
import type { Query } from "./contract.ts";
import { cut, parseLine, type Said } from "./lines.ts";
import type { Statements } from "./statements.ts";
import { words } from "./words.ts";

/** The database, as far as the index needs it. */
interface Held {
  readonly sql: Statements;
  /** One transaction. */
  transact(act: () => void): void;
  /** Takes note of bytes written. */
  wrote(bytes: number): void;
  /** Milliseconds that never go back. */
  now(): number;
}

/** Messages that are indexed between two looks at the clock. */
const BATCH = 64;
const MAX_ID = Number.MAX_SAFE_INTEGER;

const { warning } = logger("server/store/search");

export class SearchIndex {
  readonly #held: Held;
  /** The newest turn in the index, by its first id. */
  #indexed: number;

  constructor(held: Held) {
    this.#held = held;
    this.#indexed = (held.sql.mark.get("indexed")?.value ?? 0) as number;
  }

  /** Whether a turn that was said is not in it yet. */
  isBehind(newest: number): boolean {
    return this.#indexed < newest;
  }

  /** Indexes what was said since the last time, in one transaction. @param until when to leave the rest, by `now` */
  follow(newest: number, until: number): void {
    if (!this.isBehind(newest)) return;
    const { sql, transact, wrote, now } = this.#held;
    let mark = this.#indexed;
    let bytes = 0;
    transact(() => {
      do {
        const messages: (Said & { place: string })[] = [];
        while (messages.length < BATCH) {
          const row = sql.unindexed.get(mark);
          if (row === undefined) break;
          const place = placeWord(row.conversation as number);
          for (const line of cut(row.lines as Uint8Array)) {
            const said = parseLine(line);
            if (said !== undefined) messages.push({ ...said, place });
            else warning("follow", `A message of the turn ${row.first} is damaged, and is left out`);
          }
          mark = row.first as number;
          bytes += (row.lines as Uint8Array).length;
        }
        if (messages.length === 0) mark = newest; // somebody has removed what was there
        messages.sort((one, other) => one.id - other.id); // each step back would begin another piece of the index
        for (const { id, place, message } of messages) sql.putWords.run(id, `${place} ${words(message).join(" ")}`);
      } while (mark < newest && now() < until);
      sql.setMark.run("indexed", mark);
    });
    this.#indexed = mark;
    wrote(bytes);
  }

  /** The ids of a page of messages with all the words, ascending. */
  find(conversation: number, { text, before = MAX_ID, after, limit }: Query): number[] {
    const wanted = words(text!);
    if (wanted.length === 0) return [];
    const { searchBackward, searchForward } = this.#held.sql;
    const match = [placeWord(conversation), ...wanted].map((word) => `"${word}"`).join(" ");
    const rows = (after === undefined ? searchBackward : searchForward).all(match, after ?? -1, before, limit);
    const ids = rows.map(({ rowid }) => rowid as number);
    return after === undefined ? ids.reverse() : ids;
  }

  /** Forgets messages before an id, in the transaction that removes them. */
  removeBefore(id: number): void {
    this.#held.sql.removeWords.run(id);
  }
}

/** A conversation as a word of the index: § is in no word that anybody can say. */
function placeWord(conversation: number): string {
  return `§${conversation}`;
}
