/**
 * What the entries of a shared log are, and their bytes: a version, a kind, a checksum, and the rest, numbers with their
 * smallest byte first. Reading is total: whatever the bytes are, they are an entry, or damaged, or of a newer Hanita.
 */
import { crc32 } from "node:zlib";
import type { JournalRecord } from "../contract.ts";
import { encode as encodeRecord, isRun, parseEvent, parseRecord, type Unreadable } from "../encoding.ts";
import { eventKinds, MESSAGE_VERSION } from "../record_kinds.ts";

/** A run of messages in an entry. */
export interface RunItem {
  readonly kind: "message";
  readonly version: number;
  readonly id: number;
  readonly last: number;
  readonly count: number;
  /** Milliseconds since 1970; 0 for that of the entry. */
  readonly time: number;
  readonly conversation: string;
  readonly lines: Uint8Array;
}

/** A record that changes the state, in an entry. */
export interface RecordItem {
  readonly kind: string;
  readonly version: number;
  readonly id: number;
  /** Milliseconds since 1970; 0 for that of the entry. */
  readonly time: number;
  readonly body: Uint8Array;
}

export type Item = RunItem | RecordItem;

/** What a turn of one server has said. Its ids are provisional: the entry's place in the log gives it others. */
export interface BatchEntry {
  readonly kind: "batch";
  /** From which the ids of this log are counted. */
  readonly base: number;
  /** The first id, which belongs to a message or record or to nothing that is kept. */
  readonly first: number;
  /** It is void if there is a batch with a larger sequence than this; `Infinity`: it is not. */
  readonly ifAfter: number;
  readonly items: readonly Item[];
}

/** A piece of an entry that is too large. The entry has its place in the log where its last piece is. */
export interface PartEntry {
  readonly kind: "part";
  /** Which entry of its writer it belongs to. */
  readonly entry: number;
  readonly index: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** The state, and at the beginning of a log the messages, follow in entries of the kinds `chunk` and `past`. */
export interface BeginEntry {
  readonly kind: "begin";
  /** This try: what belongs to it has the same number. */
  readonly attempt: number;
  /** Which chat it is, whatever its log. */
  readonly chat: number;
  readonly base: number;
  /** What follows is the state behind this entry of the log; 0: the log begins with it. */
  readonly behind: number;
  /**
   * At the beginning of a log: the last entry that the writer has seen in it, of an old copy or of other tries, all of which
   * this one makes void. If a batch or another beginning has been added since, it is void itself.
   */
  readonly before: number;
  /** The bases of the chat's logs before, that of the last one first, of which the last entries follow. A copy of any is void. */
  readonly of: readonly number[];
}

/** Records and messages with the ids that they have already. */
export interface ChunkEntry {
  readonly kind: "chunk";
  readonly attempt: number;
  readonly items: readonly Item[];
}

/** One of the last entries of the chat's log before, for servers that have not had it. */
export interface PastEntry {
  readonly kind: "past";
  readonly attempt: number;
  readonly sequence: number;
  readonly time: number;
  readonly writer: string;
  readonly bytes: Uint8Array;
}

/** All that a `begin` has promised is there. */
export interface EndEntry {
  readonly kind: "end";
  readonly attempt: number;
}

export type Entry = BatchEntry | PartEntry | BeginEntry | ChunkEntry | PastEntry | EndEntry;

/** Entries above it were written by a newer Hanita. */
const VERSION = 1;
const KINDS = ["batch", "part", "begin", "chunk", "past", "end"] as const;
/** Version, kind, checksum. */
const HEAD = 6;
/** The bytes of a part that are not of its entry. */
export const PART_HEAD = HEAD + 8 + 4 + 4;

/** The checksum of the version and each kind. */
const HEAD_SUMS = KINDS.map((_, kind) => crc32(Uint8Array.of(VERSION, kind)));

const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { fatal: true });

/** Puts values one after the other, into bytes that grow. */
class Writer {
  #bytes: Uint8Array;
  #view: DataView;
  #at = HEAD;

  /** @param size about so many bytes */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  number(value: number): this {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
    return this;
  }

  /** A number of 32 bits. */
  small(value: number): this {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  bytes(value: Uint8Array): this {
    return this.small(value.length).raw(value);
  }

  text(value: string): this {
    return this.bytes(encoder.encode(value));
  }

  raw(piece: Uint8Array): this {
    this.#reserve(piece.length);
    this.#bytes.set(piece, this.#at);
    this.#at += piece.length;
    return this;
  }

  finish(kind: number): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#at);
    bytes[0] = VERSION;
    bytes[1] = kind;
    this.#view.setUint32(2, sumOf(bytes), true);
    return bytes;
  }

