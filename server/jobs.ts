/**
 * What takes time to find out, done off the loop: passwords are hashed by threads of the runtime, in the order of the
 * {@linkcode LoginQueue}; the past is read from the journal.
 */
import { encode, explainNote, type Language, nameKey, plain, type Refusal, refuse } from "../jim/mod.ts";
import type { Job, Rows } from "./chat/jobs.ts";
import type { State } from "./chat/state.ts";
import type { DeliveryCursors } from "./delivery_cursors.ts";
import type { Soon } from "./journal/contract.ts";
import { chain } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";
import { type Attempt, LoginQueue, type Outcome, type Ticket } from "./auth/login_queue.ts";
import { pageOf, pagesOf } from "./pages.ts";
import { checkPassword, hashPassword } from "./auth/passwords.ts";
import { isSameToken } from "./auth/token.ts";

/** Makes and checks hashes. */
export interface Hasher {
  hash(password: string): Promise<string>;
  check(password: string, stored: string | undefined): Promise<boolean>;
}

const argon2: Hasher = { hash: (password) => hashPassword(password), check: checkPassword };

/** A connection, as far as its jobs are concerned. */
export interface JobOwner {
  /** The address it comes from. */
  readonly host: string;
  /** Its peer has ended its stream. */
  readonly ended: boolean;
  /** Its password that waits. */
  login: Ticket | undefined;
}

/** The result of a job. `found` is called when the loop handles it: what it says may have changed since. */
export type JobOutcome = { readonly found: () => unknown } | { readonly refusal: Refusal };

/** Wrong tokens wait in one queue, as attempts for one account do, and delay no password. No name begins so. */
const GUESSES = "#tokens";

/** Who a message of the server itself is from. */
const SERVER = "#server";

export class Jobs {
  readonly #guard: JournalGuard;
  readonly #language: Language;
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
      wake: (moment: number) => void;
      token?: string | undefined;
      hasher?: Hasher | undefined;
    },
  ) {
    this.#guard = guard;
    this.#state = state;
    this.#cursors = cursors;
    this.#language = options.language;
    this.#token = options.token;
    this.#hasher = options.hasher ?? argon2;
    this.#queue = new LoginQueue(options.now, options.wake);
  }

  /**
   * Runs one job for a connection. A password of a connection that leaves is taken out of the queue: its promise never settles.
   *
   * @param before the first id that who asks hears as it is said, and so has not missed
   * @param time Unix seconds
   */
  run(job: Job, owner: JobOwner, before: number, time: number): Soon<JobOutcome> {
    switch (job.kind) {
      case "check":
        return this.#check(job, owner);
      case "token":
        // A right one waits for nothing: guesses from the same network would lock out its owner.
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
        const { kind: _, also = [], to, ...query } = job;
        const page = pageOf(this.#guard, query, also, (id) => placeholder(to, id, time, this.#language));
        return chain(page, doneWith);
      }
      case "missed":
        return chain(this.#missed(job, before), doneWith);
    }
  }

  /** Starts the hashes that had to wait until this moment. */
  startDelayed(): void {
    this.#queue.startDelayed();
  }

  /** Drops what waits. The promise resolves when no hash runs. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  /** Each conversation's first page after what was seen. */
  #missed({ account, limit }: Extract<Job, { kind: "missed" }>, before: number): Soon<Rows<Uint8Array> | undefined> {
    const guard = this.#guard, after = this.#cursors.of(account);
    const rooms = [...account.rooms.keys()].map(({ conversation }) => conversation);
    return chain(guard.attempt("read", () => guard.journal.conversations(account.side, after)), (people) => {
      if (people === undefined) return undefined;
      return pagesOf(guard, [...rooms, ...people].map((conversation) => ({ conversation, after, before, limit })));
    });
  }

  /** A wrong token waits, and is charged to its network, as a wrong password is. */
  #delayWrongToken(owner: JobOwner): Promise<JobOutcome> {
    return this.#enqueue(owner, {
      kind: "check",
      host: owner.host,
      account: GUESSES,
      run: () => Promise.resolve(false),
      isRight: (right) => right,
    }, (right) => right);
  }

  #check({ password, name, account }: Extract<Job, { kind: "check" }>, owner: JobOwner): Promise<JobOutcome> {
    let stored: string | undefined;
    return this.#enqueue(owner, {
      kind: "check",
      host: owner.host,
      account: account === undefined ? undefined : nameKey(name),
      run: () => {
        stored = this.#storedHash(account);
        return this.#hasher.check(password, stored);
      },
      isRight: (right) => right,
    }, (right) => right && this.#storedHash(account) === stored); // else the password has been changed meanwhile, or the account removed
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
          ? { found: () => now(outcome.value) }
          : { refusal: refuse("queue", { code: 409, limit: outcome.limit }) },
      );
    };
    owner.login = this.#queue.add({ ...attempt, settle });
    if (owner.ended) owner.login.defer();
    return promise;
  }
}

function doneWith(value: unknown): JobOutcome {
  return { found: () => value };
}

/** What stands in a page for a message that was removed while the page was read. No name begins so. */
function placeholder(to: string, id: number, time: number, language: Language): Uint8Array {
  const relay = { time, to, from: SERVER, message: explainNote("lost", language), id };
  return encode(plain.formatRelay(relay, "")).subarray(0, -1);
}
