/**
 * So many things at a time, dealt fairly to addresses. When all slots are taken, one of the address that has the most gives way
 * to an address that has fewer: nobody keeps all others out.
 */

/** Ends what a slot is used for. */
type Stop = () => void;

export class Slots {
  readonly #limit: number;
  /** Those of each address, the oldest first. */
  readonly #taken = new Map<string, Set<Stop>>();
  #count = 0;

  /** @param limit slots in all */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes a slot.
   *
   * @param host the address, or network, that it counts for
   * @param stop is called if it has to give way
   * @returns what gives it back; undefined if there is none
   */
  take(host: string, stop: Stop): (() => void) | undefined {
    if (this.#count >= this.#limit && !this.#makeRoom(this.#taken.get(host)?.size ?? 0)) return undefined;
    const own = this.#taken.get(host) ?? new Set();
    this.#taken.set(host, own.add(stop));
    this.#count++;
    return () => this.#giveBack(host, stop);
  }

  /** Stops the oldest of the address that has the most, if that has at least two more than are held. */
  #makeRoom(held: number): boolean {
    let most: [host: string, taken: Set<Stop>] | undefined;
    for (const each of this.#taken) if (each[1].size > (most?.[1].size ?? 0)) most = each;
    if (most === undefined || most[1].size <= held + 1) return false;
    const [host, taken] = most, [oldest] = taken;
    this.#giveBack(host, oldest!);
    oldest!();
    return true;
  }

  #giveBack(host: string, stop: Stop): void {
    const taken = this.#taken.get(host);
    if (taken === undefined || !taken.delete(stop)) return; // it has given way
    this.#count--;
    if (taken.size === 0) this.#taken.delete(host);
  }
}
