/** Checks the bytes of files on the disk: each that a message has is there, and is what was sent. */
import { createHash } from "node:crypto";

/** Bytes that are read at once. */
const PIECE = 256 * 1024;

/** Whether a file is what its hash says; undefined if it is not there. */
export function isWhole(folder: string, hash: string): boolean | undefined {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(`${folder}/${hash.slice(0, 2)}/${hash.slice(2)}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    const sum = createHash("sha256"), buffer = new Uint8Array(PIECE);
    for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
      sum.update(buffer.subarray(0, count));
    }
    return sum.digest("hex") === hash;
  } finally {
    file.close();
  }
}
