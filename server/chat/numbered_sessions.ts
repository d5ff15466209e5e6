/**
 * The sessions of this server, by the numbers that name them in records: from before they enter until the log says that they
 * have left.
 */
import type { Member } from "./present_side.ts";

export class NumberedSessions {
  readonly #sessions = new Map<number, Member>();
  readonly #numbers = new Map<Member, number>();
  /** The numbers of sessions with a closed connection. */
  readonly #leaving = new Set<number>();
  #last = 0;

  /** The number of a session, which it gets now if it has none. */
  numberOf(session: Member): number {
    let number = this.#numbers.get(session);
    if (number === undefined) {
      number = ++this.#last;
      this.#numbers.set(session, number);
      this.#sessions.set(number, session);
    }
    return number;
  }

  get(number: number): Member | undefined {
    return this.#sessions.get(number);
  }

  /** All sessions that have a number. */
  all(): Iterable<Member> {
    return this.#sessions.values();
  }

  /** Whether a session has entered, or is about to, and its connection is not closed. */
  isOpen(session: Member): boolean {
    const number = this.#numbers.get(session);
    return number !== undefined && !this.#leaving.has(number);
  }

  /** Whether the connection of a session is closed, and the record of that has not come back. */
  isLeaving(session: Member): boolean {
    const number = this.#numbers.get(session);
    return number !== undefined && this.#leaving.has(number);
  }

  /** The numbers of closed sessions of which no record has come back. */
  get leaving(): ReadonlySet<number> {
    return this.#leaving;
  }

  /** The same sessions. */
  *closed(): Iterable<Member> {
    for (const number of this.#leaving) yield this.#sessions.get(number)!;
  }

  /** The numbers of those of one side. */
  leavingOf(side: string): number[] {
    return [...this.#leaving].filter((number) => this.#sessions.get(number)?.side === side);
  }

  /** Notes that the connection of a session is closed. Returns its number; undefined if it has never asked to enter. */
  close(session: Member): number | undefined {
    const number = this.#numbers.get(session);
    if (number !== undefined) this.#leaving.add(number);
    return number;
  }

  /** Adds a session with a number of an earlier record: its connection was closed before that record came back. */
  addClosed(number: number, session: Member): void {
    this.#sessions.set(number, session);
    this.#leaving.add(number);
  }

  /** A session has left. */
  delete(number: number): void {
    const session = this.#sessions.get(number);
    if (session !== undefined) this.#numbers.delete(session);
    this.#sessions.delete(number);
    this.#leaving.delete(number);
  }
}
