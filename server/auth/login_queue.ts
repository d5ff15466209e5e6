/**
 * The queue of passwords to be hashed. A hash takes about 50 ms and 46 MB, so few run at once. The order is fair:
 * logins from a known network of the account, other logins, and registrations take turns; within each, address
 * ranges, then networks, then accounts. 200 addresses with 40 attempts each delay a login from elsewhere by one or
 * two hashes.
 *
 * Guessing is slow: a wrong password costs a token, a right one none. The attempt of a closed connection leaves the
 * queue at once. If a peer has only half-closed, TCP does not tell whether it still reads. Few such attempts wait,
 * and they run when no other can.
 */
import { networkOf, rangeOf } from "../../jim/mod.ts";
import { Allowances, type Rate } from "../limits/allowances.ts";
import { FairQueue } from "./fair_queue.ts";

/** Hashes that run at once. A second one would take another 46 MB, and on a small machine the core of the loop. */
const AT_ONCE = 1;

/**
 * Attempts that may wait: in all, of one kind, from one range, from one network, for one account there. A class has
 * 60 behind one address.
 */
const WAITING = [8192, 4096, 1024, 256, 64];
/** Deferred attempts that may wait: in all, from one range, from one network, for one account there. */
const DEFERRED = [256, 64, 16, 16];

/** Wrong passwords from one network, for all accounts together. */
const BY_NETWORK: Rate = { burst: 40, perSecond: 1 };
/** Wrong passwords for one account, from all networks where it has not logged in before. */
const BY_ACCOUNT: Rate = { burst: 100, perSecond: 4 };
/**
 * Wrong passwords for one account from a network where it has logged in: guesses elsewhere do not delay its owner.
 */
const BY_KNOWN_NETWORK: Rate = { burst: 40, perSecond: 1 };
/** Pairs of account and network that are remembered. The pair with the oldest login is forgotten first. */
const KNOWN_NETWORKS = 10_000;

/** A password to be hashed. */
export interface Attempt<T> {
  /** A login, which may be a guess, or a registration. */
  readonly kind: "check" | "hash";
  /** The address of the client. */
  readonly host: string;
  /** The name of the account, in its canonical form; undefined for a login by a name without one. */
  readonly account: string | undefined;
  /** Does the work. It may only reject for a bug, which ends the program. */
  run(): Promise<T>;
  /** Whether the password was right. */
  isRight(value: T): boolean;
  /** Called once, unless the attempt is cancelled: with the result of `run`, or with the limit when too many wait. */
  settle(outcome: Outcome<T>): void;
}

/** How an attempt ends. */
export type Outcome<T> = { readonly value: T } | { readonly limit: number };

/** An attempt in the queue. */
export interface Ticket {
  /** Removes the attempt: it is not settled, and not run unless it runs already. */
  cancel(): void;
  /** Puts the attempt last, if it still waits: its peer has half-closed, or closed. */
  defer(): void;
  /** Whether it was put last. */
  readonly isDeferred: boolean;
}

/** An attempt and its place in the queue. */
interface Entry {
  readonly attempt: Attempt<unknown>;
  readonly networkAndAccount: string;
  readonly isKnownNetwork: boolean;
  readonly path: readonly string[];
  state: "waiting" | "deferred" | "running" | "over";
}

export class LoginQueue {
  readonly #atOnce: number;
  readonly #waiting = new FairQueue<Entry>(WAITING);
  readonly #deferred = new FairQueue<Entry>(DEFERRED);
  readonly #byNetwork: Allowances;
  readonly #byAccount: Allowances;
  readonly #byKnownNetwork: Allowances;
  readonly #knownNetworks = new Set<string>();
  readonly #now: () => number;
  readonly #wake: (moment: number) => void;
  #running = 0;
  #isStartPlanned = false;
  /** When an attempt that waits for a token can run. */
  #wakeAt = Infinity;
  #isClosed = false;
  #idle: (() => void) | undefined;

  /**
   * @param now milliseconds that never go back
   * @param wake arranges a call of {@linkcode startDelayed} at that moment or a little later
   * @param atOnce hashes that run at once
   */
  constructor(now: () => number, wake: (moment: number) => void, atOnce: number = AT_ONCE) {
    this.#now = now;
    this.#wake = wake;
    this.#atOnce = atOnce;
    this.#byNetwork = new Allowances(BY_NETWORK, now);
    this.#byAccount = new Allowances(BY_ACCOUNT, now);
    this.#byKnownNetwork = new Allowances(BY_KNOWN_NETWORK, now);
  }

