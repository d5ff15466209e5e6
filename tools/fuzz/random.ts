/**
 * Chance that can be had again: all that a fuzzer does follows from its seed, so that what broke a server once can be
 * sent once more. Each case draws from a stream of its own, whatever the others have drawn meanwhile.
 */

/** Draws, in an order that follows from a seed. */
export interface Random {
  /** A whole number from 0 on, less than `limit`. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  /** Whether something happens that happens once in `times`. */
  once(times: number): boolean;
}

/**
 * A stream of draws of its own for each seed and name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const draw = () => random(7, "lines:1").below(1000);
 * assert.equal(draw(), draw());
 * assert.notEqual(random(8, "lines:1").below(1e9), random(7, "lines:2").below(1e9));
 * ```
 */
export function random(seed: number, name: string): Random {
  let state = mixed(seed);
  for (let i = 0; i < name.length; i++) state = mixed(state ^ name.charCodeAt(i));

  const below = (limit: number) => {
    state = (state + 0x9e3779b9) | 0;
    return Math.floor(mixed(state) / 0x1_0000_0000 * limit);
  };
  return { below, pick: (list) => list[below(list.length)]!, once: (times) => below(times) === 0 };
}

/** The finisher of MurmurHash3: each bit of the input turns half of the output's. */
function mixed(bits: number): number {
  bits = Math.imul(bits ^ bits >>> 16, 0x85ebca6b);
  bits = Math.imul(bits ^ bits >>> 13, 0xc2b2ae35);
  return (bits ^ bits >>> 16) >>> 0;
}
