/** The seed that a whole run follows from. It is the first thing that is printed: who wants that run again gives it. */
import { untranslated, whole } from "../../cli/mod.ts";

/** The option by which it is given. */
export const seeded = { seed: whole(untranslated("What all chance follows from; drawn unless given."), 0) };

/** Tells the seed of this run: the one that was given, or any. */
export function toldSeed(given: number): number {
  const seed = given || 1 + Math.floor(Math.random() * 999_999);
  console.log(`seed ${seed}`);
  return seed;
}
