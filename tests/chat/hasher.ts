// Passwords that are looked at when the test says so, at no cost.

import type { Hasher } from "../../server/jobs.ts";
import { within } from "./within.ts";

export interface HandHasher extends Hasher {
  /** How many hashes are under way. */
  readonly underWay: number;
  /** Waits until one is under way, and ends the oldest. */
  finish(): Promise<void>;
  /** From now on each ends at once. */
  goOn(): void;
}

/** A hash is the password itself. */
export function handHasher(): HandHasher {
  const waiting: (() => void)[] = [];
  let free = false, told = () => {};
  const when = <T>(value: T) =>
    new Promise<T>((resolve) => {
      if (free) return resolve(value);
      waiting.push(() => resolve(value));
      told();
    });
  return {
    get underWay() {
      return waiting.length;
    },
    async finish() {
      if (waiting.length === 0) await within("a hash", new Promise<void>((resolve) => told = resolve));
      waiting.shift()!();
    },
    goOn() {
      free = true;
      for (const go of waiting.splice(0)) go();
    },
    hash: (password) => when(password),
    check: (password, stored) => when(password === stored),
  };
}
