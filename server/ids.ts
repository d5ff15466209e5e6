/**
 * The numbers of messages: each larger than the last, also over a restart. Without a journal to ask they start from the
 * clock, in microseconds: a server would have to relay a million messages a second, all its life, to overtake it.
 */
export class Ids {
  /** The last one given out. */
  last: number;

  /** @param now milliseconds since 1970 */
  constructor(now: number) {
    this.last = now * 1000;
  }

  next(): number {
    return ++this.last;
  }
}
