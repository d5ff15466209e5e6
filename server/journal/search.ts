/**
 * The search index: of each message its words, and its conversation as one word more. It follows a little behind the log, in
 * time that is left over, in the order of ids; a mark in the database says how far it has come. It reads messages only, so a
 * record of another kind never reaches it.
 */
import { cut, parseLine, type Said } from "../store/lines.ts";
import { words } from "../store/words.ts";
import type { SearchQuery } from "./contract.ts";
import { MAX_ID } from "./ids.ts";
import type { Runs } from "./runs.ts";
import type { Skips } from "./skips.ts";
import type { Statements } from "./statements.ts";

/** The database, as far as the index needs it. */
interface IndexDeps {
  readonly sql: Statements;
  readonly runs: Runs;
  readonly skips: Skips;
  /** One transaction. */
  transact(act: () => void): void;
  /** Takes note of bytes written. */
  wrote(bytes: number): void;
  /** Milliseconds that never go back. */
  now(): number;
}

/** Messages that are indexed between two looks at the clock. */
const BATCH = 64;

export class SearchIndex {
  readonly #deps: IndexDeps;
  /** The newest run in the index, by its first id. */
  #indexed: number;

  constructor(deps: IndexDeps) {
    this.#deps = deps;
    this.#indexed = (deps.sql.mark.get("indexed")?.value ?? 0) as number;
  }

  /** Whether a run is not in it yet. */
  isBehind(newest: number): boolean {
    return this.#indexed < newest;
  }

  /** Indexes what is new, in one transaction. @param until when to leave the rest, by `now` */
  follow(newest: number, until: number): void {
    if (!this.isBehind(newest)) return;
    const { sql, runs, skips, transact, wrote, now } = this.#deps;
    let mark = this.#indexed, bytes = 0;
    transact(() => {
      do {
        const messages: (Said & { place: string })[] = [];
        while (messages.length < BATCH) {
          const run = runs.after(mark);
          if (run === undefined) break;
          const place = placeWord(run.conversation);
          for (const line of cut(runs.linesOf(run))) {
            const said = parseLine(line);
            if (said !== undefined) messages.push({ ...said, place });
            else skips.note(run.id, "damaged", "message without a checksum");
          }
          mark = run.id;
          bytes += run.lines.length;
          if (mark >= newest) break;
        }
        if (messages.length === 0) mark = newest; // all are damaged, or were removed
        messages.sort((one, other) => one.id - other.id); // each step back would begin another piece of the index
        for (const { id, place, message } of messages) sql.putWords.run(id, `${place} ${words(message).join(" ")}`);
      } while (mark < newest && now() < until);
      sql.setMark.run("indexed", mark);
    });
    this.#indexed = mark;
    wrote(bytes);
  }

  /** The ids of a page of messages with all the words, ascending. */
  find(conversation: number, { text, before = MAX_ID, after, limit }: SearchQuery): number[] {
    const wanted = words(text);
    if (wanted.length === 0) return [];
    const { searchBackward, searchForward } = this.#deps.sql;
    const match = [placeWord(conversation), ...wanted].map((word) => `"${word}"`).join(" ");
    const rows = (after === undefined ? searchBackward : searchForward).all(match, after ?? -1, before, limit);
    const ids = rows.map(({ rowid }) => rowid as number);
    return after === undefined ? ids.reverse() : ids;
  }

  /** Forgets messages before an id, in the transaction that removes them. */
  removeBefore(id: number): void {
    this.#deps.sql.removeWords.run(id);
  }
}

/** A conversation as a word of the index: § is in no word of a text. */
function placeWord(conversation: number): string {
  return `§${conversation}`;
}