  #reserve(count: number): void {
    const { length } = this.#bytes, needed = this.#at + count;
    if (needed <= length) return;
    const bytes = new Uint8Array(Math.max(needed, 2 * length));
    bytes.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** Reads values one after the other. What is read are views of the bytes. A read behind the end throws a RangeError. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = HEAD;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  number(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  small(): number {
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return value;
  }

  bytes(): Uint8Array {
    const length = this.small(), start = this.#at;
    if (start + length > this.#bytes.length) throw new RangeError("The entry ends within a field");
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  text(): string {
    return textOf(this.bytes());
  }
}

/** The text that was read last. */
let lastText = "", lastBytes = new Uint8Array();

/** Most entries have one text, the name of the conversation, and nearly always it is that of the entry before. */
function textOf(bytes: Uint8Array): string {
  if (bytes.length === lastBytes.length && lastBytes.every((byte, at) => byte === bytes[at])) return lastText;
  lastText = decoder.decode(bytes);
  lastBytes = bytes.slice();
  return lastText;
}

export function itemsOf(records: readonly JournalRecord[]): Item[] {
  return records.map((record) => {
    if (isRun(record)) return { ...record, version: MESSAGE_VERSION, time: 0 };
    const { kind, version, body } = encodeRecord(record, 0);
    return { kind, version, id: record.id, time: 0, body };
  });
}

/** The record of an item, or why there is none. */
export function recordOf(item: Item): JournalRecord | Unreadable {
  if (!isRunItem(item)) return isEventItem(item) ? parseEvent(item.id, item) : parseRecord(item.id, item);
  const { kind, version, id, last, count, conversation, lines } = item;
  return version > MESSAGE_VERSION ? "unknown" : { kind, id, last, count, conversation, lines };
}

export function isRunItem(item: Item): item is RunItem {
  return item.kind === "message";
}

/** Whether an item is about a message, and no record of the state. */
export function isEventItem(item: Item): boolean {
  return Object.hasOwn(eventKinds, item.kind);
}

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const end = { kind: "end", attempt: 7 } as const, bytes = encodeEntry(end);
 * assert.deepEqual(decodeEntry(bytes), end);
 * bytes[bytes.length - 1]! ^= 1;
 * assert.equal(decodeEntry(bytes), "damaged");
 * ```
 */
export function encodeEntry(entry: Entry): Uint8Array {
  const writer = new Writer(sizeOf(entry));
  switch (entry.kind) {
    case "batch":
      writer.number(entry.base).number(entry.first).number(entry.ifAfter);
      putItems(writer, entry.items);
      break;
    case "part":
      writer.number(entry.entry).small(entry.index).small(entry.count).raw(entry.bytes);
      break;
    case "begin":
      writer.number(entry.attempt).number(entry.chat).number(entry.base).number(entry.behind).number(entry.before);
      writer.number(entry.of[0] ?? 0); // alone, until there were more
      for (const base of entry.of.slice(1)) writer.number(base);
      break;
    case "chunk":
      writer.number(entry.attempt);
      putItems(writer, entry.items);
      break;
    case "past":
      writer.number(entry.attempt).number(entry.sequence).number(entry.time).text(entry.writer).bytes(entry.bytes);
      break;
    case "end":
      writer.number(entry.attempt);
  }
  return writer.finish(KINDS.indexOf(entry.kind));
}

/** The entry, or why there is none. Its bytes are views of those that were read. */
export function decodeEntry(bytes: Uint8Array): Entry | Unreadable {
  if (bytes.length < HEAD) return "damaged";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(2, true) !== sumOf(bytes)) return "damaged";
  const kind = KINDS[bytes[1]!];
  if (bytes[0]! > VERSION || kind === undefined) return "unknown";
  try {
    return parse(kind, new Reader(bytes), bytes);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return "damaged";
    throw error;
  }
}

function parse(kind: Entry["kind"], reader: Reader, bytes: Uint8Array): Entry {
  switch (kind) {
    case "batch": {
      const base = reader.number(), first = reader.number(), ifAfter = reader.number();
      return { kind, base, first, ifAfter, items: takeItems(reader) };
    }
    case "part": {
      const entry = reader.number(), index = reader.small(), count = reader.small();
      return { kind, entry, index, count, bytes: bytes.subarray(PART_HEAD) };
    }
    case "begin": {
      const attempt = reader.number(), chat = reader.number(), base = reader.number();
      const behind = reader.number(), before = reader.number(), of = reader.number(), more: number[] = [];
      while (reader.hasMore) more.push(reader.number());
      return { kind, attempt, chat, base, behind, before, of: of === 0 ? [] : [of, ...more] };
    }
    case "chunk":
      return { kind, attempt: reader.number(), items: takeItems(reader) };
    case "past": {
      const attempt = reader.number(), sequence = reader.number(), time = reader.number();
      return { kind, attempt, sequence, time, writer: reader.text(), bytes: reader.bytes() };
    }
    case "end":
      return { kind, attempt: reader.number() };
  }
}

/** A run of messages begins with 0, another record with 1. */
const RUN = 0, RECORD = 1;

function putItems(writer: Writer, items: readonly Item[]): void {
  writer.small(items.length);
  for (const item of items) {
    writer.small(isRunItem(item) ? RUN : RECORD).small(item.version).number(item.id).number(item.time);
    if (isRunItem(item)) writer.number(item.last).small(item.count).text(item.conversation).bytes(item.lines);
    else writer.text(item.kind).bytes(item.body);
  }
}

function takeItems(reader: Reader): Item[] {
  const items: Item[] = [];
  for (let left = reader.small(); left > 0; left--) {
    const form = reader.small(), version = reader.small(), id = reader.number(), time = reader.number();
    if (form === RECORD) {
      const kind = reader.text();
      if (kind === "message") throw new RangeError("Messages are no record");
      items.push({ kind, version, id, time, body: reader.bytes() });
    } else if (form !== RUN) throw new RangeError("The item is neither messages nor a record");
    else {
      const last = reader.number(), count = reader.small(), conversation = reader.text();
      items.push({ kind: "message", version, id, last, count, time, conversation, lines: reader.bytes() });
    }
  }
  return items;
}

/** About the bytes of an entry: what is of a fixed size, and of others the largest fields. */
function sizeOf(entry: Entry): number {
  const fixed = 100;
  if ("bytes" in entry) return fixed + entry.bytes.length;
  if (!("items" in entry)) return fixed;
  return entry.items.reduce((sum, item) => sum + fixed + (isRunItem(item) ? item.lines : item.body).length, fixed);
}

function sumOf(bytes: Uint8Array): number {
  const [version, kind] = bytes, known = version === VERSION ? HEAD_SUMS[kind!] : undefined;
  return crc32(bytes.subarray(HEAD), known ?? crc32(bytes.subarray(0, 2)));
}
