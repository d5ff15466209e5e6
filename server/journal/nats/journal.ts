/**
 * The journal of a chat of several servers: its log is elsewhere, and all servers append to it and apply it in one order, their
 * own batches too. Its view is this server's database: history, search and a restart need no other server.
 *
 * One own entry is under way at a time. What becomes of it, the log says: it comes back in its place among the others', or it
 * is certainly not there; until then nothing is known.
 */
import { logger } from "../../../log/mod.ts";
import { inEach } from "../../words/mod.ts";
import type { Batch, Committed, Journal } from "../contract.ts";
import { type Database, openDatabase, openInMemory } from "../database.ts";
import { JournalFailure, JournalRefused } from "../failure.ts";
import { firstId } from "../ids.ts";
import { migrate } from "../schema.ts";
import { JournalPeers, NOTHING, type Progress } from "./journal_peers.ts";
import type { EntryEvent, LogCounts, LogEntry, LogEvent, OpenLog, Peers, SharedLog } from "./log.ts";
import type { LogViewOptions } from "./log_rows.ts";
import { LogDiffers, LogView, type OwnBatch } from "./log_view.ts";
import { OwnEntries } from "./own_entries.ts";
import { IDS } from "./position.ts";
import { randomNumber, seedEntries } from "./seed.ts";

const { info, warning } = logger("server/journal/nats");

/** How it is opened. */
export interface SharedOptions extends LogViewOptions {
  readonly openLog: OpenLog;
  /** Called when there is something to take, of the journal or of the peers. */
  readonly onReady: () => void;
  /** Called once when this server cannot follow the log any more: started again, it takes from the log what others have. */
  readonly onDiffers?: () => void;
  /** The most milliseconds that others are waited for which do not say how far they are, when the log was out of reach. */
  readonly settle?: number;
  /** The log's first entries are removed when there are so many that nobody needs, 10,000 unless given. */
  readonly purgeFrom?: number;
}

/** A journal of which other servers append to the log. */
export interface SharedJournal extends Journal {
  /** There is a link to the log, and what is appended can get there. */
  readonly isUp: boolean;
  readonly peers: Peers;
  readonly counts: Readonly<LogCounts>;
  /** The data folder, by a number that it keeps. */
  readonly home: number;
}

const SETTLE = 1000;
/** So long a server waits for another one that puts entries back or begins the log, in multiples of the above. */
const PATIENCE = 5;
/** Entries that are removed at once: the broker does nothing else for some milliseconds. */
const PURGE_STEP = 10_000, PURGE_FROM = 10_000;
/**
 * Events that may wait for a view that cannot keep them, such as one on a full disk. The others wait at the broker, which sends at
 * most some ten megabytes ahead.
 */
const MOST_WAITING = 1000;
/** Milliseconds that an own batch waits for such a view. Its senders wait longer, so they are answered that it is not kept. */
const HICCUP = 3000;
/** Milliseconds between two looks for entries that nobody needs. */
const REVIEW_EVERY = 10 * 60 * 1000;

/**
 * Opens the view of a data folder, or makes it, and brings it to the end of the log.
 *
 * @throws {JournalRefused} in one line, as `openJournal` does, and if the log cannot be used or is that of another chat
 */
export async function openSharedJournal(options: SharedOptions): Promise<SharedJournal> {
  const made = (database: Database) => new NatsJournal(database, options);
  const journal = options.inMemory
    ? openInMemory(made, (db) => migrate(db, options.path))
    : openDatabase(options, made, migrate);
  try {
    await journal.join(options.openLog);
    return journal;
  } catch (failure) {
    await journal.close();
    throw failure;
  }
}

/** What this server begins the log with. */
interface Seed {
  readonly attempt: number;
  readonly entries: Iterator<Uint8Array, void>;
  /** Its first entry has come back. */
  isThere: boolean;
  /** The last entry before it: an old copy of the log that is gone, to be removed; 0 if there is none. */
  readonly copy: number;
}

/**
 * The log is out of reach; it was, and the other servers say how far they are; it can be appended to; it has lost what was
 * taken, and the others say how far they are; it is being put back; and it is taken from its beginning.
 */
