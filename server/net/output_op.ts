/** What a turn notes to be done when its batch is delivered. */
import type { Answer, Relay } from "../../jim/mod.ts";
import type { Rows } from "../chat/jobs.ts";
import type { Connection } from "./connection.ts";

/** Something to be done when the batch is delivered. `from`, `to` and `at` count the bytes of the batch's relays. */
export type OutputOp =
  /** Relays to all by one connection, and its answers: one of its own, or so many plain ones. */
  | { kind: "broadcast"; by: Connection; from: number; to: number; count: number; answer: Answer | undefined }
  /** A message for some; the relay is worded for each reader. */
  | {
    kind: "multicast";
    by: Connection;
    readers: Connection[];
    relay: Relay;
    /** The relay lies there among what was said to some. */
    from: number;
    to: number;
    conversation: string | undefined;
    answer: Answer;
    spelling: ((reader: Connection) => string) | undefined;
    at: number;
  }
  | { kind: "answer"; to: Connection; answer: Answer; at: number }
  | { kind: "object"; to: Connection; object: object; at: number }
  /** The same object for several. */
  | {
    kind: "announcement";
    by: Connection;
    readers: readonly Connection[];
    object: object;
    from: number;
    to: number;
    at: number;
  }
  | { kind: "rows"; to: Connection; rows: Rows; at: number }
  /** Somebody came, went, or speaks otherwise than before: what it hears is worked out again. */
  | { kind: "subscription"; connection: Connection; from: number };
