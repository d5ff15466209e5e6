/**
 * Logs logins, registrations and refused attempts. A peer can cause any number of them, so lines are limited for each
 * network and in all: a flood neither fills the disk nor costs a write each. Successes have limits of their own, so
 * that one right guess is not lost among wrong ones.
 */
import { networkOf } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import { Allowances } from "../limits/allowances.ts";

/** A class behind one address logs in at once. A line has about 200 bytes: 30 days have less than 1 GB. */
const NETWORK = { burst: 100, perSecond: 0.1 }, ALL = { burst: 1_000, perSecond: 0.5 };
/** The key of all networks together. No network is called so. */
const EVERYBODY = "";

const { info } = logger("server/entrance");

/** The kinds of lines. */
export type LoginEvent = "refused" | "granted";

/** The part of a connection that a line needs: as text it has its address. */
interface Peer {
  readonly host: string;
}

export class LoginLog {
  readonly #byNetwork: Record<LoginEvent, Allowances>;
  readonly #all: Record<LoginEvent, Allowances>;
  /** Lines that were not written since the last one that was. */
  #omitted = 0;

  /** @param now milliseconds that never go back */
  constructor(now: () => number) {
    this.#byNetwork = { refused: new Allowances(NETWORK, now), granted: new Allowances(NETWORK, now) };
    this.#all = { refused: new Allowances(ALL, now), granted: new Allowances(ALL, now) };
  }

  /** Writes a line, or counts it if there are too many. The next line says how many were left out. */
  write(kind: LoginEvent, by: Peer, what: () => string): void {
    const network = networkOf(by.host), byNetwork = this.#byNetwork[kind], all = this.#all[kind];
    if (byNetwork.wait(network) > 0 || all.wait(EVERYBODY) > 0) {
      this.#omitted++;
      return;
    }
    byNetwork.take(network);
    all.take(EVERYBODY);
    const omitted = this.#omitted === 0 ? "" : ` (${this.#omitted} such lines before it are left out)`;
    this.#omitted = 0;
    info(kind, `${by}${what()}${omitted}`);
  }
}
