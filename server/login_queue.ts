/**
 * The passwords that wait to be hashed. A hash takes some 50 ms and 46 MB, so few are under way at once, and who waits is
 * served in fair order: logins from where the account has logged in before, other logins and registrations take turns; in
 * each, address ranges do, in those networks, in those accounts. 200 addresses with 40 attempts each delay a login from
 * elsewhere by one hash or two.
 *
 * Guesses are slowed down: a wrong password takes a token, a right one costs nothing. A connection that is gone leaves the
 * queue at once. One whose peer has only ended its stream may still read its answer, or may have hung up, which TCP does not
 * tell: few of those wait, and they are served when nobody else can be.
 */
import { Allowances, type Rate } from "./allowances.ts";
import { FairQueue } from "./fair_queue.ts";
import { networkOf, rangeOf } from "./network.ts";

/** Hashes under way at once. A second one would take another 46 MB, and a core from the loop of a small machine. */
const AT_ONCE = 1;

/** Those that may wait: in all, of one kind, of one range, of one network, for one account there. A class is 60, behind one address. */
const WAITING = [8192, 4096, 1024, 256, 64];
/** Of those whose peer has ended its stream, or may have: in all, of one range, of one network, for one account there. */
const DEFERRED = [256, 64, 16, 16];

/** Wrong passwords from one network, for any account. */
const BY_NETWORK: Rate = { burst: 40, perSecond: 1 };
/** For one account, from all networks together where it has not logged in before. */
const BY_ACCOUNT: Rate = { burst: 100, perSecond: 4 };
/** For one account from one network where it has logged in: guesses elsewhere do not delay its owner there. */
const AT_HOME: Rate = { burst: 40, perSecond: 1 };
/** So many accounts and their networks are remembered; the one that logged in longest ago is forgotten first. */
const HOMES = 10_000;

/** A password to be hashed. */
export interface Attempt<T> {
  /** A login, which may be a guess, or a registration. */
  readonly kind: "check" | "hash";
  /** The address it is made from. */
  readonly host: string;
  /** The account that a login is for; undefined for a name without one. The name that is to be registered. */
  readonly account: string | undefined;
  /** Does the work. It may only reject for a bug, which ends the program. */
  run(): Promise<T>;
  /** Whether it was no guess. */
  isRight(value: T): boolean;
  /** Called once, unless the attempt is cancelled: with what `run` gave, or when too many wait, with how many may. */
  settle(outcome: Outcome<T>): void;
}

/** How an attempt ends. */
export type Outcome<T> = { readonly value: T } | { readonly limit: number };

/** An attempt in the queue. */
export interface Ticket {
  /** It is wanted no more: it is not run, and not settled. */
  cancel(): void;
  /** Its peer has ended its stream, or may have: if it still waits, it is served last. */
  defer(): void;
  /** It waits to be served last. */
  readonly isDeferred: boolean;
}

/** An attempt, and where it stands. */
interface Entry {
  readonly attempt: Attempt<unknown>;
  readonly home: string;
  readonly isAtHome: boolean;
  readonly path: readonly string[];
  state: "waiting" | "deferred" | "running" | "over";
}

export class LoginQueue {
  readonly #atOnce: number;
  readonly #waiting = new FairQueue<Entry>(WAITING);
  readonly #deferred = new FairQueue<Entry>(DEFERRED);
  readonly #byNetwork: Allowances;
  readonly #byAccount: Allowances;
  readonly #atHome: Allowances;
  readonly #homes = new Set<string>();
  readonly #now: () => number;
  readonly #wake: (moment: number) => void;
  #running = 0;
  #planned = false;
  #isClosed = false;
  #idle: (() => void) | undefined;

  /**
   * @param now milliseconds that never go back
   * @param wake sees to it that {@linkcode look} is called at that moment, or a little later
   * @param atOnce hashes under way at once
   */
  constructor(now: () => number, wake: (moment: number) => void, atOnce: number = AT_ONCE) {
    this.#now = now;
    this.#wake = wake;
    this.#atOnce = atOnce;
    this.#byNetwork = new Allowances(BY_NETWORK, now);
    this.#byAccount = new Allowances(BY_ACCOUNT, now);
    this.#atHome = new Allowances(AT_HOME, now);
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size + this.#deferred.size;
  }

