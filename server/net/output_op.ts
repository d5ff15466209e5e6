/** The operations of an output batch: what is delivered to which connections. */
import type { Answer, Relay } from "../../jim/mod.ts";
import type { Rows } from "../chat/jobs.ts";
import type { TextForm } from "../chat/text_forms.ts";
import type { Connection } from "./connection.ts";

/** A message for readers that lack some features, and where its bytes are among the messages to some. */
export interface EncodedForm {
  readonly form: TextForm;
  readonly from: number;
  readonly to: number;
}

/** One delivery. `from`, `to` and `at` are byte positions in the relays of the batch. */
export type OutputOp =
  /** Relays to all by one sender, and its answers: one answer, or so many plain ones. */
  | {
    kind: "broadcast";
    by: Connection;
    from: number;
    to: number;
    count: number;
    answer: Answer | undefined;
    /** Bytes that its sender's daily quota was charged. */
    charged: number;
  }
  /** A message to some readers, in the dialect of each. */
  | {
    kind: "multicast";
    by: Connection;
    readers: Connection[];
    relay: Relay;
    /** Its position among the messages to some. */
    from: number;
    to: number;
    conversation: string | undefined;
    answer: Answer;
    /** Bytes that its sender's daily quota was charged. */
    charged: number;
    /** Other servers with readers of a message that is not stored. */
    elsewhere: readonly string[];
    spelling: ((reader: Connection) => string) | undefined;
    /** For readers that do not know what it has. */
    forms: readonly EncodedForm[] | undefined;
    at: number;
  }
  /** Relays to all from another server. */
  | { kind: "foreignBroadcast"; from: number; to: number; count: number }
  /** A message to some readers that has its id and is encoded, by another server or from the log: a line of plain JIM with its newline. */
  | {
    kind: "encodedMulticast";
    readers: readonly Connection[];
    relay: Relay;
    line: Uint8Array;
    spelling: ((reader: Connection) => string) | undefined;
    /** For readers that do not know what it has. */
    forms?: readonly TextForm[];
    at: number;
  }
  | { kind: "answer"; to: Connection; answer: Answer; at: number }
  | { kind: "object"; to: Connection; object: object; at: number }
  /** One object to several readers. */
  | {
    kind: "announcement";
    by: Connection | undefined;
    readers: readonly Connection[];
    object: object;
    from: number;
    to: number;
    at: number;
  }
  | { kind: "rows"; to: Connection; rows: Rows; at: number }
  /** The name, dialect, features or state of a connection changed: its subscription is updated. */
  | { kind: "subscription"; connection: Connection; from: number };

/** The deliveries of one kind. */
export type OpOf<Kind extends OutputOp["kind"]> = Extract<OutputOp, { kind: Kind }>;
