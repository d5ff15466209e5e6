/**
 * The space on the disk that files may take. What else is kept there is left a part: messages are stored, and can be deleted, when
 * files have taken the rest.
 */
import { isSystemError } from "../../log/system_error.ts";

/** Bytes. */
export interface DiskSpace {
  readonly free: number;
  readonly size: number;
}

/** Bytes that are left: of a small disk a part. */
const RESERVE = 64 << 20, PART = 1 / 4;
/** Bytes that are written until the disk is asked again, and milliseconds: others write there too. */
const ASKED_EACH = 1 << 20, ASKED_WITHIN = 1000;

export class FreeSpace {
  readonly #ask: () => Promise<DiskSpace | undefined>;
  readonly #now: () => number;
  /** Bytes for files when the disk was asked. */
  #found = 0;
  /** Those that may be taken until it is asked again. */
  #left = 0;
  #askedAt = -Infinity;
  #asking: Promise<void> | undefined;

  /**
   * @param ask what the disk has; undefined if it cannot be known: then files take what they need
   * @param now milliseconds that never go back
   */
  constructor(ask: () => Promise<DiskSpace | undefined>, now: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#now = now;
  }

  /** Whether there is space for so many bytes. None are taken. */
  async has(bytes: number): Promise<boolean> {
    await this.#askAgain();
    return bytes <= this.#found;
  }

  /** Takes space for the next piece of a file. Returns false if there is none. */
  async take(bytes: number): Promise<boolean> {
    while (this.#left < Math.min(bytes, ASKED_EACH) || this.#now() - this.#askedAt > ASKED_WITHIN) {
      await this.#askAgain();
      if (this.#found < bytes) return false;
    }
    this.#left -= bytes;
    return true;
  }

  /** Once for all that wait meanwhile. */
  #askAgain(): Promise<void> {
    return this.#asking ??= this.#askNow().finally(() => this.#asking = undefined);
  }

  async #askNow(): Promise<void> {
    const { free, size } = await this.#ask() ?? { free: Infinity, size: Infinity };
    this.#found = Math.max(0, free - Math.min(RESERVE, size * PART));
    this.#left = Math.min(this.#found, ASKED_EACH);
    this.#askedAt = this.#now();
  }
}

/** What the disk of a folder has; undefined if the folder is not there yet, or the system does not say. */
export async function spaceOf(folder: string): Promise<DiskSpace | undefined> {
  try {
    const { statfs } = await import("node:fs/promises"); // with the first file: 0.4 MiB of a server that has none
    const { bavail, blocks, bsize } = await statfs(folder);
    return { free: bavail * bsize, size: blocks * bsize };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return undefined;
  }
}
