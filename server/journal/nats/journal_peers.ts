/** The messages between servers, of which the journal takes its own: how far each server is in the log. */
import type { PeerMessage, Peers } from "./log.ts";

/** "I have applied the log up to this entry, and can put it back from that one on", the same as a reply to that, and as the last word. */
const ASKS = "applied?", TELLS = "applied", LEAVES = "leaves";
/** A second reply, of a server that has been there for long enough: the names of all that are there. */
const NAMES = "names";
/** The question of a program beside the servers, for which no server waits. */
const VISITOR_ASKS = "progress?";
const BYTES = 24;
/** Milliseconds of silence after which others take a server for gone: each says something every second. */
const SILENT = 7000;
/** Milliseconds in which every server has said something, with one message of it lost. */
const HEARD = 3000;
/** The longest time between two things that come by a link, unless one server is alone. */
const LONGEST_GAP = 1500;

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** What a server has applied that has nothing, no database either. */
export const NOTHING = -1;

/** How far a server is in the log. */
export interface Progress {
  /** The base of that log: one that was begun later has a larger one. */
  readonly base: number;
  /** The last entry that it has applied. */
  readonly applied: number;
  /** The first entry that it can put back; `Infinity` if none. */
  readonly oldest: number;
}

/**
 * Which other servers there are, and how far they are. After the log was out of reach, a server goes on as soon as all others
 * have said how far they are, which takes as long as the slowest of them needs to connect again. It waits for those that have
 * said anything in the last seconds. Only time counts in which something has come from the broker again and again. So a server
 * that has stood still, or had no link, forgets nobody for that.
 */
export class JournalPeers implements Peers {
  readonly self: string;
  readonly #peers: Peers;
  readonly #now: () => number;
  /** How far this server is. */
  readonly #progress: () => Progress;
  /** When the last thing came, a message or an entry. */
  #heardAt: number;
  /** Milliseconds for which this server has been listening. */
  #listened = 0;
  /** What that was when each other server was heard last. */
  readonly #heard = new Map<string, number>();
  /** How far each other server is, as it said last. */
  readonly #others = new Map<string, Progress>();
  /** Those that have said so since {@linkcode ask}. */
  readonly #told = new Set<string>();
  /** Those that have ended in order. None waits for them, and what they had counts. */
  readonly #left = new Set<string>();
  /** Another server has said since {@linkcode ask} which ones there are. */
  #knowsNames = false;
  /** Servers that have asked. */
  #asking: string[] = [];
  #messages: PeerMessage[] = [];

  constructor(peers: Peers, now: () => number, progress: () => Progress) {
    this.self = peers.self;
    this.#peers = peers;
    this.#now = now;
    this.#progress = progress;
    this.#heardAt = now();
  }

  send(to: string | "all", kind: string, bytes: Uint8Array): void {
    this.#peers.send(to, kind, bytes);
  }

  take(): readonly PeerMessage[] {
    this.receive();
    return this.#messages.splice(0);
  }

  /** Takes what concerns the journal. The rest waits for {@linkcode take}, and a reply for {@linkcode reply}. */
  receive(): void {
    for (const message of this.#peers.take()) {
      const { from, kind, bytes } = message;
      this.noteEntry();
      if (kind === VISITOR_ASKS) {
        this.#asking.push(from);
        continue;
      }
      this.#heard.set(from, this.#listened);
      if (kind === NAMES) this.#takeNames(bytes);
      else if (kind !== ASKS && kind !== TELLS && kind !== LEAVES) this.#messages.push(message);
      else if (bytes.length === BYTES) this.#takeProgress(message);
    }
  }

  #takeNames(bytes: Uint8Array): void {
    this.#knowsNames = true;
    for (const name of decoder.decode(bytes).split(" ")) {
      if (name !== "" && name !== this.self && !this.#heard.has(name)) this.#heard.set(name, this.#listened);
    }
  }

