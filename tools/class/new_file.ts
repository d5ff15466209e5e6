/** A file that takes the place of another one, until it is known whether it is needed. */
import { remove } from "../backup/paths.ts";

export interface NewFile {
  /** Removes it. What was there before is there again. */
  takeBack(): void;
}

/**
 * Writes a file that only this user may read; its bytes are on the disk then. If it fails, all is as it was before.
 *
 * @param replaces a file that is there
 * @throws {Error} the system's: `Deno.errors.AlreadyExists` if there is something that is not to be replaced
 */
export async function writeNewFile(path: string, bytes: Uint8Array, replaces: boolean): Promise<NewFile> {
  const former = replaces ? fileAt(path) : undefined;
  const takeBack = () => {
    remove(path);
    if (former !== undefined) Deno.writeFileSync(path, former, { createNew: true, mode: 0o600 });
  };
  if (former !== undefined) remove(path); // its mode may be another one
  let isOurs = former !== undefined;
  try {
    using out = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
    isOurs = true;
    for (let done = 0; done < bytes.length;) done += await out.write(bytes.subarray(done));
    await out.sync();
  } catch (error) {
    if (isOurs) takeBack();
    throw error;
  }
  return { takeBack };
}

/** The bytes of a file; undefined if there is none. */
function fileAt(path: string): Uint8Array | undefined {
  try {
    return Deno.lstatSync(path).isFile ? Deno.readFileSync(path) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
