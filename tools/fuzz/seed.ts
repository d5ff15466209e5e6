/** The seed of a run. It is printed first, and given again it repeats the run. */
import { untranslated, whole } from "../../cli/mod.ts";

/** The option that gives it. */
export const seedOption = { seed: whole(untranslated("Seed of all random choices; drawn unless given."), 0) };

/** Prints and returns the seed of this run: the given one, or a random one. */
export function printSeed(given: number): number {
  const seed = given || 1 + Math.floor(Math.random() * 999_999);
  console.log(`seed ${seed}`);
  return seed;
}
