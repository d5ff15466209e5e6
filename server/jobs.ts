/**
 * Does the work of jobs. Passwords are hashed by threads of the runtime, in the order of the {@linkcode LoginQueue};
 * the history is read from the journal.
 */
import { SERVER_NAME } from "./chat/server_name.ts";
import type { FoundMessage, Job, JobResult, KnownFeatures, Rows } from "./chat/jobs.ts";
import {
  encode,
  explainNote,
  type Language,
  nameKey,
  networkOf,
  plain,
  quote,
  type Refusal,
  refuse,
  type Relay,
} from "../jim/mod.ts";
import type { Account, State } from "./chat/state.ts";
import type { DeliveryCursors } from "./delivery_cursors.ts";
import type { Conversation, EventsAbout, Soon, StoredMessage } from "./journal/contract.ts";
import { chain, chainAll } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";
import { type Attempt, LoginQueue, type Outcome, type Ticket } from "./auth/login_queue.ts";
import { type Line, pageOf, pagesOf, searchIn, type ShowLines } from "./pages.ts";
import { unreadRows } from "./unread.ts";
import { firstSaid, isDeleted, shownRows } from "./shown_rows.ts";
import { checkPassword, hashPassword, UnknownHash } from "./auth/passwords.ts";
import { isSameToken } from "./auth/token.ts";
import type { FileAccess } from "./uploads/access.ts";

/** Makes and checks password hashes. */
export interface Hasher {
  hash(password: string): Promise<string>;
  /** @throws {UnknownHash} if it cannot check what is stored */
  check(password: string, stored: string | undefined): Promise<boolean>;
}

const argon2: Hasher = { hash: (password) => hashPassword(password), check: checkPassword };

/** The part of a connection that its jobs need. */
export interface JobOwner {
  /** Its address without the port. */
  readonly host: string;
  /** Its peer has half-closed. */
  readonly ended: boolean;
  /** Its peer may have closed: its end is behind bytes that are not read. */
  readonly isEndHidden: boolean;
  /** Its login attempt in the queue. */
  login: Ticket | undefined;
}

/** The result of a job. `found` is called when the loop handles it, since the state may have changed meanwhile. */
export type JobOutcome = { readonly result: () => unknown } | { readonly refusal: Refusal };

/**
 * Wrong tokens wait in a queue of their own, like attempts for one account, and delay no password. No name begins
 * with `#`.
 */
const GUESSES = "#tokens";

const decoder = new TextDecoder();

export class Jobs {
  readonly #guard: JournalGuard;
  readonly #language: Language;
  readonly #files: FileAccess | undefined;
  readonly #fileOrigin: string;
  readonly #hasher: Hasher;
  readonly #queue: LoginQueue;
  readonly #state: State;
  readonly #cursors: DeliveryCursors;
  readonly #token: string | undefined;

  /**
   * @param options.now milliseconds that never go back
   * @param options.wake arranges a call of {@linkcode startDelayed} at that moment or a little later
   * @param options.token the token of this run; without one no token is right
   */
  constructor(
    guard: JournalGuard,
    state: State,
    cursors: DeliveryCursors,
    options: {
      now: () => number;
      language: Language;
      /** The files of the chat, if it has any. */
      files?: FileAccess | undefined;
      /** Where they are for a plain client. */
      fileOrigin: string;
      wake: (moment: number) => void;
      token?: string | undefined;
      hasher?: Hasher | undefined;
    },
  ) {
    this.#guard = guard;
    this.#state = state;
    this.#cursors = cursors;
    this.#language = options.language;
    this.#files = options.files;
    this.#fileOrigin = options.fileOrigin;
    this.#token = options.token;
    this.#hasher = options.hasher ?? argon2;
    this.#queue = new LoginQueue(options.now, options.wake);
  }