type Phase = "down" | "settling" | "open" | "setBack" | "restoring" | "restarting";

class NatsJournal extends LogView implements SharedJournal {
  readonly isShared = true;
  /** One less than an entry has: none of its ids is that of the next one. */
  readonly maxIds = IDS - 1;
  readonly #settle: number;
  readonly #purgeFrom: number;
  readonly #onReady: () => void;
  readonly #onDiffers: () => void;
  #differs = false;
  #notify: () => void = () => {};
  #log: SharedLog | undefined;
  #peers: JournalPeers | undefined;
  #phase: Phase = "settling";
  /** When the phase began. */
  #since = 0;
  /** When the last entry was applied. */
  #movedAt = 0;
  /** The first entry of the log, and where it ended when it was set back. */
  #first = 1;
  #setBackTo = 0;
  /** What has come and could not be kept yet. */
  #events: LogEvent[] = [];
  readonly #own = new OwnEntries();
  #seed: Seed | undefined;
  /** Of the state, with which a server can begin when entries before are removed. */
  #checkpoint: Iterator<Uint8Array, void> | undefined;
  /** It was asked for, so this server removes what nobody needs behind it. */
  #purges = false;
  #reviewAt: number;
  /** The last entry that {@linkcode take} has given, or that was there before. */
  #known = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  /** Why the view could not keep what has come, and since when it cannot. */
  #failure: JournalFailure | undefined;
  #failingSince = Infinity;

  constructor(database: Database, options: SharedOptions) {
    super(database, options);
    this.#settle = options.settle ?? SETTLE;
    this.#purgeFrom = options.purgeFrom ?? PURGE_FROM;
    this.#reviewAt = (options.keepDays ?? 0) > 0 ? this.now() : Infinity;
    this.#onReady = options.onReady;
    this.#onDiffers = options.onDiffers ?? (() => {});
  }