  /** Attempts that wait. */
  get size(): number {
    return this.#waiting.size + this.#deferred.size;
  }

  /** Adds an attempt. It runs in a later microtask at the earliest. */
  add<T>(attempt: Attempt<T>): Ticket {
    const { kind, host, account } = attempt;
    const range = rangeOf(host), network = networkOf(host), networkAndAccount = `${network}\n${account}`;
    const isKnownNetwork = account !== undefined && this.#knownNetworks.has(networkAndAccount);
    const lane = kind === "check" && isKnownNetwork ? "home" : kind;
    const entry: Entry = {
      attempt: attempt as Attempt<unknown>,
      networkAndAccount,
      isKnownNetwork,
      path: [lane, range, network, account ?? ""],
      state: "waiting",
    };
    this.#drop(this.#waiting.add(entry.path, entry), WAITING.at(-1)!);
    this.#planStart();
    return {
      cancel: () => this.#cancel(entry),
      defer: () => this.#defer(entry),
      get isDeferred() {
        return entry.state === "deferred";
      },
    };
  }

  /** Stops: nothing more is run or settled. The promise resolves when no hash runs. */
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
    this.#planStart();
  }

  /** Settles an attempt over the limit. */
  #drop(entry: Entry | undefined, limit: number): void {
    if (entry === undefined) return;
    entry.state = "over";
    queueMicrotask(() => entry.attempt.settle({ limit })); // not before its ticket has been returned
  }

  /** Plans the start of the next attempt: once a turn, after all attempts of the turn are added. */
  #planStart(): void {
    if (this.#isStartPlanned || this.#isClosed || this.#running >= this.#atOnce) return;
    this.#isStartPlanned = true;
    queueMicrotask(() => {
      this.#isStartPlanned = false;
      this.#startNext();
    });
  }

  /** Starts attempts that waited until this moment. */
  startDelayed(): void {
    if (this.#now() >= this.#wakeAt) this.#startNext();
    else if (this.#wakeAt < Infinity) this.#wake(this.#wakeAt); // the timer was due for something else
  }

  /** Starts attempts. It goes through all that wait for a token. */
  #startNext(): void {
    this.#wakeAt = Infinity;
    while (!this.#isClosed && this.#running < this.#atOnce) {
      const wait = (entry: Entry) => this.#wait(entry);
      const living = this.#waiting.take(wait), next = "item" in living ? living : this.#deferred.take(wait);
      if ("item" in next) {
        this.#start(next.item);
        continue;
      }
      const soonest = Math.min(next.wait, (living as { wait: number }).wait);
      this.#wakeAt = this.#now() + soonest;
      if (soonest < Infinity) this.#wake(this.#wakeAt);
      return;
    }
  }

  #start(entry: Entry): void {
    const { attempt } = entry, charges = this.#charges(entry);
    entry.state = "running";
    this.#running++;
    for (const [allowances, key] of charges) allowances.take(key); // before the result is known, so that no token pays for two
    attempt.run().then((value) => {
      this.#running--;
      if (attempt.isRight(value)) {
        for (const [allowances, key] of charges) allowances.refund(key);
        this.#rememberNetwork(entry);
      }
      if (this.#isClosed) return this.#idle?.();
      if (entry.state === "running") {
        entry.state = "over";
        attempt.settle({ value });
      }
      this.#planStart();
    });
  }

  /** Milliseconds until there is a token of each kind that an attempt needs. */
  #wait(entry: Entry): number {
    return Math.max(0, ...this.#charges(entry).map(([allowances, key]) => allowances.wait(key)));
  }

  /** The allowances that an attempt takes a token of. A registration takes none: `growth.ts` limits those. */
  #charges(
    { attempt: { kind, host, account }, networkAndAccount, isKnownNetwork }: Entry,
  ): readonly (readonly [Allowances, string])[] {
    if (kind === "hash") return [];
    if (isKnownNetwork) return [[this.#byKnownNetwork, networkAndAccount]];
    const network = [this.#byNetwork, networkOf(host)] as const;
    return account === undefined ? [network] : [network, [this.#byAccount, account]];
  }

  #rememberNetwork({ attempt: { account }, networkAndAccount }: Entry): void {
    if (account === undefined) return;
    this.#knownNetworks.delete(networkAndAccount); // moves it to the end of the set
    this.#knownNetworks.add(networkAndAccount);
    if (this.#knownNetworks.size > KNOWN_NETWORKS) {
      this.#knownNetworks.delete(this.#knownNetworks.values().next().value!);
    }
  }
}
