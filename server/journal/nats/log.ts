/**
 * An ordered log of entries that several servers share, and what servers tell each other beside it. This is a contract: it
 * knows neither NATS nor what is in an entry.
 */
import type { JournalFailure } from "../failure.ts";

/** An entry of the log. It is the same on all servers, and after it was put back as well. */
export interface LogEntry {
  /** 1, 2, 3…; those of one log ascend, and some may be missing. */
  readonly sequence: number;
  /** Milliseconds since 1970, by the broker's clock. */
  readonly time: number;
  /** {@linkcode SharedLog.writer} of the process that has appended it. */
  readonly writer: string;
  readonly bytes: Uint8Array;
}

/** An event of the log, in the log's order. */
export type LogEvent =
  /** An entry, of this process or another one. Of the own one that was under way this is the acknowledgement. */
  | {
    readonly kind: "entry";
    /** How many entries the log has behind this one, about. */
    readonly left: number;
  } & LogEntry
  /** The own entry under way is certainly not in the log, and never will be. */
  | { readonly kind: "refused"; readonly failure: JournalFailure }
  /** The link to the broker is lost. Nothing can be taken or sent until `up`. */
  | { readonly kind: "down" }
  /**
   * The link works, and all entries up to the log's present end precede this event. The own entry under way is not tried again
   * before {@linkcode SharedLog.proceed}.
   */
  | {
    readonly kind: "up";
    /** The first entry that the log still has. If it is empty, this is the sequence of its next one. */
    readonly first: number;
  }
  /**
   * The log ends before what was taken: its store is an older one (`last` is its end), or it is gone or another log (0). While
   * it lasts, peers can be reached. Once another server has put the missing entries back, `up` follows.
   */
  | { readonly kind: "setBack"; readonly last: number };

/** An entry as an event. */
export type EntryEvent = Extract<LogEvent, { kind: "entry" }>;

/** How a log is opened. */
export interface LogOptions {
  /** The last entry that was taken earlier, which the log must still have or have purged; undefined: all are taken. */
  readonly after: Omit<LogEntry, "bytes"> | undefined;
  /** A log that is not there is refused, and not created. */
  readonly existing?: boolean;
  /** Called when {@linkcode SharedLog.take} or {@linkcode Peers.take} has something. It takes nothing itself. */
  readonly onReady: () => void;
}

/**
 * Opens a log, which it creates if there is none. Resolves when the broker has answered; `up` or `setBack` follows. Rejects with
 * `JournalRefused`, which says in one line what is wrong with the broker or its stream.
 */
export type OpenLog = (options: LogOptions) => Promise<{ readonly log: SharedLog; readonly peers: Peers }>;

/** What has happened to one process's access to the log, since it was opened. */
export interface LogCounts {
  /** Entries that were taken: own ones, and those of other processes. */
  own: number;
  others: number;
  /** Entries of the log that are still to be taken, as the broker said with the last one. */
  behind: number;
  /** Tries of own entries after the first one. */
  retries: number;
  /** Own entries that are certainly not in the log. */
  refused: number;
  /** Entries that this process has put back into a log that was set back. */
  putBack: number;
  /** Links that were lost. */
  losses: number;
}

export function noCounts(): LogCounts {
  return { own: 0, others: 0, behind: 0, retries: 0, refused: 0, putBack: 0, losses: 0 };
}

/** One process's access to the log. No method throws for the broker: what has failed comes by {@linkcode SharedLog.take}. */
export interface SharedLog {
  /** This process, as its entries name it; new at each opening. */
  readonly writer: string;
  /** The most bytes of one entry. */
  readonly maxBytes: number;
  /** An own entry is under way: there is no other until it has come back or was refused. */
  readonly busy: boolean;
  readonly isUp: boolean;
  readonly counts: Readonly<LogCounts>;
  /** Appends an entry. Without a link it is refused. */
  append(bytes: Uint8Array): void;
  /**
   * After `up`: tries the own entry under way again. Servers call it when no other one has taken more than the log has.
   *
   * After `setBack`: puts back entries that the log has lost; `up` follows. What another server has put back meanwhile stays
   * as it is. The entries begin with the last one that the log still has, if any: it shows that this is the same log. Into
   * another one nothing is put back, and `setBack` follows once more.
   */
  proceed(missing?: readonly LogEntry[]): void;
  /**
   * After `setBack`, when what was lost cannot be put back: takes the log from its beginning, and creates it if it is gone. The
   * own entry under way is forgotten.
   */
  restart(): void;
  /** Removes the entries before a sequence, when the broker has time for it. */
  purge(before: number): void;
  /** What has happened since the last call. */
  take(): readonly LogEvent[];
  close(): Promise<void>;
}

/** A message from one server to another, which nothing keeps and the broker may lose. */
export interface PeerMessage {
  readonly from: string;
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** Messages between servers that are not kept: heartbeats, messages between guests, traffic for an inspector. */
export interface Peers {
  /** The name that others send to; the log's writer. */
  readonly self: string;
  /** To one server, or to all others. Without a link it is dropped. */
  send(to: string | "all", kind: string, bytes: Uint8Array): void;
  take(): readonly PeerMessage[];
}
