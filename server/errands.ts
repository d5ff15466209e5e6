/**
 * What takes time to find out, done off the loop: passwords are hashed by threads of the runtime, in the order of the
 * {@linkcode LoginQueue}; the past is read from the store.
 */
import { nameKey, type Refusal, refuse } from "../jim/mod.ts";
import type { Errand } from "./chat/voice.ts";
import type { Keeper } from "./keeper.ts";
import { type Attempt, LoginQueue, type Outcome, type Ticket } from "./login_queue.ts";
import { pageOfAll } from "./pages.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import type { Soon } from "./store/contract.ts";
import { isToken } from "./token.ts";

/** What makes hashes and checks them. */
export interface Hasher {
  hash(password: string): Promise<string>;
  check(password: string, stored: string | undefined): Promise<boolean>;
}

const argon2: Hasher = { hash: (password) => hashPassword(password), check: checkPassword };

/** A connection, as far as its errands are concerned. */
export interface Asker {
  /** The address it comes from. */
  readonly host: string;
  /** Its peer has ended its stream. */
  readonly ended: boolean;
  /** Its password that waits. */
  login: Ticket | undefined;
}

/** What came of an errand: how things are when it is asked, for they may change while it waits for its turn in the loop. */
export type Found = { readonly found: () => unknown } | { readonly refusal: Refusal };

export class Errands {
  readonly #keeper: Keeper;
  readonly #hasher: Hasher;
  readonly #queue: LoginQueue;
  /** What is kept of each account's password, by the account's id. */
  readonly #passwords: ReadonlyMap<number, string>;
  /** The last message that each account was sent. */
  readonly #seen: ReadonlyMap<number, number>;
  readonly #token: string | undefined;

  /**
   * @param options.now milliseconds that never go back
   * @param options.wake sees to it that {@linkcode look} is called at that moment, or a little later
   * @param options.token the token of this run; without one no token is right
   */
  constructor(
    keeper: Keeper,
    passwords: ReadonlyMap<number, string>,
    seen: ReadonlyMap<number, number>,
    options: {
      now: () => number;
      wake: (moment: number) => void;
      token?: string | undefined;
      hasher?: Hasher | undefined;
    },
  ) {
    this.#keeper = keeper;
    this.#passwords = passwords;
    this.#seen = seen;
    this.#token = options.token;
    this.#hasher = options.hasher ?? argon2;
    this.#queue = new LoginQueue(options.now, options.wake);
  }

  /**
   * Runs one errand for a connection. A password of one that leaves is taken out of the queue: then nothing comes of it.
   *
   * @param before the first id that who asks hears as it is said, and so has not missed
   */
  run(errand: Errand, who: Asker, before: number): Soon<Found> {
    switch (errand.kind) {
      case "check":
        return this.#check(errand, who);
      case "token":
        return this.#queued(who, {
          kind: "check",
          host: who.host,
          account: undefined,
          run: () => Promise.resolve(this.#token !== undefined && isToken(errand.token, this.#token)),
          isRight: (right) => right,
        }, (right) => right);
      case "hash":
        return this.#queued(who, {
          kind: "hash",
          host: who.host,
          account: nameKey(errand.name),
          run: () => this.#hasher.hash(errand.password),
          isRight: () => true,
        }, (hash) => hash);
      case "page": {
        const { kind: _, also = [], ...query } = errand;
        return and(this.#keeper.attempt("read", () => pageOfAll(this.#keeper.store, query, also)), asFound);
      }
      case "missed":
        return and(this.#keeper.attempt("read", () => this.#missed(errand, before)), asFound);
    }
  }

  /** Begins what could not be begun before: a moment that was waited for has come. */
  look(): void {
    this.#queue.look();
  }

  /** Settles when no password is being hashed any more; those that wait are forgotten. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  /** Each conversation's first page after what was seen; ids put the pages into one order. */
  #missed({ account, rooms, limit }: Extract<Errand, { kind: "missed" }>, before: number): Soon<readonly Uint8Array[]> {
    const { store } = this.#keeper, after = this.#seen.get(account.id) ?? 0;
    return and(store.conversations(account.side, after), (people) => {
      const pages = [...rooms, ...people].map((conversation) => store.page({ conversation, after, before, limit }));
      return pages.some((page) => page instanceof Promise)
        ? Promise.all(pages).then((pages) => pages.flat())
        : (pages as (readonly Uint8Array[])[]).flat();
    });
  }

  #check({ password, account }: Extract<Errand, { kind: "check" }>, who: Asker): Promise<Found> {
    let stored: string | undefined;
    return this.#queued(who, {
      kind: "check",
      host: who.host,
      account: account?.toString(),
      run: () => {
        stored = this.#kept(account);
        return this.#hasher.check(password, stored);
      },
      isRight: (right) => right,
    }, (right) => right && this.#kept(account) === stored); // else it has another password by now, or another owner
  }

  #kept(account: number | undefined): string | undefined {
    return account === undefined ? undefined : this.#passwords.get(account);
  }

  #queued<T>(who: Asker, attempt: Omit<Attempt<T>, "settle">, now: (value: T) => unknown): Promise<Found> {
    const { promise, resolve } = Promise.withResolvers<Found>();
    const settle = (outcome: Outcome<T>) => {
      who.login = undefined;
      resolve(
        "value" in outcome
          ? { found: () => now(outcome.value) }
          : { refusal: refuse("queue", { code: 403, limit: outcome.limit }) },
      );
    };
    who.login = this.#queue.add({ ...attempt, settle });
    if (who.ended) who.login.ended();
    return promise;
  }
}

function asFound(value: unknown): Found {
  return { found: () => value };
}

/** What comes after something that may be a promise. */
function and<A, B>(soon: Soon<A>, then: (value: A) => Soon<B>): Soon<B> {
  return soon instanceof Promise ? soon.then(then) : then(soon);
}
