/**
 * What the rules of the chat may ask of the world around them: to say something, to keep something, to find something out.
 * The rules themselves touch no socket and no disk, so a test can be the world.
 */
import type { Answer, Language, Msg, Refusal, Slip } from "../../jim/mod.ts";
import type { Soon } from "../journal/contract.ts";
import type { StateProposal } from "../journal/records.ts";
import type { Account, Effect, Room } from "./state.ts";

export type { Ban } from "./bans.ts";

/** What relays say of a sender beside its name; nothing of a guest that is alone by its name. */
export interface Mark {
  readonly role?: "account" | "operator";
  /** Tells guests by one name apart, as long as they are here. */
  readonly guest?: number;
}

/** One connection, as far as the chat is concerned. */
export interface Person {
  /** Undefined until presence has been said. */
  name: string | undefined;
  /** The account whose password it has given. */
  account: Account | undefined;
  /** Whether it is logged in to an account. */
  readonly proved: boolean;
  /** Its side of a conversation; undefined until presence has been said. */
  side: string | undefined;
  mark: Mark | undefined;
  /** The key of the name that may not write, also after the connection has taken another: each of its messages is looked at. */
  muted: string | undefined;
  /** The rooms a guest is in, with its spellings; an account's are kept with the account. */
  rooms: Map<Room, string> | undefined;
  /** Whom a guest knows, by key. */
  contacts: Map<string, string> | undefined;
  /** How this connection spells rooms. */
  spellings: Map<Room, string> | undefined;
  /** Where it comes from: attempts to log in are paced by it. */
  readonly host: string;
  /** Has not shown that it can take more than an answer: it is sent nothing that it did not ask for but messages. */
  readonly bare: boolean;
  /** Messages reach it: not so a program that has shown that it reads nothing but answers. */
  readonly listens: boolean;
  /** The peer has ended its stream, and no request of it is left: it is answered, and does not enter any more. */
  readonly over: boolean;
}

/**
 * What has become of a proposal: what it has changed; "lost" to an earlier record, so that its maker looks again at what there
 * is now; "failed", if the journal has not taken it.
 */
export type Outcome = Effect | "lost" | "failed";

/** Something that takes time to find out. */
export type Job =
  /** Whether a password is the one behind that account; with no account, no, but not any faster. */
  | { kind: "check"; password: string; name: string; account: number | undefined }
  /** Whether this is the token of the running server. */
  | { kind: "token"; token: string }
  /** Nothing: a session token is known to be wrong, and its sender waits as one that has sent a wrong password. */
  | { kind: "guess" }
  /** What to keep of a new password. */
  | { kind: "hash"; password: string; name: string }
  | {
    kind: "page";
    conversation: string;
    before?: number;
    after?: number;
    limit: number;
    text?: string;
    /** Whom the messages are to, as this reader spells it, for one that is not there any more. */
    to: string;
    /** Parts of other conversations that belong on the same page. */
    also?: readonly Part[];
  }
  /** What was said, since an account was last sent anything, in its rooms and to it alone; so many of each at most. */
  | { kind: "missed"; account: Account; limit: number };

/** The messages of a conversation with ids between two others. */
export interface Part {
  readonly conversation: string;
  readonly after: number;
  readonly before: number;
}

/** What each job brings back; `undefined` when the journal has failed. */
export interface JobResult {
  check: boolean;
  token: boolean;
  guess: boolean;
  hash: string;
  page: Page;
  missed: Rows<Uint8Array>;
}

/** One object of a list, or one message of the past: a line of plain JIM as it was relayed. */
export type Row = object | Uint8Array;

/** Gives the next rows of an answer when their reader can take them, at once or soon; undefined behind the last ones. */
export type Rows<R extends Row = Row> = () => Soon<Iterable<R> | undefined>;

/** A page of the past. */
export interface Page {
  /** How many rows there will be, whatever happens until they are read. */
  readonly quantity: number;
  readonly rows: Rows<Uint8Array>;
}

