/**
 * Up to which message each account has read each conversation. What is new is noted in memory and proposed every few seconds, for
 * many accounts at once. After a crash the last seconds may be unread again.
 */
import type { ReadRecord } from "../journal/records.ts";
import type { Account, State } from "./state.ts";

/** The place of all conversations that have no mark of their own. */
const ELSEWHERE = "";
/** Marks of one account. Beyond, those with the smallest ids go, and what is older counts as read everywhere. */
const MAX_MARKS = 1_000;
/** Rounds between two proposals, and records of one. */
const ROUNDS = 5, MAX_RECORDS = 500;

export class ReadMarks {
  /** The last id sent to an account. That of an account that is connected may not be in the state yet. */
  sentTo: (account: Account) => number = ({ cursor }) => cursor;
  readonly #state: State;
  /** Ids that are not in the state yet, by the account's id and the place. */
  readonly #noted = new Map<number, Map<string, number>>();
  #rounds = 0;

  constructor(state: State) {
    this.#state = state;
  }

  /** The last id that an account has read in a place. */
  of(account: Account, place: string): number {
    const noted = this.#noted.get(account.id);
    const own = Math.max(noted?.get(place) ?? 0, account.reads?.get(place) ?? 0);
    return own > 0 ? own : this.before(account);
  }

  /** The last id that counts as read where an account has no mark. */
  before(account: Account): number {
    const { id, reads, since } = account;
    return reads?.get(ELSEWHERE) ?? this.#noted.get(id)?.get(ELSEWHERE) ?? Math.max(this.sentTo(account), since);
  }

  /** From now on an account has marks: what it was sent before is read. */
  begin(account: Account): void {
    const isNoted = this.#noted.get(account.id)?.has(ELSEWHERE) === true;
    if (account.reads?.has(ELSEWHERE) !== true && !isNoted) this.#put(account, ELSEWHERE, this.before(account));
  }

  /** Whether an account has marks. */
  hasBegun({ id, reads }: Account): boolean {
    return reads !== undefined || this.#noted.has(id);
  }

  /** Notes that an account has read a place up to an id. Returns false if it has read further before. */
  note(account: Account, place: string, id: number): boolean {
    this.begin(account);
    if (id <= this.of(account, place)) return false;
    this.#put(account, place, id);
    return true;
  }

  /** The records of marks that the journal does not have yet, the oldest ones first. Called once a second. */
  proposeSome(): ReadRecord[] {
    return ++this.#rounds % ROUNDS === 0 ? this.propose(MAX_RECORDS) : [];
  }

  /** The same at once, when the server stops. */
  propose(most = Infinity): ReadRecord[] {
    const records: ReadRecord[] = [];
    for (const [id, noted] of this.#noted) {
      const account = this.#state.accountById(id);
      for (const [place, last] of noted) {
        // The journal never keeps a mark of an account or a room that is gone.
        const isGone = account === undefined || this.#state.isRemoved(place);
        if (isGone || (account.reads?.get(place) ?? -1) >= last) noted.delete(place);
        else if (records.length < most) records.push({ kind: "read", account: id, place, last });
      }
      if (noted.size === 0) this.#noted.delete(id);
      if (account?.reads !== undefined) records.push(...withoutSurplus(account.id, account.reads));
    }
    return records;
  }

  #put(account: Account, place: string, last: number): void {
    const noted = this.#noted.get(account.id) ?? new Map<string, number>();
    if (noted.size >= MAX_MARKS && !noted.has(place)) return; // the journal fails
    this.#noted.set(account.id, noted.set(place, last));
  }
}

/** The records that remove the smallest marks of an account that has too many. */
function withoutSurplus(account: number, reads: ReadonlyMap<string, number>): ReadRecord[] {
  if (reads.size <= MAX_MARKS + 1) return [];
  const marks = [...reads].filter(([place]) => place !== ELSEWHERE).sort(([, one], [, other]) => one - other);
  const surplus = marks.slice(0, marks.length - MAX_MARKS);
  return [
    { kind: "read", account, place: ELSEWHERE, last: surplus.at(-1)![1] },
    ...surplus.map(([place]): ReadRecord => ({ kind: "read", account, place, last: 0 })),
  ];
}
