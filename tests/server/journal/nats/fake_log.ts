// A log that several servers share, in memory: one hub, and a member for each server. Nothing happens by chance, and each fault
// is a test's own: an entry that is late, refused or swallowed, a link that is lost, a log that is set back or deleted.
import { JournalFailure } from "../../../../server/journal/failure.ts";
import {
  type LogEntry,
  type LogEvent,
  type LogOptions,
  noCounts,
  type PeerMessage,
  type Peers,
  type SharedLog,
} from "../../../../server/journal/nats/log.ts";

export interface FakeLogOptions {
  /** When an entry arrives at the log: soon, unless a test has it otherwise. */
  readonly later?: (arrive: () => void) => void;
  /** The broker's clock, in milliseconds since 1970. */
  readonly wall?: () => number;
  readonly maxBytes?: number;
}

/** What becomes of the next entry of a member. */
export type Fault =
  /** It is refused, for certain. */
  | "refuse"
  /** It is lost on its way; the member tries again when its link works again. */
  | "swallow"
  /** It is in the log, and the member does not learn so: its link is lost. */
  | "unanswered";

/** The broker. */
export class FakeLog {
  /** The entries that are kept, by ascending sequences. */
  entries: LogEntry[] = [];
  /** The last sequence that was given, of an entry that may be purged. */
  last = 0;
  readonly maxBytes: number;
  /** Entries on their way, each to arrive when a test calls it; undefined: they arrive soon. */
  held: (() => void)[] | undefined;
  readonly #later: (arrive: () => void) => void;
  readonly #wall: () => number;
  readonly #members = new Set<FakeMember>();
  #names = 0;

  constructor({ later = queueMicrotask, wall = Date.now, maxBytes = 1024 * 1024 }: FakeLogOptions = {}) {
    this.#later = later;
    this.#wall = wall;
    this.maxBytes = maxBytes;
  }

  /** As `OpenLog`. */
  readonly open = (options: LogOptions): Promise<{ readonly log: FakeMember; readonly peers: Peers }> => {
    const log = this.join(options);
    return Promise.resolve({ log, peers: log.peers });
  };

  /** A server joins. */
  join({ after, onReady = () => {} }: Partial<LogOptions> = {}): FakeMember {
    const member = new FakeMember(this, `w${++this.#names}`, after, onReady);
    this.#members.add(member);
    member.up();
    return member;
  }

  /** The servers that have joined and not left. */
  get members(): readonly FakeMember[] {
    return [...this.#members];
  }

  /** The first entry that is kept, or the next one. */
  get first(): number {
    return this.entries[0]?.sequence ?? this.last + 1;
  }

  /** The log ends with an older entry, as when the broker's store is restored from a copy. All links are lost for a moment. */
  setBack(last: number): void {
    this.lose(last);
    for (const member of this.members) member.up();
  }

  /** The same, and each link stays lost until a test has it work again. */
  lose(last: number): void {
    this.entries = this.entries.filter(({ sequence }) => sequence <= last);
    this.last = Math.min(this.last, last);
    for (const member of this.members) member.down();
  }

  /** The log is deleted, as is each number of it. */
  delete(): void {
    this.setBack(0);
  }

  // What follows is called by members.

  /** An entry of a member is on its way. */
  bring(arrive: () => void): void {
    if (this.held === undefined) this.send(arrive);
    else this.held.push(arrive);
  }

  /** Does something when an entry arrives. */
  send(act: () => void): void {
    this.#later(act);
  }

  /** Whether the log still has an entry, or has purged it. */
  has({ sequence, time, writer }: Omit<LogEntry, "bytes">): boolean {
    if (sequence > this.last) return false;
    if (sequence < this.first) return true;
    const entry = this.entries.find((each) => each.sequence === sequence);
    return entry === undefined || (entry.time === time && entry.writer === writer);
  }

  append(writer: string, bytes: Uint8Array): void {
    this.#put({ sequence: this.last + 1, time: this.#wall(), writer, bytes });
  }

  /** Whether its last entry is one of those, or there is none. */
  endsWithin(entries: readonly LogEntry[]): boolean {
    const same = entries.find(({ sequence }) => sequence === this.last);
    return this.last === 0 || (same !== undefined && this.has(same));
  }

  /** Puts an entry back where it was, unless one is there. */
  restore(entry: LogEntry): void {
    if (entry.sequence === this.last + 1) this.#put(entry);
  }

  purge(before: number): void {
    this.entries = this.entries.filter(({ sequence }) => sequence >= before);
  }

  lastOf(writer: string): number {
    return this.entries.findLast((entry) => entry.writer === writer)?.sequence ?? 0;
  }

  leave(member: FakeMember): void {
    this.#members.delete(member);
  }

  tell(from: FakeMember, to: string, kind: string, bytes: Uint8Array): void {
    for (const member of this.#members) {
      if (member !== from && (to === "all" || to === member.writer)) {
        this.send(() => member.receive({ from: from.writer, kind, bytes }));
      }
    }
  }

  #put(entry: LogEntry): void {
    this.last = entry.sequence;
    this.entries.push(entry);
    for (const member of this.#members) member.catchUp();
  }
}

/** The state of a member's link. */
type Link = "down" | "up" | "setBack" | "closed";

/** One server's access to the log, and to the other servers. */
export class FakeMember implements SharedLog {
  readonly writer: string;
  readonly peers: Peers;
  readonly counts = noCounts();
  readonly #hub: FakeLog;
  readonly #onReady: () => void;
  #link: Link = "down";
  /** The last entry that was taken. */
  #taken: Omit<LogEntry, "bytes"> | undefined;
  #events: LogEvent[] = [];
  #heard: PeerMessage[] = [];
  #faults: (Fault | undefined)[] = [];
  #pending: Uint8Array | undefined;
  /** The own writer's last entry, as far as this member knows. */
  #own = 0;

