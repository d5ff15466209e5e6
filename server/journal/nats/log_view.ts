/**
 * The view of a log that several servers share: applies the log's entries in order, and with their rows it writes how far it
 * is. What an entry does depends on the entries before it alone, so the view is the same on every server.
 *
 * A log begins with what the chat had before it: an entry `begin`, what it promises, and an entry `end`. Whatever comes before
 * that end is void, and so is a try that another `begin` interrupts. A server that joins a log of which the first entries are
 * purged takes the state from a later try of that kind, and the messages from the entries that are left.
 *
 * A log that was set back may be put back by one server and begun anew by another one, which has not what is missing. The order
 * of the log decides between them, for all servers alike: a `begin` holds if nothing was added behind what its writer had seen.
 */
import { inEach } from "../../words/mod.ts";
import { logger } from "../../../log/mod.ts";
import type { Batch, Committed, JournalRecord } from "../contract.ts";
import type { Database } from "../database.ts";
import { JournalFailure, JournalRefused } from "../failure.ts";
import { shifted } from "../ids.ts";
import {
  type BatchEntry,
  type BeginEntry,
  type ChunkEntry,
  type EndEntry,
  isEventItem,
  isRunItem,
  type PastEntry,
  type RecordItem,
} from "./entry.ts";
import type { LogEntry } from "./log.ts";
import { LogRows, type LogViewOptions } from "./log_rows.ts";
import { Parts } from "./parts.ts";
import { type Attempt, IDS, NOWHERE, type OldLog, type Position } from "./position.ts";
import { Reading } from "./reading.ts";
import { randomNumber } from "./seed.ts";

const { warning } = logger("server/journal/nats");

/** The own batch under way. */
export interface OwnBatch {
  readonly batch: Batch;
  /** Its records with the ids that they have by now, the first of which would be `first`. */
  records: readonly JournalRecord[];
  first: number;
  /** As its entry says it. */
  ifAfter: number;
}

/** The log has other entries than the view. */
export class LogDiffers extends Error {
  override name = "LogDiffers";
}

export abstract class LogView extends LogRows {
  protected at: Position;
  /** It has nothing of its own: what a `begin` promises is taken in. */
  protected isNewcomer: boolean;
  /** The last try to begin the log that does not hold. */
  protected voidAttempt = 0;
  /** Entries of this transaction, to be kept as they came. */
  #raw: LogEntry[] = [];
  /** What this transaction has appended to the view, and what is given back. */
  #appended: JournalRecord[] = [];
  #back: Committed[] = [];

  constructor(database: Database, options: LogViewOptions) {
    super(database, options);
    const chat = this.mark("chat"), sequence = this.ring.last?.sequence ?? 0, base = this.mark("base");
    const lastBatch = sequence > 0 ? Math.max(0, Math.floor((this.mark("last") - base) / IDS)) : 0;
    this.at = { ...NOWHERE, chat, base, sequence, lastBatch, isBegun: sequence > 0, parts: this.unfinished() };
    this.isNewcomer = !this.hasOwn;
    this.countFrom(this.idOf(sequence + 1));
  }

  protected override get base(): number {
    return this.at.base;
  }

