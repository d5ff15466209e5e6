/**
 * What the rules of the chat may do: answer, relay, propose a record, start a job, log. The rules themselves touch no socket and
 * no disk. The server implements {@linkcode Effects}; a test replaces it.
 */
import type { Answer, FieldTypo, Language, Msg, Refusal, Relay, SharedFile } from "../../jim/mod.ts";
import type { Proposal, StateProposal } from "../journal/records.ts";
import type { Job, JobResult, Rows } from "./jobs.ts";
import type { Session } from "./session.ts";
import type { StateChange } from "./state_change.ts";
import type { TextForm } from "./text_forms.ts";

/**
 * The result of a proposal: the change that it made; "lost" when an earlier record stands in the way, so that the handler decides
 * anew; "failed" when the journal has not taken it.
 */
export type Outcome = StateChange | "lost" | "failed";

/** What a message has beside its text. */
export interface MessageExtras {
  readonly file: SharedFile | undefined;
  /** Other texts of it, for readers that do not know what it has. */
  readonly forms: readonly TextForm[];
}

/** The effects that a handler may cause. */
export interface Effects<S extends Session> {
  /** @param about it refuses a message, to which not every program awaits an answer */
  answer(to: S, answer: Answer, about?: "msg"): void;
  /** Sends a notice that no request asked for, if the program behind the session can show one. */
  notify(to: S, notice: Answer): void;
  /**
   * Sends the same object to several sessions, except to the one that caused it. That one pays for the bytes; it is undefined if
   * it is connected to another server.
   */
  announce(by: S | undefined, to: readonly S[], object: object): void;
  /** Tells the other servers of the chat what nothing keeps, if there are any; some of it may be lost. */
  tellServers(kind: "typing", object: object): void;
  /** Relays a message to everybody but its sender, and answers the sender. */
  relayToAll(from: S, msg: Msg, answer: Answer): void;
  /**
   * Relays a message to some sessions, and answers the sender. The message is kept in the conversation, if there is one.
   *
   * @param spelling how each reader spells the addressee; missing when all spell it alike
   * @param elsewhere other servers with readers of a message that is not kept
   * @param extras of a reply, or a message with a file
   */
  relayToSome(
    from: S,
    to: Iterable<S>,
    msg: Msg,
    conversation: string | undefined,
    answer: Answer,
    spelling?: (reader: S) => string,
    elsewhere?: readonly string[],
    extras?: MessageExtras,
  ): void;
  /** Relays to some sessions what is in the log already, and answers nobody. */
  relayStored(to: readonly S[], relay: Relay, spelling: (reader: S) => string): void;
  /**
   * Sends rows, each made when the reader can take it. They do not count against its output limit. Until all are out, its next
   * request waits, and everything else for it is sent after them.
   */
  streamRows(to: S, rows: Rows): void;
  /** Streams all traffic to a session from now on. */
  startInspection(to: S): void;
  stopInspection(to: S): void;
  /** Logs an operator's order. */
  logOrder(by: S, what: string): void;
  /** Logs a refused login, registration or creation; `as` is the name that was asked for, if any. */
  logDenial(by: S, refusal: Refusal, as: string | undefined): void;
  /** Logs a login or a registration. */
  logLogin(by: S, what: string): void;
  /** Works out again what is relayed to a session: its name, its mute or its features have changed. */
  updateSubscription(session: S): void;
  /** Closes a session after its output is sent. */
  disconnect(session: S, why: "quits" | "is put out"): void;
  /** Sends a refusal before the connection is closed. */
  refuseAndClose(session: S, refusal: Refusal): void;
  /**
   * Proposes a record. It changes the state when the journal returns it: one of presence at once if the journal is embedded.
   * Until then only this session's next request waits. `then` is not called for a session that is closing.
   *
   * @param by undefined if no request waits for it
   * @param also further records of the same batch; their outcome does not matter
   */
  propose(
    by: S | undefined,
    proposal: Proposal,
    then: (context: RequestContext<S>, outcome: Outcome) => void,
    also?: readonly StateProposal[],
  ): void;
  /** Charges what is kept, about, to the daily quotas. Returns so many bytes. */
  spendQuota(by: S, object: object): number;
  /** Gives bytes back: what they were for is not kept. */
  refundQuota(by: S, bytes: number): void;
  /** Proposes records that no request waits for. */
  record(proposals: readonly StateProposal[]): void;
  /** The hourly limit of a network that may create no more for now, and the seconds until it may; else undefined. */
  creationLimit(what: "room" | "account", by: S): { readonly limit: number; readonly seconds: number } | undefined;
  /** Counts a creation against that limit. */
  countCreation(what: "room" | "account", by: S): void;
  /** Takes a counted creation back: nothing was created. */
  refundCreation(what: "room" | "account", by: S): void;
  /** The daily quota that is used up, in bytes, and the seconds until a message fits again; else undefined. */
  exhaustedQuota(
    by: S,
  ): { readonly scope: "account" | "network"; readonly limit: number; readonly seconds: number } | undefined;
  /** Why the journal took no proposal: it fails, it is full, or it has not answered in time. */
  readonly failureReason: "store" | "nospace" | "undecided";
  /**
   * Applies what another program, such as the account tool, has appended. Called before a decision about names or accounts. It
   * takes 5 µs.
   *
   * @param age does nothing if it was called less than so many milliseconds ago; 0 unless given
   */
  refreshState(age?: number): void;
  /** A new secret: 256 random bits, in base64url. */
  newToken(): string;
  /** The last id that was given out, by this server or another one. */
  readonly lastId: number;
  /**
   * Starts a job. Until it is done only this session's next request waits. `then` is not called for a session that is closing,
   * nor for one that was refused because too many jobs wait.
   */
  startJob<K extends Job["kind"]>(
    session: S,
    job: Extract<Job, { kind: K }>,
    then: (context: RequestContext<S>, result: JobResult[K] | undefined) => void,
  ): void;
}

/** What a handler gets beside its request. */
export interface RequestContext<S extends Session> {
  readonly effects: Effects<S>;
  /** Unix seconds. */
  readonly now: number;
  /** The language of refusals. */
  readonly language?: Language;
  /** A field of the request that was ignored and seems to be a misspelt one. */
  readonly typo?: FieldTypo;
}