  constructor(hub: FakeLog, writer: string, after: LogOptions["after"], onReady: () => void) {
    this.#hub = hub;
    this.writer = writer;
    this.#taken = after;
    this.#onReady = onReady;
    this.peers = {
      self: writer,
      send: (to, kind, bytes) => {
        if (this.#isLinked) hub.tell(this, to, kind, bytes);
      },
      take: () => this.#heard.splice(0),
    };
  }

  get maxBytes(): number {
    return this.#hub.maxBytes;
  }

  get busy(): boolean {
    return this.#pending !== undefined;
  }

  get isUp(): boolean {
    return this.#link === "up";
  }

  append(bytes: Uint8Array): void {
    if (this.busy) throw new Error("Cannot append: an entry is under way");
    if (bytes.length > this.maxBytes) throw new Error("Cannot append: the entry is too large");
    if (!this.isUp) return this.#refuse("There is no link to the log");
    this.#pending = bytes.slice();
    this.#try();
  }

  proceed(missing: readonly LogEntry[] = []): void {
    this.#try();
    this.#hub.send(() => {
      if (this.#link !== "setBack" || missing.length === 0) return;
      if (!this.#hub.endsWithin(missing)) return this.#push({ kind: "setBack", last: 0 });
      for (const entry of missing) this.#hub.restore(entry);
    });
  }

  restart(): void {
    this.#taken = undefined;
    this.#pending = undefined;
    this.#own = 0;
    this.catchUp();
  }

  purge(before: number): void {
    this.#hub.send(() => this.#hub.purge(before));
  }

  take(): readonly LogEvent[] {
    return this.#events.splice(0);
  }

  close(): Promise<void> {
    this.#link = "closed";
    this.#hub.leave(this);
    return Promise.resolve();
  }

  // Faults.

  /** What becomes of the next entries that arrive, one each; nothing unusual where it is undefined. */
  failNext(...faults: (Fault | undefined)[]): void {
    this.#faults.push(...faults);
  }

  /** Something happens that the log has no reason for. */
  give(event: LogEvent): void {
    this.#push(event);
  }

  /** There are no more faults, and the link is another one. */
  repair(): void {
    this.#faults = [];
    this.down();
    this.up();
  }

  /** The link is lost: nothing comes and nothing arrives. */
  down(): void {
    if (!this.#isLinked) return;
    this.#link = "down";
    this.#push({ kind: "down" });
  }

  /** There is a link again: what was missed comes, unless the log has been set back. */
  up(): void {
    if (this.#link !== "down") return;
    this.#link = "setBack";
    this.catchUp();
    if (this.isUp) return;
    const { last } = this.#hub, isOlder = last < this.#taken!.sequence;
    this.#push({ kind: "setBack", last: isOlder ? last : 0 });
  }

  // What follows is called by the hub.

  /** Gives all entries behind the last one that was given. */
  catchUp(): void {
    if (!this.#isLinked || (this.#taken !== undefined && !this.#hub.has(this.#taken))) return;
    for (const entry of this.#hub.entries) {
      const { sequence, writer } = entry;
      if (writer === this.writer && sequence > this.#own) {
        this.#own = sequence;
        this.#pending = undefined;
      }
      if (sequence <= (this.#taken?.sequence ?? 0)) continue;
      this.#taken = entry;
      this.counts[writer === this.writer ? "own" : "others"]++;
      this.#push({ kind: "entry", ...entry, left: this.#hub.last - sequence });
    }
    if (this.isUp) return;
    this.#link = "up";
    this.#push({ kind: "up", first: this.#hub.first });
  }

  receive(message: PeerMessage): void {
    if (!this.#isLinked) return;
    this.#heard.push(message);
    this.#onReady();
  }

  get #isLinked(): boolean {
    return this.#link === "up" || this.#link === "setBack";
  }

  #try(): void {
    const pending = this.#pending;
    if (pending !== undefined) this.#hub.bring(() => this.#arrive(pending));
  }

  #arrive(bytes: Uint8Array): void {
    if (this.#pending !== bytes || !this.isUp) return;
    const fault = this.#faults.shift();
    if (fault === "swallow") return;
    if (fault === "refuse") return this.#refuse("The log is full");
    if (fault === "unanswered") this.down();
    // As a broker that compares the writer's last entry: a second try of an entry that is there is passed over.
    if (this.#hub.lastOf(this.writer) <= this.#own) this.#hub.append(this.writer, bytes);
  }

  #refuse(why: string): void {
    this.counts.refused++;
    this.#pending = undefined;
    this.#push({ kind: "refused", failure: new JournalFailure(why) });
  }

  #push(event: LogEvent): void {
    this.#events.push(event);
    this.#onReady();
  }
}
