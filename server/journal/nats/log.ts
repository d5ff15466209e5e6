/**
 * An ordered log of entries that several servers share, and what servers tell each other beside it. This is a contract: it
 * knows neither NATS nor what is in an entry.
 */
import type { JournalFailure } from "../failure.ts";

/** An event of the log, in the log's order. */
export type LogEvent =
  /** An entry, of this process or another one. Of the own one that was under way this is the acknowledgement. */
  | {
    readonly kind: "entry";
    /** 1, 2, 3…; those of one log ascend, and some may be missing. */
    readonly sequence: number;
    /** Milliseconds since 1970, by the broker's clock. */
    readonly time: number;
    /** {@linkcode SharedLog.writer} of the process that has appended it. */
    readonly writer: string;
    readonly bytes: Uint8Array;
  }
  /** The own entry under way is certainly not in the log, and never will be. */
  | { readonly kind: "refused"; readonly failure: JournalFailure }
  /** The link to the broker is lost, or it works again and all entries up to the log's present end precede this event. */
  | { readonly kind: "down" }
  | { readonly kind: "up" }
  /** The log ends before what was taken (its store is an older one), or it is another log (`last` is 0 if it is gone). */
  | { readonly kind: "setBack"; readonly last: number };

/** How a log is opened. */
export interface LogOptions {
  /** Entries behind this sequence are taken; 0 for all. */
  readonly after: number;
  /** Called when {@linkcode SharedLog.take} has something. */
  readonly onReady: () => void;
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
  append(bytes: Uint8Array): void;
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
