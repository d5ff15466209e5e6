/**
 * The files of the chat on the disk, all in one folder: what has come of each upload, with a note beside it, and whole files by
 * their SHA-256. Only the server's user may read them.
 *
 *     files/uploads/ID.part  files/uploads/ID.json  files/ab/cdef…
 */
import { FreeSpace, spaceOf } from "./free_space.ts";

/** An open file. */
export type PartFile = Pick<
  Deno.FsFile,
  "read" | "write" | "seek" | "truncate" | "syncData" | "close"
>;

const FILE = { mode: 0o600 }, FOLDER = { recursive: true, mode: 0o700 };
const NOTE = ".json", PART = ".part", HASH = /^[0-9a-f]{64}$/;
/** The folders of whole files. Others are left alone, such as the `lost+found` of a file system that is only for them. */
const FOLDER_NAME = /^[0-9a-f]{2}$/;

export class FileDisk {
  readonly #folder: string;
  readonly space: Pick<FreeSpace, "has" | "take">;

  /**
   * @param folder is made when there is something to put into it
   * @param space for a test: the space that files may take
   */
  constructor(folder: string, space: Pick<FreeSpace, "has" | "take"> = new FreeSpace(() => spaceOf(folder))) {
    this.#folder = folder;
    this.space = space;
  }

  /** The notes of uploads, by the ids of the uploads. */
  async *notes(): AsyncIterable<{ readonly id: string; readonly text: string }> {
    for await (const name of namesIn(`${this.#folder}/uploads`)) {
      if (!name.endsWith(NOTE)) continue;
      const text = await unlessMissing(() => Deno.readTextFile(`${this.#folder}/uploads/${name}`));
      if (text !== undefined) yield { id: name.slice(0, -NOTE.length), text };
    }
  }

  /** Writes the note of an upload: the former one or this one is there, whole, whatever ends the program. */
  async putNote(id: string, text: string): Promise<void> {
    await Deno.mkdir(`${this.#folder}/uploads`, FOLDER);
    const path = this.#upload(id);
    await Deno.writeTextFile(`${path}.new`, text, FILE);
    await Deno.rename(`${path}.new`, path + NOTE);
  }

  /** Bytes of an upload that are there. */
  async sizeOfPart(id: string): Promise<number> {
    return (await unlessMissing(() => Deno.stat(this.#upload(id) + PART)))?.size ?? 0;
  }

  openPart(id: string): Promise<PartFile> {
    return Deno.open(this.#upload(id) + PART, { create: true, read: true, write: true, ...FILE });
  }

  /** Makes an upload a file. Returns false if the same file is there already. */
  async keep(id: string, hash: string): Promise<boolean> {
    const path = this.#content(hash), part = this.#upload(id) + PART;
    if (await unlessMissing(() => Deno.stat(path)) !== undefined) {
      await unlessMissing(() => Deno.remove(part));
      return false;
    }
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), FOLDER);
    await Deno.rename(part, path);
    return true;
  }

  /** Forgets an upload. */
  async removeUpload(id: string): Promise<void> {
    for (const ending of [PART, ".new", NOTE]) await unlessMissing(() => Deno.remove(this.#upload(id) + ending));
  }

  /** Removes what no note belongs to: a program that was killed may leave it. */
  async removeOrphans(has: (id: string) => boolean): Promise<void> {
    for await (const name of namesIn(`${this.#folder}/uploads`)) {
      if (!has(name.slice(0, name.lastIndexOf(".")))) {
        await unlessMissing(() => Deno.remove(`${this.#folder}/uploads/${name}`));
      }
    }
  }

  /** Opens a whole file; undefined if it is not there. */
  open(hash: string): Promise<PartFile | undefined> {
    return unlessMissing(() => Deno.open(this.#content(hash)));
  }

  /** All whole files. */
  async *contents(): AsyncIterable<{ readonly hash: string; readonly size: number }> {
    for await (const folder of namesIn(this.#folder)) {
      if (!FOLDER_NAME.test(folder)) continue;
      for await (const name of namesIn(`${this.#folder}/${folder}`)) {
        const hash = folder + name;
        if (!HASH.test(hash)) continue;
        const found = await unlessMissing(() => Deno.stat(this.#content(hash)));
        if (found !== undefined) yield { hash, size: found.size };
      }
    }
  }

  async remove(hash: string): Promise<void> {
    await unlessMissing(() => Deno.remove(this.#content(hash)));
  }

  #upload(id: string): string {
    return `${this.#folder}/uploads/${id}`;
  }

  #content(hash: string): string {
    return `${this.#folder}/${hash.slice(0, 2)}/${hash.slice(2)}`;
  }
}

/** The names of what is in a folder; none if there is no such folder. */
async function* namesIn(folder: string): AsyncIterable<string> {
  try {
    for await (const { name } of Deno.readDir(folder)) yield name;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) && !(error instanceof Deno.errors.NotADirectory)) throw error;
  }
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
