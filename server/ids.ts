/** No clock is believed from here on, the year 2112: above 2^53, in 2255, one number more would be the same number. */
const LATEST = 2 ** 52;

/**
 * The numbers of messages: each larger than the last, also over a restart.
 */
export class Ids {
  /** The last one given out. */
  last: number;

  /**
   * @param kept the largest id in the journal. The first one will be larger, and also larger than the clock's microseconds:
   * where there is no journal to ask, only a server that relays a million messages a second all its life overtakes that.
   * @param now milliseconds since 1970
   */
  constructor(kept: number, now: number) {
    this.last = Math.max(kept, now * 1000 < LATEST ? now * 1000 : 0);
  }

  next(): number {
    return ++this.last;
  }
}
