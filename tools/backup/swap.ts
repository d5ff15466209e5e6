/** Puts the files of a backup in the place of those that a data folder has, and all of them back if one cannot be moved. */
import { exists, remove } from "./paths.ts";

/** The backup could not be put in its place, and what was there before could not be put back. */
export class Stranded extends Error {
  override name = "Stranded";
  /** The folder where that is. */
  readonly aside: string;

  /** @param options.cause why the backup could not be put in its place */
  constructor(aside: string, options: ErrorOptions) {
    super(`what was there is in ${aside}`, options);
    this.aside = aside;
  }
}

/** What is moved and removed. Of each list those count that are there. */
export interface Swap {
  /** The folder that gets the files of the backup. */
  readonly data: string;
  /** The folder that has them. */
  readonly unpacked: string;
  /** What the folder has of a chat. */
  readonly former: readonly string[];
  /** The files of the backup. The last one is that which makes it a chat. */
  readonly restored: readonly string[];
  /** What is made anew from the others. */
  readonly derived: readonly string[];
  /** The folder for the former chat. */
  readonly aside: string;
}

/**
 * Moves the former chat aside, in its order, and then the backup to its place.
 *
 * @param rename moves a file or a folder; a test may give its own
 * @returns whether there was a former chat
 * @throws {Stranded} if it fails, and what was moved could not be moved back either; any other error is that of the move that
 * failed, and all is where it was
 */
export function swap(
  { data, unpacked, former, restored, derived, aside }: Swap,
  rename: (from: string, to: string) => void = Deno.renameSync,
): boolean {
  const present = former.filter((name) => exists(`${data}/${name}`)), moved: [from: string, to: string][] = [];
  const move = (name: string, from: string, to: string) => {
    rename(`${from}/${name}`, `${to}/${name}`);
    moved.push([`${from}/${name}`, `${to}/${name}`]);
  };
  if (present.length > 0) Deno.mkdirSync(aside, { mode: 0o700 });
  try {
    for (const name of present) move(name, data, aside);
    for (const name of derived) remove(`${data}/${name}`);
    for (const name of restored) if (exists(`${unpacked}/${name}`)) move(name, unpacked, data);
  } catch (cause) {
    let isBack = true;
    for (const [from, to] of moved.reverse()) {
      try {
        rename(to, from);
      } catch { // the others may still be moved
        isBack = false;
      }
    }
    if (!isBack) throw new Stranded(aside, { cause });
    if (present.length > 0) Deno.removeSync(aside);
    throw cause;
  }
  return present.length > 0;
}
