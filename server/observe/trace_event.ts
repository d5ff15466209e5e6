/** What an inspector is shown of a connection. */
import type { Framing } from "../net/connection.ts";

/** One event, as an inspector receives it. */
export interface TraceEvent {
  readonly action: "trace";
  /** The name of its server, where several are one chat. */
  readonly server?: string;
  /** Unix seconds, with milliseconds. */
  readonly time: number;
  readonly address: string;
  readonly name: string | undefined;
  /** The role of an account. */
  readonly role?: "account" | "operator";
  /** The number of a guest, if several have its name. */
  readonly guest?: number;
  /** It gets answers and no messages: a bare program that reads nothing else while it writes. */
  readonly deaf?: true;
  /** Its framing, as far as it is known. */
  readonly framing: Framing;
  readonly dialect: string;
  /** Input, output, a refusal, a state, or a close. */
  readonly way: "in" | "out" | "refused" | "here" | "gone";
  readonly text: string;
  /** Of a refusal: the code of the answer. */
  readonly code?: number;
  /** With a refusal or a state: refusals since it connected. */
  readonly refusals?: number;
  /** With a state: its unsent bytes. */
  readonly owed?: number;
  /** With a refusal: an operator has kicked it. */
  readonly kicked?: true;
  /** With a refusal from before the inspection: a later object was accepted. */
  readonly past?: true;
  /** With a state: why it is delayed, if it is. */
  readonly delay?: Delay;
  /** Events left out before this one, at least. */
  readonly missed?: number;
  /** Requests or answers are among these, so the next answer may be to one that was left out. */
  readonly unpaired?: true;
}

/**
 * Why a connection is delayed. `fast`: it is over its rate limit. `unread`: its peer has read nothing for five
 * seconds. `slow`: its peer reads more slowly than output is produced. `gaps`: it is bare, so each object
 * waits for the gap after the last one.
 */
export type Delay = "fast" | "unread" | "slow" | "gaps";