/** Where answers and deliveries go. */
export interface Voice<P extends Person> {
  /** `about` a message that was refused: not every program awaits an answer to one. */
  answer(to: P, answer: Answer, about?: "msg"): void;
  /** A notice that `to` has not asked for, in whatever way its program shows such; perhaps in none. */
  notify(to: P, notice: Answer): void;
  /** Tells several the same, such as who came and went, but not the one that has caused it: that one is charged for it. */
  announce(by: P, to: readonly P[], object: object): void;
  /** A message for everybody but its sender, and the answer to it. */
  toAll(from: P, msg: Msg, answer: Answer): void;
  /**
   * A message for some, and the answer to it. It is kept in that conversation, if there is one.
   *
   * @param spelling how each reader spells the addressee, where one of them spells it otherwise
   */
  toSome(
    from: P,
    to: Iterable<P>,
    msg: Msg,
    conversation: string | undefined,
    answer: Answer,
    spelling?: (reader: P) => string,
  ): void;
  /**
   * Rows, made as the person takes them, however many: they never count as what it is late with. Until they are out its next
   * request waits, and all else that is said to it comes behind them.
   */
  rows(to: P, rows: Rows): void;
  /** From now on somebody sees all that passes. */
  shows(to: P): void;
  /** Ends an inspection. */
  hides(from: P): void;
  /** What an operator has done, for the log. */
  logged(by: P, what: string): void;
  /** An entrance, or what is made for good, that was refused, for the log: `as` that name, where there is one. */
  denied(by: P, refusal: Refusal, as: string | undefined): void;
  /** A login or a registration, for the log. */
  granted(by: P, what: string): void;
  /** The person has come in, or has another name now. */
  arrived(who: P): void;
  /** The person wants to go, or must: what it is owed is still sent. */
  goes(who: P, why: "quits" | "is put out"): void;
  /** The person must go, and is told why. */
  sendAway(who: P, refusal: Refusal): void;
  /**
   * Proposes a record: it changes the state as soon as the journal returns it. Until then that person's next request waits, and
   * nobody else's. `then` is not called for one that leaves meanwhile.
   *
   * @param also further records of the same batch, whatever becomes of them
   */
  propose(
    by: P,
    proposal: StateProposal,
    then: (scene: Scene<P>, outcome: Outcome) => void,
    also?: readonly StateProposal[],
  ): void;
  /** Proposes records for which nobody waits. */
  record(proposals: readonly StateProposal[]): void;
  /** If a network may not make another room or account now: how many it may make in an hour, and in how many seconds again. */
  growth(what: "room" | "account", by: P): { readonly limit: number; readonly seconds: number } | undefined;
  /** Notes that it has made one. */
  made(what: "room" | "account", by: P): void;
  /** If no message of that person can be kept now: whose limit that is, in bytes a day, and in how many seconds one can. */
  quota(by: P): { readonly whose: "account" | "network"; readonly limit: number; readonly seconds: number } | undefined;
  /** Why the journal has not taken a proposal: it fails, it has no room, or it has not answered for too long. */
  readonly failure: "store" | "nospace" | "undecided";
  /**
   * Takes in what another program, such as the account tool, has appended: before it is decided who may have a name, or which
   * account a name means. 5 µs.
   *
   * @param age milliseconds: what was looked at so long ago is good enough; 0 unless given
   */
  refresh(age?: number): void;
  /** A new secret: 256 random bits, in base64url. */
  newToken(): string;
  /** The last id that was given out. */
  readonly lastId: number;
  /**
   * Finds something out. Until then that person's next request waits, and nobody else's. Nothing is found out for one that
   * leaves meanwhile, or that is refused because too many wait: then `then` is not called.
   */
  job<K extends Job["kind"]>(
    who: P,
    job: Extract<Job, { kind: K }>,
    then: (scene: Scene<P>, found: JobResult[K] | undefined) => void,
  ): void;
}

/** Where a request happens. */
export interface Scene<P extends Person> {
  readonly voice: Voice<P>;
  /** Unix seconds. */
  readonly now: number;
  /** What refusals are explained in. */
  readonly language?: Language;
  /** A field of the request that was ignored and seems to be a misspelt one. */
  readonly slip?: Slip;
}
