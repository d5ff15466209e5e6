/**
 * Reads what lasts in a chat (accounts, rooms, bans) from its log alone, for a program beside the servers: into memory, without
 * messages. Each record gets the verdict that it gets on every server; on which sessions are in the chat some verdicts depend.
 */
import { attendanceLast } from "../../chat/read_state.ts";
import { State } from "../../chat/state.ts";
import type { StateChange } from "../../chat/state_change.ts";
import { isEvent, isPresence } from "../record_kinds.ts";
import { Skips } from "../skips.ts";
import type { Skipped, StateRecord } from "../contract.ts";
import { type BatchEntry, type BeginEntry, isRunItem, type Item, recordOf } from "./entry.ts";
import type { LogEntry } from "./log.ts";
import { IDS } from "./position.ts";
import { Reading } from "./reading.ts";

/** What a batch has done to the state: a verdict for each of its records that lasts. Undefined if the batch is void. */
export type Verdicts = readonly (StateChange | "lost")[] | undefined;

export class LogState {
  readonly #skips = new Skips();
  readonly #reading = new Reading();
  #state = new State();
  #last = 0;
  /** What a `begin` has promised. */
  #promised: StateRecord[] = [];
  /** Records before the state is there: those behind it are judged on it. */
  #early: StateRecord[] = [];

  /** Another one when the log is begun anew. */
  get state(): State {
    return this.#state;
  }

  /** Records that cannot be read: what they said is not in the state. */
  get skipped(): Skipped {
    return this.#skips;
  }

  /** The state is complete up to the last entry. */
  get isBegun(): boolean {
    return this.#reading.isBegun;
  }

  /** The first entry that the log had, and the last one that was read. */
  get first(): number {
    return this.#reading.first;
  }

  get last(): number {
    return this.#last;
  }

  /** From which the ids of the log are counted, and the first id of the next entry. */
  get base(): number {
    return this.#reading.base;
  }

  get next(): number {
    return this.base + (this.#last + 1) * IDS;
  }

  /** Reads the next entry. Undefined also if it is no batch, or not the last part of one. */
  read(entry: LogEntry): Verdicts {
    const { sequence } = entry, { isBegun, attempt } = this.#reading;
    this.#last = sequence;
    const whole = this.#reading.read(entry);
    if (typeof whole === "string") this.#skips.note(this.base + sequence * IDS, whole, `entry ${sequence}`);
    else if (whole?.kind === "batch") return this.#readBatch(whole, sequence);
    else if (whole?.kind === "begin") this.#promise(whole);
    else if (whole?.kind === "chunk" && !isBegun) this.#promised.push(...this.#recordsOf(whole.items, 0));
    else if (whole?.kind === "end" && !isBegun) this.#begin(attempt!);
    return undefined;
  }

  #readBatch({ first, items }: BatchEntry, sequence: number): Verdicts {
    const records = this.#recordsOf(items, this.base + sequence * IDS - first);
    if (this.isBegun) {
      return records.flatMap((record) => {
        const outcome = this.state.apply(record);
        return isPresence(record) ? [] : [outcome];
      });
    }
    this.#early.push(...records);
    return undefined;
  }

  #recordsOf(items: readonly Item[], shift: number): StateRecord[] {
    const records: StateRecord[] = [];
    for (const item of items) {
      if (isRunItem(item)) continue;
      const id = item.id + shift, record = recordOf({ ...item, id });
      if (typeof record === "string") this.#skips.note(id, record, `${JSON.stringify(item.kind)} ${item.version}`);
      else if (record.kind !== "message" && !isEvent(record)) records.push(record);
    }
    return records;
  }

  #promise({ behind }: BeginEntry): void {
    this.#promised = [];
    if (behind === 0) this.#early = [];
  }

  #begin({ base, behind }: BeginEntry): void {
    this.#state = new State();
    for (const record of attendanceLast(this.#promised)) this.state.apply(record, true);
    const limit = base + behind * IDS + IDS - 1;
    for (const record of this.#early) if (record.id > limit) this.state.apply(record);
    this.#promised = this.#early = [];
  }
}