  /**
   * Runs one job. An attempt of a closing connection leaves the queue: its promise never settles.
   *
   * @param before the first id that is relayed to the owner live, and so was not missed
   * @param time Unix seconds
   */
  run(job: Job, owner: JobOwner, before: number, time: number): Soon<JobOutcome> {
    switch (job.kind) {
      case "check":
        return this.#check(job, owner);
      case "token":
        // A right token never waits: guesses from the same network must not lock out its owner.
        if (this.#token !== undefined && isSameToken(job.token, this.#token)) return doneWith(true);
        return this.#delayWrongToken(owner);
      case "guess":
        return this.#delayWrongToken(owner);
      case "hash":
        return this.#enqueue(owner, {
          kind: "hash",
          host: owner.host,
          account: nameKey(job.name),
          run: () => this.#hasher.hash(job.password),
          isRight: () => true,
        }, (hash) => hash);
      case "page": {
        const { kind: _, also = [], to, known, everywhere, ...query } = job;
        // Among events a message is as it was first said, and had no reactions.
        const shown = this.#shownTo(query.events ? { ...known, reactions: false } : known);
        const show: ShowLines = !query.events
          ? shown
          : (refs, lines) => chain(firstSaid(this.#guard, refs, lines), (lines) => shown(refs, lines));
        const lost = (id: number) => placeholder(to, id, time, this.#language);
        if (everywhere === undefined) return chain(pageOf(this.#guard, query, also, lost, show), doneWith);
        const { rooms, spellings, account } = everywhere;
        const spelt: ShowLines = (refs, lines) =>
          show(refs, lines.map((line, i) => addressed(line, spellings.get(refs[i]!.conversation))));
        const page = chain(
          account === undefined ? [] : this.#peopleOf(account),
          (people) => people && searchIn(this.#guard, [...rooms, ...people], query, lost, spelt),
        );
        return chain(page, doneWith);
      }
      case "message": {
        return chain(this.#find(job), doneWith);
      }
      case "kept":
        return chain(this.#kept(job), doneWith);
      case "unread":
        return chain(this.#unread(job), doneWith);
      case "people":
        return chain(this.#peopleOf(job.account), doneWith);
      case "upload": {
        const { host } = owner, account = job.account === undefined ? {} : { account: { id: job.account } };
        const announced = this.#files?.announce(job.file, { host, network: networkOf(host), ...account });
        return announced === undefined ? doneWith(undefined) : announced.then(doneWith);
      }
      case "attach": {
        const attached = this.#files?.attach(job.upload);
        return attached === undefined ? doneWith(undefined) : attached.then(doneWith);
      }
      case "missed":
        return chain(this.#missed(job, job.before ?? before), doneWith);
      case "live":
        return doneWith(before);
    }
  }

  /** Starts hashes that waited until this moment. */
  startDelayed(): void {
    this.#queue.startDelayed();
  }

  /** Drops waiting jobs. The promise resolves when no hash runs. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  /** The private conversations of an account. */
  #peopleOf({ side }: Account): Soon<readonly Conversation[] | undefined> {
    const guard = this.#guard;
    return guard.attempt("read", () => guard.journal.conversations(side, 0));
  }

  #unread({ account, after, counted }: Extract<Job, { kind: "unread" }>): Soon<JobResult["unread"] | undefined> {
    const guard = this.#guard;
    return chain(guard.attempt("read", () => guard.journal.conversations(account.side, after)), (people) => {
      if (people === undefined) return undefined;
      const conversations = counted(people);
      return { quantity: conversations.length, rows: unreadRows(guard, conversations, account.name) };
    });
  }

  /** The first page of each conversation after the last id that was sent. */
  #missed(
    { account, limit, known, onGap }: Extract<Job, { kind: "missed" }>,
    before: number,
  ): Soon<Rows<Uint8Array> | undefined> {
    const guard = this.#guard;
    this.#cursors.noteAll(account, before - 1);
    const after = this.#cursors.of(account);
    if (after >= before - 1) return () => undefined;
    const rooms = [...account.rooms.keys()].map(({ conversation }) => conversation);
    return chain(guard.attempt("read", () => guard.journal.conversations(account.side, after)), (people) => {
      if (people === undefined) return undefined;
      const queries = [...rooms, ...people].map((conversation) => ({ conversation, after, before, limit }));
      const show = this.#shownTo(known), renamed = [...account.rooms.keys()].filter(({ former }) => former.length > 0);
      const names = new Map(renamed.map(({ conversation, name }) => [conversation, name]));
      return pagesOf(guard, queries, onGap, (refs, lines) => {
        const left = lines.map((line) => isDeleted(line) ? undefined : line);
        return show(
          refs,
          names.size === 0 ? left : left.map((line, i) => addressed(line, names.get(refs[i]!.conversation))),
        );
      });
    });
  }

  /** How messages are shown. */
  #shownTo(known: KnownFeatures): ShowLines {
    const words = { language: this.#language, fileOrigin: this.#fileOrigin };
    return (refs, lines) => shownRows(this.#guard, refs, lines, known, words);
  }

  #find({ conversation, id, asked }: Extract<Job, { kind: "message" }>): Soon<FoundMessage | undefined> {
    const guard = this.#guard, message = guard.attempt("read", () => guard.journal.find(conversation, id));
    const about = guard.attempt("read", () => guard.journal.eventsAbout(conversation, id, asked));
    return chain(chainAll<unknown>([message, about]), ([message, about]) => {
      if (about === undefined) return undefined; // the journal fails
      return { message: message as StoredMessage | undefined, about: about as EventsAbout };
    });
  }

  #kept({ conversation, ids }: Extract<Job, { kind: "kept" }>): Soon<ReadonlySet<number> | undefined> {
    const guard = this.#guard, sorted = [...ids].sort((one, other) => one - other);
    return chain(guard.attempt("read", () => guard.journal.read(conversation, sorted)), (lines) => {
      return lines && new Set(sorted.filter((_, i) => lines[i] !== undefined && !isDeleted(lines[i])));
    });
  }

  /** Delays the refusal of a wrong token, and charges its network, as for a wrong password. */
  #delayWrongToken(owner: JobOwner): Promise<JobOutcome> {
    return this.#enqueue(owner, {
      kind: "check",
      host: owner.host,
      account: GUESSES,
      run: () => Promise.resolve(false),
      isRight: (right) => right,
    }, (right) => right);
  }

  async #check({ password, name, account }: Extract<Job, { kind: "check" }>, owner: JobOwner): Promise<JobOutcome> {
    let stored: string | undefined, isUnknown = false;
    const outcome = await this.#enqueue(owner, {
      kind: "check",
      host: owner.host,
      account: account === undefined ? undefined : nameKey(name),
      run: () => {
        stored = this.#storedHash(account);
        return this.#hasher.check(password, stored).catch((failure) => {
          if (!(failure instanceof UnknownHash)) throw failure;
          isUnknown = true;
          return false; // and is charged like a guess
        });
      },
      isRight: (right) => right,
    }, (right) => right && this.#storedHash(account) === stored); // otherwise the password was changed or the account removed meanwhile
    return isUnknown ? { refusal: refuse("unknownhash", { code: 500, got: quote(name) }) } : outcome;
  }

  #storedHash(account: number | undefined): string | undefined {
    return account === undefined ? undefined : this.#state.accountById(account)?.password;
  }

  #enqueue<T>(owner: JobOwner, attempt: Omit<Attempt<T>, "settle">, now: (value: T) => unknown): Promise<JobOutcome> {
    const { promise, resolve } = Promise.withResolvers<JobOutcome>();
    const settle = (outcome: Outcome<T>) => {
      owner.login = undefined;
      resolve(
        "value" in outcome
          ? { result: () => now(outcome.value) }
          : { refusal: refuse("queue", { code: 409, limit: outcome.limit }) },
      );
    };
    owner.login = this.#queue.add({ ...attempt, settle });
    if (owner.ended || owner.isEndHidden) owner.login.defer();
    return promise;
  }
}

function doneWith(value: unknown): JobOutcome {
  return { result: () => value };
}

/** A message of a room that was renamed, with the name that the room has now. */
function addressed(line: Line, to: string | undefined): Line {
  if (line === undefined || to === undefined) return line;
  const relay = JSON.parse(decoder.decode(line)) as Relay;
  return relay.to === to ? line : encode({ ...relay, to }).subarray(0, -1);
}

/** The placeholder for a message that was removed while its page was read. */
function placeholder(to: string, id: number, time: number, language: Language): Uint8Array {
  const relay = { time, to, from: SERVER_NAME, message: explainNote("lost", language), id };
  return encode(plain.formatRelay(relay, "")).subarray(0, -1);
}