  /**
   * Applies entries in one transaction: all, or none if it throws.
   *
   * @param left how many entries the log has behind them
   * @param own the batch that an entry brings back
   */
  protected applyAll(
    entries: readonly LogEntry[],
    left: number,
    own: (entry: LogEntry) => OwnBatch | undefined,
  ): void {
    this.indexRuns();
    const before = this.at;
    this.at = { ...before, parts: before.parts.copy() };
    this.#raw = [];
    this.#appended = [];
    this.#back = [];
    this.forgetErased();
    try {
      this.transact(() => {
        this.deleteDiscarded();
        for (const entry of entries) this.#apply(entry, own(entry));
        if (!this.at.isBegun && this.isNewcomer) this.sql.setMark.run("joining", 1);
        if (!this.at.isBegun) return;
        this.ring.add(this.#raw, this.#firstNeeded, left);
        this.eraseDeleted();
        this.sql.raiseMark.run("last", this.idOf(this.at.lastBatch) + IDS - 1);
        this.sql.raiseMark.run("applied", this.standing);
      });
    } catch (error) {
      this.at = before;
      try {
        throw this.failure("keep what other servers have appended", error);
      } finally {
        this.ring.measure();
      }
    }
    this.discarded = [];
    for (const record of this.#appended) this.noteApplied(record);
    if (this.isLive) this.committed.push(...this.#back);
    this.countFrom(this.idOf(this.at.sequence + 1));
  }

  /** The log is gone. What follows is another one of the same chat, or a copy of the same one, from its beginning. */
  protected beginAgain(): void {
    const { chat, base, sequence, lastBatch, isBegun, parts } = this.at;
    const old = isBegun ? { base, sequence, lastBatch, parts } : this.at.old;
    this.at = { ...NOWHERE, chat, parts: new Parts(), old: old && { ...old, copy: new Reading() } };
  }

  /**
   * What comes is a beginning that makes all before it void: an old copy of what this server has, and others have more of. They
   * may have had other entries behind the last batch that is here, and what is theirs comes with the beginning: of the entries
   * that are kept as they came, those up to that batch stay.
   */
  #beginOver(): void {
    const { chat, base, sequence, first, lastBatch, parts } = this.at;
    this.ring.removeBehind(lastBatch);
    this.ring.add(this.#raw.filter((entry) => entry.sequence <= lastBatch), this.#firstNeeded, 0);
    this.#raw = [];
    if (this.ring.last?.sequence !== lastBatch) {
      throw new LogDiffers("The log was begun anew behind what is kept of it here");
    }
    this.sql.raiseMark.run("last", this.idOf(lastBatch) + IDS - 1);
    const old = { base, sequence: lastBatch, lastBatch, parts: this.unfinished(), copy: undefined };
    this.at = { ...NOWHERE, chat, sequence, first, lastBatch, parts, old };
  }

  /** The first entry that is kept as it came, however many have come since: of what is unfinished, or the last batch. */
  get #firstNeeded(): number {
    const { parts, sequence, lastBatch } = this.at;
    return Math.min(parts.firstUnfinished(sequence), lastBatch);
  }

  /** What is here is what the log begins with, so all of it stands. Returns the chat's number, which is kept before that. */
  protected beginChat(): number {
    const chat = this.at.chat || randomNumber();
    this.attempt("keep the chat's number", () =>
      this.transact(() => {
        this.sql.setMark.run("chat", chat);
        if (!this.isLive) this.sql.raiseMark.run("applied", this.lastId());
      }));
    this.at = { ...this.at, chat };
    return chat;
  }

  /** The entry with the oldest message that is kept; 0 if it was there before the log. */
  protected oldestNeeded(): number {
    const oldest = (this.sql.oldest.get()?.first ?? this.idOf(this.at.sequence)) as number;
    return Math.max(0, this.sequenceOf(oldest));
  }

  #apply(entry: LogEntry, own: OwnBatch | undefined): void {
    const { sequence } = entry, { at } = this;
    if (sequence <= at.sequence) return; // it was put back
    const isBehindGap = at.isBegun && sequence > at.sequence + 1;
    if (isBehindGap && this.isLive) throw new LogDiffers("The log has lost entries that this server has not applied");
    if (isBehindGap) {
      warning("apply", `the log has no entries before ${sequence}: takes the state from it`);
      at.isBegun = false;
    }
    if (isBehindGap || at.sequence === 0) at.first = sequence;
    at.sequence = sequence;
    this.#raw.push(entry);
    if (this.at.old?.copy !== undefined && this.#isRepeated(entry, this.at.old, this.at.old.copy)) return;
    const whole = this.at.parts.wholeOf(entry);
    if (whole === undefined) return;
    if (typeof whole === "string") this.skips.note(this.idOf(sequence), whole, `entry ${sequence}`);
    else if (whole.kind === "batch") this.#applyOrDrop(whole, entry, own);
    else if (whole.kind === "begin") this.#begin(whole);
    else if (whole.kind !== "part" && whole.attempt === this.at.attempt?.attempt) this.#follow(whole, entry);
  }

  /** A batch for a log that was begun anew is void. If it is an own one, it is appended again. */
  #applyOrDrop(batch: BatchEntry, entry: LogEntry, own: OwnBatch | undefined): void {
    const { base, isBegun, attempt, old } = this.at;
    const isVoid = isBegun ? batch.base !== base : old !== undefined || attempt?.behind === 0;
    if (!isVoid) this.#applyBatch(batch, entry, base || batch.base, own);
    else if (own !== undefined) this.onVoid(own);
  }

  /** An own batch was appended to a log that another server has begun anew. */
  protected abstract onVoid(own: OwnBatch): void;

  #applyBatch(
    entry: BatchEntry,
    { sequence, time }: Pick<LogEntry, "sequence" | "time">,
    base: number,
    own: OwnBatch | undefined,
  ): void {
    if (entry.ifAfter < this.at.lastBatch) {
      if (own !== undefined) this.#back.push({ outcome: "overtaken", own: own.batch });
      return;
    }
    this.at.base ||= base;
    this.at.lastBatch = sequence;
    const first = base + sequence * IDS;
    const records = own === undefined ? this.recordsOf(entry, first, time) : renumbered(own, first);
    const kept = records.filter((record) => this.insert(record, time));
    this.#appended.push(...kept);
    const shift = own === undefined ? 0 : first - own.batch.first;
    this.#back.push({ outcome: "kept", own: own?.batch, stands: false, shift, time, records: kept });
  }

