/**
 * Puts the bytes of an upload on the disk as they come: they are hashed on the way, and at most one piece of them is in memory.
 * What its sender is told of the end is a value; of a disk that fails as well.
 */
import { createHash } from "node:crypto";
import { isSystemError } from "../../log/system_error.ts";
import type { FileDisk, PartFile } from "./disk.ts";
import { LOOKED_AT, pictureOf } from "./picture.ts";
import type { Upload, WholeFile } from "./upload.ts";

/** How a transfer has ended. */
export type Received =
  /** All bytes are there, and they are what was announced: the upload has what it is as `finishing`. */
  | "whole"
  /** Some are missing. */
  | "part"
  /** Their SHA-256 is another one than announced. None is kept. */
  | "differs"
  /** The disk has no space for it. None is kept. */
  | "full"
  /** The disk fails. */
  | "failed";

/** Bytes that are read from the disk at once. */
const PIECE = 64 * 1024;
/** The media type of what is no picture. */
const ANY_TYPE = "application/octet-stream";

/**
 * @param pieces the bytes from the upload's offset on, no more than are missing; they may end early
 * @param pass waits until the next piece may be handled
 * @param syncs whether the bytes must survive a failure of power
 */
export async function receive(
  upload: Upload,
  disk: Pick<FileDisk, "openPart" | "space">,
  pieces: AsyncIterable<Uint8Array>,
  pass: () => Promise<void>,
  syncs: boolean,
): Promise<Received> {
  let part: PartFile | undefined;
  try {
    part = await disk.openPart(upload.id);
    await part.truncate(upload.offset); // a piece may have been written in part
    upload.hash ??= await hashOf(part, upload.offset, pass);
    await part.seek(upload.offset, Deno.SeekMode.Start);
    for await (const piece of pieces) {
      if (!await disk.space.take(piece.length)) {
        upload.hash = undefined;
        return "full";
      }
      await writeWhole(part, piece);
      upload.hash.update(piece);
      upload.offset += piece.length;
      await pass();
    }
    if (upload.offset < upload.size) return "part";
    const sha256 = upload.hash.digest("hex");
    upload.hash = undefined;
    if (upload.sha256 !== undefined && upload.sha256 !== sha256) {
      upload.offset = 0;
      await part.truncate(0);
      return "differs";
    }
    upload.finishing = await describe(upload, sha256, part);
    if (syncs) await part.syncData();
    return "whole";
  } catch (error) {
    if (!isSystemError(error)) throw error;
    upload.hash = undefined; // the offset may be behind what is on the disk
    return isNoSpace(error) ? "full" : "failed";
  } finally {
    part?.close();
  }
}

/** Whether the disk has no room for more, or the user none on it. */
export function isNoSpace(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT";
}

async function writeWhole(file: PartFile, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
}

/** Of what came before a restart. */
async function hashOf(part: PartFile, length: number, pass: () => Promise<void>) {
  const hash = createHash("sha256"), buffer = new Uint8Array(PIECE);
  await part.seek(0, Deno.SeekMode.Start);
  for (let left = length; left > 0;) {
    const count = await part.read(buffer.subarray(0, Math.min(left, PIECE)));
    if (count === null) break;
    hash.update(buffer.subarray(0, count));
    left -= count;
    await pass();
  }
  return hash;
}

async function describe({ name, size }: Upload, sha256: string, part: PartFile): Promise<WholeFile> {
  const head = new Uint8Array(Math.min(size, LOOKED_AT));
  await part.seek(0, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < head.length) {
    const count = await part.read(head.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  const picture = pictureOf(head.subarray(0, filled));
  return { name, size, ...(picture ?? { type: ANY_TYPE }), sha256 };
}