  #takeProgress({ from, kind, bytes }: PeerMessage): void {
    this.#others.set(from, progressIn(bytes));
    this.#told.add(from);
    if (kind === ASKS) this.#asking.push(from);
    if (kind === LEAVES) this.#left.add(from);
  }

  /** Something has come from the broker. */
  noteEntry(): void {
    const now = this.#now();
    this.#listened += Math.min(now - this.#heardAt, LONGEST_GAP);
    this.#heardAt = now;
  }

  /** Replies to those that have asked; called when all that has come is applied. Otherwise others would go on without it. */
  reply(): void {
    if (this.#asking.length === 0) return;
    const bytes = bytesOf(this.#progress()),
      names = this.#knowsAll ? encoder.encode(this.#present().join(" ")) : undefined;
    for (const from of this.#asking) {
      if (names !== undefined) this.send(from, NAMES, names);
      this.send(from, TELLS, bytes);
    }
    this.#asking = [];
  }

  /** Says that this server ends, and what it has. */
  leave(): void {
    this.send("all", LEAVES, bytesOf(this.#progress()));
  }

  /** Asks all others anew how far they are. */
  ask(): void {
    this.#told.clear();
    this.#knowsNames = false;
    this.send("all", ASKS, bytesOf(this.#progress()));
  }

  /**
   * This server knows all others, since it has been listening for long enough or one has told it which there are; and all that
   * are not gone have answered.
   */
  get haveAllTold(): boolean {
    return (this.#knowsAll || this.#knowsNames) && this.#present().every((server) => this.#told.has(server));
  }

  get #knowsAll(): boolean {
    return this.#listened >= HEARD;
  }

  /** The other servers. Those that have been silent for too long are forgotten. */
  #present(): string[] {
    for (const [server, at] of this.#heard) {
      if (this.#listened - at < SILENT) continue;
      this.#heard.delete(server);
      this.#others.delete(server);
      this.#left.delete(server);
    }
    return [...this.#heard.keys()].filter((server) => !this.#left.has(server));
  }

  /** Another server has more than this one, as far as they have ever told. */
  get hasMore(): boolean {
    const own = this.#progress();
    return this.#others.values().some((other) => compare(other, own) > 0);
  }

  /** No other one has more. Of those that have as much, one is first by its name. */
  get isFirst(): boolean {
    const own = this.#progress();
    return this.#others.entries().every(([name, other]) => {
      const order = compare(other, own);
      return order < 0 || (order === 0 && name < this.self);
    });
  }

  /** Another server that is there can put back what is behind an entry, up to all that this one has. */
  canRestore(last: number): boolean {
    const { base, applied } = this.#progress();
    return applied > last &&
      this.#others.entries().some(([name, other]) =>
        this.#told.has(name) && other.base === base && other.applied >= applied && other.oldest <= Math.max(last, 1)
      );
  }
}

/** How far the servers are, for a program that only visits their log. */
export class Visitor {
  readonly #peers: Peers;
  #furthest: Progress | undefined;

  constructor(peers: Peers) {
    this.#peers = peers;
  }

  ask(): void {
    this.#furthest = undefined;
    this.#peers.send("all", VISITOR_ASKS, new Uint8Array());
  }

  receive(): void {
    for (const { kind, bytes } of this.#peers.take()) {
      if (kind !== TELLS || bytes.length !== BYTES) continue;
      const progress = progressIn(bytes);
      if (this.#furthest === undefined || compare(progress, this.#furthest) > 0) this.#furthest = progress;
    }
  }

  /** A server has said since {@linkcode ask} that it has applied more than this entry of the log with this base. */
  isBehind(base: number, applied: number): boolean {
    return this.#furthest !== undefined && compare(this.#furthest, { base, applied, oldest: 0 }) > 0;
  }
}

/** Which of two servers is further. */
function compare(one: Progress, other: Progress): number {
  return one.base - other.base || one.applied - other.applied;
}

function bytesOf({ base, applied, oldest }: Progress): Uint8Array {
  const bytes = new Uint8Array(BYTES), view = new DataView(bytes.buffer);
  for (const [at, value] of [base, applied, oldest].entries()) view.setFloat64(8 * at, value);
  return bytes;
}

function progressIn(bytes: Uint8Array): Progress {
  const view = new DataView(bytes.buffer, bytes.byteOffset), number = (at: number) => view.getFloat64(8 * at);
  return { base: number(0), applied: number(1), oldest: number(2) };
}