  /** @throws {JournalRefused} */
  async join(openLog: OpenLog): Promise<void> {
    while (!(await this.#follow(openLog))) {
      await this.#log!.close();
      this.joinAgain();
    }
    this.isLive = true;
    this.#known = this.at.sequence;
    this.#notify = this.#onReady;
  }

  get busy(): boolean {
    return this.#own.isBusy;
  }

  get isUp(): boolean {
    return this.#phase === "open" && this.at.isBegun && this.#failure === undefined;
  }

  get peers(): Peers {
    return this.#peers!;
  }

  get counts(): Readonly<LogCounts> {
    return this.#log!.counts;
  }

  append(batch: Batch): void {
    if (this.busy) throw new Error("Cannot append: a batch is under way");
    this.standing = this.taken;
    this.countFrom(batch.end);
    this.#own.add(batch, batch.ifCurrent === true ? this.#known : Infinity);
    this.#takeEvents();
  }

  take(): Committed[] {
    this.standing = this.taken;
    this.#takeEvents();
    const { committed } = this;
    this.taken = this.lastRead;
    this.#known = this.at.sequence;
    if (committed.length > 0) this.committed = [];
    return committed;
  }

  /** What others have appended comes without being asked for. */
  poll(): void {}

  override maintain(milliseconds: number): boolean {
    if (this.#failure !== undefined) {
      this.standing = this.taken;
      this.#takeEvents();
      this.#notify();
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (this.isUp) this.attempt("remove old entries of the log", () => this.#purge());
    return super.maintain(milliseconds);
  }

  /**
   * Removes entries of the log of which all messages are too old, a step a second, once the log has the state behind them. The
   * state is written by the server that finds first that there are many.
   */
  #purge(): void {
    const { checkpoint, sequence, parts } = this.at, now = this.now();
    if (this.#purges && this.#checkpoint === undefined && checkpoint > this.#first) {
      const end = Math.min(this.oldestNeeded(), checkpoint + 1, parts.firstUnfinished(sequence));
      if (end <= this.#first) return;
      this.#first = Math.min(end, this.#first + PURGE_STEP);
      this.#log!.purge(this.#first);
      return;
    }
    // What is in the view and not judged yet is no state.
    if (now < this.#reviewAt || this.committed.length > 0 || this.taken !== this.lastRead) return;
    this.#reviewAt = now + REVIEW_EVERY;
    const needed = this.oldestNeeded(), from = Math.max(this.#first, checkpoint);
    const hasErased = from <= this.lastErased && this.lastErased < needed;
    if (needed - from < this.#purgeFrom && !hasErased) return;
    info("purge", `writes the state to the log, from which old entries are removed`);
    this.#purges = true;
    const { chat, base } = this.at;
    const head = { attempt: randomNumber(), chat, base, behind: sequence, before: 0, of: this.ancestors() };
    this.#checkpoint = seedEntries(head, this.recordItems(), []);
    this.#advance();
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#peers?.leave();
    await this.#log?.close();
    await super.close();
  }

  protected onVoid(own: OwnBatch): void {
    this.#own.appendAgain(own);
  }

  /** An own batch that was in the log that is gone. */
  protected ownOfPast(writer: string): OwnBatch | undefined {
    return writer === this.#log!.writer ? this.#own.takePast() : undefined;
  }

  /** Applies the log to its end. False if it has other entries than the view, which then has some that no log has. */
  async #follow(openLog: OpenLog): Promise<boolean> {
    let ready = Promise.withResolvers<void>();
    this.#notify = () => ready.resolve();
    const { log, peers } = await openLog({ after: this.ring.last, onReady: () => this.#notify() });
    this.#log = log;
    this.#peers = new JournalPeers(peers, this.now, () => this.#progress);
    this.#events = [];
    this.#enter("down");
    for (;;) {
      try {
        this.#takeEvents();
      } catch (failure) {
        if (!(failure instanceof LogDiffers)) throw failure;
        warning("join", `${failure.message}; what is here is removed, and taken from the log`);
        return false;
      }
      if (this.#failure !== undefined) throw new JournalRefused(inEach(() => this.#failure!.message));
      if (this.at.isBegun && this.#phase === "open") return true;
      await ready.promise;
      ready = Promise.withResolvers();
    }
  }

  /** How far this server is, whatever became of the log. */
  get #progress(): Progress {
    const { old, sequence, base } = this.at, oldest = old === undefined ? this.ring.first : Infinity;
    return { base: old?.base ?? base, applied: old?.sequence ?? (this.isNewcomer ? NOTHING : sequence), oldest };
  }

  /** Takes what the log has, keeps it, and then sends what can be sent. */
  #takeEvents(): void {
    const peers = this.#peers!, mayTake = this.#events.length < MOST_WAITING, some = mayTake ? this.#log!.take() : [];
    peers.receive();
    for (const event of some) this.#events.push(event);
    if (some.length > 0) peers.noteEntry();
    this.#failure = undefined;
    try {
      while (this.#events.length > 0) this.#keepSome();
    } catch (failure) {
      return this.#noteFailure(failure);
    } finally {
      peers.reply();
    }
    if (!mayTake) {
      this.#failingSince = Infinity;
      return this.#takeEvents();
    }
    try {
      this.#advance();
    } catch (failure) { // what a log begins with is read here, and the chat's number kept
      return this.#noteFailure(failure);
    }
    this.#failingSince = Infinity;
  }

  /** The view cannot keep what has come, or what the log is to begin with. It is tried again with the next turn. */
  #noteFailure(failure: unknown): void {
    this.#failure = this.#failureOf(failure);
    const now = this.now(), since = this.#failingSince = Math.min(this.#failingSince, now);
    if (now - since >= HICCUP) this.#refuse(this.#failure);
  }

  #failureOf(failure: unknown): JournalFailure {
    if (failure instanceof JournalFailure) return failure;
    if (!(failure instanceof LogDiffers) || !this.isLive) throw failure;
    if (!this.#differs) {
      warning("take", failure.message);
      this.#onDiffers();
    }
    this.#differs = true;
    return new JournalFailure(failure.message);
  }

  /** All entries before another event, in one transaction; or that event. */
  #keepSome(): void {
    const end = this.#events.findIndex(({ kind }) => kind !== "entry");
    const entries = this.#events.slice(0, end < 0 ? undefined : end) as EntryEvent[];
    if (entries.length > 0) this.#keep(entries);
    if (end >= 0) this.#onEvent(this.#events[end]!);
    this.#events = this.#events.slice(entries.length + (end < 0 ? 0 : 1));
  }

  #keep(entries: readonly EntryEvent[]): void {
    const saved = this.#own.save(), { length } = this.committed;
    this.#movedAt = this.now();
    try {
      this.applyAll(entries, entries.at(-1)!.left, (entry) => this.#ownOf(entry));
    } catch (failure) {
      this.#own.restore(saved);
      throw failure;
    }
    const own = this.#own.takeEnded();
    if (own === undefined) return;
    if (this.committed.slice(length).some((each) => each.own === own.batch)) return;
    this.#fail(own.batch, new JournalFailure("Cannot keep messages: the log did not take them as they were"));
  }

  /** The own batch that is whole with an entry. */
  #ownOf({ writer, sequence }: LogEntry): OwnBatch | undefined {
    if (writer !== this.#log!.writer || sequence <= this.at.sequence) return undefined;
    return this.#own.noteBack();
  }

  #onEvent(event: LogEvent): void {
    switch (event.kind) {
      case "refused":
        return this.#onRefused(event.failure);
      case "down":
        return this.#enter("down");
      case "up":
        this.#first = event.first;
        return this.#enter("settling"); // at the start, too: others may have what the log has lost
      case "setBack":
        if (this.#phase === "restoring") return this.#restart(); // another server has begun the log anew
        this.#setBackTo = event.last;
        return this.#enter("setBack");
    }
  }

  #onRefused(failure: JournalFailure): void {
    const own = this.#own.takeRefused();
    if (own === undefined) {
      this.#seed = this.#checkpoint = undefined;
      if (!this.isLive) this.#failure = failure;
      return this.#enter("settling"); // and then again
    }
    this.#fail(own.batch, failure);
  }

  #fail(own: Batch, failure: JournalFailure): void {
    this.committed.push({ outcome: "failed", own, failure });
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#since = this.now();
    clearTimeout(this.#timer);
    if (phase === "settling" || phase === "setBack") this.#peers?.ask();
  }

  /** Does what is next, if it is time for it. */
  #advance(): void {
    const passed = this.now() - this.#since;
    if (this.#phase === "settling" && this.#isSettled(passed)) {
      this.#enter("open");
      this.#log!.proceed();
    } else if (this.#phase === "setBack") this.#restore(passed);
    else if (this.#phase === "restoring" && passed >= PATIENCE * this.#settle) this.#restart();
    if (this.#phase === "down") {
      return this.#refuse(new JournalFailure("Cannot keep messages: there is no link to the broker"));
    }
    if (this.#phase !== "open") return this.#wake();
    if (this.at.isBegun) this.#endSeed();
    else this.attempt("begin the log", () => this.#begin());
    this.#send();
  }

  /**
   * Whether this server may go on behind the log's end: no other one has more than the log has, or none puts it back. A new
   * entry in the place of one that another server has acknowledged would make that one void. So all others are waited for that
   * were there before, which takes as long as the slowest needs to connect; and a fixed time for those that may be gone, or
   * where this server has not been there for long enough to know the others.
   */
  #isSettled(passed: number): boolean {
    const peers = this.#peers!, { isBegun, sequence } = this.at;
    if (passed >= PATIENCE * this.#settle) return true;
    if (passed < this.#settle && !peers.haveAllTold) return false;
    return !peers.hasMore && (isBegun || !peers.canRestore(sequence));
  }

  /**
   * Puts back what the log has lost. If it is here, that needs no agreement with the others, and no wait: each entry has one
   * place, where all servers have had the same one, and the broker takes it behind the one before it only. Which server puts
   * it back, and whether it has all, makes no difference: one that has more puts back the rest, and the others wait for it
   * before they go on.
   */
  #restore(passed: number): void {
    const last = this.#setBackTo, missing = this.at.old === undefined ? this.ring.from(last) : undefined;
    if (missing !== undefined) {
      info("restore", `puts entries back into the log, which ends with ${last} instead of ${this.at.sequence}`);
      this.#enter("restoring");
      return this.#log!.proceed(missing);
    }
    const peers = this.#peers!;
    if (passed < this.#settle && !peers.haveAllTold) return;
    if (peers.canRestore(last) && passed < PATIENCE * this.#settle) return;
    this.#restart();
  }

  /** The log cannot be put back as it was: what the chat has begins it anew. */
  #restart(): void {
    warning("restart", "takes the log from its beginning; if that is gone, it begins with what is here");
    this.beginAgain();
    this.#seed = this.#checkpoint = undefined;
    this.#own.restart();
    this.#enter("restarting");
    this.#log!.restart();
  }

  /** The log has no beginning: makes it, unless another server is doing so. */
  #begin(): void {
    const { attempt, old, sequence } = this.at, seed = this.#seed;
    if (seed !== undefined) {
      seed.isThere ||= seed.attempt === attempt?.attempt;
      const isVoid = seed.attempt === this.voidAttempt;
      if (!isVoid && (!seed.isThere || seed.attempt === attempt?.attempt)) return;
      this.#seed = undefined; // another server has begun behind it, or has gone on before it
      if (isVoid) return this.#enter("settling");
    }
    // The one that has most begins at once, so that no other one has to take anything back. It may be gone, too.
    const others = this.#peers!.isFirst ? 0 : PATIENCE, another = attempt === undefined ? 0 : PATIENCE;
    const isLate = this.now() - Math.max(this.#movedAt, this.#since) >= (others + another) * this.#settle;
    if (!isLate || (attempt !== undefined && this.isNewcomer)) return this.#wake();
    if (attempt === undefined && this.#first > 1 && old === undefined) {
      if (this.isLive) return this.#wake();
      throw new JournalRefused(inEach(({ logWithoutBeginning }) => logWithoutBeginning));
    }
    const base = firstId(Math.max(this.lastId(), this.noted), this.wall());
    const of = old === undefined ? [] : [old.base, ...this.ancestors(), ...this.interrupted()], chat = this.beginChat();
    // What was removed before the log's first entry is void too, for servers that have had it.
    const before = Math.max(sequence, this.#first - 1),
      head = { attempt: randomNumber(), chat, base, behind: 0, before, of };
    info("begin", "begins the log with what is here");
    const entries = seedEntries(head, this.items(), old === undefined ? [] : this.ring.all());
    this.#seed = { attempt: head.attempt, entries, isThere: false, copy: (old?.copy?.log ?? 0) > 0 ? sequence : 0 };
  }

  /** The log has a beginning. What is before an own one is of no use to anybody. */
  #endSeed(): void {
    const seed = this.#seed;
    if (seed === undefined) return;
    this.#seed = undefined;
    if (seed.isThere && seed.copy > 0) this.#log!.purge(seed.copy + 1);
  }

  /** There is no link, or the view has failed for {@linkcode HICCUP}: a batch that waits is not sent any more. */
  #refuse(failure: JournalFailure): void {
    const waiting = this.#own.takeWaiting();
    if (waiting !== undefined) this.#fail(waiting.batch, failure);
  }

  /** Appends the next entry. */
  #send(): void {
    const { isBegun, base } = this.at, log = this.#log!;
    const frame = this.#own.next(isBegun ? base : undefined, log, () => this.#nextPart());
    if (frame !== undefined) log.append(frame);
  }

  /** The next part of a seed, or of the state. */
  #nextPart(): Uint8Array | undefined {
    let part;
    try {
      part = this.attempt("read what the log begins with", () => {
        return this.#seed?.entries.next().value ?? this.#checkpoint?.next().value;
      });
    } catch (failure) { // it is over, and another one has to begin
      this.#seed = this.#checkpoint = undefined;
      this.#enter("settling");
      throw failure;
    }
    if (part instanceof Uint8Array) return part;
    this.#checkpoint = undefined;
    return undefined;
  }

  /** Looks again later. */
  #wake(): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => this.#notify(), Math.max(1, this.#settle / 4));
  }
}