  /** Puts an attempt into the queue. It is run in a later microtask at the earliest. */
  add<T>(attempt: Attempt<T>): Ticket {
    const { kind, host, account } = attempt;
    const range = rangeOf(host), network = networkOf(host), home = `${network}\n${account}`;
    const isAtHome = account !== undefined && this.#homes.has(home);
    const lane = kind === "check" && isAtHome ? "home" : kind;
    const entry: Entry = {
      attempt: attempt as Attempt<unknown>,
      home,
      isAtHome,
      path: [lane, range, network, account ?? ""],
      state: "waiting",
    };
    this.#drop(this.#waiting.add(entry.path, entry), WAITING.at(-1)!);
    this.#plan();
    return {
      cancel: () => this.#cancel(entry),
      defer: () => this.#defer(entry),
      get isDeferred() {
        return entry.state === "deferred";
      },
    };
  }

  /** Nothing is run any more, and nothing settled. Settles when no hash is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle = resolve);
  }

  #cancel(entry: Entry): void {
    if (entry.state === "waiting") this.#waiting.remove(entry.path, entry);
    if (entry.state === "deferred") this.#deferred.remove(entry.path.slice(1), entry);
    entry.state = "over";
  }

  #defer(entry: Entry): void {
    if (entry.state !== "waiting") return;
    this.#waiting.remove(entry.path, entry);
    entry.state = "deferred";
    this.#drop(this.#deferred.add(entry.path.slice(1), entry), DEFERRED.at(-1)!);
    this.#plan();
  }

  /** One too many: it is told. */
  #drop(entry: Entry | undefined, limit: number): void {
    if (entry === undefined) return;
    entry.state = "over";
    queueMicrotask(() => entry.attempt.settle({ limit })); // not before its ticket is in the hand of who asked
  }

  /** Looks for the next one when all that came with it in this turn has been added: once a turn, however many came. */
  #plan(): void {
    if (this.#planned || this.#isClosed || this.#running >= this.#atOnce) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.look();
    });
  }

  /** Starts what may be started. */
  look(): void {
    while (!this.#isClosed && this.#running < this.#atOnce) {
      const wait = (entry: Entry) => this.#wait(entry);
      const living = this.#waiting.take(wait), next = "item" in living ? living : this.#deferred.take(wait);
      if ("item" in next) {
        this.#start(next.item);
        continue;
      }
      const soonest = Math.min(next.wait, (living as { wait: number }).wait);
      if (soonest < Infinity) this.#wake(this.#now() + soonest);
      return;
    }
  }

  #start(entry: Entry): void {
    const { attempt } = entry, charges = this.#charges(entry);
    entry.state = "running";
    this.#running++;
    for (const [allowances, key] of charges) allowances.take(key); // at once: none is begun on a token that is in doubt
    attempt.run().then((value) => {
      this.#running--;
      if (attempt.isRight(value)) {
        for (const [allowances, key] of charges) allowances.giveBack(key);
        this.#remember(entry);
      }
      if (this.#isClosed) return this.#idle?.();
      if (entry.state === "running") {
        entry.state = "over";
        attempt.settle({ value });
      }
      this.#plan();
    });
  }

  /** Milliseconds until all that an attempt takes tokens from has one. */
  #wait(entry: Entry): number {
    return Math.max(0, ...this.#charges(entry).map(([allowances, key]) => allowances.wait(key)));
  }

  /** What an attempt takes tokens from. A registration takes none: how many there may be is another limit's matter. */
  #charges({ attempt: { kind, host, account }, home, isAtHome }: Entry): readonly (readonly [Allowances, string])[] {
    if (kind === "hash") return [];
    if (isAtHome) return [[this.#atHome, home]];
    const network = [this.#byNetwork, networkOf(host)] as const;
    return account === undefined ? [network] : [network, [this.#byAccount, account]];
  }

  #remember({ attempt: { kind, account }, home }: Entry): void {
    if (kind === "hash" || account === undefined) return;
    this.#homes.delete(home); // to the end of the line
    this.#homes.add(home);
    if (this.#homes.size > HOMES) this.#homes.delete(this.#homes.values().next().value!);
  }
}
