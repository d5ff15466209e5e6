/**
 * Reads what lasts in a chat (accounts, rooms, bans) from its log alone, for a program beside the servers: into memory, without
 * messages, and without the sessions that are in the chat. Each record gets the verdict that it gets on every server.
 */
import { State } from "../../chat/state.ts";
import type { StateChange } from "../../chat/state_change.ts";
import { isEvent, isPresence } from "../record_kinds.ts";
import { Skips } from "../skips.ts";
import type { Skipped, StateRecord } from "../contract.ts";
import { type BatchEntry, type BeginEntry, decodeEntry, isRunItem, type Item, recordOf } from "./entry.ts";
import type { LogEntry } from "./log.ts";
import { IDS } from "./log_view.ts";
import { Parts } from "./parts.ts";

/** What a batch has done to the state: a verdict for each of its records that lasts. Undefined if the batch is void. */
export type Verdicts = readonly (StateChange | "lost")[] | undefined;

/** The state that a log tells between `begin` and `end`. */
interface Attempt extends BeginEntry {
  readonly records: StateRecord[];
}

export class LogState {
  #state = new State();
  readonly #skips = new Skips();
  readonly #parts = new Parts();
  #base = 0;
  /** The first entry that was there, and the last one that was read. */
  #first = 0;
  #last = 0;
  #lastBatch = 0;
  #isBegun = false;
  #attempt: Attempt | undefined;
  /** What was read is void: another beginning has come that holds, and has not ended. */
  #beginsOver = false;
  /** Records before the state is there: those behind it are judged on it. */
  #early: StateRecord[] = [];

  /** What lasts. A beginning that makes the log before it void gives another one. */
  get state(): State {
    return this.#state;
  }

  /** Records that cannot be read: what they said is not in the state. */
  get skipped(): Skipped {
    return this.#skips;
  }

  /** The state is complete up to the last entry. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** The first entry that the log had, and the last one that was read. */
  get first(): number {
    return this.#first;
  }

  get last(): number {
    return this.#last;
  }

  /** From which the ids of the log are counted, and the first id of the next entry. */
  get base(): number {
    return this.#base;
  }

  get next(): number {
    return this.#base + (this.#last + 1) * IDS;
  }

  /** Reads the next entry. Undefined also if it is no batch, or not the last part of one. */
  read(entry: LogEntry): Verdicts {
    const { sequence } = entry;
    this.#first ||= sequence;
    this.#last = sequence;
    const whole = this.#wholeOf(entry);
    if (whole === undefined) return undefined;
    if (typeof whole === "string") this.#skips.note(this.#base + sequence * IDS, whole, `entry ${sequence}`);
    else if (whole.kind === "batch") return this.#readBatch(whole, sequence);
    else if (whole.kind === "begin") this.#begin(whole);
    else if ("attempt" in whole && whole.attempt === this.#attempt?.attempt) {
      if (whole.kind === "end") this.#end(this.#attempt, sequence);
      else if (whole.kind === "chunk" && !this.#isBegun) this.#attempt.records.push(...this.#recordsOf(whole.items, 0));
    }
    return undefined;
  }

  #wholeOf({ writer, sequence, bytes }: LogEntry): ReturnType<typeof decodeEntry> | undefined {
    const entry = decodeEntry(bytes);
    if (typeof entry === "string" || entry.kind !== "part") return entry;
    const whole = this.#parts.add(writer, sequence, entry);
    return whole && decodeEntry(whole);
  }

  #readBatch({ base, first, ifAfter, items }: BatchEntry, sequence: number): Verdicts {
    const isVoid = this.#isBegun ? base !== this.#base : this.#beginsOver || this.#attempt?.behind === 0;
    if (isVoid || ifAfter < this.#lastBatch) return undefined;
    this.#lastBatch = sequence;
    this.#base ||= base;
    const records = this.#recordsOf(items, this.#base + sequence * IDS - first);
    if (this.#isBegun) return records.map((record) => this.#state.apply(record));
    this.#early.push(...records);
    return undefined;
  }

  #recordsOf(items: readonly Item[], shift: number): StateRecord[] {
    const records: StateRecord[] = [];
    for (const item of items) {
      if (isRunItem(item)) continue;
      const id = item.id + shift, record = recordOf({ ...item, id });
      if (typeof record === "string") this.#skips.note(id, record, `${JSON.stringify(item.kind)} ${item.version}`);
      else if (record.kind !== "message" && !isEvent(record) && !isPresence(record)) records.push(record);
    }
    return records;
  }

  /** A beginning of the whole log holds if no batch was added behind what its writer had seen. All before it is void. */
  #begin(entry: BeginEntry): void {
    if (entry.behind === 0) {
      if (this.#lastBatch > entry.before) return;
      this.#beginsOver = this.#isBegun || this.#beginsOver;
      if (this.#isBegun) {
        this.#state = new State();
        this.#base = 0;
        this.#isBegun = false;
      }
    }
    this.#attempt = { ...entry, records: [] };
  }

  #end({ base, behind, records }: Attempt, sequence: number): void {
    this.#attempt = undefined;
    if (this.#isBegun) return void (this.#lastBatch = sequence); // it has the state
    if (behind > 0 && behind < this.#first - 1) return; // entries between are not there any more
    this.#base = base;
    this.#lastBatch = sequence;
    this.#isBegun = true;
    this.#beginsOver = false;
    for (const record of records) this.#state.apply(record, true);
    const limit = base + behind * IDS + IDS - 1;
    for (const record of this.#early) if (record.id > limit) this.#state.apply(record);
    this.#early = [];
  }
}
