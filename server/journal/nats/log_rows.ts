/**
 * What the entries of a log make in the view's database: runs of messages, records, events, and the last entries as they came.
 * The class of `log_view.ts` extends this one, and decides which entries count.
 */
import { crc32 } from "node:zlib";
import { inEach } from "../../words/mod.ts";
import type { JournalRecord } from "../contract.ts";
import { type Database, PAGE_BYTES } from "../database.ts";
import { encode as encodeRecord, sumOfRecord, sumOfRun } from "../encoding.ts";
import { placeholder } from "../events.ts";
import { JournalRefused } from "../failure.ts";
import type { Erased } from "../forgotten.ts";
import { renumber } from "../ids.ts";
import { cut, idOf, parseLine, withLine } from "../lines.ts";
import { isEvent, keyOf } from "../record_kinds.ts";
import { type JournalOptions, View } from "../view.ts";
import {
  type BatchEntry,
  decodeEntry,
  encodeEntry,
  isRunItem,
  type Item,
  type RecordItem,
  recordOf,
  type RunItem,
} from "./entry.ts";
import { Parts } from "./parts.ts";
import { IDS } from "./position.ts";
import { Ring } from "./ring.ts";
import { randomNumber } from "./seed.ts";

export interface LogViewOptions extends JournalOptions {
  /** So many of the last entries are kept as they came, to be put back where the log has lost them; 10,000 unless given. */
  readonly keepEntries?: number;
  /** The name of the chat. A database that was in one by another name is refused. */
  readonly chat?: string;
}

const LF = 10;

export abstract class LogRows extends View {
  readonly home: number;
  protected readonly ring: Ring;
  protected readonly path: string;
  /** It was joined: what comes from now on is given by `take`. */
  protected isLive = false;
  /** The chat's name as a number, 0 without one. */
  readonly #name: number;
  /** Messages and edits of which the text is to be erased from the entries that are kept as they came. */
  #erased: number[] = [];

  constructor(database: Database, options: LogViewOptions) {
    super(database, options);
    this.path = options.path;
    this.stored.onErase = (ids) => this.#erased.push(...ids);
    this.ring = new Ring(this.db, options.keepEntries);
    if (this.mark("joining") !== 0) this.transact(() => this.empty());
    if (this.mark("home") === 0) this.sql.setMark.run("home", randomNumber());
    this.home = this.mark("home");
    this.#name = nameMark(options.chat);
    if (this.mark("chat") !== 0) this.#checkName(options.chat);
  }

  /** From which the ids of the log are counted. */
  protected abstract get base(): number;

  /** The first id of an entry. */
  protected idOf(sequence: number): number {
    return this.base + sequence * IDS;
  }

  /** The entry that has an id. */
  protected sequenceOf(id: number): number {
    return Math.floor((id - this.base) / IDS);
  }

  /** There are messages or records, or there were. */
  get hasOwn(): boolean {
    return this.lastId() > 0;
  }

