/**
 * Sessions that may have missed messages. When each of them entered, other servers had sessions of its account. Some of those may
 * have been closed already, or their servers killed: only a later record says so, and the last id that the account was sent.
 */
import type { Account } from "./model.ts";
import type { RemoteSession } from "./present_side.ts";
import type { Roster } from "./roster.ts";
import type { Session } from "./session.ts";

/** A session that may have missed messages. */
interface Waiting {
  readonly account: Account;
  /** The sessions that other servers had. What was said while one of them lives, the account has not missed. */
  readonly elsewhere: readonly RemoteSession[];
  /** The first id that was relayed to it live. */
  readonly before: number;
  /** Rounds since the last of those sessions has left. */
  rounds: number;
}

/** Rounds of a second, in which the last ids that were sent to accounts of a killed server are proposed. */
const PATIENCE = 2;

export class LateReplays<S extends Session> {
  readonly #waiting = new Map<S, Waiting>();
  /** The same sessions, those that were closed meanwhile, and those that are in {@linkcode doubt}. */
  readonly #unsure = new WeakSet<S>();

  /** Whether a session may have missed messages of its account. What it is sent says nothing about what the account was. */
  has(session: S): boolean {
    return this.#unsure.has(session);
  }

  /**
   * @param elsewhere the sessions of its account that other servers had when it entered
   * @param before the first id that was relayed to it live
   */
  add(session: S, account: Account, elsewhere: readonly RemoteSession[], before: number): void {
    this.#waiting.set(session, { account, elsewhere, before, rounds: 0 });
    this.#unsure.add(session);
  }

  /**
   * A session has not been sent what its account has missed: the journal could not be read, or the session was answered an error
   * and has entered all the same. So what it is sent says nothing about what the account was sent.
   */
  doubt(session: S): void {
    this.#unsure.add(session);
  }

  /**
   * Ends the {@linkcode doubt} about a session. Returns whether there was one: then the caller sends what the account has missed. A
   * session that {@linkcode takeDue} will return is not among those.
   */
  takeDoubt(session: S): boolean {
    return !this.#waiting.has(session) && this.#unsure.delete(session);
  }

  delete(session: S): void {
    this.#waiting.delete(session);
    this.#unsure.delete(session);
  }

  /**
   * Those that are to be sent what they have missed, each with the first id that it has not; called each second.
   *
   * @param isBusy whether a session awaits something else, which comes first
   */
  takeDue(roster: Roster, isBusy: (session: S) => boolean): { readonly session: S; readonly before: number }[] {
    const due: { session: S; before: number }[] = [];
    for (const [session, waiting] of this.#waiting) {
      const { account, elsewhere, before } = waiting,
        isThere = session.account === account && roster.own.isOpen(session);
      if (!isThere) this.#waiting.delete(session);
      else if (elsewhere.some((other) => other.account === account && roster.isIn(other))) waiting.rounds = 0;
      else if (++waiting.rounds > PATIENCE && !isBusy(session)) {
        this.delete(session);
        due.push({ session, before });
      }
    }
    return due;
  }
}
