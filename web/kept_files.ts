/**
 * Keeps the files that are on their way in the browser's database, so that an upload goes on after the page is loaded again.
 * A browser may forbid that, or have no room; then the user has to choose the file again.
 * @module
 */

/** Bytes of the largest file that is kept: keeping one copies it. */
const LARGEST = 64 * 1024 * 1024;
const NAME = "hanita-files", FILES = "files";

let database: Promise<IDBDatabase> | undefined;

/** @param number orders files by time, so that old ones can be removed */
export async function keepFile(number: number, file: File): Promise<void> {
  if (file.size <= LARGEST) await withFiles((files) => files.put(file, number));
}

/** Returns a kept file. */
export async function keptFile(number: number): Promise<File | undefined> {
  return await withFiles((files): IDBRequest<File | undefined> => files.get(number));
}

export async function removeFile(number: number): Promise<void> {
  await withFiles((files) => files.delete(number));
}

/** Removes the files with a lower number: their tabs were closed. */
export async function removeFilesBelow(number: number): Promise<void> {
  await withFiles((files) => files.delete(IDBKeyRange.upperBound(number, true)));
}

/**
 * Returns the result; `undefined` if the browser refuses, or has no database: in a page that may keep nothing `indexedDB` is `null`
 * in Firefox.
 */
async function withFiles<T>(ask: (files: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  const factory: IDBFactory | null | undefined = globalThis.indexedDB;
  if (!factory) return undefined;
  try {
    database ??= open(factory);
    return await resultOf(ask((await database).transaction(FILES, "readwrite").objectStore(FILES)));
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

async function open(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(FILES);
  return await resultOf(request);
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