  /** By a wrong name it would begin a second chat with what belongs to the first one. */
  #checkName(name: string | undefined): void {
    if (this.#name === 0) return;
    const before = this.mark("name");
    if (before === 0) this.sql.setMark.run("name", this.#name);
    else if (before !== this.#name) throw new JournalRefused(inEach(({ otherName }) => otherName(this.path, name!)));
  }

  /** Keeps which chat has the log, and from where its ids are counted. */
  protected noteChat(chat: number, base: number): void {
    this.sql.setMark.run("chat", chat);
    if (this.#name !== 0) this.sql.setMark.run("name", this.#name);
    this.sql.setMark.run("base", base);
  }

  /** Records as they are. */
  protected recordItems(): RecordItem[] {
    const rows = this.sql.records.all(0) as unknown as RecordItem[];
    return rows.map(({ id, time, kind, version, body }) => ({ id, time, kind, version, body }));
  }

  /** Records, messages, and events. */
  protected *items(): Iterable<Item> {
    yield* this.recordItems();
    for (let run = this.runs.after(0); run !== undefined; run = this.runs.after(run.id)) {
      const { id, last, count, version, time, lines } = run;
      const { one, other } = this.sql.nameOfConversation.get(run.conversation) ?? { one: null, other: null };
      if (one === null || this.runs.faultOf(run) !== undefined) continue; // forgotten, or damaged
      const conversation = other === "" ? `${one}` : `${one}\u0000${other}`;
      yield { kind: "message", version, id, last, count, time, conversation, lines };
    }
    for (const { id, time, kind, version, body } of this.stored.after(0)) yield { id, time, kind, version, body };
  }

  /** The records of a batch of another server that can be read. Those of a newer Hanita are kept for it. */
  protected recordsOf({ items, first }: BatchEntry, to: number, time: number): readonly JournalRecord[] {
    const shift = to - first, records: JournalRecord[] = [];
    for (const item of items) {
      const record = recordOf(item), id = item.id + shift;
      if (typeof record === "object" && record.kind === "message") {
        const { kind, last, count, conversation } = record;
        // The entry stays as it came; and what readers are still to get must not hold all that has come with it.
        const lines = this.isLive || shift !== 0 ? record.lines.slice() : record.lines;
        if (shift !== 0) renumber(lines, shift);
        records.push({ kind, id, last: last + shift, count, conversation, lines });
      } else if (typeof record === "string") {
        this.skips.note(id, record, `${JSON.stringify(item.kind)} ${item.version}`);
        if (record === "unknown" && !isRunItem(item)) this.putRecord({ ...item, id, time });
      } else records.push({ ...record, id });
    }
    return records;
  }

  /** Before a transaction: nothing is to be erased yet. */
  protected forgetErased(): void {
    this.#erased = [];
  }

  /** Erases the texts that were deleted within this transaction. */
  protected eraseDeleted(): void {
    for (const id of this.#erased) this.#erase(id);
  }

  /** The last entry of the log that has a deleted text; 0 if none has. */
  protected get lastErased(): number {
    return this.mark("erased");
  }

  /** Takes the text of a message or an edit, or those of a run, out of the entry that brought it, unless that was in parts. */
  #erase(id: number, without = withoutText): void {
    const sequence = this.sequenceOf(id), bytes = this.ring.bytesOf(sequence);
    if (sequence > 0) this.sql.raiseMark.run("erased", sequence);
    const entry = bytes === undefined ? undefined : decodeEntry(bytes);
    if (typeof entry !== "object" || entry.kind !== "batch") return;
    const own = id - this.idOf(sequence) + entry.first;
    const items = entry.items.map((item) => without(item, own));
    this.ring.replace(sequence, encodeEntry({ ...entry, items }));
  }

  protected override onErase(erased: readonly Erased[]): void {
    super.onErase(erased);
    for (const { first, last } of erased) this.#erase(first, first === last ? withoutText : withoutTexts);
  }

  protected putRun({ version, id, last, count, time, conversation, lines }: RunItem): void {
    const number = this.numbers.find(conversation) ?? this.numbers.create(conversation);
    const sum = version === 0 ? 0 : sumOfRun({ version, id, last, count, conversation: number, time }, lines);
    this.sql.replaceRun.run(id, last, count, number, time, version, sum, lines);
    this.runIndex.add(number, id);
    this.files.add(id, count, number, lines);
    this.newest = Math.max(this.newest, id);
    this.checkpoint.wrote(lines.length);
  }

  /** An event as it is, behind the messages, which are as it has made them. */
  protected putEvent(item: RecordItem): void {
    const event = recordOf(item);
    if (typeof event === "string" || event.kind === "message" || !isEvent(event)) return;
    const number = this.numbers.find(event.conversation) ?? this.numbers.create(event.conversation);
    this.stored.putStored(number, event.of, item);
    this.checkpoint.wrote(PAGE_BYTES);
  }

  /** A record as it is, of a kind that is known or not: then nothing replaces it. */
  protected putRecord(item: RecordItem): void {
    const { id, time, kind, version, body } = item, record = recordOf(item);
    const key = typeof record === "string" || record.kind === "message" || isEvent(record)
      ? `unknown/${id}`
      : keyOf(record);
    this.sql.putRecord.run(id, key, time, kind, version, sumOfRecord(id, time, item), body);
    this.checkpoint.wrote(PAGE_BYTES);
  }

  protected noteApplied(record: JournalRecord): void {
    if (this.isLive) return this.noteAppended(record);
    if (record.kind === "message") this.newest = Math.max(this.newest, record.id);
    this.checkpoint.wrote(record.kind === "message" ? record.lines.length : PAGE_BYTES);
  }

  protected empty(): void {
    this.stored.clear();
    for (const table of ["indexed_runs", "runs", "files", "records", "conversations"]) {
      this.db.exec(`DELETE FROM ${table}`);
    }
    this.db.exec("DELETE FROM marks WHERE name <> 'home'");
    this.ring.clear();
    this.newest = 0;
    this.numbers.forget();
  }

  /** The parts of entries that were not complete when the view was closed. */
  protected unfinished(): Parts {
    const parts = new Parts();
    for (const { writer, sequence, bytes } of this.ring.all()) {
      const entry = decodeEntry(bytes);
      if (typeof entry === "object" && entry.kind === "part") parts.add(writer, sequence, entry);
    }
    return parts;
  }
}

/** An item without the text of a message or an edit, if that is in it. */
function withoutText(item: Item, id: number): Item {
  if (isRunItem(item)) {
    const line = item.id <= id && id <= item.last ? cut(item.lines).find((each) => idOf(each) === id) : undefined;
    return line === undefined ? item : { ...item, lines: withLine(item.lines, id, placeholder(parseLine(line)!)) };
  }
  const event = item.id === id ? recordOf(item) : undefined;
  if (typeof event !== "object" || event.kind !== "edit") return item;
  const { body } = encodeRecord({ ...event, text: "" }, 0);
  return { ...item, body };
}

/** An item without the texts of a run, if it is the run that begins with an id. */
function withoutTexts(item: Item, first: number): Item {
  if (!isRunItem(item) || item.id !== first) return item;
  const lines = cut(item.lines).map((line) => [...placeholder(parseLine(line) ?? {}), LF]);
  return { ...item, lines: Uint8Array.from(lines.flat()) };
}

/** The table of marks has numbers only. */
function nameMark(chat: string | undefined): number {
  return chat === undefined ? 0 : 1 + crc32(chat);
}
