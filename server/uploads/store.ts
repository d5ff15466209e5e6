/** The interface of a store of files that all servers of a chat share. */
import type { PartFile } from "./disk.ts";

export interface ObjectStore {
  /** Stores the bytes of an open file. */
  put(hash: string, size: number, file: PartFile): Promise<void>;
  /** The bytes of a file, piece by piece; undefined if there is none. */
  get(hash: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The files that are older than so many milliseconds. */
  olderThan(age: number): AsyncIterable<string>;
  remove(hash: string): Promise<void>;
  close(): Promise<void>;
}

/** The object store has not answered, or refused. */
export class StoreFailure extends Error {
  override name = "StoreFailure";
}
