/**
 * What takes time to find out, done off the loop: passwords are hashed by threads of the runtime, the past is read from
 * the store. Attempts to log in are paced by the address they come from, so that guessing takes for ever.
 */
import type { Errand, Findings } from "./chat/voice.ts";
import type { Keeper } from "./keeper.ts";
import { Bucket, type Pace } from "./pacing.ts";
import { pageOfAll } from "./pages.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import type { Soon } from "./store/contract.ts";
import { isToken } from "./token.ts";

/** A class behind one address may log in together; a guesser gets one try a second. */
const ATTEMPTS: Pace = { rate: 1, burst: 40 };
/** This many addresses are remembered; the oldest is forgotten first. */
const ADDRESSES = 10_000;

export class Errands {
  readonly #keeper: Keeper;
  readonly #now: () => number;
  /** What is kept of each account's password, by the account's id. */
  readonly #passwords: ReadonlyMap<number, string>;
  /** The last message that each account was sent. */
  readonly #seen: ReadonlyMap<number, number>;
  /** The token of this run; without one no token is right. */
  readonly #token: string | undefined;
  readonly #attempts = new Map<string, Bucket>();

  constructor(
    keeper: Keeper,
    passwords: ReadonlyMap<number, string>,
    seen: ReadonlyMap<number, number>,
    now: () => number,
    token?: string,
  ) {
    this.#keeper = keeper;
    this.#passwords = passwords;
    this.#seen = seen;
    this.#now = now;
    this.#token = token;
  }

  /**
   * Runs one errand for somebody at an address. `undefined` when the store fails.
   *
   * @param before the first id that who asks hears as it is said, and so has not missed
   */
  run(errand: Errand, host: string, before: number): Soon<Findings[Errand["kind"]] | undefined> {
    switch (errand.kind) {
      case "check":
        return this.#check(errand.password, errand.account, host);
      case "token":
        return this.#paced(
          host,
          () => Promise.resolve(this.#token !== undefined && isToken(errand.token, this.#token)),
        );
      case "hash":
        return this.#paced(host, () => hashPassword(errand.password));
      case "page": {
        const { kind: _, also = [], ...query } = errand;
        return this.#keeper.attempt("read", () => pageOfAll(this.#keeper.store, query, also));
      }
      case "missed":
        return this.#keeper.attempt("read", () => this.#missed(errand, before));
    }
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

  #check(password: string, account: number | undefined, host: string): Promise<boolean> {
    const stored = account === undefined ? undefined : this.#passwords.get(account);
    return this.#paced(host, () => checkPassword(password, stored));
  }

  /** Waits for the address's next token, which is taken at once: ten impatient attempts wait ten times as long. */
  async #paced<T>(host: string, work: () => Promise<T>): Promise<T> {
    const bucket = this.#attempts.get(host) ?? new Bucket(ATTEMPTS);
    this.#attempts.delete(host); // to the end of the line
    this.#attempts.set(host, bucket);
    if (this.#attempts.size > ADDRESSES) this.#attempts.delete(this.#attempts.keys().next().value!);
    const wait = bucket.isEmpty(this.#now()) ? bucket.wait : 0;
    bucket.spend();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    return work();
  }
}

/** What comes after something that may be a promise. */
function and<A, B>(soon: Soon<A>, then: (value: A) => Soon<B>): Soon<B> {
  return soon instanceof Promise ? soon.then(then) : then(soon);
}
