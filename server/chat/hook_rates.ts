/** How often each hook may say something. It is made with the first message of a hook. */
import { Allowances } from "../limits/allowances.ts";

/** Messages of one hook at once, and then one a second. */
export const HOOK_BURST = 30;

export class HookRates {
  /** Milliseconds. */
  #now = 0;
  readonly #allowances = new Allowances({ burst: HOOK_BURST, perSecond: 1 }, () => this.#now);

  /** Notes a message of a hook, by its hash. Returns the seconds until it may say something, 0 for now. @param now Unix seconds */
  take(hash: string, now: number): number {
    this.#now = Math.max(this.#now, now * 1_000); // a clock that is set back gives nothing
    const wait = this.#allowances.wait(hash);
    if (wait === 0) this.#allowances.take(hash);
    return Math.ceil(wait / 1_000);
  }
}
