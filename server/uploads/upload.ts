/**
 * One upload: how many bytes of a file have come, and what it is when all have. It is noted on the disk when it is announced and
 * when it is whole, so it goes on after a restart.
 */
import { createHash, type Hash } from "node:crypto";
import type { SharedFile } from "../../jim/mod.ts";
import type { FileSender } from "./announced.ts";

/** A file that is whole, before a message has it. */
export type WholeFile = Omit<SharedFile, "key">;

/** What the disk has of an upload, beside its bytes. */
export interface UploadNote {
  readonly name: string;
  readonly size: number;
  /** What its sender has announced. */
  readonly sha256?: string;
  /** The account or the network that it is charged to. */
  readonly owner: string;
  readonly whole?: WholeFile;
}

export class Upload implements UploadNote {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sha256?: string;
  readonly owner: string;
  whole?: WholeFile;
  /** What it will be when it is kept: all bytes have come. */
  finishing: WholeFile | undefined;
  /** Bytes that are on the disk. */
  offset = 0;
  /** Of the bytes up to the offset; undefined after a restart, until they have been read again. */
  hash: Hash | undefined = createHash("sha256");
  /** The sender that was charged for it; undefined after a restart, since quotas are not kept. */
  charged: FileSender | undefined;
  /** When it was last of use, in milliseconds of the clock that never goes back. */
  touchedAt: number;
  /** Ends the transfer that is under way: another one has begun. */
  stop: (() => void) | undefined;
  /** Settles when no transfer is under way. */
  idle: Promise<void> = Promise.resolve();

  constructor(id: string, { name, size, sha256, owner, whole }: UploadNote, touchedAt: number) {
    this.id = id;
    this.name = name;
    this.size = size;
    if (sha256 !== undefined) this.sha256 = sha256;
    this.owner = owner;
    if (whole !== undefined) this.whole = whole;
    this.touchedAt = touchedAt;
  }

  /** Its note, as text. */
  get note(): string {
    const { name, size, sha256, owner, finishing, whole = finishing } = this;
    return JSON.stringify({ name, size, sha256, owner, whole } satisfies Record<keyof UploadNote, unknown>);
  }
}

/** Reads a note; undefined if it is none. */
export function parseNote(text: string): UploadNote | undefined {
  try {
    const note = JSON.parse(text);
    const isNote = typeof note?.name === "string" && Number.isSafeInteger(note.size) && typeof note.owner === "string";
    return isNote ? note : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