  /**
   * Whether an entry is one of the log before this one, or of one that was before that, which is there again. It is at this
   * one's beginning, if anywhere.
   */
  #isRepeated(entry: LogEntry, old: OldLog, before: Reading): boolean {
    const { sequence, time, writer } = entry, copy = before.copy(), found = copy.read(entry), { log } = copy;
    this.voidAttempt = copy.voidAttempt || this.voidAttempt;
    const isOld = log === old.base;
    if (log !== 0 && !isOld && !this.#isAncestor(log)) {
      if (typeof found !== "object" || found.kind !== "begin") this.#beginElsewhere();
      this.at = { ...this.at, lastBatch: copy.lastBatch, parts: before.parts, old: { ...old, copy: undefined } };
      return false;
    }
    this.at = { ...this.at, old: { ...old, copy } };
    if (log === 0) return false;
    // A later one than the last one that is here is no copy, nor is another one in its place.
    const here = isOld ? this.ring.find(sequence) : undefined, last = this.ring.last!;
    if (here === undefined ? time > last.time : time !== here.time || writer !== here.writer) this.#beginElsewhere();
    if (!isOld || sequence < old.sequence) return true;
    if (sequence > old.sequence) this.#beginElsewhere();
    const { chat } = this.at, { base } = old;
    this.at = { ...NOWHERE, chat, base, sequence, lastBatch: old.lastBatch, isBegun: true, parts: old.parts };
    this.#raw = [];
    return true;
  }

  /** The bases of the chat's logs before this one, and of tries: what is in them is here, or in no log that counts. */
  protected ancestors(): number[] {
    return this.sql.ancestors.all().map(({ value }) => value as number);
  }

  /** The bases of tries to begin this log, if another one begins now. */
  protected interrupted(): readonly number[] {
    const { attempt, interrupted } = this.at;
    return attempt?.behind === 0 ? [...interrupted, attempt.base] : interrupted;
  }

  #isAncestor(base: number): boolean {
    return this.sql.hasAncestor.get(base) !== undefined;
  }

  #begin(entry: BeginEntry): void {
    if (entry.behind === 0) {
      if (this.at.lastBatch > entry.before) {
        this.voidAttempt = entry.attempt;
        return;
      }
      if (this.at.isBegun) this.#beginOver();
    }
    const { old, base } = this.at;
    // Without an old log it has one from which entries were removed that it has not applied.
    const isElsewhere = old === undefined ? base !== 0 : entry.of[0] !== old.base;
    const isBehind = entry.behind === 0 && isElsewhere && !this.isNewcomer;
    this.#checkBehind(isBehind);
    const attempt = { ...entry, records: [], past: 0, isBehind };
    this.at = { ...this.at, attempt, interrupted: this.interrupted() };
  }

  /** Only a server that starts can take all as it is: a living one has given out what it has. */
  #checkBehind(isBehind: boolean): void {
    if (isBehind && this.isLive) {
      throw new LogDiffers("The log was begun anew behind entries that this server has not applied");
    }
  }

  /** Other servers have gone on behind an entry before the last one that is here: what is behind it here is in no log. */
  #beginElsewhere(): never {
    throw new LogDiffers("The log has other entries than this server has applied");
  }

  #follow(entry: ChunkEntry | PastEntry | EndEntry, place: LogEntry): void {
    const attempt = this.at.attempt!;
    if (this.at.isBegun) { // it has the state
      const { sequence } = place;
      if (entry.kind === "end") {
        this.at = { ...this.at, attempt: undefined, checkpoint: attempt.behind, lastBatch: sequence };
      }
    } else if (entry.kind === "past") this.#followPast(entry, attempt);
    else if (entry.kind === "end") this.#end(attempt, place);
    else if (this.#takesAll(attempt)) {
      const records = entry.items.filter((item): item is RecordItem => !isRunItem(item) && !isEventItem(item));
      this.at = { ...this.at, attempt: { ...attempt, records: [...attempt.records, ...records] } };
      for (const item of entry.items) {
        if (isRunItem(item)) this.putRun(item);
        else if (isEventItem(item)) this.putEvent(item);
      }
    }
  }

  /** The state and the messages are taken as they are; otherwise they are here already. */
  #takesAll({ behind, isBehind }: Attempt): boolean {
    return this.isNewcomer || behind > 0 || isBehind;
  }

  /** The entries of the log before come first: they show what this server has missed, and whether they are enough. */
  #followPast(entry: PastEntry, attempt: Attempt): void {
    const { old } = this.at, { sequence } = entry;
    if (old === undefined || this.#takesAll(attempt)) return;
    const isBehind = attempt.past === 0 && sequence > old.sequence + 1;
    this.#checkBehind(isBehind);
    this.at = { ...this.at, attempt: { ...attempt, past: sequence, isBehind } };
    if (!isBehind && sequence > old.sequence) this.#applyPast(entry);
  }

  /** A batch that this server has missed in the log that is gone; it gets the ids that it had there. */
  #applyPast({ sequence, time, writer, bytes }: PastEntry): void {
    const { base, lastBatch: oldLast } = this.at.old!, parts = this.at.old!.parts.copy();
    this.at = { ...this.at, old: { ...this.at.old!, sequence, parts } };
    const entry = parts.wholeOf({ sequence, writer, bytes });
    this.ring.add([{ sequence, time, writer, bytes }], Math.min(parts.firstUnfinished(sequence), oldLast), 0);
    if (typeof entry !== "object" || entry.kind !== "batch") return;
    const { base: newBase, lastBatch } = this.at;
    this.at = { ...this.at, lastBatch: oldLast };
    this.#applyBatch(entry, { sequence, time }, base, this.ownOfPast(writer));
    const old = { ...this.at.old!, lastBatch: this.at.lastBatch };
    this.sql.raiseMark.run("last", base + old.lastBatch * IDS + IDS - 1);
    this.at = { ...this.at, base: newBase, lastBatch, old };
  }

  /** The own batch under way, if it is in the log that is gone. */
  protected abstract ownOfPast(writer: string): OwnBatch | undefined;

  #end(attempt: Attempt, place: LogEntry): void {
    const { chat, base, behind, of, past, records } = attempt, { sequence, first, old, parts, interrupted } = this.at;
    const takesAll = this.#takesAll(attempt);
    if (behind > 0 && behind < first - 1) { // entries between are not there any more
      this.at = { ...this.at, attempt: undefined };
      return;
    }
    if (!this.isNewcomer && chat !== this.at.chat) {
      const refusal = new JournalRefused(inEach(({ logOfOther }) => logOfOther(this.path)));
      throw this.isLive ? new JournalFailure(refusal.message) : refusal;
    }
    if (!takesAll && old !== undefined && old.lastBatch > past) this.#beginElsewhere();
    this.noteChat(chat, base);
    for (const each of [...(old === undefined ? [] : [old.base]), ...of, ...interrupted]) {
      if (each !== base) this.sql.addAncestor.run(each);
    }
    if (takesAll) {
      const limit = base + behind * IDS + IDS - 1;
      this.sql.discardUpTo.run(limit);
      for (const item of records) this.putRecord(item);
      this.sql.raiseMark.run("applied", limit);
    }
    this.sql.removeMark.run("joining");
    this.ring.clear();
    this.#raw = [place];
    this.at = { ...NOWHERE, chat, base, sequence, lastBatch: sequence, isBegun: true, checkpoint: behind, parts };
    this.isNewcomer = false;
  }

  /** Forgets all, for the log to be taken from its beginning. */
  protected joinAgain(): void {
    this.attempt("join the log again", () => this.transact(() => this.empty()));
    this.at = { ...NOWHERE, chat: this.at.chat };
    this.isNewcomer = true;
  }
}

/** The records of an own batch with the ids that they get. They may have got some before, in a view that was not kept. */
function renumbered(own: OwnBatch, first: number): readonly JournalRecord[] {
  own.records = shifted(own.records, first - own.first);
  own.first = first;
  return own.records;
}
